// W-TinyLFU: Einziger, Friedman, Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", ACM TOS 13(4), 2017; the
// climbing window after Einziger, Eytan, Friedman, Manes, "Adaptive Software Cache Management", Middleware 2018.
// New entries pass through a small LRU window; the one that falls out of it must have been used more often lately than
// the one which the main area (segmented LRU, 80 % protected) would lose, else it goes itself.
//
// A hit is noted in a ring, which is played back, in order, when it is full and before anything else happens. After a
// long run of hits without a miss (`PATIENCE`), they are thinned to a random sample, down to one in 16: where misses are
// so rare, the order of the entries hardly matters and the cost of a hit does. The next miss ends that.

import { EntryList } from './entry-list.js';
import { FrequencySketch } from './frequency-sketch.js';
import { HillClimber } from './hill-climber.js';
import type { PolicyEntry, PolicyOptions, PolicyStats } from './policy.js';
import { PolicyBase } from './policy-base.js';

const WINDOW = 1;
const PROBATION = 2;
const PROTECTED = 3;
const PROTECTED_SHARE = 0.8;
const RING = 64;
/** Hits in a row, or as many as there are entries if these are fewer, before thinning starts. Loops over less than the
 * cache must not be thinned: 64 costs three points on one of the traces. */
const PATIENCE = 4096;
/** Gaps between two noted hits are drawn from 0 to this bound at the thinnest. Random, lest a sample fall in step with the access pattern. */
const WIDEST_GAP = 31;
/** From this frequency on, a candidate that loses is admitted once in 128 times: an attacker who gives the main area's
 * entries high counts through colliding keys would otherwise lock everything else out. */
const SUSPICIOUS = 6;

export class WTinyLfu extends PolicyBase {
  readonly name = 'w-tinylfu';
  private readonly window = new EntryList(WINDOW);
  private readonly probation = new EntryList(PROBATION);
  private readonly guarded = new EntryList(PROTECTED);
  private readonly sketch: FrequencySketch;
  private readonly climber: HillClimber;
  private readonly ring: (PolicyEntry | undefined)[] = new Array<PolicyEntry | undefined>(RING).fill(undefined);
  private noted = 0;
  /** Hits to pass over before the next is noted, and the bound, 2^k - 1, from which that number is drawn. */
  private gap = 0;
  private gapBound = 0;
  /** Noted hits since the last miss. */
  private run = 0;
  private random: number;
  /** Something had to go since room was last made. */
  private full = false;

  constructor(options: PolicyOptions<PolicyEntry>) {
    super(options);
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    this.random = seed | 1;
    this.sketch = new FrequencySketch(seed);
    this.climber = new HillClimber(this.budget);
  }

  get bytes(): number {
    return this.window.bytes + this.probation.bytes + this.guarded.bytes;
  }

  get size(): number {
    return this.window.size + this.probation.size + this.guarded.size;
  }

  hit(entry: PolicyEntry): void {
    if (this.gap > 0) {
      this.gap--;
      return;
    }
    this.ring[this.noted++] = entry;
    if (this.gapBound > 0) this.gap = this.draw() & this.gapBound;
    if (this.noted === RING) {
      this.playBack();
      this.run += RING;
      if (this.run > Math.min(PATIENCE, this.size)) this.gapBound = Math.min(2 * this.gapBound + 1, WIDEST_GAP);
    }
  }

  /** Once the cache is full, the first use of a key is only counted: nobody knows yet that there will be a second. */
  worthwhile(hash: number): boolean {
    if (!this.full) return true;
    const known = this.sketch.frequency(hash) > 0;
    if (!known) this.sketch.increment(hash, 1);
    return known;
  }

  clear(): void {
    this.ring.fill(undefined);
    this.noted = this.gap = this.gapBound = this.run = 0;
    for (const list of [this.window, this.probation, this.guarded]) list.clear();
    this.sketch.clear();
    this.climber.reset();
    this.full = false;
  }

  override stats(): PolicyStats {
    this.playBack();
    return { ...super.stats(), target: this.climber.window };
  }

  protected admit(entry: PolicyEntry): void {
    this.playBack();
    this.gap = this.gapBound = this.run = 0;
    this.sketch.reserve(this.size + 1);
    this.sketch.increment(entry.hash, 1);
    this.climber.miss(this.size);
    this.window.push(entry);
    this.settle();
  }

  protected detach(entry: PolicyEntry): void {
    this.playBack();
    this.full = false;
    this.listOf(entry).remove(entry);
  }

  protected reweigh(entry: PolicyEntry, weight: number): void {
    this.playBack();
    if (weight < entry.weight) this.full = false;
    this.listOf(entry).reweigh(entry, weight);
    this.demote();
    this.settle();
  }

  private listOf(entry: PolicyEntry): EntryList {
    return entry.queue === WINDOW ? this.window : entry.queue === PROBATION ? this.probation : this.guarded;
  }

  private playBack(): void {
    const { ring, noted, sketch } = this;
    // how many hits a noted one stands for: itself and those passed over, on average
    const times = Math.min((this.gapBound + 1) >> 1, 15) || 1;
    this.noted = 0;
    // two loops, so that the processor overlaps the cache misses of the sketch
    for (let i = 0; i < noted; i++) sketch.increment(ring[i]!.hash, times);
    for (let i = 0; i < noted; i++) {
      this.use(ring[i]!);
      ring[i] = undefined;
    }
    this.climber.hit(noted * times);
  }

  private use(entry: PolicyEntry): void {
    if (entry.queue === PROTECTED) {
      this.guarded.touch(entry);
    } else if (entry.queue === WINDOW) {
      this.window.touch(entry);
    } else if (entry.queue === PROBATION) {
      this.probation.remove(entry);
      this.guarded.push(entry);
      this.demote();
    }
  }

  /** Keeps the protected segment within its share of the main area. */
  private demote(): void {
    const most = (this.budget - this.climber.window) * PROTECTED_SHARE;
    while (this.guarded.bytes > most) {
      const last = this.guarded.last!;
      this.guarded.remove(last);
      this.probation.push(last);
    }
  }

  /** Moves what overflows the window into the main area, and evicts down to the budget. */
  private settle(): void {
    const { window, probation } = this;
    while (window.size > 0 && window.bytes > this.climber.window) {
      const candidate = window.last!;
      window.remove(candidate);
      probation.push(candidate);
      while (this.bytes > this.budget) {
        const victim = this.victim(candidate);
        const loser = victim === undefined || !this.prefers(candidate, victim) ? candidate : victim;
        this.lose(loser);
        if (loser === candidate) break;
      }
    }
    while (this.bytes > this.budget) {
      const victim = this.victim(undefined) ?? window.last!;
      this.lose(victim);
    }
  }

  private lose(entry: PolicyEntry): void {
    this.full = true;
    this.listOf(entry).remove(entry);
    this.evicted(entry);
  }

  /** The entry that the main area would lose first, other than the candidate. */
  private victim(candidate: PolicyEntry | undefined): PolicyEntry | undefined {
    const last = this.probation.last;
    return last === undefined || last === candidate ? this.guarded.last : last;
  }

  private prefers(candidate: PolicyEntry, victim: PolicyEntry): boolean {
    const frequency = this.sketch.frequency(candidate.hash);
    if (frequency > this.sketch.frequency(victim.hash)) return true;
    return frequency >= SUSPICIOUS && (this.draw() & 127) === 0;
  }

  /** Marsaglia's xorshift32. */
  private draw(): number {
    let x = this.random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.random = x;
    return x;
  }
}
