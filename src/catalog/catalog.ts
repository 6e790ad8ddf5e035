// All that the planner sees of a database. `db` binds one to a snapshot; tests make one by hand, without a store.

import type { UserFunctions } from '../expr/user-functions.js';
import type { Value } from '../values/types.js';
import type { IndexDef, TableDef, ViewDef } from './definitions.js';
import type { Probe } from './offer.js';
import type { Estimate, IndexStatistics, TableStatistics } from './statistics.js';

export interface Catalog {
  /** Changes with every DDL statement and ANALYZE. */
  readonly version: number;
  table(name: string): TableDef | undefined;
  view(name: string): ViewDef | undefined;
  /** What the application registered. */
  readonly functions?: UserFunctions | undefined;
  /** For suggestions and completion. */
  names(): readonly string[];
  /** Live rows now. */
  rows(table: TableDef): number;
  /** Undefined before the first ANALYZE. */
  statistics(table: TableDef): TableStatistics | undefined;
  index(index: IndexDef): IndexStatistics;
  /** The exact (or, for superset kinds, upper bound) number of rows the probe yields, when that costs about a page or less; else undefined. */
  probe(index: IndexDef, probe: Probe<Value>): number | undefined;
  /** What the index itself makes of how many rows the probe yields; undefined for kinds that know nothing of it. */
  estimate(index: IndexDef, probe: Probe<Value>): Omit<Estimate, 'source'> | undefined;
}
