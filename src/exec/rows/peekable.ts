// Batches of an operator, of which the next can be looked at before it is taken.

import type { Batch } from './batch.js';

/** A batch that was looked at stays valid until it is dropped. */
export class Peekable implements Iterable<Batch> {
  private readonly iterator: Iterator<Batch>;
  private next: Batch | undefined;

  constructor(input: Iterable<Batch>) {
    this.iterator = input[Symbol.iterator]();
  }

  any(): boolean {
    return this.peek() !== undefined;
  }

  peek(): Batch | undefined {
    if (this.next === undefined) {
      const step = this.iterator.next();
      if (step.done !== true) this.next = step.value;
    }
    return this.next;
  }

  drop(): void {
    this.next = undefined;
  }

  *[Symbol.iterator](): Iterator<Batch> {
    for (let batch = this.peek(); batch !== undefined; batch = this.peek()) {
      yield batch;
      this.drop();
    }
  }

  close(): void {
    this.iterator.return?.();
  }
}
