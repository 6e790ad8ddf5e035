// Makes statistics from one pass over a table: exact counts of rows, NULLs and extremes, distinct counts by sketch, and a sample of rows
// chosen by a hash of the row id, from which common values, histograms and correlation come.

import type { Geometry, Row, ScalarType, Value } from '../values/types.js';
import { compareValues, equalValues, hashValue } from '../values/index.js';
import type { ColumnDef } from './definitions.js';
import { HyperLogLog } from './hyperloglog.js';
import type { ColumnStatistics, TableStatistics } from './statistics.js';

/** Rows from which common values and histograms are made. */
const DETAIL_ROWS = 20_000;
/** Rows kept for the planner. */
const SAMPLE_ROWS = 2_000;
const COMMON_VALUES = 100;
const BUCKETS = 100;

interface Sampled {
  readonly hash: number;
  readonly rowId: number;
  readonly row: Row;
}

/** Characters, or bytes, of a value in statistics at most. */
const LONGEST = 256;

export class StatisticsCollector {
  private rows = 0;
  private sample: Sampled[] = [];
  private threshold = 0x1_0000_0000;
  private readonly columns: ColumnCollector[];

  constructor(private readonly definitions: readonly ColumnDef[]) {
    this.columns = definitions.map((column) => new ColumnCollector(column.type));
  }

  /** @param columns one vector per column of the table, parallel to `rowIds` */
  add(rowIds: Uint32Array, columns: readonly ArrayLike<Value>[], count: number): void {
    this.rows += count;
    this.columns.forEach((collector, i) => collector.add(columns[i]!, count));
    for (let r = 0; r < count; r++) {
      const hash = mix(rowIds[r]!);
      if (hash >= this.threshold) continue;
      this.sample.push({ hash, rowId: rowIds[r]!, row: columns.map((column) => column[r]!) });
      if (this.sample.length > 2 * DETAIL_ROWS) this.thin();
    }
  }

  /** Keeps the rows of the smallest hashes: a uniform sample that does not depend on the order of rows. */
  private thin(): void {
    this.sample.sort((a, b) => a.hash - b.hash);
    this.sample.length = DETAIL_ROWS;
    this.threshold = this.sample[DETAIL_ROWS - 1]!.hash;
  }

  finish(): Omit<TableStatistics, 'indexes'> {
    if (this.sample.length > DETAIL_ROWS) this.thin();
    const byHash = this.sample.sort((a, b) => a.hash - b.hash);
    const sample = byHash.slice(0, SAMPLE_ROWS).map((entry) => entry.row.map(shortened));
    const inOrder = [...byHash].sort((a, b) => a.rowId - b.rowId);
    const columns = this.columns.map((collector, i) =>
      collector.finish(
        this.rows,
        inOrder.map((entry) => entry.row[i]!),
        this.definitions[i]!.type,
      ),
    );
    return { analyzedRows: this.rows, columns, sample };
  }
}

/** Places have no order that a query asks for: nothing is compared, all are taken to be distinct. */
function isOrdered(type: ScalarType): boolean {
  return type !== 'point' && type !== 'geometry';
}

class ColumnCollector {
  private nulls = 0;
  private readonly sketch = new HyperLogLog();
  private min: Value = null;
  private max: Value = null;

  constructor(private readonly type: ScalarType) {}

  add(values: ArrayLike<Value>, count: number): void {
    const { type } = this;
    for (let r = 0; r < count; r++) {
      const value = values[r]!;
      if (value === null) {
        this.nulls++;
        continue;
      }
      if (!isOrdered(type)) continue;
      const { hi, lo } = hashValue(value, type);
      this.sketch.add(hi, lo);
      if (this.min === null || compareValues(value, this.min, type) < 0) this.min = value;
      if (this.max === null || compareValues(value, this.max, type) > 0) this.max = value;
    }
  }

