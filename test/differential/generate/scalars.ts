// Random expressions over what is in scope. Restricted to meanings on which SQLite and PostgreSQL agree, or which SQLite does not have: no
// division by zero, no overflow, no order of evaluation, no upper case beyond ASCII.

import { castType } from '../dialect.js';
import type { Kind, Scalar } from '../dialect.js';
import { cast, infix, same, unlike, value } from '../node.js';
import type { Node } from '../node.js';
import type { Random } from '../random.js';
import { dates, position, texts, timestamps } from './functions.js';
import type { Choice, Next } from './functions.js';
import { read } from './scope.js';
import type { Scope } from './scope.js';

/** Parts of a date, in PostgreSQL and in SQLite. */
const PARTS: readonly (readonly [string, string])[] = [
  ['year', '%Y'],
  ['month', '%m'],
  ['day', '%d'],
  ['dow', '%w'],
  ['doy', '%j'],
];

export abstract class Scalars {
  constructor(
    protected readonly random: Random,
    /** Whether literals may become parameters; where not, in definitions and changes, all is in the language of SQLite too. */
    protected readonly bind: boolean,
  ) {}

  abstract predicate(scope: Scope, depth: number): Node;

  /** The same without parameters. */
  protected abstract unbound(): Scalars;

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
    const made = this.anyScalar(kind, scope, depth);
    return !this.bind && made.notInSqlite === true ? this.literal(kind) : made;
  }

  private anyScalar(kind: Kind, scope: Scope, depth: number): Node {
    const { random } = this;
    const columns = scope.columns.filter((c) => c.kind === kind && (depth === 0 || c.arithmetic));
    if (depth <= 0 || (columns.length > 0 && random.chance(0.45))) {
      return columns.length > 0 && random.chance(0.9) ? read(random.pick(columns)) : this.literal(kind);
    }
    if (random.chance(0.15)) return this.conditional(kind, scope, depth);
    const narrow = { ...scope, columns: scope.columns.filter((c) => c.arithmetic) };
    const next = (of: Kind = kind) => this.scalar(of, narrow, depth - 1);
    switch (kind) {
      case 'integer':
        return random.weighted(this.integers(next))();
      case 'real':
        return random.weighted(this.reals(next))();
      case 'text':
        return random.weighted(texts(random, next, scope))();
      case 'boolean':
        return this.predicate(scope, depth - 1);
      case 'date':
        return random.weighted(dates(random, next, () => this.conditional(kind, scope, depth)))();
      case 'timestamp':
        return random.weighted(timestamps(random, next, () => this.conditional(kind, scope, depth)))();
    }
  }

  private integers(next: Next): Choice[] {
    const { random } = this;
    const kind = 'integer';
    const part = (name: string, sqlite: string): Node =>
      unlike(
        kind,
        [next('date')],
        ([a], d) => `CAST(extract(${name} FROM ${a}) AS ${castType(d, kind)})`,
        ([a]) => `CAST(strftime('${sqlite}', ${a}) AS INTEGER)`,
        'date part',
      );
    return [
      [3, () => infix(kind, random.pick(['+', '-']), next(), next())],
      [1, () => infix(kind, '*', next(), value(random.int(-3, 5), kind))],
      [1, () => infix(kind, '/', next(), value(random.pick([2, 3, 7, -2]), kind))],
      [1, () => infix(kind, '%', next(), value(random.pick([2, 3, 5, 10]), kind))],
      [1, () => same(kind, [next()], ([a]) => `(- ${a})`)],
      [1, () => same(kind, [next()], ([a]) => `abs(${a})`)],
      [1, () => same(kind, [next('text')], ([a]) => `length(${a})`, 'text function')],
      [0.5, () => same(kind, [next('text')], ([a]) => `octet_length(${a})`, 'text function')],
      [0.5, () => position(random, next('text'))],
      [0.5, () => cast(next('boolean'), kind)],
      [0.5, () => part(...random.pick(PARTS))],
      [
        0.4,
        () =>
          unlike(
            kind,
            [next('date'), next('date')],
            ([a, b]) => `(${a} - ${b})`,
            ([a, b]) => `CAST(julianday(${a}) - julianday(${b}) AS INTEGER)`,
            'date arithmetic',
          ),
      ],
      [0.7, () => this.extreme(kind, next(), next())],
    ];
  }

  private reals(next: Next): Choice[] {
    const { random } = this;
    const kind = 'real';
    const rounding = random.pick(['floor', 'ceil', 'trunc', 'round']);
    return [
      [3, () => infix(kind, random.pick(['+', '-']), next(), next())],
      [1, () => infix(kind, '*', next(), value(random.pick([0.5, 2, -1, 1.5]), kind))],
      [1, () => infix(kind, '/', next(), value(random.pick([2, 4, -0.5]), kind))],
      [1, () => infix(kind, '+', next('integer'), next())],
      [1, () => cast(next('integer'), kind)],
      [1, () => same(kind, [next()], ([a]) => `abs(${a})`)],
      [0.7, () => this.extreme(kind, next(), next())],
      [0.7, () => unlike(kind, [next()], ([a]) => `${rounding}(${a})`, undefined, 'rounding')],
    ];
  }

  /** An expression that reads a column: fit for GROUP BY and ORDER BY. Nothing is bound in it, so that it equals itself. */
  column(kind: Kind, scope: Scope, depth: number): Node {
    const unbound = this.unbound();
    for (let i = 0; i < 5; i++) {
      const node = unbound.scalar(kind, { ...scope, subquery: undefined }, depth);
      if (node.column === true) return node;
    }
    const columns = scope.columns.filter((c) => c.kind === kind);
    return read(this.random.pick(columns.length > 0 ? columns : scope.columns));
  }

  private conditional(kind: Kind, scope: Scope, depth: number): Node {
    const next = () => this.scalar(kind, scope, depth - 1);
    switch (this.random.int(0, 4)) {
      case 0:
        return same(kind, [next(), next()], ([a, b]) => `coalesce(${a}, ${b})`, 'coalesce');
      case 1:
        return same(kind, [next(), next()], ([a, b]) => `nullif(${a}, ${b})`, 'nullif');
      case 2:
        return same(
          kind,
          [this.predicate(scope, depth - 1), next()],
          ([p, a]) => `CASE WHEN ${p} THEN ${a} END`,
          'case',
        );
      case 3: {
        const columns = scope.columns.filter((c) => c.pool.length > 0);
        if (columns.length === 0) return next();
        const by = this.random.pick(columns);
        const kids = [read(by), value(this.random.pick(by.pool), by.kind, by.pool), next(), next()];
        return same(kind, kids, ([x, v, a, b]) => `CASE ${x} WHEN ${v} THEN ${a} ELSE ${b} END`, 'case');
      }
      default:
        return same(
          kind,
          [this.predicate(scope, depth - 1), next(), next()],
          ([p, a, b]) => `CASE WHEN ${p} THEN ${a} ELSE ${b} END`,
          'case',
        );
    }
  }

  /** In SQLite, `max` of a NULL is NULL. */
  private extreme(kind: Kind, a: Node, b: Node): Node {
    const [name, sqlite] = this.random.pick([
      ['greatest', 'max'],
      ['least', 'min'],
    ] as const);
    return unlike(
      kind,
      [a, b],
      ([x, y]) => `${name}(${x}, ${y})`,
      ([x, y]) => `coalesce(${sqlite}(${x}, ${y}), ${x}, ${y})`,
      'greatest',
    );
  }
}
