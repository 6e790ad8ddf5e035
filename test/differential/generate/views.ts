// Random views: queries that need no index.

import { select } from '../query.js';
import type { Query } from '../query.js';
import type { Random } from '../random.js';
import { Expressions } from './expressions.js';
import { plainScope, read } from './scope.js';
import { columnsOf, queryRelation, Sources } from './sources.js';
import type { Relation } from './sources.js';

export function makeView(
  random: Random,
  tables: readonly Relation[],
  name: string,
): { readonly query: Query; readonly relation: Relation } {
  const unbound = new Expressions(random, false);
  const { sources, members, rows } = new Sources(random, unbound).joined(tables, random.int(0, 1));
  const scope = plainScope(columnsOf(members));
  const columns = random.sample(scope.columns, random.int(2, 4));
  const query = select(
    sources,
    columns.map((c) => read(c)),
    { where: random.chance(0.5) ? unbound.predicate(scope, 1) : undefined, distinct: random.chance(0.2) },
  );
  return { query, relation: queryRelation(query, rows, name) };
}
