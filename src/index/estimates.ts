// How many entries a probe yields, from what the catalog keeps: most common values and histograms of columns, counts of indexes.
// The planner puts exact counts in their place where a probe is cheap (`Catalog.probe`).

import type { Catalog } from '../catalog/catalog.js';
import type { IndexDef, IndexKey, TableDef } from '../catalog/definitions.js';
import type { ColumnStatistics, Estimate } from '../catalog/statistics.js';
import type { Bound, ValueSet } from '../expr/constraint.js';
import type { Expr } from '../expr/expression.js';
import { compareMixed, compareValues } from '../values/order.js';
import type { ScalarType, Value } from '../values/types.js';

/** Selectivities of last resort, PostgreSQL's. */
const EQUAL = 0.005;
const NULLS = 0.01;
const RANGE = 1 / 3;
const BOTH_BOUNDS = 0.05;
const PREFIX = 0.02;
/** Members of an array whose value is not known. */
const ARRAY = 10;

/** Estimates for one index. */
export class Selectivity {
  readonly entries: number;

  constructor(
    private readonly index: IndexDef,
    private readonly table: TableDef,
    private readonly catalog: Catalog,
  ) {
    this.entries = catalog.index(index).entries;
  }

  /** Members of a set, at least one. */
  static members(set: ValueSet<Expr>): number {
    if (set.kind === 'null') return 1;
    if (set.kind === 'values') return Math.max(1, set.values.length);
    return set.array.kind === 'constant' && Array.isArray(set.array.value)
      ? Math.max(1, set.array.value.length)
      : ARRAY;
  }

  /** Share of the entries whose key `at` is in the set. */
  set(at: number, set: ValueSet<Expr>): number {
    const stats = this.column(at);
    if (set.kind === 'null') return stats?.nullFraction ?? NULLS;
    if (set.kind === 'array') {
      const { array } = set;
      if (array.kind !== 'constant' || !Array.isArray(array.value)) return Math.min(1, ARRAY * this.equal(at, stats));
      return this.sum(at, stats, array.value as readonly Value[]);
    }
    let share = 0;
    for (const expr of set.values) {
      share += expr.kind === 'constant' ? this.value(at, stats, expr.value) : this.equal(at, stats);
    }
    return Math.min(1, share);
  }

  /** Share of the entries between two bounds of key `at`. */
  range(at: number, low: Bound<Expr> | undefined, high: Bound<Expr> | undefined): number {
    const stats = this.column(at);
    const present = 1 - (stats?.nullFraction ?? 0);
    if (low === undefined && high === undefined) return present;
    const from = low === undefined ? 0 : this.below(at, stats, low.value);
    const to = high === undefined ? 1 : this.below(at, stats, high.value);
    if (from === undefined || to === undefined) return present * (low && high ? BOTH_BOUNDS : RANGE);
    return present * Math.min(1, Math.max(to - from, this.equal(at, stats)));
  }

  prefix(): number {
    return PREFIX;
  }

  /** Rows for a share of the entries; `at most` is believed, the guess is not. */
  rows(share: number, atMost: number, source: string): Estimate {
    const hi = Math.min(this.entries, atMost);
    return { lo: 0, est: Math.min(hi, this.entries * Math.min(1, share)), hi, source };
  }

  /** Where estimates of key `at` come from, as EXPLAIN prints it. */
  source(at: number): string {
    return this.column(at) === undefined ? 'default' : 'histogram';
  }

  /** Different values of key `at`, NULL included; undefined when nothing is known. */
  distinct(at: number): number | undefined {
    const stats = this.column(at);
    return stats && stats.distinct + Number(stats.nullFraction > 0);
  }

  private column(at: number): ColumnStatistics | undefined {
    const expr = this.index.keys[at]?.expr;
    if (expr?.kind !== 'column') return undefined;
    return this.catalog.statistics(this.table)?.columns[expr.id];
  }

  /** Share of one value about which nothing is known. */
  private equal(at: number, stats: ColumnStatistics | undefined): number {
    if (stats !== undefined) {
      const common = stats.common.reduce((sum, c) => sum + c.fraction, 0);
      const others = stats.distinct - stats.common.length;
      if (others <= 0) return stats.common.length === 0 ? EQUAL : common / stats.common.length;
      return Math.max(0, 1 - stats.nullFraction - common) / others;
    }
    const { distinct } = this.catalog.index(this.index);
    if (this.index.keys.length === 1) {
      if (this.index.unique) return 1 / Math.max(1, this.entries);
      if (distinct !== undefined && distinct > 0) return 1 / distinct;
    }
    return at === 0 ? EQUAL : 10 * EQUAL;
  }

  private value(at: number, stats: ColumnStatistics | undefined, value: Value): number {
    if (value === null) return 0;
    const type = this.type(at);
    const common = stats?.common.find((c) => compareAny(c.value, value, type) === 0);
    return common?.fraction ?? this.equal(at, stats);
  }

  private sum(at: number, stats: ColumnStatistics | undefined, values: readonly Value[]): number {
    let share = 0;
    for (const value of values) share += this.value(at, stats, value);
    return Math.min(1, share);
  }

  private type(at: number): ScalarType {
    return (this.index.keys[at] as IndexKey).type;
  }

  /** Share of the non-NULL values below a bound; undefined when nothing is known. */
  private below(at: number, stats: ColumnStatistics | undefined, bound: Expr): number | undefined {
    if (stats === undefined || bound.kind !== 'constant' || bound.value === null) return undefined;
    const { value } = bound;
    const type = this.type(at);
    const present = Math.max(1e-9, 1 - stats.nullFraction);
    let share = 0;
    let commons = 0;
    for (const common of stats.common) {
      commons += common.fraction;
      if (compareAny(common.value, value, type) < 0) share += common.fraction;
    }
    const { histogram } = stats;
    const buckets = histogram.length - 1;
    if (buckets >= 1) {
      let bucket = 0;
      while (bucket <= buckets && compareAny(histogram[bucket] as Value, value, type) < 0) bucket++;
      const inside = bucket === 0 ? 0 : bucket > buckets ? buckets : bucket - 1 + between(histogram, bucket, value);
      share += (Math.max(0, present - commons) * inside) / buckets;
    } else if (commons === 0) return undefined;
    return Math.min(1, share / present);
  }
}

/** Position within the bucket that ends at `bucket`: by proportion for numbers, else its middle. */
function between(histogram: readonly Value[], bucket: number, value: Value): number {
  const low = histogram[bucket - 1];
  const high = histogram[bucket];
  if (typeof low !== 'number' || typeof high !== 'number' || typeof value !== 'number' || high <= low) return 0.5;
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

function compareAny(a: Value, b: Value, type: ScalarType): number {
  if (a === null || b === null) return a === b ? 0 : 1;
  if (type === 'integer' || type === 'real') return compareMixed(a as number | bigint, b as number | bigint);
  return compareValues(a, b, type);
}
