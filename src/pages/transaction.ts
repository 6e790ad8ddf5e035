// Writing pages. Pages become private copies on first change, are copied again when an open mark or view still needs the older copy, and
// reach the store at commit in key order. Inside the store's one write transaction they may be written earlier, when they outgrow their
// budget; a transaction that only holds a snapshot (`PageStore.begin`) keeps them all, and has the store's writer at commit alone.

import { invariant, LightningError } from '../errors.js';
import { copyBytes } from '../kv/bytes.js';
import type { Snapshot, Store, Writer } from '../kv/store.js';
import { changeCounters, createCounters, dropCounters, readCounters } from './counters.js';
import type { CounterMemo } from './counters.js';
import type { SpaceChanges } from './commit-record.js';
import type { PageCache } from './page-cache.js';
import { missing, pageKey, sealPage, spaceRange } from './page-format.js';
import { PageTable } from './page-table.js';
import { loadPage } from './snapshot.js';
import type { PageSnapshot } from './snapshot.js';
import { TransactionView } from './transaction-view.js';
import { byAddress, OpenEpochs, Slot, Version } from './versions.js';
import type { Counters, PageCodec, PageView, PageWriter } from './page.js';

/** A page that begins small and grows is charged as a full one. */
const LEAST_CHARGE = 4_096;

interface Mark {
  readonly number: number;
  /** Lengths of the journals when it was set. */
  readonly slots: number;
  readonly drops: number;
}

interface SpaceDrop {
  readonly space: number;
  readonly stamp: number;
  /** The pages have left the store's open transaction. */
  done: boolean;
}

export class PageTransaction implements PageWriter {
  private readonly table = new PageTable<Slot>();
  private readonly slots: Slot[] = [];
  /** Slots with pages in memory. */
  private residents: Slot[] = [];
  private readonly epochs = new OpenEpochs();
  private readonly marks: Mark[] = [];
  /** Slots by the order in which they got versions, and drops of spaces, since the oldest open mark. */
  private journal: Slot[] = [];
  private dropJournal: SpaceDrop[] = [];
  private readonly drops = new Map<number, SpaceDrop>();
  private charge = 0;
  private threshold: number;
  private committed: Snapshot | undefined;
  private readonly base: PageSnapshot | undefined;
  private open: Writer | undefined;
  private ended = false;

  constructor(
    /** The commit it began from. */
    readonly sequence: number,
    private readonly store: Store,
    /** The store's open write transaction, or the snapshot that is read until there is one. */
    source: Writer | PageSnapshot,
    private readonly cache: PageCache,
    /** @internal */
    readonly memo: CounterMemo,
    private readonly budget: number,
  ) {
    this.threshold = budget;
    if ('holders' in source) this.base = source;
    else this.open = source;
  }

  /** Whether it has nothing to commit. */
  get unchanged(): boolean {
    return this.slots.length === 0 && this.drops.size === 0;
  }

  page<P>(space: number, page: number, codec: PageCodec<P>): P {
    const slot = this.table.get(space, page);
    const content =
      slot !== undefined && slot.head !== undefined && slot.head.content !== undefined
        ? (slot.head.content as P)
        : this.read(slot, space, page, codec);
    if (content === undefined) throw missing(space, page, codec.name);
    return content;
  }

  find<P>(space: number, page: number, codec: PageCodec<P>): P | undefined {
    const slot = this.table.get(space, page);
    if (slot !== undefined && slot.head !== undefined && slot.head.content !== undefined) return slot.head.content as P;
    return this.read(slot, space, page, codec);
  }

  counters(space: number): Counters | undefined {
    return readCounters(this, this.memo, space);
  }

  reweigh(space: number, page: number): void {
    if (this.table.get(space, page)?.head === undefined) this.cache.reweigh(space, page);
  }

  memoRoom(): boolean {
    return this.cache.memoRoom();
  }

