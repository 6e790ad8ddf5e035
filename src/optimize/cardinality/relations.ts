// Estimates above single tables: joins by distinct counts and most common values under containment, groups, semi and anti joins.
// Source: Swami and Schiefer, "On the estimation of join result sizes" (EDBT 1994); the damping of several predicates between one pair of
// relations follows the exponential backoff of SQL Server 2014.

import { unfolded } from '../../catalog/keys.js';
import type { ColumnStatistics, Estimate } from '../../catalog/statistics.js';
import { columnsOf, equalExprs, substitute } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { JoinType } from '../../plan/physical.js';
import type { Value } from '../../values/types.js';
import type { Origin, Planning } from '../planning.js';
import { estimate, NOTHING } from './estimate.js';
import type { SelectivitySource } from './selectivity.js';
import { DEFAULTS, selectivity } from './selectivity.js';

/** Share of left rows without a match that an outer join is taken to have, as far as tests for NULL above it go. */
const UNMATCHED = 0.2;

/** Statistics of columns by their ids, wherever they come from in the query. */
export class ColumnKnowledge implements SelectivitySource {
  readonly rows = 1_000_000;
  /** Shares of the cross product by the most common values; undefined where these are not known. */
  private readonly skewed = new Map<Expr, number | undefined>();

  constructor(private readonly planning: Planning) {}

  column(expr: Expr): ColumnStatistics | undefined {
    if (expr.kind !== 'column') return undefined;
    const origin = this.planning.origin(expr.id);
    const statistics = origin && this.planning.columnStatistics(origin.scan.table, origin.ordinal);
    const stored = origin?.scan.columns[origin.ordinal];
    if (statistics === undefined || !expr.nullable || stored?.nullable !== false) return statistics;
    // Stored NOT NULL but nullable here: a left join below fills it with NULLs.
    return { ...statistics, nullFraction: Math.max(statistics.nullFraction, UNMATCHED) };
  }

  distinct(expr: Expr): number | undefined {
    const origin = this.originOf(expr);
    if (origin === undefined) return undefined;
    const { scan, ordinal } = origin;
    if (expr.kind === 'column') {
      return this.planning.distinctByIndex(scan.table, (key) => key.kind === 'column' && key.id === ordinal);
    }
    const own = substitute(expr, (column) => ({ ...column, id: ordinal }));
    return this.planning.distinctByIndex(scan.table, (key) => equalExprs(key, own));
  }

  /** Where the one column comes from that the expression reads. */
  private originOf(expr: Expr): Origin | undefined {
    if (expr.kind === 'column') return this.planning.origin(expr.id);
    const [id, ...others] = columnsOf(expr);
    return id === undefined || others.length > 0 ? undefined : this.planning.origin(id);
  }

  value(expr: Expr): { readonly value: Value } | undefined {
    return this.planning.known(expr);
  }

  /** Distinct values of an expression in its whole table; undefined when nothing is known of it. */
  domain(expr: Expr): number | undefined {
    if (expr.kind === 'cast') return this.domain(expr.arg);
    const statistics = this.column(expr);
    if (statistics !== undefined) return Math.max(1, statistics.distinct);
    // Few texts differ in case alone.
    const text = unfolded(expr);
    return this.distinct(expr) ?? (text && this.domain(text));
  }

  /** Distinct values of an expression among `rows` rows. */
  distinctAmong(expr: Expr, rows: number): number {
    if (expr.kind === 'constant') return 1;
    const domain = this.domain(expr);
    if (domain === undefined) return Math.max(1, Math.min(rows, Math.max(DEFAULTS.distinctValues, rows / 10)));
    const origin = this.originOf(expr);
    const all = origin === undefined ? undefined : this.planning.rows(origin.scan.table);
    if (all === undefined || rows >= all || domain <= 1) return Math.max(1, Math.min(rows, domain));
    // Some values lose all their rows to the other predicates.
    const left = domain * (1 - Math.pow(1 - rows / Math.max(1, all), all / domain));
    return Math.max(1, Math.min(rows, left));
  }

  /** Share of the cross product that satisfies one join conjunct. */
  joinShare(conjunct: Expr, leftRows: number, rightRows: number): number {
    if (conjunct.kind === 'compare' && conjunct.operator === '=') {
      const { left, right } = conjunct;
      const a = this.column(left);
      const b = this.column(right);
      if (a !== undefined && b !== undefined) {
        if (!this.skewed.has(conjunct)) this.skewed.set(conjunct, commonShare(a, b));
        const skewed = this.skewed.get(conjunct);
        if (skewed !== undefined) return skewed;
      }
      const known = Math.max(this.domain(left) ?? 0, this.domain(right) ?? 0);
      const domain = known > 0 ? known : Math.max(1, Math.min(leftRows, rightRows));
      const present = (1 - (a?.nullFraction ?? 0)) * (1 - (b?.nullFraction ?? 0));
      return present / domain;
    }
    return selectivity(conjunct, this).est;
  }

