// Random expressions and predicates over what is in scope. Restricted to meanings on which SQLite and PostgreSQL agree: no division by
// zero, no overflow, no order of evaluation, no upper case beyond ASCII.

import { castType } from './dialect.js';
import type { Kind, Scalar } from './dialect.js';
import { infix, same, value } from './node.js';
import type { Node } from './node.js';
import type { Query } from './query.js';
import type { Random } from './random.js';
import { CENTRES, WORDS } from './schema.js';
import type { Column, Table } from './schema.js';

/** A column that can be read, as `alias.name`. */
export interface Visible {
  readonly alias: string;
  readonly name: string;
  readonly kind: Kind;
  readonly pool: readonly Scalar[];
  readonly arithmetic: boolean;
  readonly ascii: boolean;
}

export interface Scope {
  readonly columns: readonly Visible[];
  /** Aliases of tables with search columns, and what their indexes allow. */
  readonly search: readonly { readonly alias: string; readonly match: boolean }[];
  /** Predicates and expressions that indexes are made of, over one alias. */
  readonly favourites: readonly { readonly alias: string; readonly node: (alias: string) => Node }[];
  /** Makes a sub-query with this output, correlated or not; undefined where there may be none. */
  readonly subquery: ((kind: Kind, scope: Scope, use: 'in' | 'exists' | 'scalar') => Query) | undefined;
}

export function visible(alias: string, column: Column): Visible {
  return { alias, ...column };
}

export function read(column: Visible): Node {
  return { kind: column.kind, kids: [], column: true, write: () => `${column.alias}.${column.name}` };
}

const COMPARISONS = ['=', '=', '=', '<', '<=', '>', '>=', '<>'] as const;
export const KINDS: readonly Kind[] = ['integer', 'real', 'text', 'boolean', 'date', 'timestamp'];

export class Expressions {
  constructor(
    private readonly random: Random,
    /** Whether literals may become parameters. */
    private readonly bind: boolean,
  ) {}

  /** A literal, like those of the pool. */
  literal(kind: Kind, pool: readonly Scalar[] = [], bound = false): Node {
    const { random } = this;
    if (pool.length > 0 && random.chance(0.85)) return value(random.pick(pool), kind, pool, bound && this.bind);
    return value(this.anyValue(kind), kind, pool, bound && this.bind);
  }

  private anyValue(kind: Kind): Scalar {
    const { random } = this;
    switch (kind) {
      case 'integer':
        return random.int(-10, 110);
      case 'real':
        return random.int(-100, 100) / 4;
      case 'text':
        return random.pick(['', 'a', 'green', 'k7', 'zz', 'é']);
      case 'boolean':
        return random.chance(0.5);
      case 'date':
        return random.pick(['2020-01-01', '2020-01-10', '1999-12-31']);
      case 'timestamp':
        return random.pick(['2020-01-01 00:00:00', '2020-02-10 10:00:10', '2021-01-01 00:00:00']);
    }
  }

  /** An expression of this kind; the deeper, the more operators. */
  scalar(kind: Kind, scope: Scope, depth: number): Node {
    const { random } = this;
    const columns = scope.columns.filter((c) => c.kind === kind && (depth === 0 || c.arithmetic));
    if (depth <= 0 || (columns.length > 0 && random.chance(0.45))) {
      return columns.length > 0 && random.chance(0.9) ? read(random.pick(columns)) : this.literal(kind);
    }
    const next = (of: Kind = kind) =>
      this.scalar(of, { ...scope, columns: scope.columns.filter((c) => c.arithmetic) }, depth - 1);
    if (random.chance(0.15)) return this.conditional(kind, scope, depth);
    switch (kind) {
      case 'integer':
        return random.weighted<() => Node>([
          [3, () => infix(kind, random.pick(['+', '-']), next(), next())],
          [1, () => infix(kind, '*', next(), value(random.int(-3, 5), kind))],
          [1, () => infix(kind, '/', next(), value(random.pick([2, 3, 7, -2]), kind))],
          [1, () => infix(kind, '%', next(), value(random.pick([2, 3, 5, 10]), kind))],
          [1, () => same(kind, [next()], ([a]) => `(- ${a})`)],
          [1, () => same(kind, [next()], ([a]) => `abs(${a})`)],
          [1, () => same(kind, [next('text')], ([a]) => `length(${a})`)],
          [0.5, () => this.cast(next('boolean'), 'integer')],
          [0.5, () => this.year(next('date'))],
        ])();
      case 'real':
        return random.weighted<() => Node>([
          [3, () => infix(kind, random.pick(['+', '-']), next(), next())],
          [1, () => infix(kind, '*', next(), value(random.pick([0.5, 2, -1, 1.5]), kind))],
          [1, () => infix(kind, '/', next(), value(random.pick([2, 4, -0.5]), kind))],
          [1, () => infix(kind, '+', next('integer'), next())],
          [1, () => this.cast(next('integer'), 'real')],
          [1, () => same(kind, [next()], ([a]) => `abs(${a})`)],
        ])();
      case 'text':
        return random.weighted<() => Node>([
          [2, () => infix(kind, '||', next(), next())],
          [2, () => this.substring(next())],
          [1, () => this.changedCase(scope)],
          [1, () => this.cast(next('integer'), 'text')],
          [0.5, () => same(kind, [next()], ([a]) => `replace(${a}, 'a', 'xy')`)],
          [0.5, () => same(kind, [next()], ([a]) => `trim(${a})`)],
        ])();
      case 'boolean':
        return this.predicate(scope, depth - 1);
      case 'date':
      case 'timestamp':
        return this.conditional(kind, scope, depth);
    }
  }

