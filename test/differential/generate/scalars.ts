// Random expressions over what is in scope. Restricted to meanings on which SQLite and PostgreSQL agree, or which SQLite does not have: no
// division by zero, no overflow, no order of evaluation, no upper case beyond ASCII.

import { castType } from '../dialect.js';
import type { Dialect, Kind, Scalar } from '../dialect.js';
import { infix, same, value } from '../node.js';
import type { Node } from '../node.js';
import type { Random } from '../random.js';
import { KINDS, read } from './scope.js';
import type { Scope } from './scope.js';

/** Parts of a date, in PostgreSQL and in SQLite. */
const PARTS: readonly (readonly [string, string])[] = [
  ['year', '%Y'],
  ['month', '%m'],
  ['day', '%d'],
  ['dow', '%w'],
  ['doy', '%j'],
];

/** As `same`, where SQLite writes it in its own way; `undefined`: SQLite has it not. */
export function unlike(
  kind: Kind,
  kids: readonly Node[],
  write: (kids: readonly string[], dialect: Dialect) => string,
  sqlite: ((kids: readonly string[]) => string) | undefined,
  what?: string,
): Node {
  return {
    ...same(kind, kids, () => '', what),
    write: (d, texts) => (d === 'sqlite' && sqlite !== undefined ? sqlite(texts) : write(texts, d)),
    ...(sqlite === undefined ? { notInSqlite: true } : {}),
  };
}

export abstract class Scalars {
  constructor(
    protected readonly random: Random,
    /** Whether literals may become parameters. */
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
        return random.weighted(this.texts(next, scope))();
      case 'boolean':
        return this.predicate(scope, depth - 1);
      case 'date':
        return random.weighted(this.dates(next, () => this.conditional(kind, scope, depth)))();
      case 'timestamp':
        return random.weighted(this.timestamps(next, () => this.conditional(kind, scope, depth)))();
    }
  }

  private integers(next: (of?: Kind) => Node): (readonly [number, () => Node])[] {
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
      [0.5, () => this.position(next('text'))],
      [0.5, () => this.cast(next('boolean'), kind)],
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

  private reals(next: (of?: Kind) => Node): (readonly [number, () => Node])[] {
    const { random } = this;
    const kind = 'real';
    const rounding = random.pick(['floor', 'ceil', 'trunc', 'round']);
    return [
      [3, () => infix(kind, random.pick(['+', '-']), next(), next())],
      [1, () => infix(kind, '*', next(), value(random.pick([0.5, 2, -1, 1.5]), kind))],
      [1, () => infix(kind, '/', next(), value(random.pick([2, 4, -0.5]), kind))],
      [1, () => infix(kind, '+', next('integer'), next())],
      [1, () => this.cast(next('integer'), kind)],
      [1, () => same(kind, [next()], ([a]) => `abs(${a})`)],
      [0.7, () => this.extreme(kind, next(), next())],
      [0.7, () => unlike(kind, [next()], ([a]) => `${rounding}(${a})`, undefined, 'rounding')],
    ];
  }

  private texts(next: (of?: Kind) => Node, scope: Scope): (readonly [number, () => Node])[] {
    const { random } = this;
    const kind = 'text';
    const count = random.int(1, 4);
    const [from, length] = [random.int(1, 3), random.int(0, 3)];
    const trim = random.pick(['trim', 'ltrim', 'rtrim']);
    const what = 'text function';
    const only = (write: (a: string) => string) => unlike(kind, [next()], ([a]) => write(a!), undefined, what);
    return [
      [2, () => infix(kind, '||', next(), next())],
      [2, () => same(kind, [next()], ([a]) => `substr(${a}, ${from}, ${length})`, what)],
      [1, () => this.changedCase(scope)],
      [1, () => this.cast(next('integer'), kind)],
      [0.5, () => same(kind, [next()], ([a]) => `replace(${a}, 'a', 'xy')`, what)],
      [0.5, () => same(kind, [next()], ([a]) => `${trim}(${a})`, what)],
      [
        0.5,
        () =>
          unlike(
            kind,
            [next()],
            ([a]) => `left(${a}, ${count})`,
            ([a]) => `substr(${a}, 1, ${count})`,
            what,
          ),
      ],
      [
        0.5,
        () =>
          unlike(
            kind,
            [next()],
            ([a]) => `right(${a}, ${count})`,
            ([a]) => `substr(${a}, -${count})`,
            what,
          ),
      ],
      [0.3, () => only((a) => `reverse(${a})`)],
      [0.3, () => only((a) => `lpad(${a}, ${count + 2}, '*')`)],
      [0.3, () => only((a) => `repeat(${a}, ${count - 1})`)],
      [0.3, () => only((a) => `split_part(${a}, 'e', ${Math.min(count, 2)})`)],
      [0.3, () => only((a) => `concat_ws('-', ${a}, 'z', ${a})`)],
    ];
  }

  private dates(next: (of?: Kind) => Node, other: () => Node): (readonly [number, () => Node])[] {
    const days = this.random.int(1, 40);
    const back = () =>
      unlike(
        'date',
        [next()],
        ([a]) => `(${a} - ${days})`,
        ([a]) => `date(${a}, '-${days} days')`,
        'date arithmetic',
      );
    const ofTime = () =>
      unlike(
        'date',
        [next('timestamp')],
        ([a]) => `CAST(${a} AS DATE)`,
        ([a]) => `date(${a})`,
        'date arithmetic',
      );
    return [
      [2, other],
      [1, back],
      [1, ofTime],
    ];
  }

  private timestamps(next: (of?: Kind) => Node, other: () => Node): (readonly [number, () => Node])[] {
    const hours = this.random.int(1, 100);
    const kind = 'timestamp';
    const what = 'date arithmetic';
    const begin = () =>
      unlike(
        kind,
        [next()],
        ([a]) => `date_trunc('month', ${a})`,
        ([a]) => `strftime('%Y-%m-01 00:00:00', ${a})`,
        what,
      );
    const later = () =>
      unlike(
        kind,
        [next()],
        ([a]) => `(${a} + INTERVAL '${hours} hours')`,
        ([a]) => `datetime(${a}, '+${hours} hours')`,
        what,
      );
    return [
      [2, other],
      [1, begin],
      [1, later],
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

  private position(text: Node): Node {
    const wanted = this.random.pick(['e', 'a', 're', 'k1']);
    return unlike(
      'integer',
      [text],
      ([a]) => `strpos(${a}, '${wanted}')`,
      ([a]) => `instr(${a}, '${wanted}')`,
      'text function',
    );
  }

  private cast(node: Node, kind: Kind): Node {
    return {
      kind,
      kids: [node],
      column: node.column === true,
      what: 'cast',
      // PostgreSQL has no cast from boolean to bigint in one step.
      write: (d, [a]) =>
        d === 'postgres' && node.kind === 'boolean'
          ? `CAST(CAST(${a} AS INTEGER) AS BIGINT)`
          : `CAST(${a} AS ${castType(d, kind)})`,
    };
  }

  private changedCase(scope: Scope): Node {
    const columns = scope.columns.filter((c) => c.kind === 'text' && c.ascii);
    const name = this.random.pick(['upper', 'lower']);
    const kid = columns.length > 0 ? read(this.random.pick(columns)) : value('Ab', 'text');
    return same('text', [kid], ([a]) => `${name}(${a})`, 'text function');
  }

  protected anyKind(): Kind {
    return this.random.pick(KINDS);
  }
}
