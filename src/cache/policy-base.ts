// What every policy does alike: its bookkeeping and the refusal of entries heavier than the budget. A policy states
// where an entry goes (`admit`), what a use does (`touch`), how one leaves (`detach`) and who must go (`shrink`).

import { invariant } from '../errors.js';
import type { Policy, PolicyEntry, PolicyOptions, PolicyStats } from './policy.js';
import type { PolicyName } from './policies.js';

export abstract class PolicyBase implements Policy<PolicyEntry> {
  abstract readonly name: PolicyName;
  readonly budget: number;
  private evictions = 0;
  private oversize = 0;

  constructor(private readonly owner: PolicyOptions<PolicyEntry>) {
    this.budget = owner.budget;
  }

  abstract get bytes(): number;
  abstract get size(): number;
  abstract hit(entry: PolicyEntry): void;
  abstract clear(): void;

  /** Takes in an entry that fits into the budget, and evicts down to it. */
  protected abstract admit(entry: PolicyEntry): void;
  /** Unlinks a held entry and subtracts its weight. */
  protected abstract detach(entry: PolicyEntry): void;
  /** Gives a held entry, whose weight fits into the budget, its new weight, and evicts down to the budget. */
  protected abstract reweigh(entry: PolicyEntry, weight: number): void;

  add(entry: PolicyEntry): void {
    invariant(entry.queue === 0, 'a cache entry was added twice');
    checkWeight(entry.weight);
    if (entry.weight > this.budget) this.refuse(entry);
    else this.admit(entry);
  }

  remove(entry: PolicyEntry): void {
    if (entry.queue !== 0) this.detach(entry);
  }

  resize(entry: PolicyEntry, weight: number): void {
    checkWeight(weight);
    if (entry.queue === 0) {
      entry.weight = weight;
    } else if (weight > this.budget) {
      this.detach(entry);
      entry.weight = weight;
      this.refuse(entry);
    } else if (weight !== entry.weight) {
      this.reweigh(entry, weight);
    }
  }

  stats(): PolicyStats {
    return {
      policy: this.name,
      budget: this.budget,
      bytes: this.bytes,
      entries: this.size,
      evictions: this.evictions,
      oversize: this.oversize,
      ghosts: 0,
      ghostHits: 0,
    };
  }

  /** Tells the owner of an entry that has been let go. */
  protected evicted(entry: PolicyEntry): void {
    this.evictions++;
    this.owner.evict(entry);
  }

  private refuse(entry: PolicyEntry): void {
    this.oversize++;
    this.evicted(entry);
  }
}

function checkWeight(weight: number): void {
  invariant(Number.isSafeInteger(weight) && weight >= 0, 'the weight of a cache entry is a whole number of bytes');
}
