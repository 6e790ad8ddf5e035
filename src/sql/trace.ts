// What the names in a view's text mean, noted while it is bound: so that the text can follow when what it names is renamed, and so that
// it is known which columns it reads. What views inside it read is theirs.

import type * as ast from '../../grammar/ast.js';
import type { TableDef } from '../catalog/definitions.js';
import type { OutputColumn } from '../plan/logical.js';
import type { Relation } from './scope.js';

export interface TracedColumn {
  /** The alias of its relation; empty for none. */
  readonly relation: string;
  readonly name: string;
  /** Undefined when it is not a column of a stored table. */
  readonly table: TableDef | undefined;
  readonly ordinal: number;
}

export class Trace {
  /** Where a table or view is named in a FROM. */
  readonly relations = new Set<ast.TableName>();
  readonly columns = new Map<ast.ColumnRef, TracedColumn>();
  readonly stars = new Map<ast.StarItem, readonly TracedColumn[]>();
  /** Joins by name, with the columns of both sides that they merge. */
  readonly merges = new Map<ast.Join, readonly TracedColumn[]>();

  relation(node: ast.TableName): void {
    this.relations.add(node);
  }

  column(node: ast.ColumnRef, relation: Relation, column: OutputColumn): void {
    this.columns.set(node, traced(relation, column));
  }

  star(node: ast.StarItem, relations: readonly Relation[], columns: readonly OutputColumn[]): void {
    this.stars.set(node, find(relations, columns));
  }

  merge(node: ast.Join, relations: readonly Relation[], columns: readonly OutputColumn[]): void {
    this.merges.set(node, find(relations, columns));
  }

  /** Every column of a stored table that the text reads. */
  *reads(): Generator<TracedColumn> {
    yield* this.columns.values();
    for (const columns of [...this.stars.values(), ...this.merges.values()]) yield* columns;
  }
}

function find(relations: readonly Relation[], columns: readonly OutputColumn[]): TracedColumn[] {
  return columns.flatMap((column) => {
    const relation = relations.find((each) => each.columns.some(({ id }) => id === column.id));
    return relation === undefined ? [] : [traced(relation, column)];
  });
}

function traced({ name: relation, table, columns }: Relation, { id, name }: OutputColumn): TracedColumn {
  return { relation, name, table, ordinal: columns.findIndex((column) => column.id === id) };
}
