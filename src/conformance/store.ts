// The suite of the key-value contract (`kv/store.ts`). Whoever writes a store runs it: every promise of the contract is a case,
// and so is every way in which an engine was found to break one.

import { storeBasics } from './store-basics.js';
import type { StoreCase } from './store-fixture.js';
import { storeModel } from './store-model.js';
import { storeTransactions } from './store-transactions.js';

export type { Case } from './case.js';
export type { StoreCase, StoreFixture } from './store-fixture.js';

/**
 * All cases. Each makes its own fixture, and disposes of it.
 *
 * @example
 * import { storeConformance } from 'lightning-db/conformance';
 * for (const { name, run } of storeConformance()) {
 *   test(name, () => run(() => ({ store: openMine(), dispose() { this.store.close(); } })));
 * }
 */
export function storeConformance(): StoreCase[] {
  return [...storeBasics(), ...storeTransactions(), ...storeModel()];
}