  /** An expression that reads a column: fit for GROUP BY and ORDER BY. Nothing is bound in it, so that it equals itself. */
  column(kind: Kind, scope: Scope, depth: number): Node {
    const unbound = new Expressions(this.random, false);
    for (let i = 0; i < 5; i++) {
      const node = unbound.scalar(kind, { ...scope, subquery: undefined }, depth);
      if (node.column === true) return node;
    }
    const columns = scope.columns.filter((c) => c.kind === kind);
    return read(this.random.pick(columns.length > 0 ? columns : scope.columns));
  }

  private conditional(kind: Kind, scope: Scope, depth: number): Node {
    const next = () => this.scalar(kind, scope, depth - 1);
    switch (this.random.int(0, 3)) {
      case 0:
        return same(kind, [next(), next()], ([a, b]) => `coalesce(${a}, ${b})`);
      case 1:
        return same(kind, [next(), next()], ([a, b]) => `nullif(${a}, ${b})`);
      case 2:
        return same(kind, [this.predicate(scope, depth - 1), next()], ([p, a]) => `CASE WHEN ${p} THEN ${a} END`);
      default:
        return same(
          kind,
          [this.predicate(scope, depth - 1), next(), next()],
          ([p, a, b]) => `CASE WHEN ${p} THEN ${a} ELSE ${b} END`,
        );
    }
  }

  private cast(node: Node, kind: Kind): Node {
    return {
      kind,
      kids: [node],
      column: node.column === true,
      // PostgreSQL has no cast from boolean to bigint in one step.
      write: (d, [a]) =>
        d === 'postgres' && node.kind === 'boolean'
          ? `CAST(CAST(${a} AS INTEGER) AS BIGINT)`
          : `CAST(${a} AS ${castType(d, kind)})`,
    };
  }

  private year(node: Node): Node {
    return {
      kind: 'integer',
      kids: [node],
      column: node.column === true,
      write: (d, [a]) =>
        d === 'sqlite'
          ? `CAST(strftime('%Y', ${a}) AS INTEGER)`
          : `CAST(extract(year FROM ${a}) AS ${castType(d, 'integer')})`,
    };
  }

  private changedCase(scope: Scope): Node {
    const columns = scope.columns.filter((c) => c.kind === 'text' && c.ascii);
    const name = this.random.pick(['upper', 'lower']);
    const kid = columns.length > 0 ? read(this.random.pick(columns)) : value('Ab', 'text');
    return same('text', [kid], ([a]) => `${name}(${a})`);
  }

  /** A boolean expression with AND, OR and NOT to this depth. */
  predicate(scope: Scope, depth: number): Node {
    const { random } = this;
    if (depth <= 0) return this.leaf(scope, 0);
    return random.weighted<() => Node>([
      [3, () => infix('boolean', 'AND', this.predicate(scope, depth - 1), this.predicate(scope, depth - 1), 'and')],
      [2, () => infix('boolean', 'OR', this.predicate(scope, depth - 1), this.predicate(scope, depth - 1), 'or')],
      [1, () => same('boolean', [this.predicate(scope, depth - 1)], ([a]) => `(NOT ${a})`, 'not')],
      [3, () => this.leaf(scope, depth)],
    ])();
  }

