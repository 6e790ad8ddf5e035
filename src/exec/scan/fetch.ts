// From row ids to rows: columns are fetched late, first those of the filter, stage by stage, then the rest for the rows that pass.

import { LightningError } from '../../errors.js';
import type { ColumnId } from '../../expr/expression.js';
import type { ScanOutput } from '../../plan/physical.js';
import type { Value } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';
import { denseBatch } from '../rows/batch.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import type { Context } from '../operator.js';
import { stagesOf } from './stages.js';

/** Rows as a scan's source finds them: ids in the order in which they are to come out, and what is known of them already. */
export interface Found {
  readonly rowIds: Uint32Array;
  readonly count: number;
  /** Known vectors by column id: covered columns, scores, distances. */
  readonly known?: ReadonlyMap<ColumnId, Vector>;
}

export type Fetch = (found: Found, context: Context) => Batch | undefined;

/** Filters and completes what a source found; undefined when no row passes. */
export function compileFetch(scan: ScanOutput, columns: readonly ColumnId[], expectedRows: number): Fetch {
  const { table, filter } = scan;
  const ordinals = new Map([...scan.filterFetch, ...scan.fetch].map(({ ordinal, id }) => [id, ordinal]));
  const stages = filter ? stagesOf(filter, expectedRows) : [];

  /** Vectors of the given columns, known or fetched. */
  const vectors = (ids: readonly ColumnId[], found: Found, context: Context): Vector[] => {
    const missing = ids.filter((id) => ordinals.has(id) && !found.known?.has(id));
    const fetched = missing.map(() => new Array<Value>(found.count));
    if (missing.length > 0) {
      const wanted = missing.map((id) => ordinals.get(id)!);
      const rowIds = found.rowIds.length === found.count ? found.rowIds : found.rowIds.subarray(0, found.count);
      context.table(table).rows.readMany(context.reader, rowIds, wanted, fetched);
    }
    return ids.map((id) => {
      const known = found.known?.get(id);
      if (known) return known;
      if (id === scan.rowId) return Array.from(found.rowIds.subarray(0, found.count));
      if (id === scan.score?.id) return scoresOf(scan, found, context);
      return fetched[missing.indexOf(id)]!;
    });
  };

  return (found, context) => {
    let passed = found;
    for (const { ids, test } of stages) {
      const inputs = vectors(ids, passed, context);
      const batch = test(denseBatch(inputs, passed.count), context);
      if (batch === undefined) return undefined;
      const known = new Map(passed.known);
      ids.forEach((id, i) => known.set(id, inputs[i]!));
      passed = select({ ...passed, known }, batch);
    }
    return denseBatch(vectors(columns, passed, context), passed.count);
  };
}

/** What was found, cut down to the rows that passed. */
function select(found: Found, batch: Batch): Found {
  const { selection, count } = batch;
  if (selection === undefined) return found;
  const rowIds = new Uint32Array(count);
  for (let i = 0; i < count; i++) rowIds[i] = found.rowIds[selection[i]!]!;
  const known = new Map<ColumnId, Vector>();
  for (const [id, vector] of found.known ?? []) {
    const out = new Array<Value>(count);
    for (let i = 0; i < count; i++) out[i] = vector[selection[i]!]!;
    known.set(id, out);
  }
  return { rowIds, count, known };
}

/** Scores of rows that another index found. */
function scoresOf(scan: ScanOutput, found: Found, context: Context): Vector {
  const { match } = scan.score!;
  const index = scan.table.indexes.find((candidate) => candidate.id === match.index);
  const open = index && context.table(scan.table).index(index);
  if (index === undefined || open?.scores === undefined) {
    throw new LightningError('BUG', `index ${match.index} cannot score`);
  }
  const query = evaluateConstant(match.query, context.evaluation);
  const field = match.fields.length < index.keys.length ? match.fields[0]!.name : undefined;
  const rowIds = found.rowIds.slice(0, found.count);
  const order = Array.from(rowIds, (_, i) => i).sort((a, b) => rowIds[a]! - rowIds[b]!);
  const sorted = open.scores(
    query,
    field,
    Uint32Array.from(order, (i) => rowIds[i]!),
  );
  const scores = new Float64Array(rowIds.length);
  order.forEach((i, at) => (scores[i] = sorted[at]!));
  return scores;
}
