// Random predicates: AND, OR and NOT over comparisons, lists, patterns, row values, sub-queries and searches.

import { infix, same, value } from '../node.js';
import type { Node } from '../node.js';
import { Scalars, unlike } from './scalars.js';
import { KINDS, read } from './scope.js';
import type { Scope, Visible } from './scope.js';
import { matchNode, spatialNode } from './search.js';

const COMPARISONS = ['=', '=', '=', '<', '<=', '>', '>=', '<>'] as const;

export class Expressions extends Scalars {
  protected override unbound(): Expressions {
    return new Expressions(this.random, false);
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
      [0.7, () => this.rowValue(scope)],
      [depth > 0 ? 2 : 0, () => this.computed(scope, depth)],
    ])();
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
    if (random.chance(0.1)) {
      return unlike(
        'boolean',
        [a, ...ends],
        ([x, low, high]) => `(${x} ${not}BETWEEN SYMMETRIC ${low} AND ${high})`,
        ([x, low, high]) => `(${not}(${x} BETWEEN ${low} AND ${high} OR ${x} BETWEEN ${high} AND ${low}))`,
        'between',
      );
    }
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
    if (column.ascii && random.chance(0.15)) {
      return unlike(
        'boolean',
        [read(column), value(pattern.toUpperCase(), 'text')],
        ([a, b]) => `(${a} ${not}ILIKE ${b})`,
        ([a, b]) => `(lower(${a}) ${not}LIKE lower(${b}))`,
        'ilike',
      );
    }
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
    if (random.chance(0.1)) {
      return unlike(
        'boolean',
        [a],
        ([x]) => `(${x} IS UNKNOWN)`,
        ([x]) => `(${x} IS NULL)`,
        'boolean',
      );
    }
    return same('boolean', [a], ([x]) => `(${x}${test})`, 'boolean');
  }

  /** Two or three columns at once: equal, before, or among some. */
  private rowValue(scope: Scope): Node {
    const { random } = this;
    const fitting = scope.columns.filter((c) => c.pool.length > 0);
    if (fitting.length < 2) return this.boolean(scope);
    const columns = random.sample(fitting, random.int(2, Math.min(3, fitting.length)));
    const tuple = (kids: readonly string[]) => `(${kids.join(', ')})`;
    const width = columns.length;
    const draw = () => columns.map((c) => this.literalOrNull(c));
    if (random.chance(0.35)) {
      const lists = Array.from({ length: random.int(1, 4) }, draw);
      const not = random.chance(0.2) ? 'NOT ' : '';
      const rows = (kids: readonly string[]) =>
        lists.map((_, i) => tuple(kids.slice(width * (i + 1), width * (i + 2))));
      return unlike(
        'boolean',
        [...columns.map(read), ...lists.flat()],
        (kids) => `(${tuple(kids.slice(0, width))} ${not}IN (${rows(kids).join(', ')}))`,
        (kids) => `(${tuple(kids.slice(0, width))} ${not}IN (VALUES ${rows(kids).join(', ')}))`,
        'row value',
      );
    }
    const operator = random.pick(COMPARISONS);
    return same(
      'boolean',
      [...columns.map(read), ...draw()],
      (kids) => `(${tuple(kids.slice(0, width))} ${operator} ${tuple(kids.slice(width))})`,
      'row value',
    );
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
        1,
        () => ({
          ...unlike(
            'boolean',
            [a],
            ([x, q]) => (not === '' ? `(${x} = ANY (${q}))` : `(${x} <> ALL (${q}))`),
            ([x, q]) => `(${x} ${not}IN (${q}))`,
            'any',
          ),
          queries: [make(column.kind, scope, 'in')],
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
