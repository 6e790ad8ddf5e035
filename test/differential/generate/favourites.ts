// Favourite expressions and predicates of a table: indexes are made of them, and queries ask for them.

import type { Kind } from '../dialect.js';
import { infix, same, value } from '../node.js';
import type { Node } from '../node.js';
import type { Random } from '../random.js';
import type { Table } from '../schema.js';
import { read, visible } from './scope.js';

export type Favourites = ReturnType<typeof favouritesOf>;

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