  change<P>(space: number, page: number, codec: PageCodec<P>): P {
    const slot = this.table.get(space, page);
    const head = slot?.head;
    if (head !== undefined && head.content !== undefined && head.stamp >= this.epochs.newest) {
      head.written = false;
      return head.content as P;
    }
    const before = this.page(space, page, codec);
    if (head !== undefined && head.stamp >= this.epochs.newest) {
      // It was read back from the store's open transaction, and is private already.
      head.written = false;
      return before;
    }
    const copy = codec.copy(before);
    this.push(slot ?? this.slot(space, page), codec, copy, false);
    return copy;
  }

  put<P>(space: number, page: number, codec: PageCodec<P>, content: P): void {
    this.push(this.table.get(space, page) ?? this.slot(space, page), codec, content, false);
  }

  drop(space: number, page: number): void {
    this.push(this.table.get(space, page) ?? this.slot(space, page), undefined, undefined, true);
  }

  dropSpace(space: number): void {
    invariant(space !== 0, 'space 0 belongs to the page layer');
    dropCounters(this, this.memo, space);
    for (const slot of this.table.inSpace(space)) {
      if (slot.head !== undefined && !slot.head.dropped) this.push(slot, undefined, undefined, true);
    }
    if (this.drops.has(space)) return;
    const drop = { space, stamp: this.epochs.current, done: false };
    this.drops.set(space, drop);
    if (this.marks.length > 0) this.dropJournal.push(drop);
  }

  changeCounters(space: number): Counters {
    return changeCounters(this, this.memo, space);
  }

  createCounters(space: number, group: number): Counters {
    return createCounters(this, this.memo, space, group);
  }

  /**
   * Remembers the present state. Marks nest: the newest is rolled back to or released first.
   *
   * @example
   * const mark = tx.mark();
   * try { work(tx); } catch (error) { tx.rollbackTo(mark); throw error; } finally { tx.release(mark); }
   */
  mark(): number {
    this.relieve();
    const number = this.epochs.open();
    this.marks.push({ number, slots: this.journal.length, drops: this.dropJournal.length });
    return number;
  }

  /** Undoes all that was done since the mark, which stays open; marks set after it are gone, views opened after it have expired. */
  rollbackTo(mark: number): void {
    const at = this.markAt(mark);
    const { slots, drops } = this.marks[at]!;
    this.marks.length = at + 1;
    this.epochs.closeAfter(mark);
    for (const drop of this.dropJournal.splice(drops)) this.drops.delete(drop.space);
    for (const slot of this.journal.splice(slots)) {
      slot.head = slot.asOf(mark);
      if (slot.head === undefined && slot.written) this.restore(slot);
    }
  }

  /** Forgets a mark and those set after it; what was done since stays. Pages that `change` gave before must be asked for again. */
  release(mark: number): void {
    const at = this.markAt(mark);
    for (const { number } of this.marks.splice(at)) this.epochs.close(number);
    if (this.marks.length === 0) {
      this.journal = [];
      this.dropJournal = [];
    }
    // What was done is accepted: only the next change is refused for want of room.
    if (this.base === undefined) this.relieve();
  }

  readAt(): PageView {
    return new TransactionView(this, this.epochs.open());
  }

  relieve(): void {
    if (this.charge <= this.threshold) return;
    if (this.open === undefined) {
      this.checkBudget();
      return;
    }
    for (const drop of this.drops.values()) {
      if (!drop.done && this.epochs.newest === 0) this.deleteSpace(drop);
    }
    const staying: Slot[] = [];
    let charge = 0;
    for (const slot of this.residents.sort(byAddress)) {
      const { head } = slot;
      if (head === undefined) {
        slot.resident = false;
        continue;
      }
      this.epochs.prune(head);
      if (head.older !== undefined || this.drops.get(slot.space)?.done === false) {
        staying.push(slot);
        for (let version: Version | undefined = head; version !== undefined; version = version.older) {
          charge += chargeOf(version);
        }
        continue;
      }
      this.write(slot, head);
      head.content = undefined;
      slot.resident = false;
    }
    this.residents = staying;
    this.charge = charge;
    this.threshold = Math.max(this.budget, charge * 1.5);
  }

