// A search after analysis: what an index is asked and what a text is matched against. Words become terms; a word of several tokens
// ("boundary-layer") becomes a phrase; stop words vanish, and with them every part that holds nothing else.

import { LightningError, never } from '../errors.js';
import type { Analyzer, PrefixTerms } from './analysis.js';
import { withinDistance } from './edit-distance.js';
import { searchPosition, searchSyntax } from './search-lexer.js';
import type { SearchQuery } from './search-query.js';
import { parseSearch, searchFields } from './search-query.js';
import { suggestion } from './suggestion.js';

interface TermLeaf {
  /** Above 0; multiplies the leaf's score. */
  readonly boost: number;
  /** Undefined: any field. */
  readonly field: string | undefined;
}

export type TermLeafQuery =
  | (TermLeaf & { readonly kind: 'term'; readonly term: string })
  /** Terms that begin with `prefix`, and the terms in `stems` (none of which does). */
  | (TermLeaf & PrefixTerms & { readonly kind: 'prefix' })
  /** Terms within `distance` edits (optimal string alignment) of `term`. */
  | (TermLeaf & { readonly kind: 'fuzzy'; readonly term: string; readonly distance: 1 | 2 })
  /** `terms[i]` at position p + `offsets[i]` of one field, for some p; at least two terms, `offsets[0]` is 0. */
  | (TermLeaf & { readonly kind: 'phrase'; readonly terms: readonly string[]; readonly offsets: readonly number[] });

/**
 * `and` holds at least two parts, at least one of them no `not`; `or` holds at least two, none a `not`; `none` (only stop words were
 * asked for) matches nothing and stands alone. No leaf occurs twice among the parts of one `and` or `or`.
 */
export type TermQuery =
  | TermLeafQuery
  | { readonly kind: 'and'; readonly parts: readonly TermQuery[] }
  | { readonly kind: 'or'; readonly parts: readonly TermQuery[] }
  | { readonly kind: 'not'; readonly part: TermQuery }
  | { readonly kind: 'none' };

/**
 * Parses and analyses a search text.
 *
 * @param fields those that are searched; when given, a field that the search names must be one of them
 * @throws LightningError SEARCH_SYNTAX, TOO_COMPLEX as `parseSearch`; UNKNOWN_COLUMN for a field that is not searched.
 * @example compileSearch('harbours -ferry', createAnalyzer())
 */
export function compileSearch(text: string, analyzer: Analyzer, fields?: readonly string[]): TermQuery {
  const query = parseSearch(text);
  if (fields !== undefined) checkFields(query, fields, text);
  return resolve(query, { analyzer, text }) ?? { kind: 'none' };
}

function checkFields(query: SearchQuery, fields: readonly string[], text: string): void {
  const stray = searchFields(query).find(({ field }) => !fields.includes(field));
  if (stray === undefined) return;
  const { field, offset, length } = stray;
  const there = suggestion(field, fields, 'its fields');
  throw new LightningError('UNKNOWN_COLUMN', `the search names a field "${field}", which is not searched`, {
    position: searchPosition(text, offset, length),
    hint: `${there}; a word with a colon in it is written in quotes`,
  });
}

interface Context {
  readonly analyzer: Analyzer;
  /** The whole search text, for positions of errors. */
  readonly text: string;
}

/** Whether an indexed term is among those that a prefix or fuzzy leaf stands for. */
export function expandsTo(leaf: TermLeafQuery & { readonly kind: 'prefix' | 'fuzzy' }, term: string): boolean {
  if (leaf.kind === 'prefix') return term.startsWith(leaf.prefix) || leaf.stems.includes(term);
  return withinDistance(term, leaf.term, leaf.distance);
}

function resolve(query: SearchQuery, context: Context): TermQuery | undefined {
  switch (query.kind) {
    case 'term':
    case 'phrase':
      return words(query.text, query, context.analyzer);
    case 'prefix': {
      const terms = context.analyzer.prefix(query.text);
      if (terms === undefined) throw notOneWord(query, 'prefix', context);
      return { kind: 'prefix', ...terms, ...leafOf(query) };
    }
    case 'fuzzy': {
      const term = context.analyzer.stemOf(query.text);
      if (term === undefined) throw notOneWord(query, 'fuzzy search', context);
      return { kind: 'fuzzy', term, distance: query.distance, ...leafOf(query) };
    }
    case 'not': {
      const part = resolve(query.part, context);
      return part && { kind: 'not', part };
    }
    case 'and':
    case 'or':
      return combine(query.kind, query.parts, context);
    default:
      return never(query, 'search query');
  }
}

const leafOf = (query: TermLeaf): TermLeaf => ({ boost: query.boost, field: query.field });

function words(text: string, query: TermLeaf, analyzer: Analyzer): TermQuery | undefined {
  const { terms, positions } = analyzer.terms(text);
  const first = terms[0];
  if (first === undefined) return undefined;
  if (terms.length === 1) return { kind: 'term', term: first, ...leafOf(query) };
  const start = positions[0] as number;
  return { kind: 'phrase', terms, offsets: Array.from(positions, (position) => position - start), ...leafOf(query) };
}

function combine(kind: 'and' | 'or', parts: readonly SearchQuery[], context: Context): TermQuery | undefined {
  const kept = new Map<string, TermQuery>();
  const add = (part: TermQuery): void => {
    if (part.kind === kind) return part.parts.forEach(add);
    const key = JSON.stringify(part, (name, value: unknown) => (name === 'boost' ? undefined : value));
    const known = kept.get(key);
    if (known === undefined || boostOf(part) > boostOf(known)) kept.set(key, part);
  };
  for (const part of parts) {
    const found = resolve(part, context);
    if (found !== undefined) add(found);
  }
  const found = [...kept.values()];
  if (found.every((part) => part.kind === 'not')) return undefined;
  return found.length === 1 ? found[0] : { kind, parts: found };
}

function boostOf(query: TermQuery): number {
  return 'boost' in query ? query.boost : 1;
}

function notOneWord(query: SearchQuery & { readonly text: string }, what: string, context: Context): LightningError {
  return searchSyntax(
    context.text,
    query.offset,
    query.length,
    `${query.text} is not one word, so it cannot be a ${what}`,
    'Split it into words, and mark the last one.',
  );
}
