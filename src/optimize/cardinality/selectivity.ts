// The share of rows for which one predicate is true, from the statistics of single columns, and from PostgreSQL's defaults where there are
// none. Narrowing a range or a list never enlarges the share.
// Source of the formulas: PostgreSQL, "Row Estimation Examples", and its `selfuncs.c` for the defaults.

import { unfolded } from '../../catalog/keys.js';
import type { ColumnStatistics } from '../../catalog/statistics.js';
import { mirrored } from '../../expr/compile/compare.js';
import type { CompareOperator, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import { compareValues } from '../../values/order.js';
import type { Type, Value } from '../../values/types.js';

/** A share of rows, 0..1, with believed bounds. */
export interface Share {
  readonly lo: number;
  readonly est: number;
  readonly hi: number;
  readonly source: string;
}

/** PostgreSQL's guesses; those for maps and text are for one place or word among many. */
export const DEFAULTS = {
  equal: 0.005,
  bound: 1 / 3,
  range: 0.005,
  like: 0.02,
  prefix: 0.005,
  isNull: 0.005,
  opaque: 1 / 3,
  boolean: 0.5,
  spatial: 0.01,
  match: 0.01,
  distinctValues: 200,
  semi: 0.5,
} as const;

/** What selectivity may ask: statistics of the column an expression is, its distinct count by other means, and values known already. */
export interface SelectivitySource {
  column(expr: Expr): ColumnStatistics | undefined;
  /** Distinct values of an expression (index counters), when its column has no statistics. */
  distinct(expr: Expr): number | undefined;
  /** The value at execution as far as it is known: constants and peeked parameters. */
  value(expr: Expr): { readonly value: Value } | undefined;
  readonly rows: number;
}

export function share(est: number, source: string, spread = 2): Share {
  const middle = Math.min(1, Math.max(0, est));
  return { lo: middle / spread, est: middle, hi: Math.min(1, middle * spread), source };
}

const NEVER: Share = { lo: 0, est: 0, hi: 0, source: 'constant' };
const ALWAYS: Share = { lo: 1, est: 1, hi: 1, source: 'constant' };

/** Share of rows for which `expr` is true. */
export function selectivity(expr: Expr, source: SelectivitySource): Share {
  switch (expr.kind) {
    case 'constant':
      return expr.value === true ? ALWAYS : NEVER;
    case 'and': {
      let all = ALWAYS;
      for (const arg of expr.args) all = product(all, selectivity(arg, source));
      return all;
    }
    case 'or': {
      let none = 1;
      let hi = 0;
      let lo = 0;
      for (const arg of expr.args) {
        const s = selectivity(arg, source);
        none *= 1 - s.est;
        hi += s.hi;
        lo = Math.max(lo, s.lo);
      }
      return { lo, est: Math.max(lo, 1 - none), hi: Math.min(1, Math.max(hi, 1 - none)), source: 'product' };
    }
    case 'not':
      return complement(selectivity(expr.arg, source), nullShare(expr.arg, source));
    case 'compare':
      return comparison(expr.operator, expr.left, expr.right, source);
    case 'distinct': {
      const equal = comparison('=', expr.left, expr.right, source);
      return expr.negated ? equal : complement(equal, 0);
    }
    case 'is-null': {
      const column = source.column(expr.arg);
      const nulls =
        column === undefined ? share(DEFAULTS.isNull, 'default', 10) : share(column.nullFraction, 'statistics', 1.2);
      return expr.negated ? complement(nulls, 0) : nulls;
    }
    case 'is-truth': {
      const column = source.column(expr.arg);
      const yes =
        column === undefined ? selectivity(expr.arg, source) : equalTo({ value: expr.truth }, expr.arg, source);
      const truth = expr.truth || column !== undefined ? yes : complement(yes, nullShare(expr.arg, source));
      return expr.negated ? complement(truth, 0) : truth;
    }
    case 'in-list': {
      let sum: Share = NEVER;
      for (const item of expr.items) sum = add(sum, comparison('=', expr.arg, item, source));
      return expr.negated ? complement(sum, nullShare(expr.arg, source)) : sum;
    }
    case 'in-array': {
      const array = source.value(expr.array)?.value;
      let sum: Share = NEVER;
      if (Array.isArray(array)) {
        for (const item of new Set(array as readonly Value[])) {
          if (item !== null) sum = add(sum, equalTo({ value: item }, expr.arg, source));
        }
      } else {
        const one = equalTo(undefined, expr.arg, source);
        sum = { lo: 0, est: Math.min(1, one.est * 10), hi: Math.min(1, one.hi * 1_000), source: 'default' };
      }
      return expr.negated ? complement(sum, nullShare(expr.arg, source)) : sum;
    }
    case 'any-array':
      return { lo: 0, est: DEFAULTS.opaque, hi: 1, source: 'default' };
    case 'like': {
      const yes = likeShare(expr.arg, source.value(expr.pattern)?.value, expr.insensitive, source);
      return expr.negated ? complement(yes, nullShare(expr.arg, source)) : yes;
    }
    case 'match':
      return { lo: 0, est: DEFAULTS.match, hi: 0.5, source: 'default' };
    case 'column':
      return equalTo({ value: true }, expr, source);
    case 'parameter': {
      const known = source.value(expr);
      return known === undefined ? share(DEFAULTS.boolean, 'default') : known.value === true ? ALWAYS : NEVER;
    }
    case 'call':
      return expr.name.startsWith('st_')
        ? { lo: 0, est: DEFAULTS.spatial, hi: 1, source: 'default' }
        : { lo: 0, est: DEFAULTS.opaque, hi: 1, source: 'default' };
    case 'subquery':
      return { lo: 0, est: DEFAULTS.semi, hi: 1, source: 'default' };
    case 'case':
    case 'cast':
      return { lo: 0, est: DEFAULTS.opaque, hi: 1, source: 'default' };
  }
}

export function product(a: Share, b: Share): Share {
  if (a === ALWAYS) return b;
  if (b === ALWAYS) return a;
  return { lo: Math.max(0, a.lo * b.lo * 0.5), est: a.est * b.est, hi: Math.min(a.hi, b.hi), source: 'product' };
}

function add(a: Share, b: Share): Share {
  const source = a.source === b.source || a === NEVER ? b.source : 'sum';
  return {
    lo: Math.min(1, a.lo + b.lo),
    est: Math.min(1, a.est + b.est),
    hi: Math.min(1, a.hi + b.hi),
    source,
  };
}

/** Rows for which the predicate is false: neither true nor NULL. */
function complement(s: Share, nulls: number): Share {
  const rest = Math.max(0, 1 - nulls);
  return {
    lo: Math.max(0, rest - s.hi),
    est: Math.max(0, rest - s.est),
    hi: Math.max(0, rest - s.lo),
    source: s.source,
  };
}

function nullShare(expr: Expr, source: SelectivitySource): number {
  if (expr.kind === 'compare') return Math.max(nullShare(expr.left, source), nullShare(expr.right, source));
  return source.column(expr)?.nullFraction ?? 0;
}

function comparison(operator: CompareOperator, left: Expr, right: Expr, source: SelectivitySource): Share {
  const leftIsValue = isValue(left);
  const rightIsValue = isValue(right);
  if (leftIsValue && !rightIsValue) return comparison(mirrored(operator), right, left, source);
  if (!rightIsValue) {
    if (operator === '=') {
      const distinct = Math.max(distinctOf(left, source), distinctOf(right, source));
      return { lo: 0, est: 1 / distinct, hi: 1, source: 'default' };
    }
    return operator === '<>' ? complement(share(DEFAULTS.equal, 'default'), 0) : share(DEFAULTS.bound, 'default', 3);
  }
  const known = source.value(right);
  if (known !== undefined && known.value === null) return NEVER;
  switch (operator) {
    case '=':
      return equalTo(known, left, source);
    case '<>':
      return complement(equalTo(known, left, source), source.column(left)?.nullFraction ?? 0);
    default:
      return inequality(operator, left, known, source);
  }
}

function isValue(expr: Expr): boolean {
  switch (expr.kind) {
    case 'constant':
    case 'parameter':
      return true;
    case 'cast':
      return isValue(expr.arg);
    case 'call':
      return expr.args.every(isValue);
    default:
      return false;
  }
}

/** Distinct values of an expression over the table, at least 1. */
export function distinctOf(expr: Expr, source: SelectivitySource): number {
  const column = source.column(expr);
  if (column !== undefined) return Math.max(1, column.distinct);
  const counted = source.distinct(expr);
  if (counted !== undefined) return Math.max(1, counted);
  return Math.max(1, Math.min(DEFAULTS.distinctValues, source.rows));
}

function equalTo(known: { readonly value: Value } | undefined, expr: Expr, source: SelectivitySource): Share {
  const column = source.column(expr);
  if (column === undefined) {
    const counted = source.distinct(expr);
    if (counted !== undefined) {
      const even = 1 / Math.max(1, counted);
      return { lo: 0, est: even, hi: Math.min(1, even * 10), source: 'index' };
    }
    if (typeOf(expr) === 'boolean') return share(DEFAULTS.boolean, 'default');
    // Few texts differ in case alone.
    const text = unfolded(expr);
    if (text !== undefined && source.column(text) !== undefined) return equalTo(undefined, text, source);
    const guess = Math.max(DEFAULTS.equal, 1 / Math.max(1, source.rows));
    return { lo: 0, est: guess, hi: Math.min(1, guess * 20), source: 'default' };
  }
  let common = 0;
  for (const c of column.common) common += c.fraction;
  const others = Math.max(0, 1 - column.nullFraction - common);
  const otherValues = Math.max(1, column.distinct - column.common.length);
  const even = Math.min(others, others / otherValues);
  const most = column.common[0]?.fraction ?? even;
  if (known === undefined) {
    const mean = (1 - column.nullFraction) / Math.max(1, column.distinct);
    return { lo: 0, est: mean, hi: Math.min(1, Math.max(mean * 3, most)), source: 'statistics' };
  }
  const type = typeOf(expr);
  for (const c of column.common) {
    if (same(c.value, known.value, type)) return share(c.fraction, 'mcv', 1.2);
  }
  const least = column.common[column.common.length - 1]?.fraction ?? 1;
  const outside =
    column.min !== null &&
    column.max !== null &&
    known.value !== null &&
    (order(known.value, column.min, type) < 0 || order(known.value, column.max, type) > 0);
  const est = outside ? Math.min(even, 0.5 / Math.max(1, source.rows)) : Math.min(even, least);
  return { lo: est / 4, est, hi: Math.min(1, Math.max(est * 4, outside ? even : 0)), source: 'histogram' };
}

function inequality(
  operator: '<' | '<=' | '>' | '>=',
  expr: Expr,
  known: { readonly value: Value } | undefined,
  source: SelectivitySource,
): Share {
  const column = source.column(expr);
  if (column === undefined || known === undefined || known.value === null) {
    const present = 1 - (column?.nullFraction ?? 0);
    return { lo: 0, est: DEFAULTS.bound * present, hi: present, source: 'default' };
  }
  const type = typeOf(expr);
  const below = shareBelow(column, known.value, type, operator === '<=' || operator === '>');
  const present = 1 - column.nullFraction;
  const est = operator === '<' || operator === '<=' ? below : present - below;
  const blur = 1.5 / Math.max(2, column.histogram.length);
  return {
    lo: Math.max(0, est - blur),
    est: Math.max(0, est),
    hi: Math.min(present, Math.max(0, est) + blur),
    source: 'histogram',
  };
}

/** Share of all rows whose value is below `value`, or equal to it when `inclusive`. Non-decreasing in `value`. */
function shareBelow(column: ColumnStatistics, value: Value, type: Type, inclusive: boolean): number {
  let common = 0;
  let below = 0;
  for (const c of column.common) {
    common += c.fraction;
    const o = order(c.value, value, type);
    if (o < 0 || (inclusive && o === 0)) below += c.fraction;
  }
  const others = Math.max(0, 1 - column.nullFraction - common);
  return below + others * histogramBelow(column, value, type);
}

function histogramBelow(column: ColumnStatistics, value: Value, type: Type): number {
  const bounds = column.histogram.length >= 2 ? column.histogram : [column.min, column.max];
  const first = bounds[0];
  const last = bounds[bounds.length - 1];
  if (first === undefined || last === undefined || first === null || last === null) return DEFAULTS.bound;
  if (order(value, first, type) < 0) return 0;
  if (order(value, last, type) >= 0) return 1;
  let low = 0;
  let high = bounds.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (order(bounds[middle] as Value, value, type) <= 0) low = middle;
    else high = middle;
  }
  return (low + within(bounds[low] as Value, bounds[high] as Value, value)) / (bounds.length - 1);
}

