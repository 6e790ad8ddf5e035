// Random queries over the tables of a world. An order is made total by the outputs, so that equal rows alone may change places.

import type { Kind } from '../dialect.js';
import { infix, same, value } from '../node.js';
import type { Node } from '../node.js';
import { select } from '../query.js';
import type { CommonTable, Query, Select } from '../query.js';
import type { Random } from '../random.js';
import { aggregate } from './aggregates.js';
import { foldable, nocaseGroups } from './collations.js';
import { Expressions } from './expressions.js';
import { firstOfEach, ordered } from './orders.js';
import { KINDS, plainScope, read } from './scope.js';
import type { Scope } from './scope.js';
import { columnsOf, queryRelation, rowsOf, Sources, tableRelation } from './sources.js';
import type { From, Member, QueryTable, Relation } from './sources.js';
import { covering, filtered, nearest, negated, topByColumn } from './single-table.js';
import { itemsLike, setOperation } from './set-operations.js';
import { SEARCHED, subquery } from './subqueries.js';
import type { Setting as Inner } from './subqueries.js';

export type { QueryTable } from './sources.js';

/** What the queries of a run are mostly about. */
export type Theme = 'mixed' | 'filters' | 'joins' | 'queries';

type Form = 'plain' | 'aggregate' | 'count' | 'single' | 'set' | 'derived' | 'with' | 'many' | 'none';

const WEIGHTS: Readonly<Record<Theme, Readonly<Record<Form, number>>>> = {
  mixed: { plain: 8, aggregate: 4, count: 2, single: 12, set: 2, derived: 1, with: 1, many: 0.5, none: 0.3 },
  filters: { plain: 1, aggregate: 0.5, count: 2, single: 20, set: 0, derived: 0, with: 0, many: 0, none: 0 },
  joins: { plain: 3, aggregate: 2, count: 0, single: 0, set: 0.5, derived: 2, with: 1, many: 6, none: 0 },
  queries: { plain: 5, aggregate: 4, count: 0.5, single: 0, set: 4, derived: 3, with: 2, many: 0, none: 0.5 },
};

export class Queries {
  private readonly expressions: Expressions;
  private readonly sources: Sources;
  private readonly tables: readonly Relation[];
  /** Those and, while one is made that has them, the queries of its WITH. */
  private relations: readonly Relation[];

  constructor(
    private readonly random: Random,
    private readonly queryTables: readonly QueryTable[],
    bind: boolean,
    private readonly theme: Theme = 'mixed',
    views: readonly Relation[] = [],
  ) {
    this.expressions = new Expressions(random, bind);
    this.sources = new Sources(random, this.expressions);
    this.tables = queryTables.map(tableRelation);
    this.relations = [...this.tables, ...views];
  }

  next(): Query {
    const weights = WEIGHTS[this.theme];
    const forms: Record<Form, () => Query> = {
      plain: () => this.plain(),
      aggregate: () => this.aggregate(),
      count: () => this.count(),
      single: () => this.single(),
      set: () => this.setOperation(),
      derived: () => this.overDerived(),
      with: () => this.withQueries(),
      many: () => (this.random.chance(0.75) ? this.plain(false, 5) : this.aggregate(false, 5)),
      none: () => this.withoutTable(),
    };
    const names = Object.keys(forms) as Form[];
    return forms[this.random.weighted(names.map((name) => [weights[name], name] as const))]();
  }

  /** What one table and its indexes answer. */
  private single(): Select {
    const { random, expressions } = this;
    const table = (fit: (table: QueryTable) => boolean): { readonly from: From; readonly scope: Scope } | undefined => {
      const fitting = this.queryTables.filter(fit);
      if (fitting.length === 0) return undefined;
      const from = this.sources.one(tableRelation(random.pick(fitting)));
      return { from, scope: this.scopeOf(from.members, true) };
    };
    const setting = {
      random,
      expressions,
      table,
      ordered: (query: Select, scope: Scope) => ordered(random, expressions, query, scope),
    };
    const made = random.weighted([
      [6, filtered],
      [2.5, negated],
      [1.5, topByColumn],
      [1, covering],
      [1, nearest],
    ])(setting);
    return made ?? this.plain();
  }

