// Filling an ordered tree from entries in any order, in bounded memory: the first run of an empty tree is sorted and packed, each further
// one is sorted and put in place in key order, so that every leaf is changed at most once a run.

import { LightningError } from '../errors.js';
import { EMPTY } from '../values/bytes.js';
import type { OrderedTree, TreeEntry } from '../pages/ordered-tree.js';
import type { PageWriter } from '../pages/page.js';
import { KeyArena } from './sort-keys.js';

/** Bytes of keys, values and their places that a run holds. */
const RUN = 96 * 2 ** 20;
/** Of one entry, beside its key and value: starts, row id, and the arrays of the sort. */
const PLACES = 32;
/** Entries between two reports, and between two looks at the budget of changed pages. */
const REPORT = 4_096;

export class SortedLoad {
  /** Of all runs. */
  count = 0;
  private keys = new KeyArena();
  /** Most indexes have no values: an arena that was never filled stands for empty ones. */
  private values = new KeyArena();
  private bytes = 0;
  private loaded = 0;

  /** @param progress hears of entries gathered, then from 0 on of entries written; it may throw to give up */
  constructor(
    private readonly tree: OrderedTree,
    private readonly writer: PageWriter,
    private readonly progress: ((done: number) => void) | undefined,
    private readonly run = RUN,
    /** What is wrong when a key comes twice; keys that end in a row id do so only where rows are damaged. */
    private readonly repeated: (key: Uint8Array) => LightningError = damaged,
  ) {}

  /** Key and value are copied. No key may come twice: `add` and `finish` raise what `repeated` says then. */
  add(key: Uint8Array, value: Uint8Array, rowId: number): void {
    const { keys, values } = this;
    keys.add(key, rowId);
    if (value.length > 0) {
      while (values.count < keys.count - 1) values.add(EMPTY, 0);
      values.add(value, 0);
    }
    this.bytes += key.length + value.length + PLACES;
    this.count++;
    if (this.bytes > this.run) this.flush();
    else if (this.count % REPORT === 0) this.progress?.(this.count);
  }

  finish(): void {
    this.flush();
    this.progress?.(this.loaded);
  }

  private flush(): void {
    const { tree, writer } = this;
    if (tree.count(writer) === 0) tree.bulkLoad(writer, this.inOrder());
    else {
      let put = 0;
      for (const { key, value } of this.inOrder()) {
        if (tree.put(writer, key, value)) throw this.repeated(key);
        if (++put % REPORT === 0) writer.relieve();
      }
    }
    this.keys = new KeyArena();
    this.values = new KeyArena();
    this.bytes = 0;
  }

  private *inOrder(): Generator<TreeEntry> {
    const { keys, values } = this;
    const order = keys.sorted();
    for (let n = 0; n < order.length; n++) {
      const i = order[n]!;
      if (n > 0 && keys.compare(order[n - 1]!, i) === 0) throw this.repeated(keys.key(i));
      yield { key: keys.key(i), value: i < values.count ? values.key(i) : EMPTY };
      if (++this.loaded % REPORT === 0) this.progress?.(this.loaded);
    }
  }
}

function damaged(): LightningError {
  return new LightningError('CORRUPT', 'two rows stand under one key', { hint: 'db.verify() tells what is damaged' });
}
