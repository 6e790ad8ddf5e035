// Rows one by one over a view that is held from the call that asked for them until they end, are left, or fail. A generator alone would
// take its view only when the first row is asked for.

import type { Held } from './session.js';

export class HeldRows<Row> implements IterableIterator<Row> {
  private open = true;

  constructor(
    private readonly rows: Iterator<Row, unknown>,
    private readonly held: Pick<Held, 'check' | 'close'>,
  ) {}

  next(): IteratorResult<Row> {
    if (!this.open) return { done: true, value: undefined };
    let step: IteratorResult<Row, unknown>;
    try {
      this.held.check();
      step = this.rows.next();
    } catch (error) {
      this.close();
      throw error;
    }
    if (step.done !== true) return step;
    this.close();
    return { done: true, value: undefined };
  }

  return(): IteratorResult<Row> {
    if (this.open) {
      try {
        this.rows.return?.();
      } finally {
        this.close();
      }
    }
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }

  private close(): void {
    this.open = false;
    this.held.close();
  }
}
