// Texts compared, sorted and grouped without regard to case: by a collation here and in SQLite, which folds ASCII letters alone, and by
// their lower-case forms in PostgreSQL.

import { same, unlike, value } from '../node.js';
import type { Node } from '../node.js';
import { select } from '../query.js';
import type { Select } from '../query.js';
import type { Random } from '../random.js';
import { read } from './scope.js';
import type { Scope, Visible } from './scope.js';

/** Columns in which there are letters of ASCII only. */
export function foldable(scope: Scope): readonly Visible[] {
  return scope.columns.filter((c) => c.kind === 'text' && c.ascii);
}

/** A text as something to sort and group by. */
export function nocaseKey(text: Node, what: string): Node {
  return {
    kind: 'text',
    kids: [text],
    column: text.column === true,
    what,
    write: (d, [x]) => (d === 'postgres' ? `lower(${x})` : `${x} COLLATE NOCASE`),
  };
}

/** A comparison, a range or a list, of a column with texts in whatever case, or with another column. */
export function nocaseTest(random: Random, columns: readonly Visible[]): Node {
  const column = random.pick(columns);
  const drawn = (): Node => {
    const text = column.pool.length === 0 || random.chance(0.2) ? 'Green' : String(random.pick(column.pool));
    return value(random.chance(0.6) ? text.toUpperCase() : text, 'text');
  };
  const lower = (texts: readonly string[]) => texts.map((text) => `lower(${text})`);
  const tested = (kids: readonly Node[], write: (first: string, rest: readonly string[]) => string): Node => ({
    ...same('boolean', kids, () => '', 'collate'),
    write: (d, [x, ...rest]) =>
      d === 'postgres' ? write(`lower(${x})`, lower(rest)) : write(`${x} COLLATE NOCASE`, rest),
  });
  const a = read(column);
  const not = random.chance(0.2) ? 'NOT ' : '';
  const operator = random.pick(['=', '=', '<>', '<', '<=', '>', '>=']);
  return random.weighted<() => Node>([
    [4, () => tested([a, drawn()], (x, [y]) => `(${x} ${operator} ${y})`)],
    [1, () => tested([a, read(random.pick(columns))], (x, [y]) => `(${x} ${operator} ${y})`)],
    [2, () => tested([a, drawn(), drawn(), drawn()], (x, list) => `(${x} ${not}IN (${list.join(', ')}))`)],
    [1, () => tested([a, drawn(), drawn()], (x, [low, high]) => `(${x} ${not}BETWEEN ${low} AND ${high})`)],
    [
      1,
      () =>
        unlike(
          'boolean',
          [a, drawn()],
          ([x, y], d) =>
            d === 'postgres'
              ? `(lower(${x}) IS ${not}DISTINCT FROM lower(${y}))`
              : `(${x} COLLATE NOCASE IS ${not}DISTINCT FROM ${y})`,
          ([x, y]) => `(${x} COLLATE NOCASE IS ${not === '' ? 'NOT ' : ''}${y})`,
          'collate',
        ),
    ],
  ])();
}

/**
 * Groups of texts that differ in case, what stands for a group being the least of its own texts; or other groups, with the ends of such
 * texts in them. Which of the texts that are equal is such an end, SQLite leaves open.
 */
export function nocaseGroups(random: Random, from: Select['from'], scope: Scope, aggregates: readonly Node[]): Select {
  const text = read(random.pick(foldable(scope)));
  const key = random.chance(0.6) ? nocaseKey(text, 'collate group') : read(random.pick(scope.columns));
  const end = random.pick(['min', 'max']);
  const items = [
    same('text', [text], ([x]) => `min(${x})`, 'aggregate'),
    same('integer', [nocaseKey(text, 'collate group')], ([x]) => `count(DISTINCT ${x})`, 'aggregate distinct'),
    // A collation inside goes on to what reads the column here, as in PostgreSQL, and not in SQLite.
    {
      ...same('text', [nocaseKey(text, 'collate group')], () => '', 'aggregate'),
      write: (d, [x]) => `lower(${end}(${x}))${d === 'postgres' ? '' : ' COLLATE BINARY'}`,
    } satisfies Node,
    ...aggregates,
  ];
  return select(from, items, { groups: [key] });
}
