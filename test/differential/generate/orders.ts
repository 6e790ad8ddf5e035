// Random orders, total over the outputs, with limits.

import type { Node } from '../node.js';
import { outputKinds } from '../query.js';
import type { OrderKey, Query, Select } from '../query.js';
import type { Random } from '../random.js';
import type { Expressions } from './expressions.js';
import { foldable, nocaseKey } from './collations.js';
import { KINDS, read } from './scope.js';
import type { Scope } from './scope.js';

function key(random: Random, by: Node | number): OrderKey {
  const desc = random.chance(0.4);
  const implicit = random.chance(0.5);
  return { by, desc, nullsFirst: implicit ? desc : random.chance(0.5), implicit };
}

/** Of the rows that agree in some columns the first one, in an order that is total over the outputs after these. */
export function firstOfEach(random: Random, expressions: Expressions, query: Select, scope: Scope): Select {
  const distinctOn = random.sample(scope.columns, random.int(1, 2)).map((column) => read(column));
  const made = ordered(random, expressions, query);
  const order = [...random.sample(distinctOn, distinctOn.length).map((by) => key(random, by)), ...made.order];
  return { ...made, distinctOn, order };
}

/** @param scope what else may be sorted by; undefined: the outputs alone */
export function ordered<Q extends Query>(random: Random, expressions: Expressions, query: Q, scope?: Scope): Q {
  const order: OrderKey[] = [];
  if (scope !== undefined && (query.kind === 'set' || !query.distinct)) {
    for (let i = random.int(0, 2); i > 0; i--) {
      const texts = foldable(scope);
      const by =
        texts.length > 0 && random.chance(0.15)
          ? nocaseKey(read(random.pick(texts)), 'collate order')
          : random.chance(0.7)
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
