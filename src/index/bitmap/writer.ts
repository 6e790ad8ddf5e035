// Changes a bitmap index: a row changes the entry of its value and chunk, in one leaf or one container.

import { LightningError } from '../../errors.js';
import type { TreeEntry } from '../../pages/ordered-tree.js';
import type { PageWriter } from '../../pages/page.js';
import { equalBytes } from '../../values/bytes.js';
import type { Value } from '../../values/types.js';
import type { Entry, EntryChange, IndexWriter } from '../kind.js';
import type { Chunk } from '../row-set/index.js';
import { KeyArena } from '../sort-keys.js';
import {
  BITMAP_COUNTERS,
  entryKey,
  formOf,
  hashPrefix,
  idsOf,
  INLINE_LOW,
  INLINE_MAX,
  isLong,
  longPrefix,
  pageOf,
  rangeOfValue,
} from './entries.js';
import type { BitmapEntries } from './entries.js';
import { formText, groupByValue } from './groups.js';
import type { Groups } from './groups.js';
import { BITMAP_PAGE, Container, withId, withoutId } from './page.js';
import type { BitmapPage } from './page.js';

/** Containers between two looks at the budget of changed pages. */
const RELIEF = 32;

export class BitmapWriter implements IndexWriter {
  constructor(
    private readonly entries: BitmapEntries,
    private readonly writer: PageWriter,
  ) {}

  apply({ rowId, before, after }: EntryChange): void {
    if (before !== undefined && after !== undefined) {
      const old = formOf(before[0]!, this.entries.type).slice();
      if (equalBytes(old, formOf(after[0]!, this.entries.type))) return;
    }
    if (before !== undefined) this.remove(before[0]!, rowId);
    if (after !== undefined) this.add(after[0]!, rowId);
  }

  build(entries: Iterable<Entry>, progress?: (done: number) => void): void {
    const groups = groupByValue(entries, this.entries.type, progress);
    const { tree } = this.entries;
    if (tree.count(this.writer) > 0) this.extend(groups);
    else {
      tree.bulkLoad(this.writer, this.inOrder(groups));
      this.count(BITMAP_COUNTERS.DISTINCT, groups.count);
    }
    this.count(BITMAP_COUNTERS.ROWS, groups.rows);
    progress?.(groups.rows);
  }

  /** Puts the values' rows beside those of lower chunks. */
  private extend(groups: Groups): void {
    const { forms } = groups;
    const order = forms.sorted();
    let containers = 0;
    for (let i = 0; i < order.length; i++) {
      const n = order[i]!;
      const prefix = this.prefixOf(forms.key(n));
      if (!this.hasRows(prefix)) this.count(BITMAP_COUNTERS.DISTINCT, 1);
      for (const chunk of groups.chunks(n)) {
        const value = this.valueOf(chunk);
        this.entries.tree.put(this.writer, entryKey(prefix, chunk.chunk), value);
        if (++containers % RELIEF === 0) this.writer.relieve();
      }
    }
  }

  /** The tree's entries; containers are put in place on the way. */
  private *inOrder(groups: Groups): Iterable<TreeEntry> {
    const { forms } = groups;
    const prefixes = new KeyArena();
    const numbers = new Map<string, number>();
    for (let n = 0; n < groups.count; n++) {
      const form = forms.key(n);
      prefixes.add(isLong(form) ? numberedPrefix(form, numbers) : form, n);
    }
    const order = prefixes.sorted();
    let containers = 0;
    for (let i = 0; i < order.length; i++) {
      const n = order[i]!;
      const prefix = prefixes.key(n);
      if (isLong(forms.key(n))) yield { key: prefix, value: this.placeLong(forms.key(n)) };
      for (const chunk of groups.chunks(n)) {
        yield { key: entryKey(prefix, chunk.chunk), value: this.valueOf(chunk) };
        if (++containers % RELIEF === 0) this.writer.relieve();
      }
    }
  }

  /** The tree's value for rows of a chunk, put into a container when they are many. */
  private valueOf({ chunk, size, ids, bits }: Chunk): Uint8Array {
    if (ids !== undefined && size <= INLINE_MAX) return bytesOf(ids);
    return reference(this.place(new Container(chunk, size, ids, bits)));
  }

  private add(value: Value, rowId: number): void {
    const { entries, writer } = this;
    const prefix = this.prefix(value);
    const key = entryKey(prefix, rowId >>> 16);
    const low = rowId & 0xffff;
    const entry = entries.tree.get(writer, key);
    if (entry === undefined) {
      if (!this.hasRows(prefix)) this.count(BITMAP_COUNTERS.DISTINCT, 1);
      entries.tree.put(writer, key, bytesOf(Uint16Array.of(low)));
      this.count(BITMAP_COUNTERS.ROWS, 1);
      return;
    }
    const page = pageOf(entry, 0, entry.length);
    if (page >= 0) {
      if (this.changeContainer(page).add(low)) this.count(BITMAP_COUNTERS.ROWS, 1);
      return;
    }
    const ids = withId(idsOf(entry), low);
    if (ids === undefined) return;
    if (ids.length <= INLINE_MAX) entries.tree.put(writer, key, bytesOf(ids));
    else entries.tree.put(writer, key, reference(this.place(new Container(rowId >>> 16, ids.length, ids, undefined))));
    this.count(BITMAP_COUNTERS.ROWS, 1);
  }

