// ORDER BY inside an aggregate: rows are kept, and handed on in order when the group is asked for. Rows that are equal in order stay as
// they came.

import type { Value } from '../../values/types.js';
import type { Accumulator } from './accumulator.js';

/**
 * @param make the accumulator of one group, given its rows in order
 * @param taken how many of a row's values it takes; the keys follow them
 */
export function orderedAccumulator(
  make: () => Accumulator,
  taken: number,
  compare: (a: readonly Value[], b: readonly Value[]) => number,
): Accumulator {
  let groups: (readonly Value[])[][] = [];
  const add = (group: number, row: readonly Value[]): void => {
    while (groups.length <= group) groups.push([]);
    groups[group]!.push(row);
  };
  return {
    addBatch(of, args, count) {
      for (let i = 0; i < count; i++) {
        add(
          of[i]!,
          args.map((values) => values[i]!),
        );
      }
    },
    add: (group, args) => add(group, [...args]),
    finish(group) {
      const inner = make();
      for (const row of [...(groups[group] ?? [])].sort(compare)) inner.add(0, row.slice(0, taken));
      return inner.finish(0);
    },
    reset() {
      groups = [];
    },
  };
}
