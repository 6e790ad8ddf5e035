// The default store, LMDB: this folder alone imports the lmdb package, and only when a file is opened.

export { openLmdb } from './open.js';
export type { LmdbOptions } from './open.js';
