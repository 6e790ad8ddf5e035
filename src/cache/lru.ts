// Least recently used: the yardstick. One list, no memory of what left.

import { EntryList } from './entry-list.js';
import type { PolicyEntry } from './policy.js';
import { PolicyBase } from './policy-base.js';

export class Lru extends PolicyBase {
  readonly name = 'lru';
  private readonly list = new EntryList(1);

  get bytes(): number {
    return this.list.bytes;
  }

  get size(): number {
    return this.list.size;
  }

  hit(entry: PolicyEntry): void {
    if (entry.queue !== 0) this.list.touch(entry);
  }

  clear(): void {
    this.list.clear();
  }

  protected admit(entry: PolicyEntry): void {
    this.makeRoom(entry.weight);
    this.list.push(entry);
  }

  protected detach(entry: PolicyEntry): void {
    this.list.remove(entry);
  }

  protected reweigh(entry: PolicyEntry, weight: number): void {
    this.list.reweigh(entry, weight);
    this.makeRoom(0);
  }

  private makeRoom(bytes: number): void {
    while (this.list.bytes + bytes > this.budget) {
      const last = this.list.last!;
      this.list.remove(last);
      this.evicted(last);
    }
  }
}
