// Random sub-queries: rows to look among, rows to exist, single values; alone or correlated with the query around them.

import type { Kind } from '../dialect.js';
import { infix, same } from '../node.js';
import type { Node } from '../node.js';
import { select } from '../query.js';
import type { Query } from '../query.js';
import type { Random } from '../random.js';
import type { Expressions } from './expressions.js';
import { read } from './scope.js';
import type { Scope, Use, Visible } from './scope.js';
import type { Member, Relation, Sources } from './sources.js';

/** No sub-query reads more rows than this. */
export const SEARCHED = 400;

export interface Setting {
  readonly random: Random;
  readonly expressions: Expressions;
  readonly sources: Sources;
  readonly relations: readonly Relation[];
  readonly tables: readonly Relation[];
  /** What a sub-query over these may read; it has no further ones. */
  readonly scopeOf: (members: readonly Member[]) => Scope;
}

/** A sub-query with one output; correlated by a column of the outer scope in half of the cases. */
export function subquery(setting: Setting, kind: Kind, outer: Scope, use: Use): Query {
  const { random, expressions, sources, relations, tables } = setting;
  const small = relations.filter(({ rows }) => rows <= SEARCHED / 2);
  const relation = random.pick(small.length > 0 ? small : tables.filter(({ rows }) => rows <= SEARCHED));
  const from = random.chance(0.2) ? sources.joined([relation], 1) : sources.one(relation);
  const scope = setting.scopeOf(from.members);
  const fitting = scope.columns.filter((c) => c.kind === kind);
  const item = fitting.length > 0 ? read(random.pick(fitting)) : expressions.literal(kind);
  const own = random.chance(0.6) ? expressions.predicate(scope, random.int(0, 1)) : undefined;
  const link = random.chance(0.5) ? correlation(random, scope.columns, outer.columns) : undefined;
  const where = own !== undefined && link !== undefined ? infix('boolean', 'AND', own, link, 'and') : (own ?? link);
  if (use === 'scalar') {
    const name = random.pick(['min', 'max']);
    const output =
      kind === 'integer' && random.chance(0.3)
        ? same('integer', [], () => 'count(*)', 'aggregate')
        : same(kind, [item], ([a]) => `${name}(${a})`, 'aggregate');
    return select(from.sources, [output], { where });
  }
  const grouped = use === 'in' && fitting.length > 0 && random.chance(0.15);
  const having = grouped ? same('boolean', [], () => '(count(*) > 1)', 'having') : undefined;
  return select(from.sources, [item], {
    distinct: use === 'in' && !grouped && random.chance(0.1),
    where,
    groups: grouped ? [item] : [],
    having,
  });
}

function correlation(random: Random, inner: readonly Visible[], outer: readonly Visible[]): Node | undefined {
  const own = random.pick(inner);
  const partners = outer.filter((c) => c.kind === own.kind);
  if (partners.length === 0) return undefined;
  return infix('boolean', random.chance(0.8) ? '=' : '<', read(own), read(random.pick(partners)), 'correlated');
}
