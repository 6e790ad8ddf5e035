// What a token is by others far from it, so that the parser need not look ahead. Which parentheses hold a query: `(SELECT` shows at once; an outer one does not: `((SELECT 1) UNION ...)` is a query,
// `((SELECT 1) + 1)` a value. told apart by what follows the inner one. And which
// statement the common tables of a WITH belong to.

import type { TokenType } from 'chevrotain';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const SET_OPERATORS = new Set(['union', 'intersect', 'except'].map(t.keyword));
const TAILS = new Set(['order', 'limit', 'offset', 'fetch'].map(t.keyword));
/** After these only a query can stand, though more parentheses than one may enclose it. */
const BEFORE_QUERY = new Set<TokenType>([
  ...[
    'in',
    'any',
    'all',
    'some',
    'from',
    'join',
    'union',
    'intersect',
    'except',
    'as',
    'materialized',
    'explain',
    'analyze',
    'distinct',
  ].map(t.keyword),
  t.ExistsCall,
  t.Semicolon,
]);

/** Marks the outer query parentheses; tokens must have the inner ones marked. */
export function separateNeighbours(tokens: readonly Token[]): void {
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const type = tokens[i]?.tokenType;
    if (type === t.LParen || type === t.QueryParen) open.push(i);
    else if (type === t.Semicolon) open.length = 0;
    else if (type === t.RParen) {
      const inner = open.pop();
      const outer = open.at(-1);
      if (inner === undefined || outer === undefined || outer !== inner - 1) continue;
      if (tokens[inner]?.tokenType !== t.QueryParen) continue;
      if (holdsQuery(tokens, open, outer, i + 1)) tokens[outer]?.become(t.QueryParen);
    }
  }
}

const CHANGES = new Map<TokenType, TokenType>([
  [t.keyword('insert'), t.WithOfInsert],
  [t.keyword('update'), t.WithOfUpdate],
  [t.keyword('delete'), t.WithOfDelete],
]);
const READS = new Set(['select', 'values', 'table'].map(t.keyword));
const WITH = t.keyword('with');

/** Marks each WITH before an INSERT, UPDATE or DELETE, which follows the last of its common tables. */
export function separateChanges(tokens: readonly Token[]): void {
  let declares: Token | undefined;
  let depth = 0;
  let before: TokenType | undefined;
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === t.LParen || type === t.QueryParen) depth++;
    else if (type === t.RParen) depth--;
    else if (type === t.Semicolon) [depth, declares] = [0, undefined];
    else if (depth === 0) {
      const change = before === t.RParen ? CHANGES.get(type) : undefined;
      if (type === WITH) declares = token;
      else if (change !== undefined) declares?.become(change);
      if (change !== undefined || READS.has(type)) declares = undefined;
    }
    before = type;
  }
}

function holdsQuery(tokens: readonly Token[], open: readonly number[], outer: number, after: number): boolean {
  const next = tokens[after]?.tokenType;
  if (next === undefined) return false;
  if (SET_OPERATORS.has(next)) return true;
  const before = tokens[outer - 1];
  if (TAILS.has(next)) return before === undefined || !isWordBeforeCall(before);
  if (next !== t.RParen) return false;
  // `IN ((SELECT ...))`: every parenthesis of the run closes again at once, and a query is due before the first.
  let level = open.length - 1;
  let close = after;
  let first = outer;
  while (level > 0 && open[level - 1] === first - 1 && tokens[close + 1]?.tokenType === t.RParen) {
    level--;
    first--;
    close++;
  }
  const due = tokens[first - 1]?.tokenType;
  return due === undefined || BEFORE_QUERY.has(due);
}

function isWordBeforeCall(token: Token): boolean {
  return token.tokenType === t.Identifier || token.tokenType.CATEGORIES?.includes(t.AnyName) === true;
}