  private leaf(scope: Scope, depth: number): Node {
    const { random } = this;
    if (scope.favourites.length > 0 && random.chance(0.2)) return this.favourite(scope);
    if (scope.search.length > 0 && random.chance(0.25)) return this.search(scope);
    if (scope.columns.length === 0) return value(random.chance(0.5), 'boolean');
    if (scope.subquery !== undefined && depth > 0 && random.chance(0.25)) return this.subquery(scope);
    const column = random.pick(scope.columns);
    const a = read(column);
    return random.weighted<() => Node>([
      [8, () => this.comparison(column, a)],
      [2, () => this.between(column, a)],
      [3, () => this.inList(column, a)],
      [1.5, () => this.isNull(a)],
      [2, () => this.like(scope)],
      [1, () => this.boolean(scope)],
      [
        1,
        () =>
          infix(
            'boolean',
            `IS ${random.chance(0.5) ? 'NOT ' : ''}DISTINCT FROM`,
            a,
            this.literalOrNull(column),
            'distinct-from',
          ),
      ],
      [2, () => this.pair(scope, column, a)],
      [depth > 0 ? 2 : 0, () => this.computed(scope, depth)],
    ])();
  }

  private substring(text: Node): Node {
    const [from, count] = [this.random.int(1, 3), this.random.int(0, 3)];
    return same('text', [text], ([a]) => `substr(${a}, ${from}, ${count})`);
  }

  /** A test of one column by what an index answers: equality above all, at times of a value that no row has. */
  onColumn(column: Visible): Node {
    const { random } = this;
    const a = read(column);
    const absent = column.kind === 'integer' ? 77_777 : column.kind === 'text' ? 'nowhere' : undefined;
    if (absent !== undefined && random.chance(0.08)) return infix('boolean', '=', a, value(absent, column.kind));
    return random.weighted<() => Node>([
      [6, () => infix('boolean', '=', a, this.literal(column.kind, column.pool, random.chance(0.3)))],
      [3, () => this.inList(column, a)],
      [2, () => this.between(column, a)],
      [2, () => this.comparison(column, a)],
      [1, () => this.isNull(a)],
      [1, () => infix('boolean', '<>', a, this.literal(column.kind, column.pool))],
    ])();
  }

  /** AND, OR and NOT over tests that indexes answer. */
  onIndexed(columns: readonly Visible[], scope: Scope, depth: number): Node {
    const { random } = this;
    if (depth <= 0) {
      if (scope.search.length > 0 && random.chance(0.2)) return this.search(scope);
      if (scope.favourites.length > 0 && random.chance(0.15)) return this.favourite(scope);
      return this.onColumn(random.pick(columns));
    }
    const next = () => this.onIndexed(columns, scope, depth - 1);
    return random.weighted<() => Node>([
      [4, () => infix('boolean', 'AND', next(), next(), 'and')],
      [3, () => infix('boolean', 'OR', next(), next(), 'or')],
      [2, () => same('boolean', [next()], ([a]) => `(NOT ${a})`, 'not')],
      [1, () => this.onIndexed(columns, scope, 0)],
    ])();
  }

  private isNull(a: Node): Node {
    const not = this.random.chance(0.5) ? 'NOT ' : '';
    return same('boolean', [a], ([x]) => `(${x} IS ${not}NULL)`, 'is-null');
  }

  private literalOrNull(column: Visible): Node {
    return this.random.chance(0.2) ? value(null, column.kind) : this.literal(column.kind, column.pool);
  }

  private comparison(column: Visible, a: Node): Node {
    const { random } = this;
    const operator = random.pick(COMPARISONS);
    // A real against an integer column, within both precisions.
    if (column.kind === 'integer' && column.arithmetic && random.chance(0.08)) {
      return infix('boolean', operator, a, value(random.int(-8, 40) / 4, 'real'), 'mixed');
    }
    const b = random.chance(0.02)
      ? value(null, column.kind)
      : this.literal(column.kind, column.pool, random.chance(0.5));
    return random.chance(0.1) && b.value?.bound !== true
      ? infix('boolean', operator, b, a)
      : infix('boolean', operator, a, b);
  }

  private between(column: Visible, a: Node): Node {
    const { random } = this;
    const bound = random.chance(0.3);
    const ends = [this.literal(column.kind, column.pool, bound), this.literal(column.kind, column.pool, bound)];
    if (random.chance(0.8)) {
      ends.sort((x, y) => {
        const [p, q] = [x.value!.scalar!, y.value!.scalar!];
        return p < q ? -1 : p > q ? 1 : 0;
      });
    }
    const not = random.chance(0.15) ? 'NOT ' : '';
    return same('boolean', [a, ...ends], ([x, low, high]) => `(${x} ${not}BETWEEN ${low} AND ${high})`, 'between');
  }

