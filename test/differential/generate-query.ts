// Random queries over the tables of a world: single tables and joins, aggregates, sub-queries, set operations, orders and limits. An
// order is made total by the outputs, so that equal rows alone may change places.

import type { Kind } from './dialect.js';
import { Expressions, KINDS, read, visible } from './generate-expression.js';
import type { favouritesOf, Scope, Visible } from './generate-expression.js';
import { infix, same, value } from './node.js';
import type { Node } from './node.js';
import type { OrderKey, Query, Select, Source } from './query.js';
import { outputKinds } from './query.js';
import type { Random } from './random.js';
import { CENTRES } from './schema.js';
import type { Table } from './schema.js';

export type Favourites = ReturnType<typeof favouritesOf>;

export interface QueryTable {
  readonly table: Table;
  readonly favourites: Favourites;
  /** A full-text index is there: MATCH is defined. */
  readonly match: boolean;
  /** Columns that begin an index. */
  readonly indexed: readonly string[];
  /** Columns with a bitmap of all rows. */
  readonly bitmaps: readonly string[];
}

/** No join makes more rows than about this. */
const JOINED = 8_000;
/** No sub-query reads more rows than this. */
const SEARCHED = 3_000;

export class Queries {
  private alias = 0;
  private readonly expressions: Expressions;

  constructor(
    private readonly random: Random,
    private readonly tables: readonly QueryTable[],
    bind: boolean,
    /** Mostly filters over one table. */
    private readonly filters = false,
  ) {
    this.expressions = new Expressions(random, bind);
  }

  next(): Query {
    const { random } = this;
    return random.weighted<() => Query>([
      [8, () => this.plain()],
      [4, () => this.aggregate()],
      [2, () => this.count()],
      [this.filters ? 80 : 5, () => this.filtered()],
      [2.5, () => this.negated()],
      [1.5, () => this.topByColumn()],
      [1, () => this.covering()],
      [1, () => this.nearest()],
      [1.5, () => this.setOperation()],
      [1, () => this.overDerived()],
      [0.3, () => this.withoutTable()],
    ])();
  }

  private fresh(): string {
    return `x${this.alias++}`;
  }

  private scopeOf(sources: readonly { readonly alias: string; readonly from: QueryTable }[], nested: boolean): Scope {
    return {
      columns: sources.flatMap(({ alias, from }) => from.table.columns.map((c) => visible(alias, c))),
      search: sources.filter(({ from }) => from.table.search).map(({ alias, from }) => ({ alias, match: from.match })),
      favourites: sources.flatMap(({ alias, from }) => {
        const count = from.favourites.expressions('x').length + from.favourites.predicates('x').length;
        return Array.from({ length: count }, (_, i) => ({
          alias,
          node: (name: string) => [...from.favourites.expressions(name), ...from.favourites.predicates(name)][i]!,
        }));
      }),
      // Over a large table a correlated one would keep the oracles busy for hours.
      subquery:
        nested || this.tables.every(({ table }) => table.rows > SEARCHED)
          ? undefined
          : (kind, scope, use) => this.subquery(kind, scope, use),
    };
  }

  /** One table, or a join whose size stays in bounds. */
  private from(nested = false): { readonly sources: Source[]; readonly scope: Scope; readonly rows: number } {
    const { random } = this;
    const first = { alias: this.fresh(), from: random.pick(this.tables) };
    const members = [first];
    const sources: Source[] = [{ alias: first.alias, table: first.from.table.name, join: undefined, on: undefined }];
    let rows = Math.max(1, first.from.table.rows);
    const more = nested
      ? random.weighted([
          [5, 0],
          [1, 1],
        ])
      : random.weighted([
          [5, 0],
          [4, 1],
          [2, 2],
          [1, 3],
        ]);
    for (let i = 0; i < more; i++) {
      const next = { alias: this.fresh(), from: random.pick(this.tables) };
      const size = Math.max(1, next.from.table.rows);
      if (rows * size <= JOINED / 4 && random.chance(0.12)) {
        // After a comma the tables before it are out of sight for ON.
        const join = i === more - 1 ? random.pick(['CROSS JOIN', ','] as const) : 'CROSS JOIN';
        sources.push({ alias: next.alias, table: next.from.table.name, join, on: undefined });
        rows *= size;
      } else {
        const condition = this.joinCondition(members, next, rows * size);
        if (condition === undefined) continue;
        const join = random.weighted([
          [3, 'JOIN'],
          [2, 'LEFT JOIN'],
        ] as const);
        const extra = random.chance(0.2)
          ? infix(
              'boolean',
              'AND',
              condition.on,
              this.expressions.predicate({ ...this.scopeOf([...members, next], true) }, 1),
              'and',
            )
          : condition.on;
        sources.push({ alias: next.alias, table: next.from.table.name, join, on: extra });
        rows = Math.max(condition.rows, join === 'LEFT JOIN' ? rows : 1);
      }
      members.push(next);
    }
    return { sources, scope: this.scopeOf(members, nested), rows };
  }

