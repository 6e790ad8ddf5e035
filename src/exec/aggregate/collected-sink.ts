// Aggregates that keep their rows (string_agg, array_agg, those with an ORDER BY): the arguments are sorted by group, within the memory budget, and the state of one
// group at a time is made of them.

import type { Accumulator } from '../../expr/aggregates/accumulator.js';
import { comparator } from '../../values/index.js';
import type { Type, Value } from '../../values/types.js';
import type { Batch } from '../rows/batch.js';
import { denseBatch } from '../rows/batch.js';
import { bytesOf } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import { ExternalSort } from '../spill/external-sort.js';
import type { Sink } from './sink.js';

export function collectedSink(accumulator: Accumulator, name: string, types: readonly Type[], account: Account): Sink {
  const rows = new ExternalSort(['integer', ...types], [{ column: 0, compare: comparator('integer') }], account);
  let sorted: Iterator<Batch> | undefined;
  let batch: Batch | undefined;
  let at = 0;

  const finish = (group: number): Value => {
    let bytes = 0;
    while (batch !== undefined && batch.columns[0]![at] === group) {
      const args = batch.columns.slice(1).map((column) => column[at]!);
      const more = args.reduce<number>((sum, arg) => sum + 8 + bytesOf(arg), 0);
      bytes += more;
      // A state that is larger than the whole budget is refused; a smaller one has to be made, whatever else is held.
      account.need(bytes > account.budget.limit ? bytes : more, `${name} of one group`);
      accumulator.add(0, args);
      if (++at < batch.count) continue;
      batch = next();
      at = 0;
    }
    const value = accumulator.finish(0);
    accumulator.reset();
    account.give(bytes);
    return value;
  };
  const next = (): Batch | undefined => {
    const step = sorted!.next();
    return step.done === true ? undefined : step.value;
  };

  return {
    add: (groups, args, count) => rows.add(denseBatch([groups, ...args], count)),
    relieve: () => rows.flush(),
    end() {
      sorted = rows.sorted()[Symbol.iterator]();
      batch = next();
    },
    finish,
    close() {
      sorted?.return?.();
      rows.close();
    },
  };
}