  /** @internal The page that an epoch sees. */
  findAsOf<P>(epoch: number, space: number, page: number, codec: PageCodec<P>): P | undefined {
    if (!this.epochs.isOpen(epoch)) throw new LightningError('ITERATOR_EXPIRED', 'the view was closed or rolled back');
    const slot = this.table.get(space, page);
    const version = slot?.asOf(epoch);
    if (version !== undefined) return this.contentOf(slot!, version, codec);
    const drop = this.drops.get(space);
    if (drop !== undefined && drop.stamp < epoch) return undefined;
    return this.readCommitted(space, page, codec, slot?.written === true || drop?.done === true);
  }

  /** @internal */
  closeView(epoch: number): void {
    this.epochs.close(epoch);
  }

  /** @internal Writes what is left to write; the changes by space, for the commit's record. Empty when nothing changed. */
  flush(writer: Writer): SpaceChanges[] {
    this.mustBeOpen();
    this.open = writer;
    for (const drop of this.drops.values()) if (!drop.done) this.deleteSpace(drop);
    const changes = new Map<number, number[] | undefined>();
    for (const { space } of this.drops.values()) changes.set(space, undefined);
    for (const slot of this.slots.sort(byAddress)) {
      const { head } = slot;
      if (head === undefined) continue;
      if (!head.written) this.write(slot, head);
      const pages = changes.get(slot.space);
      if (pages !== undefined) pages.push(slot.page);
      else if (!changes.has(slot.space)) changes.set(slot.space, [slot.page]);
    }
    return [...changes].map(([space, pages]) => ({ space, pages }));
  }

  /** @internal After the store has committed: the new versions become what is cached. */
  publish(sequence: number): void {
    for (const { space } of this.drops.values()) this.cache.forgetSpace(space);
    for (const { space, page, head } of this.slots) {
      if (head === undefined) continue;
      if (head.content === undefined || head.codec === undefined) this.cache.forget(space, page);
      else this.cache.keep(space, page, head.codec, head.content, sequence);
    }
    this.cache.sequence = sequence;
  }

  /** @internal Nothing can be read or written through it any more. */
  end(): void {
    this.ended = true;
    this.committed?.close();
    this.table.clear();
  }

  private read<P>(slot: Slot | undefined, space: number, page: number, codec: PageCodec<P>): P | undefined {
    this.mustBeOpen();
    if (slot?.head !== undefined) return this.contentOf(slot, slot.head, codec);
    if (this.drops.size > 0 && this.drops.has(space)) return undefined;
    return this.readCommitted(space, page, codec, false);
  }

  private contentOf<P>(slot: Slot, version: Version, codec: PageCodec<P>): P | undefined {
    if (version.dropped) return undefined;
    if (version.content === undefined) {
      const loaded = loadPage(this.writer, slot.space, slot.page, codec, this.sequence + 1);
      if (loaded === undefined) throw missing(slot.space, slot.page, codec.name);
      version.content = loaded.content;
      version.codec = codec;
      this.keepResident(slot, version);
    }
    return version.content as P;
  }

  /** A page as committed. `elsewhere`: the store's open transaction has it no longer. */
  private readCommitted<P>(space: number, page: number, codec: PageCodec<P>, elsewhere: boolean): P | undefined {
    // The cache may have gone on to later commits meanwhile: the snapshot knows which of its pages are old enough.
    if (this.base !== undefined) return this.base.find(space, page, codec);
    const { cache } = this;
    const entry = cache.table.get(space, page);
    if (entry !== undefined && entry.codec === codec) {
      cache.hits++;
      cache.policy.hit(entry);
      return entry.content as P | undefined;
    }
    cache.misses++;
    const loaded = loadPage(elsewhere ? this.before() : this.writer, space, page, codec, this.sequence);
    cache.keep(space, page, codec, loaded?.content, loaded?.sequence ?? this.sequence);
    return loaded?.content;
  }

