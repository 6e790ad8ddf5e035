// An aggregate that the application registered (`db.aggregate`): one state of its own per group.

import type { Value } from '../../values/types.js';
import type { UserAggregate } from '../user-functions.js';
import type { Accumulator } from './accumulator.js';

export function userAccumulator(of: UserAggregate): Accumulator {
  let states: { state: unknown }[] = [];
  const at = (group: number): { state: unknown } => {
    while (states.length <= group) states.push({ state: of.start() });
    return states[group]!;
  };
  const add = (group: number, values: readonly Value[]): void => {
    const held = at(group);
    held.state = of.step(held.state, values);
  };
  return {
    addBatch(groups, args, count) {
      for (let i = 0; i < count; i++) {
        add(
          groups[i]!,
          args.map((values) => values[i]!),
        );
      }
    },
    add,
    finish: (group) => of.result(at(group).state),
    reset() {
      states = [];
    },
  };
}
