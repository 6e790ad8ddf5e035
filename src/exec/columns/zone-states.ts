// Aggregates over all rows of a chunk out of its zones alone: counts, sums of integers, least and greatest values.

import type { InPlace } from '../../expr/aggregates/accumulator.js';
import type { Aggregate, ColumnId } from '../../expr/expression.js';
import type { ColumnChunk } from '../../index/columnstore/chunk.js';
import type { Zone } from '../../index/columnstore/zone-page.js';
import type { Value } from '../../values/types.js';

/** What one aggregate takes from a zone into its state of group 0; false where the zone does not tell it. */
type Taken = (chunk: ColumnChunk) => (() => void) | undefined;

/**
 * @returns what adds a chunk of which every row is wanted, if its zones tell all that is asked; undefined when they never do
 */
export function compileZoneStates(
  aggregates: readonly Aggregate[],
  states: readonly InPlace[],
  positions: ReadonlyMap<ColumnId, number>,
): ((chunk: ColumnChunk) => boolean) | undefined {
  const takes = aggregates.map((aggregate, i) => takenBy(aggregate, states[i]!, positions));
  if (!takes.every((take) => take !== undefined)) return undefined;
  return (chunk) => {
    if (!chunk.exact) return false;
    const steps = takes.map((take) => take(chunk));
    if (!steps.every((step) => step !== undefined)) return false;
    for (const step of steps) step();
    return true;
  };
}

function takenBy(aggregate: Aggregate, state: InPlace, positions: ReadonlyMap<ColumnId, number>): Taken | undefined {
  if (aggregate.filter !== undefined) return undefined;
  const [arg] = aggregate.args;
  if (arg === undefined) return (chunk) => () => count(state, chunk.rows);
  const position = arg.kind === 'column' ? positions.get(arg.id) : undefined;
  if (position === undefined) return undefined;
  const over =
    (take: (zone: Zone, rows: number) => (() => void) | undefined): Taken =>
    (chunk) => {
      const zone = chunk.zone(position);
      return take(zone, chunk.rows - zone.nulls);
    };
  switch (state.kind) {
    case 'counts':
      return over((_, present) => () => count(state, present));
    case 'integers':
      return over((zone, present) => sum(state, zone.sum, present));
    case 'extreme':
      return over(({ low, high }) => {
        const value: Value | undefined = state.sign! < 0 ? (high === undefined ? undefined : low) : high;
        if (value === undefined) return undefined;
        return () => {
          if (value !== null) state.step(0, value);
        };
      });
    case 'reals':
      return undefined;
  }
}

function count(state: InPlace, rows: number): void {
  state.arrays(1).counts![0]! += rows;
}

function sum(state: InPlace, more: number | undefined, rows: number): (() => void) | undefined {
  const { counts, sums } = state.arrays(1);
  const total = more === undefined ? NaN : sums![0]! + more;
  if (!Number.isSafeInteger(total)) return undefined;
  return () => {
    sums![0] = total;
    counts![0]! += rows;
  };
}
