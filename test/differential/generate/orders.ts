// Random orders, total over the outputs, with limits.

import type { Node } from '../node.js';
import { outputKinds } from '../query.js';
import type { OrderKey, Query } from '../query.js';
import type { Random } from '../random.js';
import type { Expressions } from './expressions.js';
import { KINDS, read } from './scope.js';
import type { Scope } from './scope.js';

function key(random: Random, by: Node | number): OrderKey {
  const desc = random.chance(0.4);
  const implicit = random.chance(0.5);
  return { by, desc, nullsFirst: implicit ? desc : random.chance(0.5), implicit };
}

/** @param scope what else may be sorted by; undefined: the outputs alone */
export function ordered<Q extends Query>(random: Random, expressions: Expressions, query: Q, scope?: Scope): Q {
  const order: OrderKey[] = [];
  if (scope !== undefined && (query.kind === 'set' || !query.distinct)) {
    for (let i = random.int(0, 2); i > 0; i--) {
      const by = random.chance(0.7)
        ? read(random.pick(scope.columns))
        : expressions.column(random.pick(KINDS), scope, 1);
      order.push(key(random, by));
    }
  }
  const outputs = outputKinds(query).map((_, i) => i + 1);
  order.push(...random.sample(outputs, outputs.length).map((i) => key(random, i)));
  const limit = random.chance(0.6)
    ? random.weighted([
        [1, 0],
        [8, random.int(1, 12)],
        [2, random.int(13, 300)],
      ])
    : undefined;
  const offset = limit !== undefined && random.chance(0.25) ? random.int(0, 6) : undefined;
  return { ...query, order, limit, offset };
}
