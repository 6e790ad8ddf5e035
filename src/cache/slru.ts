// Segmented LRU: Karedla, Love, Wherry, "Caching Strategies to Improve Disk System Performance", IEEE Computer 27(3),
// 1994. New entries are on probation; a second use moves an entry into the protected segment, 80 % of the budget,
// from which the least recent falls back to probation. A scan passes through probation alone.

import { EntryList } from './entry-list.js';
import type { PolicyEntry } from './policy.js';
import { PolicyBase } from './policy-base.js';

const PROBATION = 1;
const PROTECTED = 2;
const PROTECTED_SHARE = 0.8;

export class Slru extends PolicyBase {
  readonly name = 'slru';
  private readonly probation = new EntryList(PROBATION);
  private readonly guarded = new EntryList(PROTECTED);

  get bytes(): number {
    return this.probation.bytes + this.guarded.bytes;
  }

  get size(): number {
    return this.probation.size + this.guarded.size;
  }

  hit(entry: PolicyEntry): void {
    if (entry.queue === PROTECTED) {
      this.guarded.touch(entry);
    } else if (entry.queue === PROBATION) {
      this.probation.remove(entry);
      this.guarded.push(entry);
      this.demote();
    }
  }

  clear(): void {
    this.probation.clear();
    this.guarded.clear();
  }

  protected admit(entry: PolicyEntry): void {
    this.makeRoom(entry.weight);
    this.probation.push(entry);
  }

  protected detach(entry: PolicyEntry): void {
    (entry.queue === PROTECTED ? this.guarded : this.probation).remove(entry);
  }

  protected reweigh(entry: PolicyEntry, weight: number): void {
    (entry.queue === PROTECTED ? this.guarded : this.probation).reweigh(entry, weight);
    this.demote();
    this.makeRoom(0);
  }

  private demote(): void {
    while (this.guarded.bytes > this.budget * PROTECTED_SHARE) {
      const last = this.guarded.last!;
      this.guarded.remove(last);
      this.probation.push(last);
    }
  }

  private makeRoom(bytes: number): void {
    while (this.bytes + bytes > this.budget) {
      const list = this.probation.size > 0 ? this.probation : this.guarded;
      const last = list.last!;
      list.remove(last);
      this.evicted(last);
    }
  }
}
