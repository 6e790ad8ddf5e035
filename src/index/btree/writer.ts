// Changes an ordered index: one entry per row, in one leaf.

import type { OrderedTree } from '../../pages/ordered-tree.js';
import type { PageWriter } from '../../pages/page.js';
import { successor } from '../../values/key.js';
import { equalBytes } from '../../values/bytes.js';
import type { Row } from '../../values/types.js';
import type { Entry, EntryChange, IndexWriter } from '../kind.js';
import { repeatedKeys } from '../repeated.js';
import { SortedLoad } from '../sorted-load.js';
import { rowIdOf } from './entry.js';
import type { EntryFormat } from './entry.js';

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

  repeated(): Iterable<readonly number[]> {
    const { format, tree, writer } = this;
    return repeatedKeys(tree, writer, (batch, i) =>
      format.read(batch, i, i + 1).some(([value], k) => k < format.keys.length && value === null),
    );
  }

  build(entries: Iterable<Entry>, progress?: (done: number) => void): void {
    const { format } = this;
    const load = new SortedLoad(this.tree, this.writer, progress);
    for (const { rowId, values } of entries) load.add(format.key(values, rowId), format.value(values), rowId);
    load.finish();
  }
}