/** Where a value lies between two bounds, 0..1: linear for numbers, by the first differing characters for text. */
function within(low: Value, high: Value, value: Value): number {
  const a = position(low, low, high);
  const b = position(high, low, high);
  const v = position(value, low, high);
  return b > a ? Math.min(1, Math.max(0, (v - a) / (b - a))) : 0.5;
}

function position(value: Value, low: Value, high: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && typeof low === 'string' && typeof high === 'string') {
    let common = 0;
    while (common < low.length && common < high.length && low[common] === high[common]) common++;
    let result = 0;
    for (let i = 0; i < 4; i++)
      result = result * 65_536 + (common + i < value.length ? value.charCodeAt(common + i) : 0);
    return result;
  }
  return 0;
}

function likeShare(arg: Expr, pattern: Value | undefined, insensitive: boolean, source: SelectivitySource): Share {
  if (pattern === null) return NEVER;
  if (typeof pattern !== 'string') return { lo: 0, est: DEFAULTS.like, hi: 1, source: 'default' };
  const wild = pattern.search(/[%_\\]/);
  if (wild === -1 && !insensitive) return equalTo({ value: pattern }, arg, source);
  const prefix = wild === -1 ? pattern : pattern.slice(0, wild);
  const column = source.column(arg);
  // Each further fixed character makes a match rarer.
  const fixed = pattern.replace(/[%_\\]/g, '').length - prefix.length;
  const rest = Math.pow(0.6, Math.min(8, fixed));
  if (prefix !== '' && !insensitive && column !== undefined && typeof column.min === 'string') {
    const from = shareBelow(column, prefix, 'text', false);
    const to = shareBelow(column, `${prefix}\u{10ffff}`, 'text', true);
    const est = Math.max(0, to - from) * rest;
    const blur = 1.5 / Math.max(2, column.histogram.length);
    return {
      lo: 0,
      est: Math.max(est, 0.1 / Math.max(1, source.rows)),
      hi: Math.min(1, est + blur),
      source: 'histogram',
    };
  }
  if (prefix !== '') return { lo: 0, est: DEFAULTS.prefix * rest, hi: 0.5, source: 'default' };
  return { lo: 0, est: Math.min(1, DEFAULTS.like * 4 * rest), hi: 1, source: 'default' };
}

function order(a: Value, b: Value, type: Type): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const numeric = (v: Value) => typeof v === 'number' || typeof v === 'bigint';
  if (numeric(a) && numeric(b)) return Number(a) - Number(b);
  if (typeof a !== typeof b) return 0;
  return compareValues(a, b, type);
}

function same(a: Value, b: Value, type: Type): boolean {
  return a !== null && b !== null && typeof a === typeof b && order(a, b, type) === 0;
}
