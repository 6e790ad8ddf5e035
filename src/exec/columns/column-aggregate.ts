// Grouping and aggregates over the vectors of a columnstore, without rows between: chunk after chunk, zones where they tell all, otherwise one
// generated loop. When the groups outgrow the memory budget, or code cannot be generated, rows are grouped by hash instead.

import { invariant } from '../../errors.js';
import { createAccumulator } from '../../expr/aggregates.js';
import type { InPlace } from '../../expr/aggregates/accumulator.js';
import { canGenerate } from '../../expr/evaluate.js';
import type { ColumnId } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import { compileVectorAggregation } from '../../expr/vector-aggregation.js';
import type { VectorAggregation } from '../../expr/vector-aggregation.js';
import type { ColumnAggregate } from '../../plan/physical.js';
import type { Value } from '../../values/types.js';
import { bytesOfState } from '../aggregate/steps.js';
import type { Batch } from '../rows/batch.js';
import { BATCH_ROWS, denseBatch } from '../rows/batch.js';
import { hashAggregate } from '../aggregate/hash-aggregate.js';
import { layoutOf } from '../kernels.js';
import { bytesOf, ENTRY } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Context, Operator } from '../operator.js';
import { compileSource, positionsOf } from './chunk-source.js';
import { columnScan } from './column-scan.js';
import { KernelFamily } from './vector-kernels.js';
import { ChunkGroups } from './vector-groups.js';
import { compileZoneStates } from './zone-states.js';

export function columnAggregate(plan: ColumnAggregate): Operator {
  const { scan, index, groups, aggregates } = plan;
  const ids = scan.fetch.map(({ id }) => id);
  const tell = (context: Context, read: number, pruned: number) => context.chunks?.(plan, read, pruned);
  const byHash = hashAggregate(
    { ...plan, kind: 'hash-aggregate', input: { ...plan, kind: 'column-scan', top: undefined, columns: ids } },
    scan.fetch.map(({ ordinal }) => scan.table.columns[ordinal]!.type),
    columnScan({ ...plan, kind: 'column-scan', top: undefined, columns: ids }, tell),
  );
  if (!canGenerate()) return byHash;
  const source = compileSource(scan, index, tell);
  const places = positionsOf(index);
  const positions = new Map(scan.fetch.map(({ id, ordinal }): [ColumnId, number] => [id, places.get(ordinal)!]));
  const slots = groups.map((expr) => ids.findIndex((id) => expr.kind === 'column' && id === expr.id));
  const groupTypes = groups.map(typeOf);
  const perGroup = bytesOfState(aggregates);

  /** States with the code that adds to them; kept for the next run when one is done with them. */
  const make = () => {
    const accumulators = aggregates.map((aggregate) => createAccumulator(aggregate));
    const states = accumulators.map(({ inPlace }): InPlace => {
      invariant(inPlace, 'an aggregate over vectors has states in place');
      return inPlace;
    });
    const layout = layoutOf(ids);
    const family = (grouping: 'one' | 'found' | readonly number[]) =>
      new KernelFamily<VectorAggregation>((forms) =>
        compileVectorAggregation(aggregates, states, grouping, layout, forms),
      );
    return {
      accumulators,
      states,
      byCode: family(slots.length === 0 ? 'one' : slots),
      found: family('found'),
      zones: slots.length === 0 ? compileZoneStates(aggregates, states, positions) : undefined,
    };
  };
  let idle: ReturnType<typeof make> | undefined;

  /** All groups; undefined when the memory budget does not take them. */
  const gather = (context: Context, account: Account, machine: ReturnType<typeof make>): ChunkGroups | undefined => {
    const found = new ChunkGroups(groupTypes);
    const groupPlaces = slots.map((slot) => positions.get(ids[slot]!)!);
    let counted = 0;
    for (const { chunk, selection, count } of source(context)) {
      const error = context.cancelled?.();
      if (error) throw error;
      if (count === chunk.rows && machine.zones?.(chunk) === true) continue;
      const vectors = ids.map((id) => chunk.column(positions.get(id)!));
      const coded = found.turnTo(
        chunk,
        groupPlaces,
        slots.map((slot) => vectors[slot]!),
      );
      const arrays = machine.states.map((state) => state.arrays(found.room(count)));
      const kernel = (coded ? machine.byCode : machine.found).for(vectors);
      kernel(vectors, selection, count, { groups: found, arrays }, context.evaluation);
      let bytes = 0;
      for (; counted < found.size; counted++) {
        bytes += ENTRY + perGroup;
        for (const values of found.values) bytes += 16 + 2 * bytesOf(values[counted]!);
      }
      if (!account.take(bytes)) return undefined;
    }
    return found;
  };

  return function* (context) {
    const account = context.memory.account(plan);
    const machine = idle ?? make();
    idle = undefined;
    let fits = false;
    try {
      const found = gather(context, account, machine);
      if (found !== undefined) {
        fits = true;
        for (let from = 0; from < found.size; from += BATCH_ROWS) yield batchOf(found, machine.accumulators, from);
      }
    } finally {
      for (const accumulator of machine.accumulators) accumulator.reset();
      idle = machine;
      account.close();
    }
    if (!fits) yield* byHash(context);
  };
}

function batchOf(found: ChunkGroups, accumulators: readonly { finish(group: number): Value }[], from: number): Batch {
  const to = Math.min(from + BATCH_ROWS, found.size);
  const results = accumulators.map((each) => Array.from({ length: to - from }, (_, i) => each.finish(from + i)));
  return denseBatch([...found.values.map((values) => values.slice(from, to)), ...results], to - from);
}
