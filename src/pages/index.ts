// The door of the page floor: decoded, versioned, cached pages over a store, and the structures that are made of them.

export type { PageCacheStats } from './page-cache.js';
export { COUNTER_SLOTS, PAGE_BODY } from './page.js';
export type { Counters, PageCodec, PageReader, PageView, PageWriter } from './page.js';
export { PageStore } from './page-store.js';
export type { PageStoreOptions, PageStoreStats } from './page-store.js';
export type { PageSnapshot } from './snapshot.js';
export type { PageTransaction } from './transaction.js';
export { MAX_TREE_KEY, MAX_TREE_VALUE, OrderedTree, TREE_COUNTERS } from './ordered-tree.js';
export type { TreeBatch, TreeCount, TreeEntry, TreeRange } from './ordered-tree.js';
export { CHUNK_BITS, CHUNK_ROWS, CHUNK_WORDS } from './live-rows.js';
export type { LiveRows } from './live-rows.js';
export { MAX_LONG_VALUE } from './long-values.js';
export { chooseShift, ROW_COUNTERS, RowPages } from './row-pages.js';
export type { RowBatch, RowSpaces } from './row-pages.js';
