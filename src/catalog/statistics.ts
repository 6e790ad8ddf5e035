// What the planner knows of the data. Collected by ANALYZE, kept in the catalog's pages; row counts are exact at every snapshot.

import type { Row, Value } from '../values/types.js';

/** An estimate of a count: a lower bound that is believed, a best guess, an upper bound that is believed. */
export interface Estimate {
  readonly lo: number;
  readonly est: number;
  readonly hi: number;
  /** Where it comes from, as EXPLAIN prints it: `exact`, `index`, `sample`, `histogram`, `mcv`, `default`, `product`. */
  readonly source: string;
}

export interface ColumnStatistics {
  /** Of all rows, 0..1. */
  readonly nullFraction: number;
  /** Distinct non-NULL values (HyperLogLog). */
  readonly distinct: number;
  /** Most common values with their share of all rows, most common first. */
  readonly common: readonly { readonly value: Value; readonly fraction: number }[];
  /** Bounds of equally full buckets over the values that are not in `common`, ascending; empty when there are too few. */
  readonly histogram: readonly Value[];
  readonly min: Value;
  readonly max: Value;
  /** Mean encoded width in bytes. */
  readonly width: number;
  /** Of column order with row-id order, -1..1. */
  readonly correlation: number;
}

export interface TableStatistics {
  /** Rows when ANALYZE ran; `Catalog.rows` is the number now. */
  readonly analyzedRows: number;
  readonly columns: readonly (ColumnStatistics | undefined)[];
  /** Rows chosen by a hash of the row id, at most about 2,000: whole conjunctions are evaluated on them. */
  readonly sample: readonly Row[];
  /** By index id. */
  readonly indexes: ReadonlyMap<number, IndexStatistics>;
}

/** Kept by the index itself in its counters, so always current. Fields a kind does not know are undefined. */
export interface IndexStatistics {
  readonly entries: number;
  /** Distinct keys. */
  readonly distinct: number | undefined;
  /** Pages. */
  readonly pages: number;
  readonly bytes: number;
  /** Share of absent keys that a refuting index (bloom) lets pass in a chunk of average fill, deleted entries counted. */
  readonly falsePositiveRate?: number | undefined;
}
