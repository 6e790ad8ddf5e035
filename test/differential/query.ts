// Queries as trees: written in each language, made smaller when one of them shows a difference.

import type { Dialect, Kind } from './dialect.js';
import { smallerNodes, walk, Writer } from './node.js';
import type { Node } from './node.js';
import type { Random } from './random.js';

export interface Source {
  readonly alias: string;
  /** A table's name, or a query with columns c0, c1, ... */
  readonly table: string | Query;
  /** Undefined for the first source. A comma join has no condition. */
  readonly join: 'JOIN' | 'LEFT JOIN' | 'CROSS JOIN' | ',' | undefined;
  readonly on: Node | undefined;
}

export interface OrderKey {
  /** An expression, or the ordinal of an output from 1. */
  readonly by: Node | number;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
  /** Left out where the default of PostgreSQL says the same. */
  readonly implicit: boolean;
}

interface Tail {
  /** Total over the outputs whenever it is not empty. */
  readonly order: readonly OrderKey[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

export interface Select extends Tail {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly Node[];
  readonly from: readonly Source[];
  readonly where: Node | undefined;
  readonly groups: readonly Node[];
  readonly having: Node | undefined;
}

export interface SetQuery extends Tail {
  readonly kind: 'set';
  readonly operator: 'UNION' | 'UNION ALL' | 'INTERSECT' | 'EXCEPT';
  readonly left: Query;
  readonly right: Query;
}

export type Query = Select | SetQuery;

export interface Written {
  readonly sql: string;
  readonly parameters: Writer['parameters'];
}

export function write(query: Query, dialect: Dialect): Written {
  const writer = new Writer(dialect, writeQuery);
  const sql = writeQuery(query, writer);
  return { sql, parameters: writer.parameters };
}

export function outputKinds(query: Query): Kind[] {
  return query.kind === 'set' ? outputKinds(query.left) : query.items.map((item) => item.kind);
}

export function isOrdered(query: Query): boolean {
  return query.order.length > 0;
}

function writeQuery(query: Query, writer: Writer): string {
  if (query.kind === 'set') {
    const left = writeQuery(query.left, writer);
    return `${left} ${query.operator} ${writeQuery(query.right, writer)}${tail(query, writer)}`;
  }
  const items = query.items.map((item, i) => `${writer.node(item)} AS c${i}`).join(', ');
  const parts = [`SELECT ${query.distinct ? 'DISTINCT ' : ''}${items}`];
  const from = query.from.map((source) => writeSource(source, writer)).join('');
  if (from !== '') parts.push(`FROM ${from}`);
  if (query.where !== undefined) parts.push(`WHERE ${writer.node(query.where)}`);
  if (query.groups.length > 0) parts.push(`GROUP BY ${query.groups.map((g) => writer.node(g)).join(', ')}`);
  if (query.having !== undefined) parts.push(`HAVING ${writer.node(query.having)}`);
  return parts.join(' ') + tail(query, writer);
}

function writeSource(source: Source, writer: Writer): string {
  const table = typeof source.table === 'string' ? source.table : `(${writeQuery(source.table, writer)})`;
  const named = `${table} AS ${source.alias}`;
  if (source.join === undefined) return named;
  if (source.join === ',') return `, ${named}`;
  return ` ${source.join} ${named}${source.on === undefined ? '' : ` ON ${writer.node(source.on)}`}`;
}

function tail(query: Query, writer: Writer): string {
  const keys = query.order.map(({ by, desc, nullsFirst, implicit }) => {
    const key = typeof by === 'number' ? String(by) : writer.node(by);
    const silent = implicit && nullsFirst === desc && writer.dialect !== 'sqlite';
    return `${key}${desc ? ' DESC' : ''}${silent ? '' : ` NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`}`;
  });
  const order = keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;
  const limit = query.limit === undefined ? '' : ` LIMIT ${query.limit}`;
  return `${order}${limit}${query.offset === undefined ? '' : ` OFFSET ${query.offset}`}`;
}

/** Every expression of a query and of the queries inside it. */
export function walkQuery(
  query: Query,
  visit: (node: Node) => void,
  visitQuery: (query: Query) => void = () => {},
): void {
  visitQuery(query);
  const inner = (node: Node): void => {
    walk(node, (n) => {
      visit(n);
      for (const sub of n.queries ?? []) walkQuery(sub, visit, visitQuery);
    });
  };
  for (const key of query.order) if (typeof key.by !== 'number') inner(key.by);
  if (query.kind === 'set') {
    walkQuery(query.left, visit, visitQuery);
    walkQuery(query.right, visit, visitQuery);
    return;
  }
  for (const node of [...query.items, ...query.groups, query.where, query.having]) if (node !== undefined) inner(node);
  for (const { table, on } of query.from) {
    if (on !== undefined) inner(on);
    if (typeof table !== 'string') walkQuery(table, visit, visitQuery);
  }
}

/** The same query with other values of its literals: what a plan made for its shape must serve as well. */
export function redraw(query: Query, random: Random): Query {
  const node = (old: Node): Node => ({
    ...old,
    kids: old.kids.map(node),
    ...(old.queries === undefined ? {} : { queries: old.queries.map((q) => redraw(q, random)) }),
    ...(old.value === undefined || old.value.pool.length === 0
      ? {}
      : { value: { ...old.value, scalar: random.pick(old.value.pool) } }),
  });
  const order = query.order.map((key) => ({ ...key, by: typeof key.by === 'number' ? key.by : node(key.by) }));
  if (query.kind === 'set') {
    return { ...query, order, left: redraw(query.left, random), right: redraw(query.right, random) };
  }
  const optional = (old: Node | undefined) => (old === undefined ? undefined : node(old));
  // A group that is also an item stays the same expression: neither is drawn again.
  const items = query.groups.length > 0 ? query.items : query.items.map(node);
  return {
    ...query,
    order,
    items,
    where: optional(query.where),
    having: optional(query.having),
    from: query.from.map((source) => ({
      ...source,
      on: optional(source.on),
      table: typeof source.table === 'string' ? source.table : redraw(source.table, random),
    })),
  };
}

/** Queries that are smaller by one step; some have another answer or none, which the caller finds out. */
export function smallerQueries(query: Query): Query[] {
  const found: Query[] = [];
  if (query.limit !== undefined) found.push({ ...query, limit: undefined, offset: undefined });
  if (query.offset !== undefined) found.push({ ...query, offset: undefined });
  if (query.order.length > 0) found.push({ ...query, order: [], limit: undefined, offset: undefined });
  query.order.forEach((key, i) => {
    if (typeof key.by !== 'number') found.push({ ...query, order: query.order.toSpliced(i, 1) });
  });
  if (query.kind === 'set') {
    found.push(query.left, query.right);
    for (const left of smallerQueries(query.left)) found.push({ ...query, left });
    for (const right of smallerQueries(query.right)) found.push({ ...query, right });
    return found;
  }
  const ordinals = query.order.some(({ by }) => typeof by === 'number');
  if (query.distinct) found.push({ ...query, distinct: false });
  if (query.where !== undefined) found.push({ ...query, where: undefined });
  if (query.having !== undefined) found.push({ ...query, having: undefined });
  if (query.items.length > 1 && !ordinals) {
    query.items.forEach((_, i) => found.push({ ...query, items: query.items.toSpliced(i, 1) }));
  }
  query.groups.forEach((_, i) => found.push({ ...query, groups: query.groups.toSpliced(i, 1) }));
  if (query.from.length > 1) {
    found.push({ ...query, from: query.from.slice(0, -1) });
    const [, second, ...rest] = query.from;
    found.push({ ...query, from: [{ ...second!, join: undefined, on: undefined }, ...rest] });
  }
  for (const where of query.where === undefined ? [] : smallerNodes(query.where)) found.push({ ...query, where });
  for (const having of query.having === undefined ? [] : smallerNodes(query.having)) found.push({ ...query, having });
  query.from.forEach((source, i) => {
    for (const on of source.on === undefined ? [] : smallerNodes(source.on)) {
      found.push({ ...query, from: query.from.with(i, { ...source, on }) });
    }
    if (typeof source.table !== 'string') {
      for (const table of smallerQueries(source.table))
        found.push({ ...query, from: query.from.with(i, { ...source, table }) });
    }
  });
  query.items.forEach((item, i) => {
    for (const smaller of smallerNodes(item)) found.push({ ...query, items: query.items.with(i, smaller) });
  });
  return found;
}