  private scopeOf(members: readonly Member[], nested: boolean): Scope {
    return {
      columns: columnsOf(members),
      search: members.flatMap(({ alias, relation: { base } }) =>
        base?.table.search === true ? [{ alias, match: base.match }] : [],
      ),
      favourites: members.flatMap(({ alias, relation: { base } }) => {
        if (base === undefined) return [];
        const all = (name: string) => [...base.favourites.expressions(name), ...base.favourites.predicates(name)];
        return all('x').map((_, i) => ({ alias, node: (name: string) => all(name)[i]! }));
      }),
      // Over a large table a correlated one would keep the oracles busy for hours.
      subquery:
        nested || this.tables.every(({ rows }) => rows > SEARCHED)
          ? undefined
          : (kind, scope, use) => subquery(this.inner(), kind, scope, use),
    };
  }

  /** What sub-queries are made of. */
  private inner(): Inner {
    const { random, expressions, sources, relations, tables } = this;
    return { random, expressions, sources, relations, tables, scopeOf: (members) => this.scopeOf(members, true) };
  }

  /** One relation, or a join. */
  private from(nested: boolean, most: number): From {
    const { random } = this;
    const more = nested
      ? random.weighted([
          [5, 0],
          [1, 1],
        ])
      : most > 3
        ? random.int(1, most)
        : random.weighted([
            [5, 0],
            [4, 1],
            [2, 2],
            [1, 3],
          ]);
    return this.sources.joined(this.relations, more);
  }

  private where(scope: Scope): Node | undefined {
    const { random } = this;
    if (random.chance(0.2)) return undefined;
    return this.expressions.predicate(
      scope,
      random.weighted([
        [4, 0],
        [4, 1],
        [2, 2],
        [1, 3],
      ]),
    );
  }

  private plain(nested = false, most = 3): Select {
    const { random } = this;
    const { sources, members } = this.from(nested, most);
    const scope = this.scopeOf(members, nested);
    const items = Array.from({ length: random.int(1, 4) }, () => this.item(scope));
    const made = select(sources, items, { distinct: random.chance(0.15), where: this.where(scope) });
    if (nested) return made;
    if (!made.distinct && random.chance(0.06)) return firstOfEach(random, this.expressions, made, scope);
    return random.chance(0.5) ? made : ordered(random, this.expressions, made, scope);
  }

  private item(scope: Scope): Node {
    const { random } = this;
    if (random.chance(0.65)) return read(random.pick(scope.columns));
    const kind = random.pick(KINDS);
    if (scope.subquery !== undefined && kind !== 'boolean' && random.chance(0.15)) {
      const query = scope.subquery(kind, scope, 'scalar');
      return { kind, kids: [], queries: [query], what: 'scalar-query', write: (_, [q]) => `(${q})` };
    }
    return this.expressions.scalar(kind, scope, random.int(1, 2));
  }

  private aggregate(nested = false, most = 3): Select {
    const { random } = this;
    const { sources, members } = this.from(nested, most);
    const scope = this.scopeOf(members, nested);
    const number = random.weighted([
      [2, 0],
      [5, 1],
      [2, 2],
    ]);
    if (foldable(scope).length > 0 && random.chance(0.08)) {
      return nocaseGroups(random, sources, { ...scope, subquery: undefined }, [
        aggregate(random, this.expressions, scope),
      ]);
    }
    const groups = Array.from({ length: number }, () =>
      random.chance(0.75) ? read(random.pick(scope.columns)) : this.expressions.column(random.pick(KINDS), scope, 1),
    );
    const one = () => aggregate(random, this.expressions, scope);
    // Less one: the least of the great integers of the pools has a neighbour below, the greatest has none above.
    const aggregates = Array.from({ length: random.int(1, 3) }, one).map((a) =>
      a.kind === 'integer' && random.chance(0.15) ? infix('integer', '-', a, value(1, 'integer')) : a,
    );
    const count = same('integer', [], () => 'count(*)');
    const having = random.weighted<() => Node | undefined>([
      [4, () => undefined],
      [1, () => same('boolean', [one()], ([a]) => `(${a} IS NOT NULL)`, 'having')],
      [2, () => infix('boolean', random.pick(['>', '<=', '=']), count, value(random.int(0, 4), 'integer'), 'having')],
      [
        groups.length > 0 ? 0.7 : 0,
        () => same('boolean', [groups[0]!, one()], ([g, a]) => `(${g} IS NOT NULL AND ${a} IS NOT NULL)`, 'having'),
      ],
    ])();
    const made = select(sources, [...groups, ...aggregates], { where: this.where(scope), groups, having });
    return nested || random.chance(0.5) ? made : ordered(random, this.expressions, made);
  }

