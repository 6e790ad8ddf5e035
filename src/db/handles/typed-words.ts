// Words for people who type: completions of a beginning, and corrections of a search. The dictionary of a full-text index holds stems,
// so the words themselves are read from rows that hold them: a few dozen for each stem, from all over the table.

import type { Vocabulary } from '../../index/kind.js';
import { boundedDistance, correctSearch } from '../../text/index.js';
import type { TypedWord } from '../../text/index.js';
import type { Suggestion } from '../api.js';

/** The vocabulary of an index, and the indexed texts of a row. */
export interface WordSource {
  readonly vocabulary: Vocabulary;
  texts(rowId: number): readonly string[];
}

/** Rows read to learn how a term is written. */
const ROWS = 48;
/** Terms tried for one suggestion, at most: a stem may have no word that begins as was typed. */
const TRIES = 4;
/** So many times more documents outweigh one edit. */
const EDIT = 1_000;
/** What a mistake in the first letter, which is rare, weighs beside another. */
const FIRST_LETTER = 10;

/** Completions of the last word of a text, those of most documents first. */
export function suggest(source: WordSource, text: string, limit: number): Suggestion[] {
  const { vocabulary } = source;
  const [prefix] = /[\p{L}\p{N}\p{M}'’]+$/u.exec(text) ?? [];
  const folded = prefix && vocabulary.analyzer.fold(prefix);
  if (!folded) return [];
  const head = text.slice(0, text.length - prefix.length);
  const found: Suggestion[] = [];
  for (const { term, documents } of vocabulary.completions(prefix).slice(0, TRIES * limit)) {
    if (found.length >= limit) break;
    const begins = (word: string): boolean => vocabulary.analyzer.fold(word)?.startsWith(folded) ?? false;
    const [word] = writtenAs(source, term).filter(begins);
    if (word !== undefined) found.push({ text: head + word, word, documents });
  }
  return found;
}

/** The search with words that hardly occur replaced by near ones that do; undefined when there is nothing to replace. */
export function didYouMean(source: WordSource, search: string): string | undefined {
  return correctSearch(search, source.vocabulary.analyzer, (typed) => correction(source, typed));
}

/**
 * The most likely word behind a typed one, by how often each occurs and how many edits lie between: a noisy channel with one probability
 * for all edits (M. Kernighan, K. Church and W. Gale, "A spelling correction program based on a noisy channel model", COLING 1990).
 */
function correction(source: WordSource, { word, term }: TypedWord): string | undefined {
  const { vocabulary } = source;
  const letters = [...term].length;
  if (letters <= 3) return undefined;
  const distance = letters <= 5 ? 1 : 2;
  let best: string | undefined;
  let most = vocabulary.documents(term);
  for (const { term: candidate, documents } of vocabulary.resembling(term, distance)) {
    if (candidate === term) continue;
    const first = candidate.codePointAt(0) === term.codePointAt(0) ? 1 : FIRST_LETTER;
    const weight = documents / (EDIT ** boundedDistance(term, candidate, distance) * first);
    if (weight <= most) continue;
    most = weight;
    best = candidate;
  }
  if (best === undefined) return undefined;
  const typed = word.toLowerCase();
  const far = typed.length + 64;
  const forms = writtenAs(source, best).map((form) => ({
    form,
    edits: boundedDistance(typed, form.toLowerCase(), far),
  }));
  return forms.sort((a, b) => a.edits - b.edits)[0]?.form;
}

/** The words that became a term in some of its rows, the most frequent first; each in the spelling that is most frequent. */
function writtenAs({ vocabulary, texts }: WordSource, term: string): string[] {
  const words = new Map<string, { count: number; readonly spellings: Map<string, number> }>();
  for (const rowId of vocabulary.holders(term, ROWS)) {
    for (const text of texts(rowId)) {
      const { terms, starts, ends } = vocabulary.analyzer.analyze(text);
      terms.forEach((found, i) => {
        if (found !== term) return;
        const spelling = text.slice(starts[i], ends[i]);
        const key = spelling.toLowerCase();
        let word = words.get(key);
        if (word === undefined) words.set(key, (word = { count: 0, spellings: new Map() }));
        word.count++;
        word.spellings.set(spelling, (word.spellings.get(spelling) ?? 0) + 1);
      });
    }
  }
  return [...words]
    .sort((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1))
    .map(([key, { spellings }]) => mostFrequent(spellings, key));
}

/** Ties go to the one in small letters. */
function mostFrequent(spellings: ReadonlyMap<string, number>, small: string): string {
  let best = small;
  let most = spellings.get(small) ?? 0;
  for (const [spelling, count] of spellings) if (count > most) [best, most] = [spelling, count];
  return best;
}