  private inList(column: Visible, a: Node): Node {
    const { random } = this;
    const count = random.int(1, 6);
    const items = Array.from({ length: count }, () => this.literal(column.kind, column.pool));
    if (this.bind && random.chance(0.25)) {
      const list = items.map((item) => item.value!.scalar);
      return { kind: 'boolean', kids: [a], list, column: true, what: 'array', write: (_, [x, y]) => `(${x} ${y})` };
    }
    if (random.chance(0.1)) items.push(value(null, column.kind));
    const not = random.chance(0.2) ? 'NOT ' : '';
    return same('boolean', [a, ...items], ([x, ...rest]) => `(${x} ${not}IN (${rest.join(', ')}))`, 'in');
  }

  private like(scope: Scope): Node {
    const { random } = this;
    const texts = scope.columns.filter((c) => c.kind === 'text');
    if (texts.length === 0) return this.boolean(scope);
    const column = random.pick(texts);
    const sample = column.pool.length === 0 ? 'green' : String(random.pick(column.pool));
    const cut = [...sample].slice(0, random.int(0, 3)).join('');
    const pattern = random.pick([
      `${cut}%`,
      `${cut}%`,
      `%${cut}`,
      `%${cut}%`,
      `${cut}_%`,
      cut,
      `_${cut.slice(1)}%`,
      '%',
    ]);
    const not = random.chance(0.15) ? 'NOT ' : '';
    return infix(
      'boolean',
      `${not}LIKE`,
      read(column),
      value(pattern, 'text', [], this.bind && random.chance(0.3)),
      'like',
    );
  }

  private boolean(scope: Scope): Node {
    const { random } = this;
    const columns = scope.columns.filter((c) => c.kind === 'boolean');
    if (columns.length === 0) return value(random.chance(0.8), 'boolean');
    const a = read(random.pick(columns));
    const test = random.pick(['', '', ' IS TRUE', ' IS NOT TRUE', ' IS FALSE', ' IS NOT FALSE', ' = TRUE', ' <> TRUE']);
    return same('boolean', [a], ([x]) => `(${x}${test})`, 'boolean');
  }

  /** Two columns of one kind, or of integer and real. */
  private pair(scope: Scope, column: Visible, a: Node): Node {
    const others = scope.columns.filter((c) => c.kind === column.kind);
    return infix('boolean', this.random.pick(COMPARISONS), a, read(this.random.pick(others)), 'pair');
  }

  private computed(scope: Scope, depth: number): Node {
    const kind = this.random.pick(KINDS.slice(0, 3));
    const left = this.scalar(kind, scope, Math.min(depth, 2));
    const right = this.random.chance(0.6) ? this.literal(kind) : this.scalar(kind, scope, depth - 1);
    return infix('boolean', this.random.pick(COMPARISONS), left, right, 'computed');
  }

  private favourite(scope: Scope): Node {
    const { alias, node } = this.random.pick(scope.favourites);
    const made = node(alias);
    if (made.kind === 'boolean') return made;
    return infix('boolean', this.random.pick(COMPARISONS), made, this.literal(made.kind), 'favourite');
  }

  private subquery(scope: Scope): Node {
    const { random } = this;
    const make = scope.subquery!;
    const not = random.chance(0.3) ? 'NOT ' : '';
    const column = random.pick(scope.columns);
    const a = read(column);
    return random.weighted<() => Node>([
      [
        3,
        () => ({
          kind: 'boolean',
          kids: [a],
          column: true,
          queries: [make(column.kind, scope, 'in')],
          what: 'in-query',
          write: (_, [x, q]) => `(${x} ${not}IN (${q}))`,
        }),
      ],
      [
        3,
        () => ({
          kind: 'boolean',
          kids: [],
          queries: [make('integer', scope, 'exists')],
          what: 'exists',
          write: (_, [q]) => `(${not}EXISTS (${q}))`,
        }),
      ],
      [
        2,
        () => ({
          kind: 'boolean',
          kids: [a],
          column: true,
          queries: [make(column.kind === 'boolean' ? 'integer' : column.kind, scope, 'scalar')],
          what: 'scalar-query',
          write: (_, [x, q]) =>
            column.kind === 'boolean' ? `((${q}) > 1)` : `(${x} ${not === '' ? '>=' : '='} (${q}))`,
        }),
      ],
    ])();
  }

  /** A full-text or spatial predicate; the other languages see the plain columns that stand for it. */
  private search(scope: Scope): Node {
    const { random } = this;
    const { alias, match } = random.pick(scope.search);
    return match && random.chance(0.5) ? matchNode(random, alias) : spatialNode(random, alias);
  }
}

