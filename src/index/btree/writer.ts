// Changes an ordered index: one entry per row, in one leaf.

import type { OrderedTree } from '../../pages/ordered-tree.js';
import type { PageWriter } from '../../pages/page.js';
import { successor } from '../../values/key.js';
import { equalBytes } from '../../values/bytes.js';
import type { Row } from '../../values/types.js';
import type { Entry, EntryChange, IndexWriter } from '../kind.js';
import { KeyArena } from '../sort-keys.js';
import { rowIdOf } from './entry.js';
import type { EntryFormat } from './entry.js';

const REPORT = 4_096;

export class BtreeWriter implements IndexWriter {
  constructor(
    private readonly tree: OrderedTree,
    private readonly format: EntryFormat,
    private readonly writer: PageWriter,
  ) {}

  apply({ rowId, before, after }: EntryChange): void {
    const { tree, format, writer } = this;
    if (before !== undefined) {
      const old = format.key(before, rowId);
      if (after === undefined) {
        tree.delete(writer, old);
        return;
      }
      const kept = old.slice();
      const key = format.key(after, rowId);
      // Judged before the old entry goes: an entry that is too long leaves the index as it was.
      const value = format.value(after);
      if (!equalBytes(kept, key)) tree.delete(writer, kept);
      tree.put(writer, key, value);
    } else if (after !== undefined) {
      tree.put(writer, format.key(after, rowId), format.value(after));
    }
  }

  duplicate(values: Row, rowId: number): number | undefined {
    for (let i = 0; i < this.format.keys.length; i++) if (values[i] === null) return undefined;
    const gte = this.format.prefix(values).slice();
    for (const batch of this.tree.scan(this.writer, { gte, lt: successor(gte) })) {
      for (let i = 0; i < batch.count; i++) {
        const found = rowIdOf(batch, i);
        if (found !== rowId) return found;
      }
    }
    return undefined;
  }

  build(entries: Iterable<Entry>, progress?: (done: number) => void): void {
    const { format } = this;
    const keys = new KeyArena();
    const values = new KeyArena();
    for (const entry of entries) {
      keys.add(format.key(entry.values, entry.rowId), entry.rowId);
      const value = format.value(entry.values);
      // Most indexes have no values: an arena that was never filled stands for empty ones.
      if (value.length > 0) {
        while (values.count < keys.count - 1) values.add(EMPTY, 0);
        values.add(value, 0);
      }
      if (progress !== undefined && keys.count % REPORT === 0) progress(keys.count);
    }
    this.tree.bulkLoad(this.writer, inOrder(keys, values));
    progress?.(keys.count);
  }
}

const EMPTY = new Uint8Array(0);

function* inOrder(keys: KeyArena, values: KeyArena): Iterable<{ key: Uint8Array; value: Uint8Array }> {
  const order = keys.sorted();
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    yield { key: keys.key(i), value: i < values.count ? values.key(i) : EMPTY };
  }
}
