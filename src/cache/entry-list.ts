// A doubly linked list through the entries themselves, with its weight. Most recent first. Every operation is O(1)
// except `clear`. The list marks its entries with its queue number, so that an entry knows where it is.

import { PolicyEntry } from './policy.js';

export class EntryList {
  bytes = 0;
  size = 0;
  /** The sentinel: `next` is the most recent entry, `prev` the least recent. */
  private readonly ends = new PolicyEntry(-1, 0, 0);

  /** @param queue the number that marks this list's entries, from 1 */
  constructor(readonly queue: number) {}

  /** The least recent entry. */
  get last(): PolicyEntry | undefined {
    const entry = this.ends.prev;
    return entry === this.ends ? undefined : entry;
  }

  /** Makes an entry that is in no list the most recent one. */
  push(entry: PolicyEntry): void {
    entry.queue = this.queue;
    this.bytes += entry.weight;
    this.size++;
    this.link(entry);
  }

  /** Takes out an entry of this list. */
  remove(entry: PolicyEntry): void {
    entry.prev.next = entry.next;
    entry.next.prev = entry.prev;
    entry.prev = entry.next = entry;
    entry.queue = 0;
    this.bytes -= entry.weight;
    this.size--;
  }

  /** Makes an entry of this list the most recent one. */
  touch(entry: PolicyEntry): void {
    entry.prev.next = entry.next;
    entry.next.prev = entry.prev;
    this.link(entry);
  }

  /** Changes the weight of an entry of this list. */
  reweigh(entry: PolicyEntry, weight: number): void {
    this.bytes += weight - entry.weight;
    entry.weight = weight;
  }

  /** Lets go of all entries, each linked to itself again. */
  clear(): void {
    for (let entry = this.ends.next; entry !== this.ends;) {
      const next = entry.next;
      entry.prev = entry.next = entry;
      entry.queue = 0;
      entry = next;
    }
    this.ends.prev = this.ends.next = this.ends;
    this.bytes = this.size = 0;
  }

  private link(entry: PolicyEntry): void {
    const first = this.ends.next;
    entry.prev = this.ends;
    entry.next = first;
    first.prev = entry;
    this.ends.next = entry;
  }
}
