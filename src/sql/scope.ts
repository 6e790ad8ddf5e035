// What names mean at one place of a query's text.

import type { ColumnId } from '../expr/expression.js';
import type { Correlations, Relation } from '../plan/binding/scope.js';
import { Scope as Names } from '../plan/binding/scope.js';

export type { Relation } from '../plan/binding/scope.js';

export class Scope extends Names {
  constructor(
    relations: readonly Relation[],
    outer: Scope | undefined,
    /** What `*` means, in order. */
    readonly star: readonly ColumnId[] = relations.flatMap((r) => r.columns.map((column) => column.id)),
    correlations?: Correlations,
  ) {
    super(relations, outer, correlations);
  }

  /** The same surroundings over other relations. */
  over(relations: readonly Relation[], star?: readonly ColumnId[]): Scope {
    return new Scope(relations, this.outer as Scope | undefined, star, this.correlations);
  }

  /**
   * The place of a query whose text stands further out: it names only what is around `declared`, the scope around its declaration, and
   * what it reads of that is handed on by every query on the way here.
   */
  seeingOnly(declared: Scope | undefined): Scope {
    const outer = this.outer as Scope | undefined;
    const around = outer === declared ? declared : outer?.seeingOnly(declared);
    return new Scope([], around, [], this.correlations);
  }
}
