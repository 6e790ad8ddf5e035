// What names mean at one place of a query: the relations of its FROM, and beyond them those of the queries around it.

import type { TableDef } from '../../catalog/definitions.js';
import * as build from '../../expr/build.js';
import type { Aggregate, Column, ColumnId, Expr } from '../../expr/expression.js';
import type { OutputColumn, Scan } from '../logical.js';
import type { BindingContext } from './context.js';

/** One relation of a FROM. `table` when it is a stored table: then `columns[ordinal]` is that column. */
export interface Relation {
  /** The alias. */
  readonly name: string;
  readonly columns: readonly OutputColumn[];
  readonly table: TableDef | undefined;
  /** Columns that are found by a qualified name only, not part of `*`: `USING` and `NATURAL` merged them into another relation's. */
  readonly merged: ReadonlySet<ColumnId>;
}

export const NONE_MERGED: ReadonlySet<ColumnId> = new Set();

/** Columns of queries around used in a query or further inside, with their parameter slots. */
export type Correlations = Map<ColumnId, { readonly column: OutputColumn; readonly slot: number }>;

/** What collects the aggregates of one query. */
export interface AggregateSink {
  /** The column that will hold the aggregate. */
  column(name: string, aggregate: Aggregate): Column;
  readsAggregate(expr: Expr): boolean;
}

/** A clause of a query, as what is written in it sees it. */
export interface Clause {
  /** For messages: `WHERE`. */
  readonly name: string;
  /** Absent where aggregates cannot stand. */
  readonly aggregates: AggregateSink | undefined;
}

export interface FoundColumn<R extends Relation = Relation> {
  readonly kind: 'column';
  readonly column: OutputColumn;
  readonly relation: R;
  readonly scope: Scope<R>;
}

export type Found<R extends Relation = Relation> =
  | FoundColumn<R>
  | { readonly kind: 'ambiguous'; readonly relations: readonly string[] }
  | { readonly kind: 'unknown-table' }
  | { readonly kind: 'unknown-column' };

export class Scope<R extends Relation = Relation> {
  /** The clause in which a sub-query is being resolved. */
  inClause: Clause | undefined;

  /** @param correlations shared by all scopes of one query, and by the sides of a set operation, which are one sub-query to the query around */
  constructor(
    public relations: readonly R[],
    readonly outer: Scope<R> | undefined,
    readonly correlations: Correlations = new Map(),
  ) {}

  /** The nearest column of that name, of that table when one is named. */
  find(table: string | undefined, name: string): Found<R> {
    const here = this.findHere(table, name);
    if (here.kind === 'column' || here.kind === 'ambiguous') return here;
    if (this.outer === undefined) return here;
    const outside = this.outer.find(table, name);
    return outside.kind === 'unknown-table' ? here : outside;
  }

  private findHere(table: string | undefined, name: string): Found<R> {
    const found: FoundColumn<R>[] = [];
    let tableSeen = table === undefined;
    for (const relation of this.relations) {
      if (table !== undefined && relation.name !== table) continue;
      tableSeen = true;
      for (const column of relation.columns) {
        if (column.name !== name) continue;
        if (table === undefined && relation.merged.has(column.id)) continue;
        found.push({ kind: 'column', column, relation, scope: this });
      }
    }
    if (found.length > 1) return { kind: 'ambiguous', relations: found.map((f) => f.relation.name) };
    return found[0] ?? { kind: tableSeen ? 'unknown-column' : 'unknown-table' };
  }

  /** Whether the other scope is of the same query. */
  isSameQuery(other: Scope<R>): boolean {
    return other.correlations === this.correlations;
  }

  /** The column as an expression of this query: itself, or the parameter slot of a column of a query around. */
  read({ scope, relation, column }: FoundColumn<R>, newSlot: () => number): Expr {
    if (this.isSameQuery(scope)) return qualified(relation, column);
    return this.readFrom(scope, column, newSlot);
  }

  /** A column of the query of `owner` around: a parameter slot. */
  readFrom(owner: Scope<R>, column: OutputColumn, newSlot: () => number): Expr {
    return build.parameter(this.slotOf(owner, column, newSlot), column.type);
  }

  /** Resolves a sub-query which stands in the clause. */
  within<T>(clause: Clause, resolve: () => T): T {
    const before = this.inClause;
    this.inClause = clause;
    try {
      return resolve();
    } finally {
      this.inClause = before;
    }
  }

  /** Every query between this one and the owner of the column hands the slot on. */
  private slotOf(owner: Scope<R>, column: OutputColumn, newSlot: () => number): number {
    const slot = this.correlations.get(column.id)?.slot ?? newSlot();
    for (let scope: Scope<R> | undefined = this as Scope<R>; scope && !scope.isSameQuery(owner); scope = scope.outer) {
      if (!scope.correlations.has(column.id)) scope.correlations.set(column.id, { column, slot });
    }
    return slot;
  }

  /** Every name that could have been meant, for suggestions. */
  columnNames(table?: string): string[] {
    const names = this.relations
      .filter((relation) => table === undefined || relation.name === table)
      .flatMap((relation) => relation.columns.map((column) => column.name));
    return this.outer ? [...names, ...this.outer.columnNames(table)] : names;
  }

  relationNames(): string[] {
    const names = this.relations.map((relation) => relation.name);
    return this.outer ? [...names, ...this.outer.relationNames()] : names;
  }
}

export function columnExpr({ id, name, type, nullable }: OutputColumn): Column {
  return build.column(id, name, type, nullable);
}

/** The column under its relation's name. */
export function qualified(relation: Relation, column: OutputColumn): Column {
  return { ...columnExpr(column), name: relation.name ? `${relation.name}.${column.name}` : column.name };
}

/** The relation as the side of an outer join that may be missing. */
export function nullable<R extends Relation>(relation: R): R {
  return { ...relation, columns: relation.columns.map((column) => ({ ...column, nullable: true })) };
}

/** All rows of the table, under fresh columns. */
export function scanOf<Place>(context: BindingContext<Place>, table: TableDef, name: string): Scan {
  const columns = table.columns.map((column) => context.storedColumn(column));
  return { kind: 'scan', table, name, columns, rowId: undefined, score: undefined };
}
