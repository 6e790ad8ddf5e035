// The share of W-TinyLFU's window, found by climbing: Einziger, Eytan, Friedman, Manes, "Adaptive Software Cache
// Management", Middleware 2018. After each sample the window takes a step; while the hit rate rises the next step goes
// the same way, else it turns back, each a little shorter; a jump of the hit rate restarts it with full steps.

/** Shares of the budget: bounds of the window, which starts at the lower one, and the first step. */
const LEAST_WINDOW = 0.01;
const MOST_WINDOW = 0.8;
const STEP = 0.0625;
const DECAY = 0.98;
/** Changes of the hit rate between two samples: from here on a jump, and up to here nothing. */
const RESTART = 0.05;
const FLAT = 0.001;
/** Requests in a sample, per entry held. */
const SAMPLE_PER_ENTRY = 10;
const LEAST_SAMPLE = 640;

export class HillClimber {
  /** In bytes. */
  window = 0;
  private step = 0;
  private hits = 0;
  private misses = 0;
  private formerRate = 0;

  constructor(private readonly budget: number) {
    this.reset();
  }

  reset(): void {
    this.window = this.budget * LEAST_WINDOW;
    this.step = -this.budget * STEP;
    this.hits = this.misses = this.formerRate = 0;
  }

  hit(times: number): void {
    this.hits += times;
  }

  /** Counts a miss and, at the end of a sample, moves the window. */
  miss(entries: number): void {
    this.misses++;
    const requests = this.hits + this.misses;
    if (requests < Math.max(LEAST_SAMPLE, SAMPLE_PER_ENTRY * entries)) return;
    const rate = this.hits / requests;
    const change = rate - this.formerRate;
    const amount = change >= 0 ? this.step : -this.step;
    const goal = this.window + amount;
    this.window = Math.min(Math.max(goal, this.budget * LEAST_WINDOW), this.budget * MOST_WINDOW);
    this.step = Math.abs(change) >= RESTART ? Math.sign(amount) * STEP * this.budget : amount * DECAY;
    // nothing gained and nowhere further to go: search the other way, rather than rest at the bound for ever
    if (goal !== this.window && Math.abs(change) < FLAT) this.step = -this.step;
    this.formerRate = rate;
    this.hits = this.misses = 0;
  }
}
