// From values to analysed documents, and from search texts to analysed searches, of which a few are remembered.

import type { Row, Value } from '../../values/types.js';
import type { Analyzer, TermLeafQuery, TermQuery } from '../../text/index.js';
import { compileSearch } from '../../text/index.js';
import type { TextLayout } from './layout.js';
import type { DocumentTerms } from './pending-page.js';

const NO_TERMS = { terms: [], positions: new Uint32Array(0) };

/** The document of a row; undefined when all its texts are NULL. */
export function analysed(layout: TextLayout, values: Row): DocumentTerms | undefined {
  const { fields, analyzer } = layout;
  let present = false;
  const document = fields.map((_, f) => {
    const text = values[f] as string | null | undefined;
    if (text == null) return NO_TERMS;
    present = true;
    const { terms, positions } = analyzer.terms(text);
    return { terms, positions };
  });
  return present ? document : undefined;
}

const REMEMBERED = 64;
const compiled = new WeakMap<Analyzer, Map<string, TermQuery>>();

/**
 * A search within one field, or any; undefined for NULL, which matches nothing.
 *
 * @throws LightningError SEARCH_SYNTAX, TOO_COMPLEX; UNKNOWN_COLUMN for a field that is not searched
 */
export function searchOf(layout: TextLayout, query: Value, field: string | undefined): TermQuery | undefined {
  if (query === null) return undefined;
  const { analyzer, fields } = layout;
  let known = compiled.get(analyzer);
  if (known === undefined) compiled.set(analyzer, (known = new Map()));
  const text = query as string;
  const key = field === undefined ? text : `${field}\0${text}`;
  let found = known.get(key);
  if (found === undefined) {
    found = compileSearch(text, analyzer, field === undefined ? fields : [field]);
    if (field !== undefined) found = scoped(found, field);
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value as string);
    known.set(key, found);
  }
  return found;
}

/**
 * A search as it is scored: where fields have factors, a word that may be in any of them stands for itself in each, so that
 * `word` means `title:word^3 OR about:word`.
 */
export function weighted(layout: TextLayout, query: TermQuery): TermQuery {
  const { boosts, fields } = layout;
  if (boosts === undefined) return query;
  const boostIn = (leaf: TermLeafQuery, field: string): TermLeafQuery => ({
    ...leaf,
    field,
    boost: leaf.boost * (boosts[fields.indexOf(field)] ?? 1),
  });
  const visit = (part: TermQuery): TermQuery => {
    switch (part.kind) {
      case 'and':
      case 'or':
        return { kind: part.kind, parts: part.parts.map(visit) };
      case 'not':
      case 'none':
        return part;
      default: {
        const { field } = part;
        if (field !== undefined) return boostIn(part, field);
        const [only, ...others] = fields.map((name) => boostIn(part, name));
        return others.length === 0 ? only! : { kind: 'or', parts: [only!, ...others] };
      }
    }
  };
  return visit(query);
}

/** All leaves look into this field. */
function scoped(query: TermQuery, field: string): TermQuery {
  switch (query.kind) {
    case 'and':
    case 'or':
      return { kind: query.kind, parts: query.parts.map((part) => scoped(part, field)) };
    case 'not':
      return { kind: 'not', part: scoped(query.part, field) };
    case 'none':
      return query;
    default:
      return { ...query, field };
  }
}
