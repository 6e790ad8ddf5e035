// What an ordered tree's counters say of the index that it holds.

import type { IndexStatistics } from '../catalog/statistics.js';
import type { OrderedTree } from '../pages/ordered-tree.js';
import { TREE_COUNTERS } from '../pages/ordered-tree.js';
import type { PageReader } from '../pages/page.js';
import { PAGE_BODY } from '../pages/page.js';

/** Distinct keys are not counted. Bytes are those of the pages, taken as full. */
export function treeStatistics(tree: OrderedTree, reader: PageReader): IndexStatistics {
  const counters = reader.counters(tree.space);
  const pages = counters === undefined ? 0 : counters[TREE_COUNTERS.NEXT_PAGE]! - counters[TREE_COUNTERS.FREE_PAGES]!;
  return { entries: tree.count(reader), distinct: undefined, pages, bytes: pages * PAGE_BODY };
}
