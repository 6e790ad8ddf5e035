// What the store suite asks of whoever runs it, and the few words its cases are written in.

import assert from 'node:assert/strict';
import type { Range, Reader, Store } from '../kv/store.js';
import { LightningError } from '../errors.js';
import type { ErrorCode } from '../errors.js';
import type { Case } from './case.js';

/** One empty store for one case. */
export interface StoreFixture {
  readonly store: Store;
  /** For a durable store: closes `store` and opens the same data again. */
  reopen?(): Store;
  /** For a store that can be opened twice: another handle on the same data. The fixture closes it. */
  second?(): Store;
  /** Closes the store, if it is open, and removes what it left. */
  dispose(): void;
}

export type StoreCase = Case<StoreFixture>;

/** A case whose fixture is disposed of whatever happens. */
export function storeCase(
  name: string,
  body: (store: Store, fixture: StoreFixture) => void | Promise<void>,
): StoreCase {
  return {
    name,
    async run(make) {
      const fixture = make();
      try {
        await body(fixture.store, fixture);
      } finally {
        fixture.dispose();
      }
    },
  };
}

const encoder = new TextEncoder();

export function bytes(text: string | readonly number[]): Uint8Array {
  return typeof text === 'string' ? encoder.encode(text) : Uint8Array.from(text);
}

/** Bytes as text, one character per byte. */
export function text(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value).toString('latin1');
}

/** A scan's entries as text. */
export function entries(reader: Reader, range: Range = {}, batchSize?: number): [string, string][] {
  const found: [string, string][] = [];
  for (const batch of reader.scan(range, batchSize)) {
    assert.ok(batch.count >= 1, 'a batch has at least one entry');
    if (batchSize !== undefined) assert.ok(batch.count <= batchSize, 'a batch is no larger than asked for');
    for (let i = 0; i < batch.count; i++) {
      found.push([text(batch.key(i)) ?? '', range.keysOnly === true ? '' : (text(batch.value(i)) ?? '')]);
    }
  }
  return found;
}

export function keys(reader: Reader, range: Range = {}, batchSize?: number): string[] {
  return entries(reader, { ...range, keysOnly: true }, batchSize).map(([key]) => key);
}

/** Writes entries of text in one transaction. */
export function fill(store: Store, pairs: Readonly<Record<string, string>>): void {
  store.write((writer) => {
    for (const [key, value] of Object.entries(pairs)) writer.put(bytes(key), bytes(value));
  });
}

/** Reads in a snapshot of its own. */
export function reading<T>(store: Store, fn: (reader: Reader) => T): T {
  const snapshot = store.snapshot();
  try {
    return fn(snapshot);
  } finally {
    snapshot.close();
  }
}

export function refused(code: ErrorCode, fn: () => unknown): void {
  assert.throws(fn, (error) => {
    assert.ok(error instanceof LightningError, `a LightningError, not ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  });
}
