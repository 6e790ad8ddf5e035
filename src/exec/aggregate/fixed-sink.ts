// Aggregates whose states have a fixed size: all groups' states are held at once.

import type { Accumulator } from '../../expr/aggregates/accumulator.js';
import type { Sink } from './sink.js';

export function fixedSink(accumulator: Accumulator): Sink {
  return {
    add: (groups, args, count) => accumulator.addBatch(groups, args, count),
    relieve: () => undefined,
    end: () => undefined,
    finish: (group) => accumulator.finish(group),
    close: () => accumulator.reset(),
  };
}
