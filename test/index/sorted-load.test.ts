// A bulk load in runs gives the tree that a load at once gives.

import { describe, expect, it } from 'vitest';
import { SortedLoad } from '../../src/index/sorted-load.js';
import { openMemory } from '../../src/kv/memory.js';
import { OrderedTree, PageStore } from '../../src/pages/index.js';
import { Random } from '../pages/support.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('a load in runs', () => {
  it.each([
    { run: 400, entries: 3_000 },
    { run: 100_000, entries: 30_000 },
    { run: Infinity, entries: 9_000 },
  ])('of $run bytes holds all $entries entries in order', ({ run, entries }) => {
    const random = new Random(entries);
    const wanted = new Map<string, string>();
    while (wanted.size < entries) {
      wanted.set(String(random.below(1e9)), random.below(3) === 0 ? '' : 'v'.repeat(random.below(30)));
    }
    const pages = new PageStore(openMemory());
    const told: number[] = [];
    pages.transaction((tx) => {
      const tree = OrderedTree.create(tx, 7, 1);
      const load = new SortedLoad(tree, tx, (done) => told.push(done), run);
      for (const [key, value] of wanted) load.add(Buffer.from(key), Buffer.from(value), 0);
      load.finish();
      expect(load.count).toBe(entries);
    });
    expect(told.at(-1)).toBe(entries);
    const tree = new OrderedTree(7);
    const snapshot = pages.snapshot();
    expect(tree.verify(snapshot)).toEqual([]);
    const found: [string, string][] = [];
    for (const batch of tree.scan(snapshot)) {
      for (let i = 0; i < batch.count; i++) found.push([text(batch.key(i)), text(batch.value(i))]);
    }
    expect(found).toEqual([...wanted].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
    snapshot.close();
    pages.close();
  });
});
