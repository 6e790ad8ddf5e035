// What the definition of a full-text index records, as one flat set of options: how its text is analysed and how matches are ranked.
// Read by the index, and by whoever judges or highlights a text in its stead.

import { LightningError } from '../errors.js';
import type { RecordedAnalysis } from './analysis.js';
import { analysisOptions } from './analysis.js';
import { closest } from './edit-distance.js';
import type { Scoring } from './score.js';
import { BM25 } from './score.js';

export interface TextIndexOptions {
  readonly analysis: RecordedAnalysis;
  readonly scoring: Scoring;
  /** Factors of the scores that words have in some fields, by name; 1 for the others. */
  readonly boosts: ReadonlyMap<string, number>;
}

const ANALYSIS = ['language', 'stem', 'accents', 'stop_words', 'min_length', 'max_token_length'] as const;
const SCORING = ['ranking', 'k1', 'b', 'boosts'] as const;

/**
 * Options with defaults filled in. `stop_words` is true, false, or the words as one text, separated by spaces or commas; `boosts` are fields
 * with factors, as in 'title^3, about^0.5'.
 *
 * @throws LightningError UNKNOWN_OPTION, INVALID_VALUE; FORMAT_VERSION when recorded by another version of the analysis.
 * @example textIndexOptions({ language: 'none', ranking: 'tfidf' })
 */
export function textIndexOptions(given: Readonly<Record<string, unknown>>): TextIndexOptions {
  const analysis: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (SCORING.some((known) => known === name)) continue;
    if (name !== 'version' && !ANALYSIS.some((known) => known === name)) throw unknown(name);
    analysis[name] = name === 'stop_words' && typeof value === 'string' ? words(value) : value;
  }
  return { analysis: analysisOptions(analysis), scoring: scoringOf(given), boosts: boostsOf(given['boosts']) };
}

/** The flat form, as it is recorded. */
export function recordTextIndexOptions({
  analysis,
  scoring,
  boosts,
}: TextIndexOptions): Record<string, string | number | boolean> {
  const { stopWords } = analysis;
  return {
    version: analysis.version,
    language: analysis.language,
    stem: analysis.stem,
    accents: analysis.accents,
    stop_words: typeof stopWords === 'boolean' ? stopWords : stopWords.join(' '),
    min_length: analysis.minLength,
    max_token_length: analysis.maxTokenLength,
    ranking: scoring.model,
    ...(scoring.model === 'bm25' ? { k1: scoring.k1, b: scoring.b } : {}),
    ...(boosts.size > 0 ? { boosts: Array.from(boosts, ([field, factor]) => `${field}^${factor}`).join(' ') } : {}),
  };
}

function words(list: string): string[] {
  return list.split(/[\s,]+/u).filter((word) => word !== '');
}

function boostsOf(given: unknown): ReadonlyMap<string, number> {
  const boosts = new Map<string, number>();
  if (given === undefined) return boosts;
  const list = typeof given === 'string' ? words(given) : [];
  for (const each of list) {
    const [field, digits, ...rest] = each.split('^');
    const factor = Number(digits);
    if (!field || rest.length > 0 || !(factor > 0 && factor <= 1e6)) {
      throw invalid('boosts', given, 'Give fields with factors above 0, at most 1000000, as in title^3, about^0.5.');
    }
    boosts.set(field, factor);
  }
  if (boosts.size === 0) throw invalid('boosts', given, 'Give fields with factors, as in title^3, about^0.5.');
  return boosts;
}

function scoringOf(given: Readonly<Record<string, unknown>>): Scoring {
  const model = given['ranking'] ?? BM25.model;
  if (model === 'tfidf') {
    const stray = ['k1', 'b'].find((name) => given[name] !== undefined);
    if (stray !== undefined) throw invalid(stray, given[stray], 'k1 and b belong to ranking = bm25.');
    return { model };
  }
  if (model !== 'bm25') throw invalid('ranking', model, 'Give bm25 or tfidf.');
  return { model, k1: parameter(given, 'k1', 1.2, 100), b: parameter(given, 'b', 0.75, 1) };
}

function parameter(given: Readonly<Record<string, unknown>>, name: string, fallback: number, most: number): number {
  const value = given[name] ?? fallback;
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw invalid(name, value, `Give a number from 0 to ${most}.`);
}

function invalid(option: string, value: unknown, hint: string): LightningError {
  return new LightningError('INVALID_VALUE', `${JSON.stringify(value)} is no value of the full-text option ${option}`, {
    hint,
  });
}

function unknown(name: string): LightningError {
  const known = [...ANALYSIS, ...SCORING];
  const near = closest(name, known);
  return new LightningError('UNKNOWN_OPTION', `a full-text index has no option ${JSON.stringify(name)}`, {
    hint: near ? `Did you mean ${near}?` : `The options are ${known.join(', ')}.`,
  });
}