  finish(rows: number, sampled: readonly Value[], type: ScalarType): ColumnStatistics {
    const present = sampled.filter((value) => value !== null);
    const ordered = isOrdered(type) ? present : [];
    const sorted = [...ordered].sort((a, b) => compareValues(a, b, type));
    const filled = rows - this.nulls;
    const counted = isOrdered(type) ? this.sketch.count() : filled;
    const distinct = Math.max(Math.min(counted, filled), filled > 0 ? 1 : 0);
    const { common, rest } = splitCommon(sorted, sampled.length, type, distinct);
    return {
      nullFraction: rows === 0 ? 0 : this.nulls / rows,
      distinct: Math.round(distinct),
      common,
      histogram: bounds(rest),
      min: shortened(this.min),
      max: shortened(this.max),
      width: meanWidth(present),
      correlation: correlation(ordered, type),
    };
  }
}

/** Values that are clearly more frequent than the average, and the sorted rest. */
function splitCommon(sorted: readonly Value[], sampled: number, type: ScalarType, distinct: number) {
  const runs: { readonly value: Value; readonly from: number; readonly count: number }[] = [];
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && equalValues(sorted[from]!, sorted[to]!, type)) to++;
    runs.push({ value: sorted[from]!, from, count: to - from });
    from = to;
  }
  // A column of few values is listed whole; else a value must occur more than once, and a quarter more often than the mean.
  const few = runs.length <= COMMON_VALUES && distinct <= COMMON_VALUES * 1.1;
  const mean = sorted.length / Math.max(distinct, 1);
  const chosen = runs
    .filter((run) => few || (run.count > 1 && run.count > 1.25 * mean))
    .sort((a, b) => b.count - a.count)
    .slice(0, COMMON_VALUES);
  const taken = new Set(chosen.map((run) => run.from));
  const rest = runs
    .filter((run) => !taken.has(run.from))
    .flatMap((run) => sorted.slice(run.from, run.from + run.count));
  return { common: chosen.map((run) => ({ value: shortened(run.value), fraction: run.count / sampled })), rest };
}

function bounds(sorted: readonly Value[]): Value[] {
  const buckets = Math.min(BUCKETS, sorted.length - 1);
  if (buckets < 1) return [];
  return Array.from({ length: buckets + 1 }, (_, i) =>
    shortened(sorted[Math.round((i * (sorted.length - 1)) / buckets)]!),
  );
}

/** What stands in a sample and in bounds for a value: a long text by its beginning, a long geometry by its box. */
function shortened(value: Value): Value {
  if (typeof value === 'string' && value.length > LONGEST) return value.slice(0, LONGEST).toWellFormed();
  if (value instanceof Uint8Array && value.length > LONGEST) return value.slice(0, LONGEST);
  if (isGeometry(value) && JSON.stringify(value).length > LONGEST) return envelope(value);
  return value;
}

function isGeometry(value: Value): value is Geometry {
  return value !== null && typeof value === 'object' && 'type' in value;
}

function envelope(geometry: Geometry): Geometry {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    const [lon, lat] = part as unknown[];
    if (typeof lon !== 'number' || typeof lat !== 'number') return part.forEach(visit);
    [w, s, e, n] = [Math.min(w, lon), Math.min(s, lat), Math.max(e, lon), Math.max(n, lat)];
  };
  if (geometry.type === 'GeometryCollection')
    geometry.geometries.forEach((part) => 'coordinates' in part && visit(part.coordinates));
  else visit(geometry.coordinates);
  if (w === Infinity) return geometry;
  const ring = [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

function meanWidth(values: readonly Value[]): number {
  if (values.length === 0) return 0;
  let sum = 0;
  for (const value of values) sum += widthOf(value);
  return sum / values.length;
}

function widthOf(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.length;
  if (value !== null && typeof value === 'object')
    return 'type' in value && value.type === 'Point' ? 16 : JSON.stringify(value).length;
  return 8;
}

/** Pearson's, of the rank of a value with its place in row-id order. */
function correlation(inOrder: readonly Value[], type: ScalarType): number {
  const n = inOrder.length;
  if (n < 2) return 0;
  const places = inOrder.map((_, i) => i).sort((a, b) => compareValues(inOrder[a]!, inOrder[b]!, type) || a - b);
  let sum = 0;
  places.forEach((place, rank) => (sum += place * rank));
  const mean = (n - 1) / 2;
  const variance = (n * n - 1) / 12;
  return (sum / n - mean * mean) / variance;
}

/** Avalanche of a 32-bit integer (Steele, Lea, Flood: splitmix, 32-bit form), to 0 .. 2^32 - 1. */
function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}
