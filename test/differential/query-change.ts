// Queries made from queries: the same one with other values, and smaller ones for when a difference is found.

import { smallerNodes } from './node.js';
import type { Node } from './node.js';
import type { Query } from './query.js';
import type { Random } from './random.js';

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
  // A group that an item, HAVING or the order repeats stays the same expression: none of them is drawn again.
  const grouped = query.kind !== 'set' && query.groups.length > 0;
  const tail = {
    with: query.with.map((named) => ({ ...named, query: redraw(named.query, random) })),
    order: grouped
      ? query.order
      : query.order.map((key) => ({ ...key, by: typeof key.by === 'number' ? key.by : node(key.by) })),
  };
  if (query.kind === 'set') {
    return { ...query, ...tail, left: redraw(query.left, random), right: redraw(query.right, random) };
  }
  const optional = (old: Node | undefined) => (old === undefined ? undefined : node(old));
  return {
    ...query,
    ...tail,
    items: grouped ? query.items : query.items.map(node),
    where: optional(query.where),
    having: grouped ? query.having : optional(query.having),
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
  query.with.forEach((named, i) => {
    found.push({ ...query, with: query.with.toSpliced(i, 1) });
    if (named.materialized !== undefined) {
      found.push({ ...query, with: query.with.with(i, { ...named, materialized: undefined }) });
    }
    for (const smaller of smallerQueries(named.query)) {
      found.push({ ...query, with: query.with.with(i, { ...named, query: smaller }) });
    }
  });
  if (query.kind === 'set') {
    found.push({ ...query.left, with: query.with }, { ...query.right, with: query.with });
    for (const left of smallerQueries(query.left)) found.push({ ...query, left });
    for (const right of smallerQueries(query.right)) found.push({ ...query, right });
    return found;
  }
  const ordinals = query.order.some(({ by }) => typeof by === 'number');
  if (query.distinct) found.push({ ...query, distinct: false });
  if (query.distinctOn.length > 0) found.push({ ...query, distinctOn: [] });
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
