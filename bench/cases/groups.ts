// Every group of cases, in the order in which they run.

import type { Group } from '../group.js';
import { facets } from './facets.js';
import { flights } from './flights.js';
import { footprint } from './footprint.js';
import { indexedWrites } from './indexed-writes.js';
import { filters } from './filters.js';
import { joins } from './joins.js';
import { opening } from './opening.js';
import { plans } from './plans.js';
import { pointReads } from './point-reads.js';
import { scans } from './scans.js';
import { search } from './search.js';
import { statements } from './statements.js';
import { writes } from './writes.js';

/** Memory is counted first, before others leave theirs to be collected. */
export const groups: readonly Group[] = [
  footprint,
  pointReads,
  scans,
  filters,
  facets,
  search,
  flights,
  joins,
  plans,
  statements,
  writes,
  indexedWrites,
  opening,
];
