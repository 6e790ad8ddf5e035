// The memory that the operators of one execution may hold together, in estimated bytes. Every operator is sure of a small share; the rest is
// a pool for whoever asks first. Who is refused spills to temporary files; batches on their way between operators are not counted.

import { LightningError } from '../../errors.js';
import type { SpillFile } from '../spill/spill-file.js';
import type { TemporaryFiles } from '../spill/temporary-files.js';

/** Part of the budget that is divided into shares; the rest is the pool. */
const SHARED = 0.25;
/** Blocks that fit the budget: small enough for a merge or a partitioning to hold one of each input or output. */
const BLOCKS = 64;
const LEAST_BLOCK = 1024;
const MOST_BLOCK = 65_536;

/** What the statements of one open database may use. */
export interface WorkingMemory {
  /** Bytes that the operators of one execution may hold together. */
  readonly limit: number;
  readonly files: TemporaryFiles;
}

/** What one run of an operator held at most, and wrote to temporary files, in bytes. */
export interface Spent {
  readonly memory: number;
  readonly spilled: number;
}

export class MemoryBudget {
  /** Bytes that each account has for itself. */
  readonly share: number;
  readonly blockBytes: number;
  private readonly pool: number;
  private pooled = 0;

  readonly limit: number;
  readonly files: TemporaryFiles;

  /**
   * @param operators that hold memory, at most, at one time
   * @param report is told what each operator spent, by what it was opened for
   */
  constructor(
    { limit, files }: WorkingMemory,
    operators: number,
    readonly report?: (owner: object, spent: Spent) => void,
  ) {
    this.limit = limit;
    this.files = files;
    this.share = Math.floor((limit * SHARED) / Math.max(1, operators));
    this.pool = limit - this.share * Math.max(1, operators);
    this.blockBytes = Math.min(MOST_BLOCK, Math.max(LEAST_BLOCK, Math.floor(limit / BLOCKS)));
  }

  /** Opened by an operator when it starts, closed when it ends, however it ends. */
  account(owner: object): Account {
    return new Account(this, owner);
  }

  /** Moves an account from `before` to `after` bytes; false when the pool has not as much left. */
  move(before: number, after: number, force: boolean): boolean {
    const more = Math.max(0, after - this.share) - Math.max(0, before - this.share);
    if (!force && more > 0 && this.pooled + more > this.pool) return false;
    this.pooled += more;
    return true;
  }
}

/** The memory and the temporary file of one run of an operator. */
export class Account {
  private held = 0;
  private peak = 0;
  private spill: SpillFile | undefined;

  constructor(
    readonly budget: MemoryBudget,
    private readonly owner: object,
  ) {}

  /** Bytes that are held. */
  get bytes(): number {
    return this.held;
  }

  /** Takes bytes; false when the budget does not have them: then nothing is taken. */
  take(bytes: number): boolean {
    if (!this.budget.move(this.held, this.held + bytes, false)) return false;
    this.hold(bytes);
    return true;
  }

  /**
   * Takes bytes that there is no doing without, whatever the others hold.
   * @param what names what needs them: `one row of a sort`
   * @throws LightningError MEMORY_BUDGET when they are more than the whole budget
   */
  need(bytes: number, what: string): void {
    if (bytes > this.budget.limit) throw this.tooLarge(bytes, what);
    this.budget.move(this.held, this.held + bytes, true);
    this.hold(bytes);
  }

  /**
   * Takes bytes of what cannot be spilled, beside what the others hold.
   * @param what names what needs them: `the rows of a sub-query`
   * @throws LightningError MEMORY_BUDGET when the budget does not have them
   */
  keep(bytes: number, what: string): void {
    if (!this.take(bytes)) throw this.tooLarge(this.held + bytes, what);
  }

  private tooLarge(bytes: number, what: string): LightningError {
    const { limit } = this.budget;
    return new LightningError('MEMORY_BUDGET', `${what}: ${bytes} bytes are needed; the memory budget is ${limit}`, {
      hint: 'open the database with a larger memoryBudget',
    });
  }

  give(bytes: number): void {
    this.budget.move(this.held, this.held - bytes, true);
    this.held -= bytes;
  }

  private hold(bytes: number): void {
    this.held += bytes;
    if (this.held > this.peak) this.peak = this.held;
  }

  /** The operator's temporary file, made when first asked for. */
  get file(): SpillFile {
    return (this.spill ??= this.budget.files.create());
  }

  /** Gives everything back, removes the file, and tells what was spent. */
  close(): void {
    this.budget.report?.(this.owner, { memory: this.peak, spilled: this.spill?.bytes ?? 0 });
    this.give(this.held);
    this.spill?.remove();
    this.spill = undefined;
  }
}