  /** What counts and facets of indexes may answer alone. */
  private count(): Select {
    const { random } = this;
    const { sources, members } = this.sources.one(random.pick(this.tables));
    const scope = this.scopeOf(members, true);
    const count = same('integer', [], () => 'count(*)', 'aggregate');
    const bitmaps = members[0]!.relation.base!.bitmaps;
    const faceted = scope.columns.filter((c) => bitmaps.includes(c.name));
    const columns = faceted.length > 0 && random.chance(0.7) ? faceted : scope.columns;
    const groups = random.chance(0.5) ? [read(random.pick(columns))] : [];
    return select(sources, [...groups, count], { where: this.where(scope), groups });
  }

  private setOperation(depth = 0): Query {
    const { random, expressions, relations } = this;
    const one = () => (random.chance(0.2) ? this.aggregate(true) : this.plain(true));
    const other = (kinds: readonly Kind[]) => {
      const { sources, members } = this.from(true, 1);
      return itemsLike(
        random,
        expressions,
        kinds,
        select(sources, [], { where: this.where(this.scopeOf(members, true)) }),
        columnsOf(members),
      );
    };
    return setOperation({ random, expressions, relations, one, other }, depth);
  }

  private overDerived(): Select {
    const { random } = this;
    const inner = random.weighted<() => Query>([
      [4, () => this.aggregate(true)],
      [2, () => ordered(random, this.expressions, this.plain(true))],
      [4, () => this.plain(true)],
      [2, () => this.setOperation(1)],
    ])();
    const derived = queryRelation(inner, rowsOf(inner, this.relations));
    const { sources, members } = this.sources.joined(
      random.chance(0.5) ? [derived] : [derived, ...this.relations],
      random.int(0, 2),
    );
    const scope = this.scopeOf(members, false);
    if (random.chance(0.3)) return this.overGroups(sources, scope);
    const items = random.sample(scope.columns, random.int(1, 3)).map((c) => read(c));
    const where = random.chance(0.7) ? this.expressions.predicate(scope, random.int(0, 1)) : undefined;
    const made = select(sources, items, { distinct: random.chance(0.2), where });
    return random.chance(0.5) ? made : ordered(random, this.expressions, made);
  }

  private overGroups(sources: Select['from'], scope: Scope): Select {
    const groups = this.random.sample(scope.columns, 1).map((c) => read(c));
    const items = [...groups, aggregate(this.random, this.expressions, { ...scope, subquery: undefined })];
    return select(sources, items, { groups });
  }

  /** Queries with names, of which each may read those before it. */
  private withQueries(): Query {
    const { random } = this;
    const outside = this.relations;
    const named: CommonTable[] = [];
    for (let i = random.int(1, 2); i > 0; i--) {
      const query = random.chance(0.3) ? this.aggregate(true) : this.plain(true);
      const name = `w${named.length}`;
      // Not drawn: a draw would make another case of every later one.
      const materialized = [true, undefined, false][(outside.length + named.length) % 3];
      named.push({ name, materialized, query });
      this.relations = [...this.relations, queryRelation(query, rowsOf(query, this.relations), name)];
    }
    // The names are read more often than the tables.
    this.relations = [
      ...this.relations,
      ...this.relations.slice(outside.length),
      ...this.relations.slice(outside.length),
    ];
    try {
      const body = random.chance(0.25) ? this.setOperation() : random.chance(0.3) ? this.aggregate() : this.plain();
      return { ...body, with: named };
    } finally {
      this.relations = outside;
    }
  }

  private withoutTable(): Select {
    const scope = plainScope([]);
    const items = [this.expressions.scalar('integer', scope, 2), this.expressions.scalar('text', scope, 1)];
    return select([], items, { where: this.random.chance(0.3) ? this.expressions.literal('boolean') : undefined });
  }
}
