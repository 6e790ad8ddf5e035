// Tests of columns: comparisons, ranges, lists, patterns, truth values, row values.

import { infix, same, unlike, value } from '../node.js';
import type { Node } from '../node.js';
import { Scalars } from './scalars.js';
import { read } from './scope.js';
import type { Scope, Visible } from './scope.js';

export const COMPARISONS = ['=', '=', '=', '<', '<=', '>', '>=', '<>'] as const;

export abstract class ColumnTests extends Scalars {
  protected isNull(a: Node): Node {
    const not = this.random.chance(0.5) ? 'NOT ' : '';
    return same('boolean', [a], ([x]) => `(${x} IS ${not}NULL)`, 'is-null');
  }

  protected literalOrNull(column: Visible): Node {
    return this.random.chance(0.2) ? value(null, column.kind) : this.literal(column.kind, column.pool);
  }

  protected comparison(column: Visible, a: Node): Node {
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

  protected between(column: Visible, a: Node): Node {
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

  protected inList(column: Visible, a: Node): Node {
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

  protected like(scope: Scope): Node {
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
      `_${[...cut].slice(1).join('')}%`,
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

  protected boolean(scope: Scope): Node {
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
  protected rowValue(scope: Scope): Node {
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
  protected pair(scope: Scope, column: Visible, a: Node): Node {
    const others = scope.columns.filter((c) => c.kind === column.kind);
    return infix('boolean', this.random.pick(COMPARISONS), a, read(this.random.pick(others)), 'pair');
  }
}