  private remove(value: Value, rowId: number): void {
    const { entries, writer } = this;
    const prefix = entries.find(writer, value);
    if (prefix === undefined) return;
    const key = entryKey(prefix, rowId >>> 16);
    const low = rowId & 0xffff;
    const entry = entries.tree.get(writer, key);
    if (entry === undefined) return;
    const page = pageOf(entry, 0, entry.length);
    if (page >= 0) {
      const container = this.changeContainer(page);
      if (!container.remove(low)) return;
      if (container.size < INLINE_LOW) {
        const ids = container.ids!.slice();
        this.free(page);
        entries.tree.put(writer, key, bytesOf(ids));
      }
    } else {
      const ids = withoutId(idsOf(entry), low);
      if (ids === undefined) return;
      if (ids.length > 0) entries.tree.put(writer, key, bytesOf(ids));
      else {
        entries.tree.delete(writer, key);
        if (!this.hasRows(prefix)) this.forget(value, prefix);
      }
    }
    this.count(BITMAP_COUNTERS.ROWS, -1);
  }

  private prefix(value: Value): Uint8Array {
    return this.prefixOf(formOf(value, this.entries.type).slice());
  }

  /** The beginning of the keys of a value, given by its form; a long value that is new is written down. */
  private prefixOf(form: Uint8Array): Uint8Array {
    const { entries, writer } = this;
    if (!isLong(form)) return form;
    const hash = hashPrefix(form);
    const { found, free } = entries.findLong(writer, form, hash);
    if (found !== undefined) return found;
    const prefix = longPrefix(hash, free);
    entries.tree.put(writer, prefix, this.placeLong(form));
    return prefix;
  }

  /** The last row with a value is gone. */
  private forget(value: Value, prefix: Uint8Array): void {
    const { entries, writer } = this;
    this.count(BITMAP_COUNTERS.DISTINCT, -1);
    if (!isLong(formOf(value, entries.type))) return;
    const entry = entries.tree.get(writer, prefix);
    if (entry === undefined) return;
    const page = new DataView(entry.buffer, entry.byteOffset).getUint32(0, true);
    entries.tree.delete(writer, prefix);
    this.free(page);
  }

  private hasRows(prefix: Uint8Array): boolean {
    for (const batch of this.entries.tree.scan(this.writer, rangeOfValue(prefix))) return batch.count > 0;
    return false;
  }

  private changeContainer(page: number): Container {
    const found = this.writer.change(this.entries.pages, page, BITMAP_PAGE);
    if (found.kind !== 'container') {
      throw new LightningError('CORRUPT', `page ${page} of index ${this.entries.index.name} is no container`, {
        hint: 'REINDEX makes the index anew from the rows',
      });
    }
    return found;
  }

  private placeLong(form: Uint8Array): Uint8Array {
    return bytesOf(Uint32Array.of(this.place({ kind: 'long value', bytes: form.slice() })));
  }

  /** Puts a page where none is, and gives its number. */
  private place(content: BitmapPage): number {
    const { entries, writer } = this;
    const counters = writer.changeCounters(entries.tree.space);
    let page = counters[BITMAP_COUNTERS.NEXT_PAGE]!;
    const head = counters[BITMAP_COUNTERS.FREE_HEAD]!;
    if (head === 0) counters[BITMAP_COUNTERS.NEXT_PAGE] = page + 1;
    else {
      page = head - 1;
      const free = writer.page(entries.pages, page, BITMAP_PAGE);
      if (free.kind !== 'free')
        throw new LightningError('CORRUPT', `page ${page} of index ${entries.index.name} is in use`);
      counters[BITMAP_COUNTERS.FREE_HEAD] = free.next;
      counters[BITMAP_COUNTERS.FREE_PAGES]!--;
    }
    writer.put(entries.pages, page, BITMAP_PAGE, content);
    return page;
  }

  private free(page: number): void {
    const { entries, writer } = this;
    const counters = writer.changeCounters(entries.tree.space);
    writer.put(entries.pages, page, BITMAP_PAGE, { kind: 'free', next: counters[BITMAP_COUNTERS.FREE_HEAD]! });
    counters[BITMAP_COUNTERS.FREE_HEAD] = page + 1;
    counters[BITMAP_COUNTERS.FREE_PAGES]!++;
  }

  private count(position: number, change: number): void {
    this.writer.changeCounters(this.entries.tree.space)[position]! += change;
  }
}

/** Beginnings of keys for values of one hash differ by a number. */
function numberedPrefix(form: Uint8Array, numbers: Map<string, number>): Uint8Array {
  const hash = hashPrefix(form);
  const text = formText(hash);
  const number = numbers.get(text) ?? 0;
  if (number > 0xffff) throw new LightningError('TOO_COMPLEX', '65,536 long values of one hash');
  numbers.set(text, number + 1);
  return longPrefix(hash, number);
}

function bytesOf(array: Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** An entry's value that names a container's page. */
function reference(page: number): Uint8Array {
  return Uint8Array.of(1, page, page >>> 8, page >>> 16, page >>> 24);
}
