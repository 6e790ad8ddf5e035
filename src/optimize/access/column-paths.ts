// Columnstores in place of rows: where one has every column that a scan reads, all of its rows are read, column by column.

import type { IndexDef } from '../../catalog/definitions.js';
import { expected } from '../candidate.js';
import type { Mask } from '../cardinality/table.js';
import type { Conjunct } from './conditions.js';
import type { Candidate } from '../candidate.js';
import { describeIndex } from './offers.js';
import { evaluationCost } from './predicates.js';
import type { Path, ScanContext } from './scan-context.js';
import { scanNode } from './scan-context.js';

export const CHUNK_SLOTS = 8_192;

/** The conjuncts that a partial columnstore's predicate states: its rows satisfy them. */
export function statedBy(context: ScanContext, index: IndexDef): Mask {
  return context.offers.find(({ offer }) => offer.index.id === index.id)?.exact ?? 0;
}

/** Ordinals of the columns that a columnstore has. */
export function heldBy(index: IndexDef): ReadonlySet<number> {
  return new Set(index.keys.flatMap(({ expr }) => (expr.kind === 'column' ? [expr.id] : [])));
}

export function columnPaths(context: ScanContext): Path[] {
  const paths: Path[] = [];
  for (const index of context.indexes) {
    if (index.kind !== 'columnstore' || context.needed.score !== undefined) continue;
    const test = context.testOutside(statedBy(context, index));
    const held = heldBy(index);
    if ([...context.needed.fetch, ...test.fetch].every(({ ordinal }) => held.has(ordinal))) {
      paths.push(columnPath(context, index));
    }
  }
  return paths;
}

/** Chunks, rows and nanoseconds that the filter of a scan over a columnstore costs. */
export function readingCost(context: ScanContext, index: IndexDef) {
  const { costs, catalog } = context.planning;
  const stated = statedBy(context, index);
  const test = context.testOutside(stated);
  const rest = context.conjunctsOutside(stated);
  const entries = catalog.index(index).entries;
  const chunks = Math.max(1, Math.ceil(entries / CHUNK_SLOTS));
  const kept = rest.reduce((least, conjunct) => Math.min(least, keptBy(context, conjunct, chunks)), 1);
  const evaluation = rest.reduce((sum, { expr }) => sum + evaluationCost(expr, costs), 0);
  const perChunk = test.fetch.length * costs.columnPage;
  // Predicates over texts of few values are evaluated once for each value.
  const perRow = test.fetch.length * costs.columnTest + evaluation * 0.5;
  const cost = chunks * costs.columnChunk + kept * (chunks * perChunk + entries * perRow);
  const high = chunks * (costs.columnChunk + perChunk) + entries * perRow;
  return { chunks: chunks * kept, cost, high };
}

/** Share of the chunks that zones leave for a conjunct: its selectivity where the column follows the row ids, all where it does not. */
function keptBy(context: ScanContext, { bit, condition }: Conjunct, chunks: number): number {
  const key = condition.kind === 'constraint' ? condition.constraint.expr : undefined;
  if (key?.kind !== 'column') return 1;
  const correlation = context.planning.columnStatistics(context.scan.table, key.id)?.correlation ?? 0;
  const share = context.estimator.of(bit).est / Math.max(1, context.tableRows);
  return Math.min(1, share + (1 - share) * Math.sqrt(Math.max(0, 1 - correlation ** 2)) + 1 / chunks);
}

function columnPath(context: ScanContext, index: IndexDef): Path {
  const { needed, rows, planning } = context;
  const { costs } = planning;
  const reading = readingCost(context, index);
  const perRow = Math.max(1, needed.columns.length) * costs.columnValue;
  const pages = Math.min(reading.chunks, Math.max(1, rows.est)) * needed.fetch.length * costs.columnPage;
  const cost = costs.operator + reading.cost + pages + rows.est * perRow;
  const candidate: Candidate = {
    plan: {
      kind: 'column-scan',
      scan: scanNode(context, context.testOutside(statedBy(context, index))),
      index,
      top: undefined,
      columns: needed.columns,
      expected: expected(rows, cost, costs.operator),
    },
    ordered: context.order?.length === 0,
    high: costs.operator + reading.high + pages + rows.hi * perRow,
    clustered: context.conjuncts.length > 0,
  };
  return { label: () => `columns of ${describeIndex(index)}`, uses: [index.name], candidate };
}
