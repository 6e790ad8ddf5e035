// Marks what a search found in a text, and cuts the passage that shows most of it. A phrase is marked only where it occurs whole.

import { never } from '../errors.js';
import type { Analyzed, Analyzer } from './analysis.js';
import { phraseStarts } from './match-text.js';
import type { TermQuery } from './term-query.js';
import { expandsTo } from './term-query.js';
import { tokenize, tokenOffsets } from './tokens.js';

/** A passage to mark, in UTF-16 units; `leaf` numbers the query's leaf that found it. */
interface Mark {
  readonly start: number;
  readonly end: number;
  readonly leaf: number;
}

/**
 * The text with every occurrence of the query between `open` and `close`. Nothing is escaped.
 * `field` is the text's field, for leaves that look into one only; undefined takes every leaf.
 *
 * @example highlight('Old harbours', compileSearch('harbour', a), a, '<b>', '</b>') // 'Old <b>harbours</b>'
 */
export function highlight(
  text: string,
  query: TermQuery,
  analyzer: Analyzer,
  open: string,
  close: string,
  field?: string,
): string {
  return render(text, merged(marks(analyzer.analyze(text), query, field)), 0, text.length, open, close);
}

/**
 * The passage of at most `words` words that holds the most distinct leaves of the query, then the most occurrences, then comes
 * first; `ellipsis` stands where text was left out. Without an occurrence: the beginning of the text.
 */
export function snippet(
  text: string,
  query: TermQuery,
  analyzer: Analyzer,
  words: number,
  open = '',
  close = '',
  ellipsis = '…',
  field?: string,
): string {
  const tokens = tokenOffsets();
  tokenize(text, tokens);
  if (tokens.count === 0) return text;
  const found = marks(analyzer.analyze(text), query, field);
  const wanted = Math.max(1, Math.floor(words));
  const first = bestWindow(
    found,
    tokens.starts.subarray(0, tokens.count),
    tokens.ends.subarray(0, tokens.count),
    wanted,
  );
  const last = Math.min(tokens.count, first + wanted) - 1;
  const from = first === 0 ? 0 : (tokens.starts[first] as number);
  const to = last === tokens.count - 1 ? text.length : (tokens.ends[last] as number);
  const inside = found.filter((mark) => mark.start >= from && mark.end <= to);
  const body = render(text, merged(inside), from, to, open, close);
  return (from > 0 ? ellipsis : '') + body + (to < text.length ? ellipsis : '');
}

function marks(text: Analyzed, query: TermQuery, field: string | undefined): Mark[] {
  const found: Mark[] = [];
  let leaf = 0;
  const mark = (first: number, last: number): void => {
    found.push({ start: text.starts[first] as number, end: text.ends[last] as number, leaf });
  };
  const visit = (part: TermQuery): void => {
    if (part.kind === 'none' || part.kind === 'not') return;
    if (part.kind === 'and' || part.kind === 'or') return part.parts.forEach(visit);
    leaf++;
    if (part.field !== undefined && field !== undefined && part.field !== field) return;
    switch (part.kind) {
      case 'phrase':
        for (const first of phraseStarts(part.terms, part.offsets, text)) {
          const end = (text.positions[first] as number) + (part.offsets.at(-1) as number);
          mark(first, text.positions.indexOf(end, first));
        }
        return;
      case 'term':
        return text.terms.forEach((term, i) => term === part.term && mark(i, i));
      case 'prefix':
      case 'fuzzy':
        return text.terms.forEach((term, i) => expandsTo(part, term) && mark(i, i));
      default:
        return never(part, 'term query');
    }
  };
  visit(query);
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

function merged(found: readonly Mark[]): Mark[] {
  const result: Mark[] = [];
  for (const mark of found) {
    const last = result.at(-1);
    if (last !== undefined && mark.start < last.end) {
      if (mark.end > last.end) result[result.length - 1] = { ...last, end: mark.end };
    } else {
      result.push(mark);
    }
  }
  return result;
}

function render(text: string, found: readonly Mark[], from: number, to: number, open: string, close: string): string {
  let result = '';
  let at = from;
  for (const { start, end } of found) {
    result += text.slice(at, start) + open + text.slice(start, end) + close;
    at = end;
  }
  return result + text.slice(at, to);
}

/** The first token of the best window. Only windows that begin at a mark compete; the winner is then centred on its marks. */
function bestWindow(found: readonly Mark[], starts: Uint32Array, ends: Uint32Array, words: number): number {
  let best = 0;
  let bestLast = 0;
  let bestValue = 0;
  const perLeaf = new Map<number, number>();
  let inside = 0;
  for (let low = 0, high = 0; low < found.length; low++) {
    const first = tokenAt(starts, (found[low] as Mark).start);
    const end = ends[Math.min(ends.length, first + words) - 1] as number;
    for (; high < found.length && (found[high] as Mark).end <= end; high++, inside++)
      count(perLeaf, found[high] as Mark, 1);
    const value = perLeaf.size * (found.length + 1) + inside;
    if (inside > 0 && value > bestValue) {
      bestValue = value;
      best = first;
      bestLast = tokenAt(starts, (found[high - 1] as Mark).start);
    }
    if (high > low) {
      count(perLeaf, found[low] as Mark, -1);
      inside--;
    } else {
      high = low + 1;
    }
  }
  if (bestValue === 0) return found.length === 0 ? 0 : tokenAt(starts, (found[0] as Mark).start);
  const spare = words - (bestLast - best + 1);
  return Math.max(0, Math.min(best - Math.floor(spare / 2), starts.length - words));
}

function count(perLeaf: Map<number, number>, mark: Mark, by: 1 | -1): void {
  const next = (perLeaf.get(mark.leaf) ?? 0) + by;
  if (next === 0) perLeaf.delete(mark.leaf);
  else perLeaf.set(mark.leaf, next);
}

/** The token that begins at an offset. */
function tokenAt(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
