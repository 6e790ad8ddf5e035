// Random sets of indexes of every kind, and what a plan's use of each of them shows.

import { writeQuery } from './query.js';
import type { Node } from './node.js';
import { Writer } from './node.js';
import type { Random } from './random.js';
import type { Favourites } from './generate/favourites.js';
import type { Table } from './schema.js';

/** The kinds that an index of a table may be of. */
export const INDEX_KINDS = ['btree', 'hash', 'bitmap', 'bloom', 'rtree', 'fulltext', 'columnstore'] as const;

export interface IndexInfo {
  readonly name: string;
  readonly table: string;
  readonly kind: string;
  readonly partial: boolean;
  readonly expression: boolean;
  readonly covering: boolean;
  /** The first key. */
  readonly key: string;
  readonly sql: string;
}

/** A node over one table without the table's name. */
export function unqualified(node: Node, table: Table): string {
  return new Writer('lightning', writeQuery).node(node).replaceAll(`${table.name}.`, '');
}

/** @param density how many there are, as a share of the usual */
export function makeIndexes(random: Random, table: Table, favourites: Favourites, density = 1): IndexInfo[] {
  const made: IndexInfo[] = [];
  const add = (
    kind: string,
    keys: readonly string[],
    more: { unique?: boolean; include?: readonly string[]; where?: Node | undefined; expression?: boolean } = {},
  ): void => {
    const name = `${table.name}_i${made.length}`;
    const include = more.include === undefined ? '' : ` INCLUDE (${more.include.join(', ')})`;
    const where = more.where === undefined ? '' : ` WHERE ${unqualified(more.where, table)}`;
    const unique = more.unique === true ? 'UNIQUE ' : '';
    const sql = `CREATE ${unique}INDEX ${name} ON ${table.name} USING ${kind} (${keys.join(', ')})${include}${where}`;
    const partial = more.where !== undefined;
    made.push({
      name,
      table: table.name,
      kind,
      partial,
      expression: more.expression === true,
      covering: more.include !== undefined,
      key: keys[0]!.split(' ')[0]!,
      sql,
    });
  };
  const names = table.columns.map((c) => c.name);
  const predicates = favourites.predicates(table.name);
  const partial = (probability: number) => (random.chance(probability) ? random.pick(predicates) : undefined);
  const order = (name: string) => {
    const desc = random.chance(0.25) ? ' DESC' : '';
    return `${name}${desc}${random.chance(0.15) ? random.pick([' NULLS FIRST', ' NULLS LAST']) : ''}`;
  };
  for (const name of random.subset(names, 0.35 * density)) add('btree', [order(name)], { where: partial(0.25) });
  for (const name of random.subset(names, 0.35 * density)) add('bitmap', [name], { where: partial(0.2) });
  for (const name of random.subset(names, 0.15 * density)) add('hash', [name], { where: partial(0.2) });
  for (const name of random.subset(names, 0.25 * density)) add('bloom', [name]);
  if (random.chance(0.4 * density))
    add('btree', random.sample(names, random.int(2, 3)).map(order), { where: partial(0.2) });
  if (random.chance(0.2 * density)) add('hash', random.sample(names, 2));
  if (random.chance(0.1 * density)) add('bloom', random.sample(names, 2));
  if (random.chance(0.4 * density)) {
    const [key, ...include] = random.sample(names, random.int(2, 4));
    add('btree', [order(key!)], { include, where: partial(0.15) });
  }
  if (random.chance(0.25)) add(random.pick(['btree', 'hash']), ['id'], { unique: true });
  if (random.chance(0.2)) {
    const columns = random.chance(0.4) ? names : random.sample(names, random.int(2, names.length));
    add('columnstore', columns, { where: partial(0.1) });
  }
  const expressions = favourites.expressions(table.name).map((node) => `(${unqualified(node, table)})`);
  for (const key of random.subset(expressions, 0.4 * density)) {
    add(
      random.weighted([
        [5, 'btree'],
        [3, 'bitmap'],
        [2, 'hash'],
        [0.5, 'bloom'],
      ]),
      [key],
      { expression: true, where: partial(0.1) },
    );
  }
  if (table.search) {
    if (random.chance(0.75)) add('rtree', ['loc'], { where: partial(0.15) });
    if (random.chance(0.75)) add('fulltext', ['about']);
  }
  return made;
}