  private push(slot: Slot, codec: PageCodec<unknown> | undefined, content: unknown, dropped: boolean): void {
    const stamp = this.epochs.current;
    const version = new Version(content, codec, stamp, slot.head, dropped);
    // Of two versions made in one epoch, nothing sees the first.
    slot.head = version;
    this.epochs.prune(version);
    if (this.marks.length > 0) this.journal.push(slot);
    this.keepResident(slot, version);
  }

  private get writer(): Writer {
    invariant(this.open !== undefined, 'the transaction has no writer before its commit');
    return this.open;
  }

  /** Without a writer all changed pages stay in memory: what rollbacks have freed is counted off, and past the budget it ends. */
  private checkBudget(): void {
    this.charge = 0;
    this.residents = this.residents.filter((slot) => {
      for (let version = slot.head; version !== undefined; version = version.older) this.charge += chargeOf(version);
      slot.resident = slot.head !== undefined;
      return slot.resident;
    });
    if (this.charge <= this.budget) return;
    throw new LightningError(
      'MEMORY_BUDGET',
      `an open transaction holds more than ${this.budget >> 20} MB of changes`,
      {
        hint: 'commit more often, or use db.transaction(() => { ... }), which writes its changes as it goes',
      },
    );
  }

  private keepResident(slot: Slot, version: Version): void {
    this.charge += chargeOf(version);
    if (slot.resident) return;
    slot.resident = true;
    this.residents.push(slot);
  }

  private slot(space: number, page: number): Slot {
    this.mustBeOpen();
    const slot = new Slot(space, page);
    this.slots.push(slot);
    this.table.set(space, page, slot);
    return slot;
  }

  private write(slot: Slot, head: Version): void {
    const { space, page } = slot;
    if (!head.written) {
      if (head.dropped) {
        this.writer.delete(pageKey(space, page));
      } else {
        invariant(head.codec !== undefined, 'a changed page without a codec');
        const sealed = sealPage(space, page, this.sequence + 1, head.codec.encode(head.content));
        this.writer.put(pageKey(space, page), sealed);
      }
    }
    head.written = true;
    slot.written = true;
  }

  /** Puts a page that was written early back as it was committed. */
  private restore(slot: Slot): void {
    const key = pageKey(slot.space, slot.page);
    const value = this.drops.has(slot.space) ? undefined : this.before().get(key);
    if (value === undefined) this.writer.delete(key);
    else this.writer.put(key, value);
    slot.written = false;
  }

  private deleteSpace(drop: SpaceDrop): void {
    const { gte, lt } = spaceRange(drop.space);
    for (const batch of this.writer.scan({ gte, lt, keysOnly: true })) {
      const keys = Array.from({ length: batch.count }, (_, i) => copyBytes(batch.key(i)));
      for (const key of keys) this.writer.delete(key);
    }
    // What was written early has gone with the rest.
    for (const slot of this.table.inSpace(drop.space)) {
      if (slot.head !== undefined) slot.head.written = slot.head.dropped;
    }
    drop.done = true;
  }

  private before(): Snapshot {
    return (this.committed ??= this.store.snapshot());
  }

  private markAt(mark: number): number {
    this.mustBeOpen();
    const at = this.marks.findIndex(({ number }) => number === mark);
    invariant(at >= 0, `there is no open mark ${mark}`);
    return at;
  }

  private mustBeOpen(): void {
    if (this.ended) throw new LightningError('CLOSED', 'the transaction has ended');
  }
}

function chargeOf(version: Version): number {
  if (version.content === undefined || version.codec === undefined) return 0;
  return Math.max(LEAST_CHARGE, version.codec.bytes(version.content));
}
