// What a planning run is given, and what it carries along. The planner reads the catalog only through these.

import type { Catalog } from '../catalog/catalog.js';
import type { IndexDef, TableDef } from '../catalog/definitions.js';
import type { Offer } from '../catalog/offer.js';
import type { Constraint } from '../expr/constraint.js';
import type { Hints } from '../plan/logical.js';
import type { Value } from '../values/types.js';
import type { CostModel } from './cost.js';

/** Asks an index, through its kind, what it can do for the constraints (conjuncts over the table's ordinals). */
export type OffersOf = (
  index: IndexDef,
  table: TableDef,
  constraints: readonly Constraint[],
  catalog: Catalog,
) => Offer[];

export interface OptimizeEnvironment {
  readonly catalog: Catalog;
  readonly offers: OffersOf;
  /** Values of this execution. They steer estimates only: the plan is right for any values. */
  readonly parameters?: readonly Value[] | undefined;
  /** Milliseconds since the epoch, for estimates over `now()`. */
  readonly now?: number | undefined;
  readonly costs?: CostModel | undefined;
  /** Bytes that the operators of the statement may hold together; what is beyond them is spilled. Default: no bound. */
  readonly memoryBudget?: number | undefined;
  /** Whether the plan says what else was weighed (`considered`), as EXPLAIN shows it. The plan itself is the same. */
  readonly explains?: boolean | undefined;
  /** Whether every way that was priced is kept in the plan's `memo`. The plan itself is the same. */
  readonly remembers?: boolean | undefined;
  /** Added to the query's own; where both speak, these win. */
  readonly hints?: Hints | undefined;
}
