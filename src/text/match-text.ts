// A search evaluated on one text, without an index: what the optimizer falls back to, and what a full-text index is tested against.

import { never } from '../errors.js';
import type { IndexTerms } from './analysis.js';
import type { TermLeafQuery, TermQuery } from './term-query.js';
import { expandsTo } from './term-query.js';

/** One field of a document, analysed. A document of one text is one field with an empty name. */
export interface TextField {
  readonly name: string;
  readonly text: IndexTerms;
}

export type TextDocument = readonly TextField[];

/** A document of one text. */
export function document(text: IndexTerms): TextDocument {
  return [{ name: '', text }];
}

/** Whether the document matches: a phrase within one field, each other leaf in any field that it may look into. */
export function matchText(query: TermQuery, fields: TextDocument): boolean {
  switch (query.kind) {
    case 'none':
      return false;
    case 'and':
      return query.parts.every((part) => matchText(part, fields));
    case 'or':
      return query.parts.some((part) => matchText(part, fields));
    case 'not':
      return !matchText(query.part, fields);
    case 'term':
    case 'prefix':
    case 'fuzzy':
    case 'phrase':
      return fields.some((field) => inField(query, field) && matchesLeaf(query, field.text));
    default:
      return never(query, 'term query');
  }
}

/** Whether a leaf may look into a field. */
export function inField(leaf: TermLeafQuery, field: TextField): boolean {
  return leaf.field === undefined || leaf.field === field.name;
}

function matchesLeaf(leaf: TermLeafQuery, text: IndexTerms): boolean {
  if (leaf.kind === 'term') return text.terms.includes(leaf.term);
  if (leaf.kind === 'phrase') return phraseStarts(leaf.terms, leaf.offsets, text).length > 0;
  return text.terms.some((term) => expandsTo(leaf, term));
}

/** The indexes into `text.terms` of the first term of every occurrence of a phrase. */
export function phraseStarts(terms: readonly string[], offsets: readonly number[], text: IndexTerms): number[] {
  const starts: number[] = [];
  for (let i = 0; i < text.terms.length; i++) {
    if (text.terms[i] === terms[0] && phraseAt(terms, offsets, text, i)) starts.push(i);
  }
  return starts;
}

function phraseAt(terms: readonly string[], offsets: readonly number[], text: IndexTerms, first: number): boolean {
  const start = text.positions[first] as number;
  for (let k = 1, i = first + 1; k < terms.length; k++, i++) {
    const wanted = start + (offsets[k] as number);
    while (i < text.terms.length && (text.positions[i] as number) < wanted) i++;
    if (text.positions[i] !== wanted || text.terms[i] !== terms[k]) return false;
  }
  return true;
}
