// CLOCK-Pro: Jiang, Chen, Zhang, "CLOCK-Pro: An Effective Improvement of the CLOCK Replacement", USENIX ATC 2005, with
// bytes in the place of pages. A page that is used again within its test period has a small reuse distance and turns
// hot; hot pages fall back to cold in the order of a second-chance sweep; only cold pages are evicted.
//
// The paper's clock has one circle and three hands. As pages only ever enter at the list head, each hand sweeps its own
// kind of page in the order of entry, so the circle is kept as three queues: hot pages, resident cold pages, and tests.
// `mark` holds the tick at which an entry came to the list head: it places hot pages and tests on the common circle.
// A hit only sets the reference bit, which lies in `queue` beside the number of the list.

import { EntryList } from './entry-list.js';
import { ghostLimit } from './ghosts.js';
import { PolicyEntry } from './policy.js';
import type { PolicyOptions, PolicyStats } from './policy.js';
import { PolicyBase } from './policy-base.js';

const HOT = 1;
const COLD = 2;
const TEST = 3;
const REFERENCED = 4;

/** The cold target's least share of the budget. */
const LEAST_COLD = 0.01;

/** The test period of a key. Outlives the eviction of its page: then it is a ghost, the paper's non-resident cold page. */
class Test extends PolicyEntry {
  constructor(
    /** The resident page, or undefined once it is evicted. */
    public page: PolicyEntry | undefined,
    id: number,
    weight: number,
  ) {
    super(id, 0, weight);
  }
}

export class ClockPro extends PolicyBase {
  readonly name = 'clock-pro';
  private readonly hot = new EntryList(HOT);
  private readonly cold = new EntryList(COLD);
  private readonly tests = new EntryList(TEST);
  private readonly testOf = new Map<number, Test>();
  private ghosts = 0;
  private ghostBytes = 0;
  private ghostHits = 0;
  /** The paper's m_c: what resident cold pages should hold, in bytes. */
  private target: number;
  private tick = 0;

  constructor(options: PolicyOptions<PolicyEntry>) {
    super(options);
    this.target = this.budget * LEAST_COLD;
  }

  get bytes(): number {
    return this.hot.bytes + this.cold.bytes;
  }

  get size(): number {
    return this.hot.size + this.cold.size;
  }

  hit(entry: PolicyEntry): void {
    if (entry.queue === HOT || entry.queue === COLD) entry.queue |= REFERENCED;
  }

  clear(): void {
    for (const list of [this.hot, this.cold, this.tests]) list.clear();
    this.testOf.clear();
    this.ghosts = this.ghostBytes = 0;
    this.target = this.budget * LEAST_COLD;
  }

  override stats(): PolicyStats {
    return { ...super.stats(), ghosts: this.ghosts, ghostHits: this.ghostHits, target: this.target };
  }

  protected admit(entry: PolicyEntry): void {
    const test = this.testOf.get(entry.id);
    const again = test !== undefined && test.page === undefined;
    if (test !== undefined) this.endTest(test);
    if (again) {
      this.ghostHits++;
      this.moveTarget(test.weight);
    }
    const fills =
      this.bytes + entry.weight <= this.budget && this.hot.bytes + entry.weight <= this.budget - this.target;
    this.makeRoom(entry.weight);
    if (again || fills) {
      this.pushHot(entry);
      this.coolDown();
    } else {
      this.cold.push(entry);
      this.startTest(entry);
    }
    this.trimGhosts();
  }

  protected detach(entry: PolicyEntry): void {
    const test = this.testOf.get(entry.id);
    if (test !== undefined && test.page === entry) this.endTest(test);
    this.listOf(entry).remove(entry);
  }

  protected reweigh(entry: PolicyEntry, weight: number): void {
    this.listOf(entry).reweigh(entry, weight);
    const test = this.testOf.get(entry.id);
    if (test !== undefined && test.page === entry) this.tests.reweigh(test, weight);
    this.coolDown();
    this.makeRoom(0);
  }

  private listOf(entry: PolicyEntry): EntryList {
    return (entry.queue & ~REFERENCED) === HOT ? this.hot : this.cold;
  }

  private makeRoom(bytes: number): void {
    while (this.bytes + bytes > this.budget) {
      if (this.cold.size > 0) this.moveColdHand();
      else this.moveHotHand();
    }
  }

  /** HAND_cold: evicts the oldest resident cold page, or promotes or spares it if it was used. */
  private moveColdHand(): void {
    const page = this.cold.last!;
    const used = (page.queue & REFERENCED) !== 0;
    const test = this.testOf.get(page.id);
    const inTest = test !== undefined && test.page === page;
    this.cold.remove(page);
    if (!used) {
      if (inTest) {
        test.page = undefined;
        this.ghosts++;
        this.ghostBytes += test.weight;
        this.trimGhosts();
      }
      this.evicted(page);
    } else if (inTest) {
      this.endTest(test);
      this.moveTarget(page.weight);
      this.pushHot(page);
      this.coolDown();
    } else {
      this.cold.push(page);
      this.startTest(page);
    }
  }

  private coolDown(): void {
    while (this.hot.size > 0 && this.hot.bytes > this.budget - this.target) this.moveHotHand();
  }

  /** HAND_hot: spares the oldest hot page if it was used, else turns it cold; ends the tests that it passes. */
  private moveHotHand(): void {
    const page = this.hot.last!;
    const used = (page.queue & REFERENCED) !== 0;
    this.hot.remove(page);
    if (used) this.pushHot(page);
    else this.cold.push(page);
    const next = this.hot.last;
    if (next === undefined) return;
    for (let test = this.tests.last; test !== undefined && test.mark < next.mark; test = this.tests.last) {
      this.failTest(test as Test);
    }
  }

  private pushHot(page: PolicyEntry): void {
    this.hot.push(page);
    page.mark = ++this.tick;
  }

  private startTest(page: PolicyEntry): void {
    const former = this.testOf.get(page.id);
    if (former !== undefined) this.endTest(former);
    const test = new Test(page, page.id, page.weight);
    test.mark = ++this.tick;
    this.tests.push(test);
    this.testOf.set(page.id, test);
  }

  private endTest(test: Test): void {
    this.tests.remove(test);
    this.testOf.delete(test.id);
    if (test.page === undefined) {
      this.ghosts--;
      this.ghostBytes -= test.weight;
    }
  }

  /** Ends a test whose page, unless it was used meanwhile, shows that cold pages have more room than they are worth. */
  private failTest(test: Test): void {
    this.endTest(test);
    if (test.page === undefined || (test.page.queue & REFERENCED) === 0) this.moveTarget(-test.weight);
  }

  /** HAND_test: keeps the evicted pages under test within the budget, oldest first. */
  private trimGhosts(): void {
    while (this.ghostBytes > this.budget || this.ghosts > ghostLimit(this.size)) {
      this.failTest(this.tests.last as Test);
    }
  }

  private moveTarget(bytes: number): void {
    this.target = Math.min(Math.max(this.target + bytes, this.budget * LEAST_COLD), this.budget);
  }
}