export function matchNode(random: Random, alias: string): Node {
  const like = (text: string) => `(${alias}.about LIKE '% ${text}%')`;
  const word = (w: string) => like(`${w} `);
  const [a, b, c] = random.sample(WORDS.slice(0, 8), 3) as [string, string, string];
  const [query, plain] = random.weighted<[string, string]>([
    [4, [a, word(a)]],
    [2, [`${a} ${b}`, `(${word(a)} AND ${word(b)})`]],
    [2, [`${a} OR ${b}`, `(${word(a)} OR ${word(b)})`]],
    [1, [`${a} -${b}`, `(${word(a)} AND NOT ${word(b)})`]],
    [1, [`"${a} ${b}"`, like(`${a} ${b} `)]],
    [1, [`${a.slice(0, 2)}*`, like(a.slice(0, 2))]],
    [1, [`(${a} OR ${b}) ${c}`, `((${word(a)} OR ${word(b)}) AND ${word(c)})`]],
  ]);
  return {
    kind: 'boolean',
    kids: [],
    column: true,
    what: 'match',
    write: (d) => (d === 'lightning' ? `MATCH(${alias}.about, '${query}')` : plain),
  };
}

export function spatialNode(random: Random, alias: string): Node {
  const plain = { kind: 'boolean', kids: [], column: true, what: 'spatial' } as const;
  if (random.chance(0.4)) {
    const centre = random.int(0, CENTRES.length - 1);
    const [lon, lat] = CENTRES[centre]!;
    const metres = random.int(10, 4_000) * 100 + 0.37;
    return {
      ...plain,
      write: (d) =>
        d === 'lightning'
          ? `ST_DWithin(${alias}.loc, ST_Point(${lon}, ${lat}), ${metres})`
          : `(${alias}.d${centre} <= ${metres})`,
    };
  }
  const [lon, lat] = random.pick(CENTRES);
  const west = Math.round(lon) + random.int(-12, 8) / 4 + 0.1;
  const south = Math.round(lat) + random.int(-12, 8) / 4 + 0.1;
  const east = west + random.int(1, 20) / 4;
  const north = south + random.int(1, 20) / 4;
  const wrap = (x: number) => (x > 180 ? x - 360 : x);
  const across = wrap(west) > wrap(east);
  const call = random.pick(['ST_Within', 'ST_Intersects']);
  return {
    ...plain,
    write: (d) => {
      const box = [wrap(west), south, wrap(east), north].map((x) => x.toFixed(2));
      if (d === 'lightning') return `${call}(${alias}.loc, ST_MakeEnvelope(${box.join(', ')}))`;
      const lons = `${alias}.lon > ${box[0]} ${across ? 'OR' : 'AND'} ${alias}.lon < ${box[2]}`;
      return `((${lons}) AND ${alias}.lat > ${box[1]} AND ${alias}.lat < ${box[3]})`;
    },
  };
}

/** Favourite expressions and predicates of a table: indexes are made of them, and queries ask for them. */
export function favouritesOf(
  random: Random,
  table: Table,
): { readonly expressions: (alias: string) => Node[]; readonly predicates: (alias: string) => Node[] } {
  const of = (kind: Kind) => table.columns.filter((c) => c.kind === kind && c.arithmetic);
  const integers = of('integer');
  const texts = of('text').filter((c) => c.ascii);
  const seedColumn = random.pick(table.columns);
  const scalar = random.pick(seedColumn.pool);
  const low = random.chance(0.5) ? '>' : '<=';
  return {
    expressions: (alias) => {
      const made: Node[] = [];
      const [first, second] = integers.map((c) => read(visible(alias, c)));
      if (first !== undefined) made.push(infix('integer', '%', first, value(7, 'integer')));
      if (first !== undefined && second !== undefined) made.push(infix('integer', '+', first, second));
      for (const text of texts.slice(0, 1)) {
        const kid = read(visible(alias, text));
        made.push(
          same('text', [kid], ([a]) => `upper(${a})`),
          same('integer', [kid], ([a]) => `length(${a})`),
        );
      }
      return made;
    },
    predicates: (alias) => {
      const kid = read(visible(alias, seedColumn));
      return [
        same('boolean', [kid], ([a]) => `(${a} IS NOT NULL)`),
        infix('boolean', low, kid, value(scalar, seedColumn.kind, seedColumn.pool)),
        infix('boolean', '=', kid, value(seedColumn.pool[0]!, seedColumn.kind, seedColumn.pool)),
      ];
    },
  };
}
