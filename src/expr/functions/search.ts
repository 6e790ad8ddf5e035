// highlight and snippet. After the text the binder puts what the query's MATCH says of it: the query, and the index's analysis options as
// JSON text; then come the arguments as written: `highlight(text, query, analysis, open, close [, field])`,
// `snippet(text, query, analysis, words [, field])`. So a call can be evaluated on its own.

import { createAnalyzer } from '../../text/analysis.js';
import type { Analyzer } from '../../text/analysis.js';
import { highlight, snippet } from '../../text/highlight.js';
import { textIndexOptions } from '../../text/index-options.js';
import { compileSearch } from '../../text/term-query.js';
import type { TermQuery } from '../../text/term-query.js';
import type { FunctionEntry } from './contract.js';
import { entry, strict } from './contract.js';
import type { Integer } from './integer.js';

interface Prepared {
  readonly analyzer: Analyzer;
  readonly query: TermQuery;
}

const MAX_PREPARED = 64;
const prepared = new Map<string, Prepared>();

/** Analysis and query are constants of a statement; a few are kept, the oldest given up first. */
function prepare(query: string, analysis: string): Prepared {
  const key = `${analysis}\n${query}`;
  let made = prepared.get(key);
  if (made === undefined) {
    const analyzer = createAnalyzer(textIndexOptions(JSON.parse(analysis) as Record<string, unknown>).analysis);
    made = { analyzer, query: compileSearch(query, analyzer) };
    const oldest = prepared.keys().next();
    if (prepared.size >= MAX_PREPARED && oldest.done !== true) prepared.delete(oldest.value);
    prepared.set(key, made);
  }
  return made;
}

/** `field`: the column's name in the index, for words asked of one field only; without it every word counts. */
function marked(text: string, query: string, analysis: string, open: string, close: string, field?: string): string {
  const of = prepare(query, analysis);
  return highlight(text, of.query, of.analyzer, open, close, field);
}

function passage(text: string, query: string, analysis: string, words: Integer, field?: string): string {
  const of = prepare(query, analysis);
  return snippet(text, of.query, of.analyzer, Number(words), '', '', '…', field);
}

export const search: readonly FunctionEntry[] = [
  entry(
    'highlight',
    strict(['text', 'text', 'text', 'text', 'text'], 'text', marked),
    strict(['text', 'text', 'text', 'text', 'text', 'text'], 'text', marked),
  ),
  entry(
    'snippet',
    strict(['text', 'text', 'text', 'integer'], 'text', passage),
    strict(['text', 'text', 'text', 'integer', 'text'], 'text', passage),
  ),
];
