// Queries over one table that its indexes may answer: filters, negations, tops, coverings, nearest neighbours.

import { infix, same } from '../node.js';
import type { Node } from '../node.js';
import { select } from '../query.js';
import type { OrderKey, Select } from '../query.js';
import type { Random } from '../random.js';
import { CENTRES } from '../schema.js';
import type { Expressions } from './expressions.js';
import { plainScope, read } from './scope.js';
import type { Scope, Visible } from './scope.js';
import type { From, QueryTable } from './sources.js';

export interface Setting {
  readonly random: Random;
  readonly expressions: Expressions;
  /** A random one of those tables that fit; undefined: none does. */
  readonly table: (fit: (table: QueryTable) => boolean) => { readonly from: From; readonly scope: Scope } | undefined;
  readonly ordered: (query: Select, scope: Scope) => Select;
}

const LEAST = 50;

function id({ scope }: { readonly scope: Scope }): Node {
  return read(scope.columns.find((c) => c.name === 'id')!);
}

function base({ from }: { readonly from: From }): QueryTable {
  return from.members[0]!.relation.base!;
}

function ascending(by: Node | number): OrderKey {
  return { by, desc: false, nullsFirst: false, implicit: true };
}

const count = same('integer', [], () => 'count(*)', 'aggregate');

/** AND, OR and NOT of what indexes answer. */
export function filtered({ random, expressions, table, ordered }: Setting): Select | undefined {
  const chosen = table(({ table: { rows }, indexed }) => rows >= LEAST && indexed.length > 0);
  if (chosen === undefined) return undefined;
  const { from, scope } = chosen;
  const {
    indexed,
    table: { rows },
  } = base(chosen);
  const columns = scope.columns.filter((c) => indexed.includes(c.name));
  const counted = random.chance(0.25);
  const depth = random.weighted([
    [rows > 10_000 ? 10 : 1, 0],
    [4, 1],
    [4, 2],
    [2, 3],
  ]);
  const made = select(from.sources, counted ? [count] : [id(chosen), read(random.pick(scope.columns))], {
    where: expressions.onIndexed(columns, scope, depth),
  });
  return counted || random.chance(0.6) ? made : ordered(made, scope);
}

/** What is left over: NOT, alone or beside other tests, of what bitmaps answer exactly. */
export function negated(setting: Setting): Select | undefined {
  const { random, expressions, table } = setting;
  const chosen = table(({ table: { rows }, bitmaps }) => rows >= LEAST && bitmaps.length > 0);
  if (chosen === undefined) return filtered(setting);
  const { from, scope } = chosen;
  const columns = scope.columns.filter((c) => base(chosen).bitmaps.includes(c.name));
  const test = () => expressions.onColumn(random.pick(columns));
  const not = same('boolean', [test()], ([a]) => `(NOT ${a})`, 'not');
  const where = random.weighted<() => Node>([
    [2, () => not],
    [2, () => infix('boolean', 'AND', not, test(), 'and')],
    [2, () => infix('boolean', 'OR', not, test(), 'or')],
  ])();
  return select(from.sources, [random.chance(0.75) ? count : id(chosen)], { where });
}

/** An order that an index may have, with a limit. */
export function topByColumn({ random, expressions, table }: Setting): Select | undefined {
  const chosen = table(() => true);
  if (chosen === undefined) return undefined;
  const { from, scope } = chosen;
  const desc = random.chance(0.5);
  const by = random.sample(scope.columns, random.int(1, 2)).map((c) => read(c));
  const key = (node: Node): OrderKey => ({ by: node, desc, nullsFirst: desc, implicit: true });
  const more = random.chance(0.5) ? [read(random.pick(scope.columns))] : [];
  return select(from.sources, [id(chosen), ...by, ...more], {
    where: random.chance(0.5) ? expressions.predicate(scope, random.int(0, 2)) : undefined,
    order: [...by, id(chosen)].map(key),
    limit: random.int(1, 20),
    offset: random.chance(0.2) ? random.int(0, 30) : undefined,
  });
}

/** Few columns under one range or equality: what a covering index may answer. */
export function covering({ random, expressions, table }: Setting): Select | undefined {
  const chosen = table(() => true);
  if (chosen === undefined) return undefined;
  const columns: Visible[] = random.sample(chosen.scope.columns, 2);
  return select(
    chosen.from.sources,
    columns.map((c) => read(c)),
    {
      distinct: random.chance(0.2),
      where: random.chance(0.8) ? expressions.predicate(plainScope(columns), random.int(0, 1)) : undefined,
    },
  );
}

export function nearest({ random, expressions, table }: Setting): Select | undefined {
  const chosen = table((t) => t.table.search);
  if (chosen === undefined) return undefined;
  const { from, scope } = chosen;
  const { alias } = from.members[0]!;
  const centre = random.int(0, CENTRES.length - 1);
  const [lon, lat] = CENTRES[centre]!;
  const distance: Node = {
    kind: 'real',
    kids: [],
    column: true,
    what: 'distance',
    write: (d) => (d === 'lightning' ? `ST_Distance(${alias}.loc, ST_Point(${lon}, ${lat}))` : `${alias}.d${centre}`),
  };
  const where = random.chance(0.6) ? expressions.predicate(scope, random.int(0, 2)) : undefined;
  const limit = random.int(1, 15);
  // The distances alone are the same whichever of equally far rows comes first: nothing else need be sorted by.
  if (random.chance(0.6)) {
    const rounded = same('real', [distance], ([a]) => `round(${a})`);
    return select(from.sources, [rounded], { where, order: [ascending(distance)], limit });
  }
  return select(from.sources, [id(chosen), read(random.pick(scope.columns))], {
    where,
    order: [ascending(distance), ascending(1)],
    limit,
  });
}
