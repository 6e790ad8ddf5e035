// Queries as trees, and how they are written in each language.

import type { Dialect, Kind } from './dialect.js';
import { walk, Writer } from './node.js';
import type { Node } from './node.js';

export interface Source {
  readonly alias: string;
  /** The name of a table, a view or a query of WITH; or a query with columns c0, c1, ... */
  readonly table: string | Query;
  /** Undefined for the first source. A comma join has no condition. */
  readonly join: 'JOIN' | 'LEFT JOIN' | 'RIGHT JOIN' | 'FULL JOIN' | 'CROSS JOIN' | ',' | undefined;
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

export interface CommonTable {
  readonly name: string;
  /** Whether it is said to be evaluated once, or not; undefined: nothing is said. */
  readonly materialized: boolean | undefined;
  readonly query: Query;
}

interface Tail {
  readonly with: readonly CommonTable[];
  /** Total over the outputs whenever it is not empty. */
  readonly order: readonly OrderKey[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

export interface Select extends Tail {
  readonly kind: 'select';
  readonly distinct: boolean;
  /** `DISTINCT ON (...)`: the order begins with these. */
  readonly distinctOn: readonly Node[];
  readonly items: readonly Node[];
  readonly from: readonly Source[];
  readonly where: Node | undefined;
  readonly groups: readonly Node[];
  readonly having: Node | undefined;
}

export interface SetQuery extends Tail {
  readonly kind: 'set';
  readonly operator: 'UNION' | 'UNION ALL' | 'INTERSECT' | 'EXCEPT' | 'INTERSECT ALL' | 'EXCEPT ALL';
  readonly left: Query;
  readonly right: Query;
}

export type Query = Select | SetQuery;

export interface Written {
  readonly sql: string;
  readonly parameters: Writer['parameters'];
}

/** A query over these sources with nothing else but what is given. */
export function select(
  from: readonly Source[],
  items: readonly Node[],
  more: Partial<Omit<Select, 'kind' | 'from' | 'items'>> = {},
): Select {
  return {
    kind: 'select',
    with: [],
    distinct: false,
    distinctOn: [],
    items,
    from,
    where: undefined,
    groups: [],
    having: undefined,
    order: [],
    limit: undefined,
    offset: undefined,
    ...more,
  };
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

/** Whether SQLite has all that the query uses. */
export function inSqlite(query: Query): boolean {
  let able = true;
  walkQuery(
    query,
    (node) => {
      if (node.notInSqlite === true) able = false;
    },
    (part) => {
      if (part.kind === 'set' ? /^(INTERSECT|EXCEPT) ALL$/.test(part.operator) : part.distinctOn.length > 0)
        able = false;
    },
  );
  return able;
}

export function writeQuery(query: Query, writer: Writer): string {
  const named = query.with.map(({ name, materialized, query: inner }) => {
    const how = materialized === undefined ? '' : materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
    return `${name} AS ${how}(${writeQuery(inner, writer)})`;
  });
  const prefix = named.length === 0 ? '' : `WITH ${named.join(', ')} `;
  if (query.kind === 'set') {
    const left = writeOperand(query.left, writer);
    return `${prefix}${left} ${query.operator} ${writeOperand(query.right, writer)}${tail(query, writer)}`;
  }
  const items = query.items.map((item, i) => `${writer.node(item)} AS c${i}`).join(', ');
  const on = query.distinctOn.map((node) => writer.node(node)).join(', ');
  const parts = [`SELECT ${query.distinct ? 'DISTINCT ' : ''}${on === '' ? '' : `DISTINCT ON (${on}) `}${items}`];
  const from = query.from.map((source) => writeSource(source, writer)).join('');
  if (from !== '') parts.push(`FROM ${from}`);
  if (query.where !== undefined) parts.push(`WHERE ${writer.node(query.where)}`);
  if (query.groups.length > 0) parts.push(`GROUP BY ${query.groups.map((g) => writer.node(g)).join(', ')}`);
  if (query.having !== undefined) parts.push(`HAVING ${writer.node(query.having)}`);
  return prefix + parts.join(' ') + tail(query, writer);
}

/** SQLite has no parentheses around an operand. */
function writeOperand(query: Query, writer: Writer): string {
  const text = writeQuery(query, writer);
  if (query.kind === 'select' && query.order.length === 0 && query.limit === undefined) return text;
  return writer.dialect === 'sqlite' ? `SELECT * FROM (${text})` : `(${text})`;
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
  for (const named of query.with) walkQuery(named.query, visit, visitQuery);
  for (const key of query.order) if (typeof key.by !== 'number') inner(key.by);
  if (query.kind === 'set') {
    walkQuery(query.left, visit, visitQuery);
    walkQuery(query.right, visit, visitQuery);
    return;
  }
  for (const node of [...query.items, ...query.distinctOn, ...query.groups, query.where, query.having])
    if (node !== undefined) inner(node);
  for (const { table, on } of query.from) {
    if (on !== undefined) inner(on);
    if (typeof table !== 'string') walkQuery(table, visit, visitQuery);
  }
}
