// What each language brings to analysis, and the only door to flexsearch: its language packs give the stop words and (for German
// and French) the endings, its Encoder runs each token through folding, stop words and stemming.
// Two things of flexsearch are refused because they make different things equal: letter deduplication and splitting of numbers
// ("1000" would become "10", "0"), and its English endings without a lower bound ("nation" would become "n").

import { Charset, Encoder } from 'flexsearch';
import de from 'flexsearch/lang/de';
import en from 'flexsearch/lang/en';
import fr from 'flexsearch/lang/fr';
import { stemEnglish } from './stem-english.js';

export type Language = 'none' | 'en' | 'de' | 'fr';

export interface LanguagePack {
  readonly stopWords: readonly string[];
  /** Contractions and elisions, on a lower-case token. */
  readonly apostrophes: (word: string) => string;
  readonly stem: (word: string) => string;
  /** Endings that `stem` may take away; a prefix is completed with them. */
  readonly endings: readonly string[];
}

const identity = (word: string): string => word;
const withoutApostrophes = (word: string): string => word.replace(/['’]/g, '');

/**
 * Words that flexsearch lists and that carry meaning: those it has only as contractions without their apostrophe, and those that
 * people search for ("New York", "good time").
 */
const ENGLISH_WORDS_KEPT = new Set('shell shed wed ill id new back good know like one time times us'.split(' '));

/** What is left of "it's" and "can't" in texts that lost their apostrophes; Snowball's list has them too. */
const CONTRACTION_ENDS = ['s', 't'];

const ENGLISH_ENDINGS = (
  's es ed ing ings er ers est ly y ies ied ier iest ion ions ional ionally al ally ality alities alism alist alize alizes alized ' +
  'alizing alization ate ates ated ating ation ations ational ative atively ator ators ance ances ancy ant ants ence ences ency ' +
  'ent ents able ably ability abilities ible ibly ibility ful fully fulness less lessly lessness ness nesses ment ments ous ously ' +
  'ousness ive ively iveness ivity ic ics ical ically ism isms ist ists ity ities ize izes ized izing izer ization e'
).split(' ');

/** Takes endings away while at least three letters, a vowel among them, remain. */
function endingStemmer(endings: readonly string[]): (word: string) => string {
  const pattern = new RegExp(`(?<=^(?=.*[aeiouy]).{2,}.)(?:${endings.join('|')})$`, 'u');
  const vowel = /[aeiouy]/;
  return (source) => {
    let word = source;
    for (;;) {
      const shorter = word.replace(pattern, '');
      if (shorter === word || !vowel.test(shorter)) return word;
      word = shorter;
    }
  };
}

const longestFirst = (a: string, b: string): number => b.length - a.length || (a < b ? -1 : 1);
const endingsOf = (pack: { stemmer?: Map<string, string> }): string[] =>
  [...(pack.stemmer?.keys() ?? [])].sort(longestFirst);
const stopWordsOf = (pack: { filter?: unknown }): string[] => [...(pack.filter as ReadonlySet<string>)];

const GERMAN_ENDINGS = endingsOf(de);
const FRENCH_ENDINGS = endingsOf(fr);

export const LANGUAGES: Readonly<Record<Language, LanguagePack>> = {
  none: { stopWords: [], apostrophes: withoutApostrophes, stem: identity, endings: [] },
  en: {
    stopWords: [...stopWordsOf(en).filter((word) => !ENGLISH_WORDS_KEPT.has(word)), ...CONTRACTION_ENDS],
    apostrophes: (word) => withoutApostrophes(word.replace(/['’](?:s|ll|re|ve|d|m)$/, '')),
    stem: stemEnglish,
    endings: ENGLISH_ENDINGS,
  },
  de: {
    stopWords: stopWordsOf(de),
    apostrophes: withoutApostrophes,
    stem: endingStemmer(GERMAN_ENDINGS),
    endings: GERMAN_ENDINGS,
  },
  fr: {
    stopWords: stopWordsOf(fr),
    apostrophes: (word) => withoutApostrophes(word.replace(/^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]/, '')),
    stem: endingStemmer(FRENCH_ENDINGS),
    endings: FRENCH_ENDINGS,
  },
};

/** Letters that have no canonical decomposition, and what they are folded to. */
const FOLDED_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  þ: 'th',
  ς: 'σ',
};

/** Lower case in compatibility form; with `fold`, without the marks of Latin, Greek and Cyrillic letters. */
export function normalizer(fold: boolean): (text: string) => string {
  if (!fold) return (text) => text.normalize('NFKC').toLowerCase().normalize('NFKC');
  return (text) => {
    // eslint-disable-next-line no-control-regex
    if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
    return text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/[ßæœøđðħıłþς]/g, (letter) => FOLDED_LETTERS[letter] ?? letter)
      .normalize('NFC');
  };
}

/** Tokens come in whole; flexsearch would split a number at its point. */
const NEVER = /(?!)/;

export interface WordEncoder {
  /** The term of one token, or undefined when it is a stop word. */
  term(token: string): string | undefined;
}

/** One token in, at most one term out, by flexsearch's Encoder. */
export function wordEncoder(
  pack: LanguagePack,
  normalize: (text: string) => string,
  stopWords: ReadonlySet<string>,
  stem: boolean,
): WordEncoder {
  const encoder = new Encoder({
    ...Charset.Default,
    normalize: (token: string) => pack.apostrophes(normalize(token)),
    split: NEVER,
    numeric: false,
    dedupe: false,
    cache: false,
    ...(stopWords.size > 0 ? { filter: (word: string) => !stopWords.has(word) } : {}),
    ...(stem ? { finalize: (words: string[]) => words.map(pack.stem) } : {}),
  });
  return { term: (token) => encoder.encode(token)[0] };
}