  private joinCondition(
    members: readonly { readonly alias: string; readonly from: QueryTable }[],
    next: { readonly alias: string; readonly from: QueryTable },
    product: number,
  ): { readonly on: Node; readonly rows: number } | undefined {
    const { random } = this;
    if (product <= JOINED / 4 && random.chance(0.1)) {
      return { on: this.expressions.predicate(this.scopeOf([...members, next], true), 1), rows: product };
    }
    for (let i = 0; i < 20; i++) {
      const left = random.pick(members);
      const a = random.pick(left.from.table.columns);
      const b = random.pick(next.from.table.columns);
      if (a.kind !== b.kind) continue;
      const distinct = Math.max(1, Math.min(a.pool.length, b.pool.length));
      const skew = (a.skewed ? 4 : 1) * (b.skewed ? 4 : 1);
      const rows = (product * skew) / distinct;
      if (rows > JOINED) continue;
      const on = infix('boolean', '=', read(visible(left.alias, a)), read(visible(next.alias, b)), 'pair');
      return { on, rows };
    }
    return undefined;
  }

  private where(scope: Scope): Node | undefined {
    const { random } = this;
    if (random.chance(0.12)) return undefined;
    return this.expressions.predicate(
      scope,
      random.weighted([
        [3, 0],
        [4, 1],
        [3, 2],
        [1, 3],
      ]),
    );
  }

  private plain(nested = false): Select {
    const { random } = this;
    const { sources, scope } = this.from(nested);
    const items = Array.from({ length: random.int(1, 4) }, () => {
      const kind = random.pick(KINDS);
      if (random.chance(0.7)) return read(random.pick(scope.columns));
      return this.expressions.scalar(kind, scope, random.int(1, 2));
    });
    const select: Select = {
      kind: 'select',
      distinct: random.chance(0.15),
      items,
      from: sources,
      where: this.where(scope),
      groups: [],
      having: undefined,
      order: [],
      limit: undefined,
      offset: undefined,
    };
    return nested || random.chance(0.5) ? select : this.ordered(select, scope);
  }

  private ordered<Q extends Query>(query: Q, scope: Scope | undefined): Q {
    const { random } = this;
    const key = (by: Node | number): OrderKey => {
      const desc = random.chance(0.4);
      const implicit = random.chance(0.5);
      return { by, desc, nullsFirst: implicit ? desc : random.chance(0.5), implicit };
    };
    const order: OrderKey[] = [];
    if (scope !== undefined && (query.kind === 'set' || !query.distinct)) {
      for (let i = random.int(0, 2); i > 0; i--) {
        order.push(
          key(
            random.chance(0.7)
              ? read(random.pick(scope.columns))
              : this.expressions.column(random.pick(KINDS), scope, 1),
          ),
        );
      }
    }
    const outputs = random.sample(
      outputKinds(query).map((_, i) => i + 1),
      outputKinds(query).length,
    );
    order.push(...outputs.map((i) => key(i)));
    const limit = random.chance(0.6)
      ? random.weighted([
          [1, 0],
          [6, random.int(1, 12)],
          [2, random.int(13, 300)],
        ])
      : undefined;
    const offset = limit !== undefined && random.chance(0.25) ? random.int(0, 10) : undefined;
    return { ...query, order, limit, offset };
  }

