// Pages, rows and ordered trees, without a statement above them.

import { openStore } from '../../src/kv/index.js';
import { PageStore } from '../../src/pages/index.js';
import { OrderedTree } from '../../src/pages/ordered-tree.js';
import { RowPages } from '../../src/pages/row-pages.js';
import { ROW_PAGE } from '../../src/pages/row-page.js';
import type { Value } from '../../src/values/types.js';
import { encodeKey, rowCodec } from '../../src/values/index.js';
import { Random } from '../data/random.js';
import type { Calibration } from './constant.js';
import { clock } from './constant.js';

const ROWS = 200_000;
const SHIFT = 5;
const READS = 20_000;
const TREE = 10;

export function pageCalibrations(path: string): { readonly list: readonly Calibration[]; close(): void } {
  const rows = new RowPages({ rows: 1, long: 2, live: 3 }, rowCodec(['integer', 'integer', 'integer', 'text']), SHIFT);
  const tree = new OrderedTree(TREE);
  const key = (n: number) => encodeKey([n], [{ type: 'integer', desc: false }]);
  const filled = new PageStore(openStore(path), { cacheBytes: 256 * 1024 * 1024 });
  filled.transaction((tx) => {
    rows.create(tx, 1);
    for (let i = 0; i < ROWS; i++) rows.insert(tx, i, [i, i % 1000, i * 7, `a name of row ${i}`]);
    OrderedTree.create(tx, TREE, 1);
    tree.bulkLoad(
      tx,
      Array.from({ length: ROWS }, (_, i) => ({ key: Uint8Array.from(key(i)), value: Uint8Array.of(1, 2, 3, 4) })),
    );
  });
  const snapshot = filled.snapshot();
  const cold = new PageStore(openStore(path), { cacheBytes: 256 * 1024 });
  const coldSnapshot = cold.snapshot();
  const random = new Random(7);
  const pages = Array.from({ length: READS }, () => random.below(ROWS >>> SHIFT));
  const keys = Array.from({ length: READS }, () => Uint8Array.from(key(random.below(ROWS))));
  // One row of each page in ascending order, as late fetching meets them.
  const apart = Uint32Array.from({ length: ROWS >>> SHIFT }, (_, i) => (i << SHIFT) + (i & ((1 << SHIFT) - 1)));
  const fetch = (ordinals: readonly number[]) => {
    const out = ordinals.map(() => new Array<Value>(apart.length));
    rows.readMany(snapshot, apart, ordinals, out);
    return out;
  };
  const one = () => clock(apart.length, () => fetch([1]), 15);
  const three = () => clock(apart.length, () => fetch([0, 1, 2]), 15);
  const page = () =>
    clock(READS, () => {
      for (const number of pages) snapshot.page(1, number, ROW_PAGE);
    });
  const list: Calibration[] = [
    { constant: 'pageCached', how: 'row pages at random, all in the cache', measure: page },
    {
      constant: 'pageUncached',
      how: 'row pages at random, outside the cache, in memory of the system',
      measure: () =>
        clock(2000, () => {
          for (let i = 0; i < 2000; i++) coldSnapshot.page(1, pages[i]!, ROW_PAGE);
        }),
    },
    {
      constant: 'rowFetch',
      how: 'one row of each page, one field, without page and field',
      measure: () => Math.max(0, one() - page() - (three() - one()) / 2),
    },
    {
      constant: 'fieldRead',
      how: 'three INTEGER fields of a row against one',
      measure: () => Math.max(0, (three() - one()) / 2),
    },
    {
      constant: 'walkEntry',
      how: 'scan of an ordered tree, keys and values looked at',
      measure: () =>
        clock(ROWS, () => {
          let sum = 0;
          for (const batch of tree.scan(snapshot)) for (let i = 0; i < batch.count; i++) sum += batch.valueEnd(i);
          return sum;
        }),
    },
    {
      constant: 'seek',
      how: 'get of random keys in an ordered tree, cached',
      measure: () =>
        clock(READS, () => {
          for (const each of keys) tree.get(snapshot, each);
        }),
    },
  ];
  return {
    list,
    close() {
      coldSnapshot.close();
      cold.close();
      snapshot.close();
      filled.close();
    },
  };
}
