// How often each index was read since the database was opened, and when last. In memory only, of this handle.

import type { Executable } from '../../exec/execution.js';
import { usedIndexes } from '../../plan/used-indexes.js';

export interface Usage {
  uses: number;
  /** Milliseconds since the epoch. */
  last: number;
  /** Of a refuting index: chunks ruled out, and chunks let pass for nothing. */
  refuted: number;
  empty: number;
}

export class IndexUsage {
  private readonly byIndex = new Map<number, Usage>();
  private readonly plans = new WeakMap<Executable, readonly Usage[]>();

  /** A plan begins to run. */
  run(executable: Executable): void {
    let usages = this.plans.get(executable);
    if (usages === undefined) {
      usages = usedIndexes(executable.query).map(({ id }) => this.at(id));
      this.plans.set(executable, usages);
    }
    if (usages.length === 0) return;
    const now = Date.now();
    for (const usage of usages) {
      usage.uses++;
      usage.last = now;
    }
  }

  /** An index is asked by itself. */
  use(id: number): void {
    const usage = this.at(id);
    usage.uses++;
    usage.last = Date.now();
  }

  /** A scan asked a refuting index. */
  refuted(id: number, chunks: number, empty: number): void {
    const usage = this.at(id);
    usage.refuted += chunks;
    usage.empty += empty;
  }

  of(id: number): Readonly<Usage> | undefined {
    return this.byIndex.get(id);
  }

  private at(id: number): Usage {
    let usage = this.byIndex.get(id);
    if (usage === undefined) this.byIndex.set(id, (usage = { uses: 0, last: 0, refuted: 0, empty: 0 }));
    return usage;
  }
}
