// The operator contract: a function of the execution's context that yields batches. Leaving the loop early closes everything below.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import type { LightningError } from '../errors.js';
import type { Evaluation } from '../expr/evaluation.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import type { PhysicalPlan } from '../plan/physical.js';
import type { TableReader } from '../tables/table-reader.js';
import type { Batch } from './rows/batch.js';
import type { FixedSets } from './row-set/fixed-sets.js';
import type { MemoryBudget } from './memory/memory.js';

/** What an execution may touch: one snapshot (or a transaction's stable view), the parameters, and its bounds. */
export interface Context {
  readonly reader: PageReader;
  readonly evaluation: Evaluation;
  /** The table over `reader`; opened once per execution. */
  table(table: TableDef): TableReader;
  /** Present for INSERT, UPDATE and DELETE. */
  readonly writer: PageWriter | undefined;
  /** Row sets that are the same in every run of a lookup join's inner side, or of a sub-query. */
  readonly fixedSets: FixedSets;
  /** The rows of a common table that is evaluated once, by the id of its plan. */
  commonTable(id: number): Iterable<Batch>;
  /** What operators may hold in memory; the rest of what they hold goes to temporary files. */
  readonly memory: MemoryBudget;
  /** What the statement changed. */
  readonly changes: { rows: number };
  /** For EXPLAIN ANALYZE: chunks that a node has read and passed over, and those read for nothing where that is known. */
  readonly chunks?: ((plan: PhysicalPlan, read: number, pruned: number, empty?: number) => void) | undefined;
  /** Chunks that a refuting index ruled out of a scan, and those that it let pass although no row was wanted. */
  readonly refuted?: ((index: IndexDef, chunks: number, empty: number) => void) | undefined;
  /** Gives an error once the caller has cancelled; operators look between batches. */
  readonly cancelled: (() => LightningError | undefined) | undefined;
}

/** May be run many times (sub-queries, lookup joins): each call starts anew, with the parameters as they are then. */
export type Operator = (context: Context) => Iterable<Batch>;
