// Random predicates: AND, OR and NOT over tests of columns, computed comparisons, sub-queries and searches.

import { infix, same, unlike, value } from '../node.js';
import type { Node } from '../node.js';
import { foldable, nocaseTest } from './collations.js';
import { ColumnTests, COMPARISONS } from './column-tests.js';
import { KINDS, read } from './scope.js';
import type { Scope, Visible } from './scope.js';
import { matchNode, spatialNode } from './search.js';

export class Expressions extends ColumnTests {
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
    const folded = foldable(scope);
    return random.weighted<() => Node>([
      [8, () => this.comparison(column, a)],
      [2, () => this.between(column, a)],
      [3, () => this.inList(column, a)],
      [1.5, () => this.isNull(a)],
      [2, () => this.like(scope)],
      [folded.length > 0 ? 1.2 : 0, () => nocaseTest(random, folded)],
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
      [column.kind === 'text' && column.ascii ? 0.8 : 0, () => nocaseTest(random, [column])],
      [1, () => this.isNull(a)],
      [1, () => infix('boolean', '<>', a, this.literal(column.kind, column.pool))],
    ])();
  }

  /** AND, OR and NOT over tests that indexes answer. */
  onIndexed(columns: readonly Visible[], scope: Scope, depth: number): Node {
    const { random } = this;
    if (depth <= 0) {
      if (scope.search.length > 0 && random.chance(0.2)) return this.search(scope);
      if (scope.favourites.length > 0 && random.chance(0.25)) return this.favourite(scope);
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
    const few = made.kind === 'integer' && this.random.chance(0.7);
    const literal = few ? value(this.random.int(0, 6), 'integer') : this.literal(made.kind);
    return infix('boolean', this.random.pick(COMPARISONS), made, literal, 'favourite');
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
