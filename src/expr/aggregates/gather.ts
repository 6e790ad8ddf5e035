// Aggregates that keep what they are given: arrays, and JSON arrays and objects. NULLs are kept, too.

import { canonicalJson } from '../../values/json.js';
import type { Type, Value } from '../../values/types.js';
import { jsonOf, memberName } from '../functions/to-json.js';
import type { Accumulator } from './accumulator.js';
import { eachValue } from './per-group.js';

/** One list per group, undefined until it has had a row. */
function lists<T>(item: (value: Value, second: Value) => T, finish: (list: readonly T[]) => Value): Accumulator {
  let held: (T[] | undefined)[] = [];
  return eachValue({
    step(group, value, second) {
      while (held.length <= group) held.push(undefined);
      (held[group] ??= []).push(item(value, second));
    },
    finish(group) {
      const list = held[group];
      return list === undefined ? null : finish(list);
    },
    reset: () => {
      held = [];
    },
  });
}

export function gatherArray(): Accumulator {
  return lists(
    (value) => value,
    (list) => [...list],
  );
}

export function gatherJson(type: Type): Accumulator {
  return lists((value) => jsonOf(value, type), canonicalJson);
}

/** Of equal names the last counts, as in jsonb. */
export function gatherMembers(names: Type, type: Type): Accumulator {
  return lists(
    (name, value) => [memberName(name, names), jsonOf(value, type)] as const,
    (members) => canonicalJson(Object.fromEntries(members)),
  );
}
