// What columns mean at one place of a query built in code: those handed to a callback are known by their source, others by name.

import type { Correlations, Found, Relation as NamedRelation } from '../binding/scope.js';
import { Scope as Names } from '../binding/scope.js';
import type { ColumnNode, Source } from './node.js';

export interface Relation extends NamedRelation {
  readonly source: Source;
}

interface Owned {
  readonly relation: Relation;
  readonly scope: Scope;
}

/** Its relations are those joined so far; their names are unlike all aliases of the queries around. */
export class Scope extends Names<Relation> {
  declare readonly outer: Scope | undefined;
  /** The callback whose expression is being lowered. */
  clause: object | undefined;

  constructor(outer: Scope | undefined, correlations?: Correlations) {
    super([], outer, correlations);
  }

  findColumn(node: ColumnNode): Found<Relation> {
    if (!node.source) return this.find(node.table, node.name);
    const owned = this.relationOf(node);
    if (!owned) return { kind: 'unknown-table' };
    const column = owned.relation.columns.find((each) => each.name === node.name);
    return column ? { kind: 'column', ...owned, column } : { kind: 'unknown-column' };
  }

  /** The relation which a callback's table stands for, and the scope that has it. */
  relationOf(node: ColumnNode): Owned | undefined {
    const own = (scope: Scope) => scope.relations.find((each) => each.source === node.source);
    for (let scope: Scope | undefined = this as Scope; scope; scope = scope.outer) {
      const relation = scope.clause === node.clause && node.clause !== undefined ? own(scope) : undefined;
      if (relation) return { relation, scope };
    }
    // Kept from another callback: the nearest query that reads the table.
    for (let scope: Scope | undefined = this as Scope; scope; scope = scope.outer) {
      const relation = own(scope);
      if (relation) return { relation, scope };
    }
    return undefined;
  }

  /** The relations of this query that the column could be of. */
  candidates(node: ColumnNode): readonly Relation[] {
    const own = node.source && this.relationOf(node)?.relation;
    return own ? [own] : this.relations.filter((each) => node.table === undefined || each.name === node.table);
  }

  /** Names that could have been meant. */
  namesBeside(node: ColumnNode): string[] {
    const own = node.source && this.relationOf(node)?.relation;
    return own ? own.columns.map((column) => column.name) : this.columnNames(node.table);
  }
}
