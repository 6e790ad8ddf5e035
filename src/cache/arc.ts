// Adaptive replacement: Megiddo and Modha, "ARC: A Self-Tuning, Low Overhead Replacement Cache", FAST 2003, figure 4,
// with bytes in the place of pages and a real-valued target; on unit weights it is the algorithm of the paper.
// T1 holds what was used once lately, T2 what was used more often; B1 and B2 remember what each of them lost. A miss
// that B1 remembers asks for more room for T1 (`target`), one that B2 remembers for more room for T2.

import { EntryList } from './entry-list.js';
import { ghostLimit } from './ghosts.js';
import { PolicyEntry } from './policy.js';
import type { PolicyStats } from './policy.js';
import { PolicyBase } from './policy-base.js';

const T1 = 1;
const T2 = 2;
const B1 = 3;
const B2 = 4;

export class Arc extends PolicyBase {
  readonly name = 'arc';
  private readonly t1 = new EntryList(T1);
  private readonly t2 = new EntryList(T2);
  private readonly b1 = new EntryList(B1);
  private readonly b2 = new EntryList(B2);
  /** The ghosts of B1 and B2 by id. */
  private readonly ghosts = new Map<number, PolicyEntry>();
  /** The paper's p: what T1 should hold, in bytes. */
  private target = 0;
  private ghostHits = 0;

  get bytes(): number {
    return this.t1.bytes + this.t2.bytes;
  }

  get size(): number {
    return this.t1.size + this.t2.size;
  }

  hit(entry: PolicyEntry): void {
    if (entry.queue === T2) {
      this.t2.touch(entry);
    } else if (entry.queue === T1) {
      this.t1.remove(entry);
      this.t2.push(entry);
    }
  }

  clear(): void {
    for (const list of [this.t1, this.t2, this.b1, this.b2]) list.clear();
    this.ghosts.clear();
    this.target = 0;
  }

  override stats(): PolicyStats {
    return { ...super.stats(), ghosts: this.ghosts.size, ghostHits: this.ghostHits, target: this.target };
  }

  protected admit(entry: PolicyEntry): void {
    const ghost = this.ghosts.get(entry.id);
    if (ghost === undefined) {
      this.trimHistory(entry.weight);
      this.makeRoom(entry.weight, false);
      this.t1.push(entry);
      return;
    }
    this.ghostHits++;
    const { b1, b2 } = this;
    const inB2 = ghost.queue === B2;
    if (inB2) this.target = Math.max(this.target - ghost.weight * ratio(b1.bytes, b2.bytes), 0);
    else this.target = Math.min(this.target + ghost.weight * ratio(b2.bytes, b1.bytes), this.budget);
    this.forget(ghost);
    this.makeRoom(entry.weight, inB2);
    this.t2.push(entry);
  }

  protected detach(entry: PolicyEntry): void {
    (entry.queue === T1 ? this.t1 : this.t2).remove(entry);
  }

  protected reweigh(entry: PolicyEntry, weight: number): void {
    (entry.queue === T1 ? this.t1 : this.t2).reweigh(entry, weight);
    this.makeRoom(0, false);
    this.trimHistory(0);
  }

  /** Case IV: keeps T1 + B1 within the budget and all four lists within twice the budget, before `bytes` come to T1. */
  private trimHistory(bytes: number): void {
    const { t1, b1, b2 } = this;
    while (t1.bytes + b1.bytes + bytes > this.budget) {
      if (b1.size > 0) {
        this.forget(b1.last!);
      } else {
        const last = t1.last!;
        t1.remove(last);
        this.evicted(last);
      }
    }
    while (b2.size > 0 && this.bytes + b1.bytes + b2.bytes + bytes > 2 * this.budget) this.forget(b2.last!);
  }

  /** REPLACE, until `bytes` more fit into the budget. */
  private makeRoom(bytes: number, forB2: boolean): void {
    const { t1, t2, b1, b2 } = this;
    while (this.bytes + bytes > this.budget) {
      const overTarget = t1.bytes > this.target || (forB2 && t1.bytes === this.target);
      const fromT1 = t1.size > 0 && (overTarget || t2.size === 0);
      const list = fromT1 ? t1 : t2;
      const last = list.last!;
      list.remove(last);
      this.remember(last, fromT1 ? b1 : b2);
      this.evicted(last);
    }
  }

  private remember(entry: PolicyEntry, list: EntryList): void {
    const former = this.ghosts.get(entry.id);
    if (former !== undefined) this.forget(former);
    const ghost = new PolicyEntry(entry.id, entry.hash, entry.weight);
    list.push(ghost);
    this.ghosts.set(ghost.id, ghost);
    const most = ghostLimit(this.size);
    while (this.ghosts.size > most) this.forget((this.b1.size > this.b2.size ? this.b1 : this.b2).last!);
  }

  private forget(ghost: PolicyEntry): void {
    (ghost.queue === B1 ? this.b1 : this.b2).remove(ghost);
    this.ghosts.delete(ghost.id);
  }
}

/** How far one byte of a remembered miss moves the target. */
function ratio(other: number, own: number): number {
  return own === 0 ? 1 : Math.max(other / own, 1);
}
