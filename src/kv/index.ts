// The door of the key-value floor: a path gives the default store, `:memory:` one that ends with the process.

import { LightningError } from '../errors.js';
import { openLmdb } from './lmdb/index.js';
import type { LmdbOptions } from './lmdb/index.js';
import { openMemory } from './memory.js';
import type { Store } from './store.js';

export type {
  Capabilities,
  CostHints,
  Range,
  Reader,
  ScanBatch,
  Snapshot,
  Store,
  StoreStats,
  Writer,
} from './store.js';
export { DEFAULT_BATCH } from './store.js';
export { openLmdb, openMemory };
export type { LmdbOptions };

/** As `LmdbOptions`, without the path. In memory, `durability` has nothing to promise and the rest is refused. */
export type StoreOptions = Omit<LmdbOptions, 'path'>;

/**
 * Opens a store: `:memory:` or the path of a file. Errors: `CANNOT_OPEN`, `ADDON_MISSING`, `INVALID_ARGUMENT`.
 *
 * @example
 * const store = openStore('app.db', { durability: 'sync' });
 */
export function openStore(path: string, options: StoreOptions = {}): Store {
  if (path !== ':memory:') return openLmdb({ path, ...options });
  if (options.readOnly === true || options.create === false) {
    throw new LightningError('INVALID_ARGUMENT', 'a database in memory takes neither readOnly nor create: false');
  }
  return openMemory();
}
