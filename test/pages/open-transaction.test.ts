// Transactions that stay open between calls: what they read while others commit, and how much they may hold.

import { afterEach, describe, expect, it } from 'vitest';
import { LightningError } from '../../src/errors.js';
import { openLmdb } from '../../src/kv/lmdb/index.js';
import { openMemory } from '../../src/kv/memory.js';
import { PageStore } from '../../src/pages/page-store.js';
import { CELL, cell, removeTemporary, temporaryPath } from './support.js';

afterEach(removeTemporary);

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof LightningError ? error.code : String(error);
  }
  return undefined;
}

describe('a transaction between calls', () => {
  it('is published by commit alone, and leaves nothing when rolled back', () => {
    using pages = new PageStore(openMemory());
    pages.begin().put(1, 1, CELL, cell(1));
    {
      using snapshot = pages.snapshot();
      expect(snapshot.find(1, 1, CELL)).toBeUndefined();
    }
    pages.commit();
    pages.begin().change(1, 1, CELL).value = 2;
    pages.rollback();
    using snapshot = pages.snapshot();
    expect(snapshot.page(1, 1, CELL).value).toBe(1);
    expect(snapshot.sequence).toBe(1);
  });

  it('reads its own state when the cache has gone on to later commits', () => {
    const path = temporaryPath();
    using a = new PageStore(openLmdb({ path }), { freshness: 'strict' });
    using b = new PageStore(openLmdb({ path }), { freshness: 'strict' });
    a.transaction((tx) => [1, 2].forEach((page) => tx.put(1, page, CELL, cell(page))));
    const tx = a.begin();
    expect(tx.page(1, 1, CELL).value).toBe(1);
    b.transaction((other) => [1, 2].forEach((page) => (other.change(1, page, CELL).value = 9)));
    a.refresh();
    {
      using newest = a.snapshot();
      expect([1, 2].map((page) => newest.page(1, page, CELL).value)).toEqual([9, 9]);
    }
    expect([1, 2].map((page) => tx.page(1, page, CELL).value)).toEqual([1, 2]);
    tx.change(1, 2, CELL).value = 3;
    expect(codeOf(() => a.commit())).toBe('CONFLICT');
    using after = a.snapshot();
    expect([1, 2].map((page) => after.page(1, page, CELL).value)).toEqual([9, 9]);
  });

  it('holds a bounded amount of changes, and can still be ended', () => {
    using pages = new PageStore(openMemory());
    const tx = pages.begin();
    const mark = tx.mark();
    // Each is charged as a page of 4 KB.
    for (let page = 0; page <= 65_536; page++) tx.put(1, page, CELL, cell(page, 1));
    expect(codeOf(() => tx.relieve())).toBe('MEMORY_BUDGET');
    expect(codeOf(() => tx.mark())).toBe('MEMORY_BUDGET');
    tx.rollbackTo(mark);
    tx.release(mark);
    expect(codeOf(() => tx.relieve())).toBeUndefined();
    tx.put(1, 7, CELL, cell(7));
    pages.commit();
    using snapshot = pages.snapshot();
    expect([7, 8].map((page) => snapshot.find(1, page, CELL)?.value)).toEqual([7, undefined]);
  });

  it('is the only one', () => {
    using pages = new PageStore(openMemory());
    pages.begin();
    expect(codeOf(() => pages.begin())).toBe('IN_TRANSACTION');
    expect(codeOf(() => pages.transaction(() => undefined))).toBe('IN_TRANSACTION');
    expect(codeOf(() => pages.close())).toBe('IN_TRANSACTION');
    pages.rollback();
    expect(codeOf(() => pages.transaction(() => undefined))).toBeUndefined();
  });
});
