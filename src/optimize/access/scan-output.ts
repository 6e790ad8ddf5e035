// The parts that every scan node shares: which columns are fetched for the result and which for the test, and what fetching costs.

import type { TableDef } from '../../catalog/definitions.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { and } from '../../expr/build.js';
import type { Scan } from '../../plan/logical.js';
import type { ScanOutput } from '../../plan/physical.js';
import type { CostModel } from '../cost.js';
import { pageGet, pagesHit } from '../cost.js';
import type { Planning } from '../planning.js';
import { readsOf } from '../plan-tree.js';
import type { Conjunct, Ordinals } from './conditions.js';
import { evaluationCost, testOrder } from './predicates.js';

type Field = ScanOutput['fetch'][number];

/** What is read above the scan. */
export interface Needed {
  readonly fetch: readonly Field[];
  readonly rowId: ColumnId | undefined;
  readonly score: Scan['score'];
  /** Ids yielded, in order: fetched columns, row id, score. */
  readonly columns: readonly ColumnId[];
  /** Nanoseconds per row to read the fetched fields. */
  readonly cost: number;
}

/** Nanoseconds per row to read fields into vectors. */
function readCost({ table }: Scan, fields: readonly Field[], planning: Planning): number {
  const { costs } = planning;
  let cost = 0;
  for (const { ordinal } of fields) {
    cost += isFixed(table, ordinal) ? costs.fieldRead : costs.textRead;
    if (table.columns[ordinal]?.type === 'geometry') cost += geometryCost(planning, table, ordinal);
  }
  return cost;
}

/** Geometries of a table that are kept as they were decoded, as bytes of their texts. */
const REMEMBERED = 2 ** 22;

/** Decoding a geometry and preparing it for questions, where there are too many to remember. */
function geometryCost(planning: Planning, table: TableDef, ordinal: number): number {
  const width = planning.columnStatistics(table, ordinal)?.width ?? 0;
  return width * planning.rows(table) <= REMEMBERED ? 0 : width * planning.costs.geometryByte;
}

const FIXED: ReadonlySet<string> = new Set(['integer', 'real', 'boolean', 'date', 'timestamp', 'point']);

/** Whether values of a column have one width and cost little to decode. */
export function isFixed(table: TableDef, ordinal: number): boolean {
  return FIXED.has(table.columns[ordinal]?.type ?? 'text');
}

export function neededOf(scan: Scan, columns: ReadonlySet<ColumnId>, planning: Planning): Needed {
  const fetch: Field[] = [];
  scan.columns.forEach((column, ordinal) => {
    if (columns.has(column.id)) fetch.push({ ordinal, id: column.id });
  });
  const rowId = scan.rowId !== undefined && columns.has(scan.rowId) ? scan.rowId : undefined;
  const score = scan.score !== undefined && columns.has(scan.score.id) ? scan.score : undefined;
  const ids = fetch.map((f) => f.id);
  if (rowId !== undefined) ids.push(rowId);
  if (score !== undefined) ids.push(score.id);
  return { fetch, rowId, score, columns: ids, cost: readCost(scan, fetch, planning) };
}

/** The test on each row and the fields it reads. */
export interface RowTest {
  readonly filter: Expr | undefined;
  readonly fetch: readonly Field[];
  /** Nanoseconds per row, fields included. */
  readonly cost: number;
}

export function rowTest(scan: Scan, list: readonly Conjunct[], ordinals: Ordinals, planning: Planning): RowTest {
  if (list.length === 0) return { filter: undefined, fetch: [], cost: 0 };
  const { costs } = planning;
  const ordered = testOrder(
    list.map((c) => c.expr),
    costs,
  );
  const fetch = new Map<ColumnId, number>();
  let cost = 0;
  let reaching = 1;
  for (const expr of ordered) {
    cost += evaluationCost(expr, costs) * reaching;
    // What passes one test reaches the next; half is a guess that only orders plans with equal tests.
    reaching = Math.max(0.25, reaching * 0.5);
    for (const id of readsOf(expr)) {
      const ordinal = ordinals.ordinal(id);
      if (ordinal !== undefined && ordinal >= 0) fetch.set(id, ordinal);
    }
  }
  const fields = [...fetch].map(([id, ordinal]) => ({ ordinal, id })).sort((a, b) => a.ordinal - b.ordinal);
  return { filter: and(ordered), fetch: fields, cost: cost + readCost(scan, fields, planning) };
}

/** Row pages of a table. */
export function tablePages(scan: Scan, rows: number): number {
  return Math.max(1, Math.ceil(rows / 2 ** scan.table.rowPageShift));
}

/**
 * Getting `rows` rows by ascending row id.
 * @param nearness 0..1: 1 where the rows stand side by side, 0 where they are strewn over the table.
 */
export function fetchCost(scan: Scan, rows: number, tableRows: number, costs: CostModel, nearness = 0): number {
  const pages = tablePages(scan, tableRows);
  const strewn = pagesHit(rows, tableRows, pages);
  const dense = Math.min(strewn, rows === 0 ? 0 : 1 + (rows / Math.max(1, tableRows)) * pages);
  return (nearness * dense + (1 - nearness) * strewn) * pageGet(costs) + rows * costs.rowFetch;
}
