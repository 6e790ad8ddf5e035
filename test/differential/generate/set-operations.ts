// Random set operations: pairs of queries with the same outputs by kind.

import type { Kind } from '../dialect.js';
import { outputKinds } from '../query.js';
import type { Query, Select } from '../query.js';
import type { Random } from '../random.js';
import type { Expressions } from './expressions.js';
import { ordered } from './orders.js';
import { plainScope, read } from './scope.js';
import type { Visible } from './scope.js';
import type { Relation } from './sources.js';

export interface Setting {
  readonly random: Random;
  readonly expressions: Expressions;
  readonly relations: readonly Relation[];
  /** Any query to be an operand. */
  readonly one: () => Select;
  /** One over other tables with outputs of these kinds. */
  readonly other: (kinds: readonly Kind[]) => Select;
}

/** Two queries, or a query and such a pair; each may have an order and a limit of its own. */
export function setOperation(setting: Setting, depth = 0): Query {
  const { random, expressions } = setting;
  const operand = (): Query => {
    if (depth < 2 && random.chance(0.2)) return setOperation(setting, depth + 1);
    const made = setting.one();
    return random.chance(0.15) ? ordered(random, expressions, made) : made;
  };
  const left = operand();
  const query: Query = {
    kind: 'set',
    with: [],
    operator: random.weighted([
      [3, 'UNION'],
      [3, 'UNION ALL'],
      [3, 'INTERSECT'],
      [3, 'EXCEPT'],
      [1, 'INTERSECT ALL'],
      [1, 'EXCEPT ALL'],
    ] as const),
    left,
    right: like(setting, left),
    order: [],
    limit: undefined,
    offset: undefined,
  };
  return random.chance(0.5) ? query : ordered(random, expressions, query);
}

/** A query with the same outputs by kind: often over the same columns, so that rows are met again. */
function like(setting: Setting, left: Query): Query {
  const { random, expressions, relations } = setting;
  if (left.kind === 'select' && left.groups.length === 0 && random.chance(0.4)) {
    const scope = plainScope(
      left.from.flatMap(({ alias, table }) => {
        const found = relations.find((relation) => relation.table === table);
        return found === undefined ? [] : found.columns.map((column) => ({ ...column, alias }));
      }),
    );
    const plain = { ...left, order: [], limit: undefined, offset: undefined };
    return scope.columns.length === 0 ? plain : { ...plain, where: expressions.predicate(scope, 1) };
  }
  return setting.other(outputKinds(left));
}

/** A query with outputs of these kinds: of columns where there are such. */
export function itemsLike(
  random: Random,
  expressions: Expressions,
  kinds: readonly Kind[],
  query: Select,
  columns: readonly Visible[],
): Select {
  const items = kinds.map((kind) => {
    const fitting = columns.filter((c) => c.kind === kind);
    return fitting.length > 0 ? read(random.pick(fitting)) : expressions.literal(kind);
  });
  return { ...query, items };
}