  /** Several conjuncts between the same relations: the most selective counts in full, the others less and less. */
  joinShares(conjuncts: readonly Expr[], leftRows: number, rightRows: number): number {
    const shares = conjuncts.map((c) => this.joinShare(c, leftRows, rightRows)).sort((x, y) => x - y);
    let result = 1;
    let power = 1;
    for (const share of shares) {
      result *= Math.pow(share, power);
      power /= 2;
    }
    return result;
  }

  /** Rows of a join of two inputs under the conjuncts of its condition. */
  join(type: JoinType, left: Estimate, right: Estimate, conjuncts: readonly Expr[]): Estimate {
    const share = this.joinShares(conjuncts, left.est, right.est);
    const inner = joined(left, right, share);
    switch (type) {
      case 'inner':
        return inner;
      case 'left':
        return estimate(
          Math.max(left.lo, inner.lo),
          Math.max(left.est, inner.est),
          Math.max(left.hi, inner.hi),
          'join',
        );
      case 'full': {
        const most = (part: 'lo' | 'est' | 'hi') => Math.max(left[part], right[part], inner[part]);
        return estimate(most('lo'), most('est'), Math.max(left.hi + right.hi, inner.hi), 'join');
      }
      case 'semi': {
        const matched = left.est === 0 ? 0 : Math.min(1, matchedShare(share, right.est));
        return estimate(0, left.est * matched, left.hi, 'join');
      }
      case 'anti': {
        const matched = left.est === 0 ? 0 : Math.min(0.95, matchedShare(share, right.est));
        return estimate(0, left.est * (1 - matched), left.hi, 'join');
      }
    }
  }

  /** Distinct combinations of expressions among rows. */
  groups(exprs: readonly Expr[], rows: Estimate): Estimate {
    if (exprs.length === 0) return estimate(1, 1, 1, 'exact');
    if (rows.hi === 0) return NOTHING;
    const counts = exprs.map((e) => this.distinctAmong(e, rows.est)).sort((a, b) => b - a);
    let est = 1;
    let hi = 1;
    let power = 1;
    for (const count of counts) {
      est *= Math.pow(count, power);
      hi *= count;
      power = Math.max(0.5, power * 0.75);
    }
    return estimate(Math.min(1, rows.lo), Math.min(rows.est, est), Math.min(rows.hi, Math.max(est * 2, hi)), 'groups');
  }
}

/** Of left rows, those with at least one match, when each has `share * right` on average. */
function matchedShare(share: number, right: number): number {
  return 1 - Math.exp(-share * right * 1.5);
}

/** Rows of an inner join from its share of the cross product; uncertainty grows with each join. */
export function joined(left: Estimate, right: Estimate, share: number): Estimate {
  const est = left.est * right.est * share;
  const hi = Math.min(left.hi * right.hi, Math.max(left.hi * Math.max(1, right.hi) * share, est) * 2);
  return estimate((left.lo * right.lo * share) / 3, est, hi, 'join');
}

/** Containment with skew: common values meet common values, the rest meet the rest evenly. Undefined without common values on both sides. */
function commonShare(a: ColumnStatistics, b: ColumnStatistics): number | undefined {
  if (a.common.length === 0 || b.common.length === 0) return undefined;
  const fractions = new Map<Value, number>();
  let restA = 1 - a.nullFraction;
  for (const c of a.common) {
    restA -= c.fraction;
    fractions.set(c.value, c.fraction);
  }
  let restB = 1 - b.nullFraction;
  let met = 0;
  let unmetA = 0;
  let unmetB = 0;
  const seen = new Set<Value>();
  for (const c of b.common) {
    restB -= c.fraction;
    const other = fractions.get(c.value);
    if (other === undefined) unmetB += c.fraction;
    else {
      met += other * c.fraction;
      seen.add(c.value);
    }
  }
  for (const c of a.common) if (!seen.has(c.value)) unmetA += c.fraction;
  restA = Math.max(0, restA);
  restB = Math.max(0, restB);
  const othersA = Math.max(1, a.distinct - a.common.length);
  const othersB = Math.max(1, b.distinct - b.common.length);
  return met + (unmetA * restB) / othersB + (unmetB * restA) / othersA + (restA * restB) / Math.max(othersA, othersB);
}