  private aggregateItem(scope: Scope): Node {
    const { random } = this;
    const distinct = random.chance(0.15) ? 'DISTINCT ' : '';
    const kind = random.pick(KINDS.filter((k) => k !== 'boolean'));
    const inner: Scope = { ...scope, subquery: undefined };
    const argument = (of: Kind) =>
      this.expressions.scalar(of, { ...inner, columns: scope.columns.filter((c) => c.arithmetic) }, random.int(0, 1));
    return random.weighted<() => Node>([
      [3, () => same('integer', [], () => 'count(*)', 'aggregate')],
      [2, () => same('integer', [argument(random.pick(KINDS))], ([a]) => `count(${distinct}${a})`, 'aggregate')],
      [
        2,
        () => {
          const name = random.pick(['min', 'max']);
          const columns = scope.columns.filter((c) => c.kind === kind);
          const a = columns.length > 0 && random.chance(0.7) ? read(random.pick(columns)) : argument(kind);
          return same(kind, [a], ([x]) => `${name}(${x})`, 'aggregate');
        },
      ],
      [
        2,
        () => ({
          kind: 'integer',
          kids: [argument('integer')],
          what: 'aggregate',
          write: (d, [a]) => (d === 'postgres' ? `CAST(sum(${distinct}${a}) AS BIGINT)` : `sum(${distinct}${a})`),
        }),
      ],
      [1, () => same('real', [argument('real')], ([a]) => `sum(${distinct}${a})`, 'aggregate')],
      [1, () => same('real', [argument('real')], ([a]) => `avg(${a})`, 'aggregate')],
      [
        1,
        () => ({
          kind: 'real',
          kids: [argument('integer')],
          what: 'aggregate',
          write: (d, [a]) => (d === 'postgres' ? `avg(CAST(${a} AS DOUBLE PRECISION))` : `avg(${a})`),
        }),
      ],
      [
        0.7,
        () =>
          same(
            'integer',
            [this.expressions.predicate(inner, 1)],
            ([p]) => `count(*) FILTER (WHERE ${p})`,
            'filter-clause',
          ),
      ],
    ])();
  }

  private aggregate(nested = false): Select {
    const { random } = this;
    const { sources, scope } = this.from(nested);
    const groups = Array.from(
      {
        length: random.weighted([
          [2, 0],
          [5, 1],
          [2, 2],
        ]),
      },
      () =>
        random.chance(0.75) ? read(random.pick(scope.columns)) : this.expressions.column(random.pick(KINDS), scope, 1),
    );
    const aggregates = Array.from({ length: random.int(1, 3) }, () => this.aggregateItem(scope));
    const having = random.chance(0.25)
      ? same('boolean', [this.aggregateItem(scope)], ([a]) => `(${a} IS NOT NULL)`, 'having')
      : random.chance(0.25)
        ? infix(
            'boolean',
            random.pick(['>', '<=', '=']),
            same('integer', [], () => 'count(*)'),
            value(random.int(0, 6), 'integer'),
            'having',
          )
        : undefined;
    const computed = aggregates.map((a) =>
      a.kind === 'integer' && random.chance(0.15) ? infix('integer', '+', a, value(1, 'integer')) : a,
    );
    const select: Select = {
      kind: 'select',
      distinct: false,
      items: [...groups, ...computed],
      from: sources,
      where: this.where(scope),
      groups,
      having,
      order: [],
      limit: undefined,
      offset: undefined,
    };
    return nested || random.chance(0.5) ? select : this.ordered(select, undefined);
  }

  /** What counts and facets of indexes may answer alone. */
  private count(): Select {
    const { random } = this;
    const from = random.pick(this.tables);
    const alias = this.fresh();
    const scope = this.scopeOf([{ alias, from }], true);
    const count = same('integer', [], () => 'count(*)', 'aggregate');
    const facet = random.chance(0.4) ? [read(random.pick(scope.columns))] : [];
    return {
      kind: 'select',
      distinct: false,
      items: [...facet, count],
      from: [{ alias, table: from.table.name, join: undefined, on: undefined }],
      where: this.where(scope),
      groups: facet,
      having: undefined,
      order: [],
      limit: undefined,
      offset: undefined,
    };
  }

  /** One table under AND, OR and NOT of what its indexes answer. */
  private filtered(): Select {
    const { random } = this;
    const large = this.tables.filter(({ table, indexed }) => table.rows >= 50 && indexed.length > 0);
    if (large.length === 0) return this.plain();
    const from = random.pick(large);
    const alias = this.fresh();
    const scope = this.scopeOf([{ alias, from }], true);
    const columns = scope.columns.filter((c) => from.indexed.includes(c.name));
    const counted = random.chance(0.25);
    const count = same('integer', [], () => 'count(*)', 'aggregate');
    const id = read(visible(alias, from.table.id));
    const select: Select = {
      kind: 'select',
      distinct: false,
      items: counted ? [count] : [id, read(random.pick(scope.columns))],
      from: [{ alias, table: from.table.name, join: undefined, on: undefined }],
      where: this.expressions.onIndexed(
        columns,
        scope,
        this.filters && random.chance(0.7)
          ? 0
          : random.weighted([
              [1, 0],
              [4, 1],
              [4, 2],
              [2, 3],
            ]),
      ),
      groups: [],
      having: undefined,
      order: [],
      limit: undefined,
      offset: undefined,
    };
    return counted || random.chance(0.6) ? select : this.ordered(select, scope);
  }

