import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { storeConformance } from '../../src/conformance/store.js';
import type { StoreFixture } from '../../src/conformance/store.js';
import { openLmdb, openMemory } from '../../src/kv/index.js';
import type { Store } from '../../src/kv/index.js';

function memory(): StoreFixture {
  const store = openMemory();
  return { store, dispose: () => store.close() };
}

function lmdb(durability: 'sync' | 'async'): StoreFixture {
  const folder = mkdtempSync(join(tmpdir(), 'lightning-store-'));
  const opened: Store[] = [];
  const open = () => {
    const store = openLmdb({ path: join(folder, 'data.db'), durability });
    opened.push(store);
    return store;
  };
  const store = open();
  return {
    store,
    reopen() {
      store.close();
      return open();
    },
    second: open,
    dispose() {
      for (const one of opened) one.close();
      rmSync(folder, { recursive: true });
    },
  };
}

// Durability changes nothing that the model looks at, and its many commits are slow when each is synced.
const unsynced = storeConformance();
const synced = unsynced.filter(({ name }) => !name.startsWith('random operations'));

describe.each([
  ['memory', memory, unsynced],
  ['lmdb, async', () => lmdb('async'), unsynced],
  ['lmdb, sync', () => lmdb('sync'), synced],
])('store: %s', (_, make, cases) => {
  for (const { name, run } of cases) it(name, () => run(make));
});
