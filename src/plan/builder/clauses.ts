// What query objects are made with: sources, the tables that callbacks get, and what a callback gave as a clause.

import { LightningError } from '../../errors.js';
import { aggregate, Expression, nodeOf } from './expression.js';
import type { ItemState, Node, QueryState, Source } from './node.js';
import { selectFrom } from './node.js';
import type { QueryHolder } from './node.js';

/** A callback of the public methods, whose types are theirs. */
export type Callback = (...tables: unknown[]) => unknown;

export function sourceOf(table: string | QueryHolder, alias: string): Source {
  return typeof table === 'string'
    ? { kind: 'table', name: table, alias }
    : { kind: 'query', query: table.state, alias };
}

/** Rows given as objects of the same names. */
export function rowsOf(rows: readonly Readonly<Record<string, unknown>>[], alias: string): Source {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) {
    const hint = "db.values([{ id: 1, name: 'one' }, { id: 2, name: 'two' }])";
    throw new LightningError('INVALID_ARGUMENT', 'values needs a row, and a row a column', { hint });
  }
  const nodes = rows.map((row, i) => {
    const own = Object.keys(row);
    const other = own.find((name) => !names.includes(name)) ?? names.find((name) => !own.includes(name));
    if (other === undefined) return names.map((name) => nodeOf(row[name]));
    throw new LightningError('INVALID_ARGUMENT', `row ${i} of values and its first row differ in "${other}"`, {
      hint: 'give every row the same names, and null where there is no value',
    });
  });
  return { kind: 'rows', names, rows: nodes, alias };
}

export function clauseOf(sources: readonly Source[], callback: Callback): Node {
  const clause = {};
  return { kind: 'clause', clause, node: nodeOf(callback(...proxies(sources, clause))) };
}

/** Tables as callbacks get them: any property is the column of that name. */
export function proxies(sources: readonly Source[], clause: object): unknown[] {
  return sources.map((source) => {
    const made = new Map<string, Expression>();
    return new Proxy(Object.freeze({}), {
      get(_, name) {
        if (typeof name === 'symbol') return undefined;
        let column = made.get(name);
        if (column === undefined) {
          column = new Expression({ kind: 'column', source, clause, table: source.alias, name });
          made.set(name, column);
        }
        return column;
      },
    });
  });
}

export function countNode(rows: unknown, what: string): Node {
  if (rows instanceof Expression) return rows.node;
  if (typeof rows === 'number' && Number.isSafeInteger(rows) && rows >= 0) return { kind: 'value', value: rows };
  throw new LightningError('INVALID_ARGUMENT', `${what} takes a whole number from 0 or a param, not ${String(rows)}`);
}

/** `count(*)` over the query's rows: over its FROM and WHERE when these are its rows, else over the query as a table. */
export function countState(state: QueryState): QueryState {
  const items: ItemState[] = [{ kind: 'item', name: 'count', node: aggregate('count', []).node }];
  const bare =
    state.kind === 'select' &&
    !state.distinct &&
    state.groups.length === 0 &&
    state.having.length === 0 &&
    state.limit === undefined &&
    state.offset === undefined &&
    !state.items.some((item) => item.kind === 'item' && hasAggregate(item.node));
  if (bare) return { ...state, items, order: [] };
  return { ...selectFrom({ kind: 'query', query: state, alias: 'query' }), items };
}

/** Whether the expression itself, not a query inside it, aggregates. */
function hasAggregate(node: Node): boolean {
  if (node.kind === 'aggregate') return true;
  const below = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(below);
    if (value === null || typeof value !== 'object') return false;
    if (!('kind' in value)) return Object.values(value).some(below);
    const { kind } = value as Node | QueryState;
    return kind !== 'value' && kind !== 'column' && kind !== 'select' && kind !== 'set' && hasAggregate(value as Node);
  };
  return node.kind !== 'value' && node.kind !== 'column' && Object.values(node).some(below);
}