  /** What is left over: NOT, alone or beside other tests, of what bitmaps answer exactly. */
  private negated(): Select {
    const { random } = this;
    const fitting = this.tables.filter(({ table, bitmaps }) => table.rows >= 50 && bitmaps.length > 0);
    if (fitting.length === 0) return this.filtered();
    const from = random.pick(fitting);
    const alias = this.fresh();
    const scope = this.scopeOf([{ alias, from }], true);
    const columns = scope.columns.filter((c) => from.bitmaps.includes(c.name));
    const test = () => this.expressions.onColumn(random.pick(columns));
    const not = same('boolean', [test()], ([a]) => `(NOT ${a})`, 'not');
    const where = random.weighted<() => Node>([
      [2, () => not],
      [2, () => infix('boolean', 'AND', not, test(), 'and')],
      [2, () => infix('boolean', 'OR', not, test(), 'or')],
    ])();
    const count = same('integer', [], () => 'count(*)', 'aggregate');
    return {
      kind: 'select',
      distinct: false,
      items: random.chance(0.75) ? [count] : [read(visible(alias, from.table.id))],
      from: [{ alias, table: from.table.name, join: undefined, on: undefined }],
      where,
      groups: [],
      having: undefined,
      order: [],
      limit: undefined,
      offset: undefined,
    };
  }

  /** An order that an index may have, with a limit. */
  private topByColumn(): Select {
    const { random } = this;
    const from = random.pick(this.tables);
    const alias = this.fresh();
    const scope = this.scopeOf([{ alias, from }], true);
    const desc = random.chance(0.5);
    const by = random.sample(scope.columns, random.int(1, 2)).map((c) => read(c));
    const id = read(visible(alias, from.table.id));
    const key = (node: Node): OrderKey => ({ by: node, desc, nullsFirst: desc, implicit: true });
    return {
      kind: 'select',
      distinct: false,
      items: [id, ...by, ...(random.chance(0.5) ? [read(random.pick(scope.columns))] : [])],
      from: [{ alias, table: from.table.name, join: undefined, on: undefined }],
      where: random.chance(0.5) ? this.where(scope) : undefined,
      groups: [],
      having: undefined,
      order: [...by, id].map(key),
      limit: random.int(1, 20),
      offset: random.chance(0.2) ? random.int(0, 30) : undefined,
    };
  }

  /** Few columns of one table, under one range or equality: what a covering index may answer. */
  private covering(): Select {
    const { random } = this;
    const from = random.pick(this.tables);
    const alias = this.fresh();
    const columns = random.sample(from.table.columns, 2).map((c) => visible(alias, c));
    const scope: Scope = { columns, search: [], favourites: [], subquery: undefined };
    return {
      kind: 'select',
      distinct: random.chance(0.2),
      items: columns.map((c) => read(c)),
      from: [{ alias, table: from.table.name, join: undefined, on: undefined }],
      where: random.chance(0.8) ? this.expressions.predicate(scope, random.int(0, 1)) : undefined,
      groups: [],
      having: undefined,
      order: [],
      limit: undefined,
      offset: undefined,
    };
  }

  private nearest(): Select {
    const { random } = this;
    const places = this.tables.filter(({ table }) => table.search);
    if (places.length === 0) return this.plain();
    const from = random.pick(places);
    const alias = this.fresh();
    const scope = this.scopeOf([{ alias, from }], true);
    const centre = random.int(0, CENTRES.length - 1);
    const [lon, lat] = CENTRES[centre]!;
    const distance: Node = {
      kind: 'real',
      kids: [],
      column: true,
      what: 'distance',
      write: (d) => (d === 'lightning' ? `ST_Distance(${alias}.loc, ST_Point(${lon}, ${lat}))` : `${alias}.d${centre}`),
    };
    const asc = (by: Node | number): OrderKey => ({ by, desc: false, nullsFirst: false, implicit: true });
    return {
      kind: 'select',
      distinct: false,
      items: [read(visible(alias, from.table.id)), read(random.pick(scope.columns))],
      from: [{ alias, table: from.table.name, join: undefined, on: undefined }],
      where: random.chance(0.6) ? this.where(scope) : undefined,
      groups: [],
      having: undefined,
      order: [asc(distance), asc(1)],
      limit: random.int(1, 15),
      offset: undefined,
    };
  }

  private setOperation(): Query {
    const { random } = this;
    const left = this.plain(true);
    const right = this.plain(true);
    const items = left.items.map((item) => {
      const columns = this.columnsOf(right).filter((c) => c.kind === item.kind);
      return columns.length > 0 ? read(random.pick(columns)) : this.expressions.literal(item.kind);
    });
    const query: Query = {
      kind: 'set',
      operator: random.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'] as const),
      left,
      right: { ...right, items },
      order: [],
      limit: undefined,
      offset: undefined,
    };
    return random.chance(0.5) ? query : this.ordered(query, undefined);
  }

