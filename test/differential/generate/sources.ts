// What a query reads: tables, views, queries of WITH and derived tables, alone or joined, within bounds of size.

import type { Kind, Scalar } from '../dialect.js';
import { infix } from '../node.js';
import type { Node } from '../node.js';
import { outputKinds } from '../query.js';
import type { Query, Source } from '../query.js';
import type { Random } from '../random.js';
import type { Table } from '../schema.js';
import type { Expressions } from './expressions.js';
import type { Favourites } from './favourites.js';
import { read } from './scope.js';
import type { Scope, Visible } from './scope.js';

export interface QueryTable {
  readonly table: Table;
  readonly favourites: Favourites;
  /** A full-text index is there: MATCH is defined. */
  readonly match: boolean;
  /** Columns that begin an index. */
  readonly indexed: readonly string[];
  /** Columns with a bitmap of all rows. */
  readonly bitmaps: readonly string[];
}

type Columns = readonly Omit<Visible, 'alias'>[];

/** Anything with a name or a text that FROM may hold. */
export interface Relation {
  readonly table: string | Query;
  readonly columns: Columns;
  /** About how many there are. */
  readonly rows: number;
  readonly skewed: ReadonlySet<string>;
  /** The table that it is, with its search columns and favourites. */
  readonly base?: QueryTable;
}

export interface Member {
  readonly alias: string;
  readonly relation: Relation;
}

export interface From {
  readonly sources: readonly Source[];
  readonly members: readonly Member[];
  readonly rows: number;
}

/** No join makes more rows than about this. */
const JOINED = 1_500;

export function tableRelation(base: QueryTable): Relation {
  const { table } = base;
  const skewed = new Set(table.columns.filter((c) => c.skewed).map((c) => c.name));
  return { table: table.name, columns: table.columns, rows: table.rows, skewed, base };
}

/** A query as a relation, under a name or in place. Sums of sums and great numbers stay out of arithmetic. */
export function queryRelation(query: Query, rows: number, name?: string): Relation {
  const items = itemsOf(query);
  const columns = outputKinds(query).map((kind, i) => ({
    name: `c${i}`,
    kind,
    pool: items[i]?.pool ?? [],
    arithmetic: false,
    ascii: false,
  }));
  // What a join has repeated is repeated again by the next.
  return { table: name ?? query, columns, rows, skewed: new Set(columns.map((column) => column.name)) };
}

/** About how many rows a query has at most: of a join, all that joins are allowed to have. */
export function rowsOf(query: Query, relations: readonly Relation[]): number {
  if (query.limit !== undefined) return query.limit;
  if (query.kind === 'set') return rowsOf(query.left, relations) + rowsOf(query.right, relations);
  const sizes = query.from.map(({ table }) =>
    typeof table === 'string'
      ? (relations.find((relation) => relation.table === table)?.rows ?? 0)
      : rowsOf(table, relations),
  );
  return Math.max(
    1,
    Math.min(
      JOINED,
      sizes.reduce((product, size) => product * Math.max(1, size), 1),
    ),
  );
}

function itemsOf(query: Query): readonly Node[] {
  return query.kind === 'set' ? itemsOf(query.left) : query.items;
}

export function columnsOf(members: readonly Member[]): Visible[] {
  return members.flatMap(({ alias, relation }) => relation.columns.map((column) => ({ ...column, alias })));
}

export class Sources {
  private alias = 0;

  constructor(
    private readonly random: Random,
    private readonly expressions: Expressions,
  ) {}

  fresh(): string {
    return `x${this.alias++}`;
  }

  one(relation: Relation): From {
    const member = { alias: this.fresh(), relation };
    return {
      sources: [{ alias: member.alias, table: relation.table, join: undefined, on: undefined }],
      members: [member],
      rows: Math.max(1, relation.rows),
    };
  }

  /** A relation of these, joined with `more` others where that stays in bounds. */
  joined(relations: readonly Relation[], more: number): From {
    const { random } = this;
    const first = this.one(random.pick(relations));
    const members = [...first.members];
    const sources = [...first.sources];
    let { rows } = first;
    for (let i = 0; i < more; i++) {
      const next: Member = { alias: this.fresh(), relation: random.pick(relations) };
      const { table } = next.relation;
      const size = Math.max(1, next.relation.rows);
      if (rows * size <= JOINED / 2 && random.chance(0.1)) {
        // After a comma the tables before it are out of sight for ON.
        const join = i === more - 1 ? random.pick(['CROSS JOIN', ','] as const) : 'CROSS JOIN';
        sources.push({ alias: next.alias, table, join, on: undefined });
        rows *= size;
      } else {
        const condition = this.condition(members, next, rows * size);
        if (condition === undefined) continue;
        const join = random.weighted([
          [5, 'JOIN'],
          [3, 'LEFT JOIN'],
          [1.5, 'RIGHT JOIN'],
          [condition.equality ? 1.5 : 0, 'FULL JOIN'],
        ] as const);
        sources.push({ alias: next.alias, table, join, on: this.extended(condition.on, [...members, next]) });
        rows = Math.max(condition.rows, join === 'JOIN' ? 1 : join === 'LEFT JOIN' ? rows : rows + size);
      }
      members.push(next);
    }
    return { sources, members, rows };
  }

  private extended(on: Node, members: readonly Member[]): Node {
    if (!this.random.chance(0.2)) return on;
    return infix('boolean', 'AND', on, this.expressions.predicate(this.bare(members), 1), 'and');
  }

  private bare(members: readonly Member[]): Scope {
    return { columns: columnsOf(members), search: [], favourites: [], subquery: undefined };
  }

  private condition(
    members: readonly Member[],
    next: Member,
    product: number,
  ): { readonly on: Node; readonly rows: number; readonly equality: boolean } | undefined {
    const { random } = this;
    if (product <= JOINED / 2 && random.chance(0.1)) {
      return { on: this.expressions.predicate(this.bare([...members, next]), 1), rows: product, equality: false };
    }
    const theirs = columnsOf([next]);
    for (let i = 0; i < 20; i++) {
      const left = random.pick(members);
      const a = random.pick(columnsOf([left]));
      const b = random.pick(theirs);
      if (a.kind !== b.kind) continue;
      const distinct = Math.max(1, Math.min(distinctIn(a), distinctIn(b)));
      const skew = (left.relation.skewed.has(a.name) ? 4 : 1) * (next.relation.skewed.has(b.name) ? 4 : 1);
      const rows = (product * skew) / distinct;
      if (rows > JOINED) continue;
      return { on: infix('boolean', '=', read(a), read(b), 'pair'), rows, equality: true };
    }
    return undefined;
  }
}

function distinctIn({ kind, pool }: { readonly kind: Kind; readonly pool: readonly Scalar[] }): number {
  return pool.length > 0 ? pool.length : kind === 'boolean' ? 2 : 4;
}
