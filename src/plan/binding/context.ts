// What resolving one statement carries along, whether it was written as text or built in code: the catalog, parameters, sub-queries and
// the counters of columns and slots. `Place` is where an error is told: a span of the text for `sql`, nothing for the plan builder.

import type { Catalog } from '../../catalog/catalog.js';
import type { ColumnDef } from '../../catalog/definitions.js';
import type { ErrorCode } from '../../errors.js';
import type { ColumnId } from '../../expr/expression.js';
import type { Type } from '../../values/types.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import { Collations } from './collation.js';
import type { ParameterTypes } from './parameters.js';
import type { Wording } from './wording.js';

/** Deepest nesting of queries (and views). */
const DEEPEST = 64;

interface Counters {
  column: ColumnId;
  slot: number;
  depth: number;
}

export abstract class BindingContext<Place> {
  /** By `Subquery.id`. */
  readonly subqueries: LogicalPlan[];
  readonly collations: Collations;
  private readonly counters: Counters;

  abstract readonly parameters: ParameterTypes;
  abstract readonly wording: Wording;

  /**
   * @param firstSlot number of the statement's own parameters: slots of correlated values follow them
   * @param shared a context of the same statement, whose counters and sub-queries go on
   */
  constructor(
    readonly catalog: Catalog,
    readonly firstSlot: number,
    shared?: BindingContext<never>,
  ) {
    this.subqueries = shared?.subqueries ?? [];
    this.collations = shared?.collations ?? new Collations();
    this.counters = shared?.counters ?? { column: 1, slot: firstSlot, depth: 0 };
  }

  /** Raises an error at the place. */
  abstract fail(place: Place, code: ErrorCode, message: string, hint?: string): never;

  newColumn(name: string, type: Type, nullable: boolean): OutputColumn {
    return { id: this.newColumnId(), name, type, nullable };
  }

  /** A column of the query that holds values of a stored one. */
  storedColumn(column: ColumnDef): OutputColumn {
    const own = this.newColumn(column.name, column.type, !column.notNull);
    this.collations.stored(own.id, column);
    return own;
  }

  newColumnId(): ColumnId {
    return this.counters.column++;
  }

  newSlot(): number {
    return this.counters.slot++;
  }

  get nextColumn(): ColumnId {
    return this.counters.column;
  }

  /** Parameters and slots together. */
  get slotCount(): number {
    return this.counters.slot;
  }

  /** Runs `resolve` one query deeper. */
  nested<T>(resolve: () => T, place: Place): T {
    if (this.counters.depth >= DEEPEST) this.fail(place, 'TOO_COMPLEX', `queries are nested more than ${DEEPEST} deep`);
    this.counters.depth++;
    try {
      return resolve();
    } finally {
      this.counters.depth--;
    }
  }
}