  private columnsOf(select: Select): Visible[] {
    return select.from.flatMap(({ alias, table }) => {
      const found = this.tables.find((t) => t.table.name === table);
      return found === undefined ? [] : found.table.columns.map((c) => visible(alias, c));
    });
  }

  private overDerived(): Select {
    const { random } = this;
    const inner = random.chance(0.4)
      ? this.aggregate(true)
      : random.chance(0.3)
        ? this.ordered(this.plain(true), undefined)
        : this.plain(true);
    const alias = this.fresh();
    const columns: Visible[] = outputKinds(inner).map((kind, i) => ({
      alias,
      name: `c${i}`,
      kind,
      pool: [],
      // Sums of sums and BIG columns stay out of arithmetic.
      arithmetic: false,
      ascii: false,
    }));
    const other = random.chance(0.4) ? random.pick(this.tables) : undefined;
    const name = this.fresh();
    const partner = other?.table.columns.find((c) => columns.some((d) => d.kind === c.kind));
    const match = columns.find((d) => d.kind === partner?.kind);
    const sources: Source[] = [{ alias, table: inner, join: undefined, on: undefined }];
    const all = [...columns];
    if (other !== undefined && partner !== undefined && match !== undefined && other.table.rows <= 300) {
      const on = infix('boolean', '=', read(match), read(visible(name, partner)), 'pair');
      sources.push({ alias: name, table: other.table.name, join: random.pick(['JOIN', 'LEFT JOIN'] as const), on });
      all.push(...other.table.columns.map((c) => visible(name, c)));
    }
    const scope: Scope = { columns: all, search: [], favourites: [], subquery: undefined };
    const select: Select = {
      kind: 'select',
      distinct: random.chance(0.2),
      items: random.sample(all, random.int(1, 3)).map((c) => read(c)),
      from: sources,
      where: random.chance(0.7) ? this.expressions.predicate(scope, random.int(0, 1)) : undefined,
      groups: [],
      having: undefined,
      order: [],
      limit: undefined,
      offset: undefined,
    };
    return random.chance(0.5) ? select : this.ordered(select, undefined);
  }

  private withoutTable(): Select {
    const scope: Scope = { columns: [], search: [], favourites: [], subquery: undefined };
    return {
      kind: 'select',
      distinct: false,
      items: [this.expressions.scalar('integer', scope, 2), this.expressions.scalar('text', scope, 1)],
      from: [],
      where: this.random.chance(0.3) ? this.expressions.literal('boolean') : undefined,
      groups: [],
      having: undefined,
      order: [],
      limit: undefined,
      offset: undefined,
    };
  }

  /** A sub-query with one output; correlated by a column of the outer scope in half of the cases. */
  private subquery(kind: Kind, outer: Scope, use: 'in' | 'exists' | 'scalar'): Query {
    const { random } = this;
    const small = this.tables.filter(({ table }) => table.rows <= 300);
    const from = random.pick(small.length > 0 ? small : this.tables.filter(({ table }) => table.rows <= SEARCHED));
    const alias = this.fresh();
    const scope = this.scopeOf([{ alias, from }], true);
    const fitting = scope.columns.filter((c) => c.kind === kind);
    const item = fitting.length > 0 ? read(random.pick(fitting)) : this.expressions.literal(kind);
    let where = random.chance(0.6) ? this.expressions.predicate(scope, random.int(0, 1)) : undefined;
    if (random.chance(0.5)) {
      const inner = random.pick(scope.columns);
      const partners = outer.columns.filter((c) => c.kind === inner.kind);
      if (partners.length > 0) {
        const link = infix(
          'boolean',
          random.chance(0.8) ? '=' : '<',
          read(inner),
          read(random.pick(partners)),
          'correlated',
        );
        where = where === undefined ? link : infix('boolean', 'AND', where, link, 'and');
      }
    }
    const name = random.pick(['min', 'max']);
    const output =
      use === 'scalar'
        ? random.chance(0.3) && kind === 'integer'
          ? same('integer', [], () => 'count(*)')
          : same(kind, [item], ([a]) => `${name}(${a})`)
        : item;
    return {
      kind: 'select',
      distinct: use === 'in' && random.chance(0.1),
      items: [output],
      from: [{ alias, table: from.table.name, join: undefined, on: undefined }],
      where,
      groups: [],
      having: undefined,
      order: [],
      limit: undefined,
      offset: undefined,
    };
  }
}
