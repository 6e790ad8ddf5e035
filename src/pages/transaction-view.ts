// A stable view of a transaction as of one of its epochs.

import { readCounters } from './counters.js';
import { missing } from './page-format.js';
import type { PageTransaction } from './transaction.js';
import type { Counters, PageCodec, PageView } from './page.js';

export class TransactionView implements PageView {
  readonly sequence: number;

  constructor(
    private readonly tx: PageTransaction,
    private readonly epoch: number,
  ) {
    this.sequence = tx.sequence;
  }

  page<P>(space: number, page: number, codec: PageCodec<P>): P {
    const content = this.tx.findAsOf(this.epoch, space, page, codec);
    if (content === undefined) throw missing(space, page, codec.name);
    return content;
  }

  find<P>(space: number, page: number, codec: PageCodec<P>): P | undefined {
    return this.tx.findAsOf(this.epoch, space, page, codec);
  }

  counters(space: number): Counters | undefined {
    return readCounters(this, this.tx.memo, space);
  }

  memoRoom(): boolean {
    return this.tx.memoRoom();
  }

  reweigh(space: number, page: number): void {
    this.tx.reweigh(space, page);
  }

  close(): void {
    this.tx.closeView(this.epoch);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
