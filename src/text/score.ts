// What `score()` means, written out once. A full-text index reproduces it to the last bit: the same contributions, added in the
// same order to one sum.
//
// The score of a document that matches a query is the sum, over the query's parts from left to right, of what matches:
//   term           boost x weight(term)
//   prefix, fuzzy  boost x weight(t) for each term t of the vocabulary that the leaf stands for and the document holds,
//                  in code point order
//   phrase         boost x weight(t) for each distinct term t of the phrase, in order of first appearance, if the phrase occurs
//   and, or        the parts, each 0 unless it matches by itself
//   not            0
// weight(t) looks at the fields that the leaf may look into: tf is the number of occurrences there, df the number of documents
// with an occurrence there; the document's length is the number of its terms in all fields, and so is the average length.

import { never } from '../errors.js';
import type { TextDocument } from './match-text.js';
import { inField, matchText } from './match-text.js';
import type { TermLeafQuery, TermQuery } from './term-query.js';
import { expandsTo } from './term-query.js';

export type Scoring = { readonly model: 'bm25'; readonly k1: number; readonly b: number } | { readonly model: 'tfidf' };

export const BM25: Scoring = { model: 'bm25', k1: 1.2, b: 0.75 };

/** What scoring needs to know of the whole collection. */
export interface TextStatistics {
  readonly documents: number;
  /** Terms to a document, stop words not counted. */
  readonly averageLength: number;
  /** Documents that hold the term, in the field or (undefined) in any. */
  df(term: string, field: string | undefined): number;
}

/** The inverse document frequency of BM25 in the form that cannot be negative, as Lucene has it. */
export function inverseFrequency(df: number, documents: number): number {
  return Math.log(1 + (documents - df + 0.5) / (df + 0.5));
}

/**
 * The weight of one term in one document.
 * S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, equation 3.15.
 */
export function bm25(
  tf: number,
  df: number,
  docLength: number,
  averageLength: number,
  documents: number,
  k1 = 1.2,
  b = 0.75,
): number {
  if (tf === 0) return 0;
  const norm = k1 * (1 - b + (b * docLength) / averageLength);
  return (inverseFrequency(df, documents) * tf * (k1 + 1)) / (tf + norm);
}

/**
 * The classic weight: logarithmic term frequency, inverse document frequency, divided by the square root of the length.
 * G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988.
 */
export function tfidf(tf: number, df: number, docLength: number, documents: number): number {
  return tf === 0 ? 0 : ((1 + Math.log(tf)) * Math.log(1 + documents / df)) / Math.sqrt(docLength);
}

/** The weight of one term under a scoring. */
export function termWeight(
  scoring: Scoring,
  tf: number,
  df: number,
  docLength: number,
  averageLength: number,
  documents: number,
): number {
  if (scoring.model === 'tfidf') return tfidf(tf, df, docLength, documents);
  return bm25(tf, df, docLength, averageLength, documents, scoring.k1, scoring.b);
}

/** The score of one document: 0 unless it matches. */
export function scoreText(
  query: TermQuery,
  fields: TextDocument,
  statistics: TextStatistics,
  scoring: Scoring = BM25,
): number {
  let score = 0;
  const length = fields.reduce((sum, field) => sum + field.text.terms.length, 0);
  const weigh = (leaf: TermLeafQuery, term: string): void => {
    const tf = occurrences(leaf, term, fields);
    if (tf === 0) return;
    const df = statistics.df(term, leaf.field);
    score += leaf.boost * termWeight(scoring, tf, df, length, statistics.averageLength, statistics.documents);
  };
  const visit = (part: TermQuery): void => {
    if (part.kind === 'not' || !matchText(part, fields)) return;
    switch (part.kind) {
      case 'none':
        return;
      case 'and':
      case 'or':
        return part.parts.forEach(visit);
      case 'term':
        return weigh(part, part.term);
      case 'phrase':
        return new Set(part.terms).forEach((term) => weigh(part, term));
      case 'prefix':
      case 'fuzzy':
        return expansions(part, fields).forEach((term) => weigh(part, term));
      default:
        return never(part, 'term query');
    }
  };
  visit(query);
  return score;
}

function occurrences(leaf: TermLeafQuery, term: string, fields: TextDocument): number {
  let count = 0;
  for (const field of fields) {
    if (!inField(leaf, field)) continue;
    for (const found of field.text.terms) if (found === term) count++;
  }
  return count;
}

/** The terms of the document that a prefix or fuzzy leaf stands for, in code point order. */
function expansions(leaf: TermLeafQuery & { readonly kind: 'prefix' | 'fuzzy' }, fields: TextDocument): string[] {
  const found = new Set<string>();
  for (const field of fields) {
    if (!inField(leaf, field)) continue;
    for (const term of field.text.terms) if (expandsTo(leaf, term)) found.add(term);
  }
  return [...found].sort(byCodePoint);
}

/** Code point order, which is the order of UTF-8 bytes and not that of JavaScript's `<`. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}
