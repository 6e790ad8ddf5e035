// The private pages of one transaction: a chain of versions per page, newest first, each stamped with the epoch that made it.
// A mark or a view is an epoch's number; it sees the newest version with a smaller stamp.

import type { PageCodec } from './page.js';

export class Version {
  constructor(
    /** The decoded page; undefined when the page was dropped, or lies in the store's open transaction alone. */
    public content: unknown,
    public codec: PageCodec<unknown> | undefined,
    readonly stamp: number,
    public older: Version | undefined,
    readonly dropped: boolean,
  ) {}

  /** The store's open transaction holds just this. */
  written = false;
}

export class Slot {
  /** Undefined: as committed. */
  head: Version | undefined = undefined;
  /** The store's open transaction holds something else than what is committed. */
  written = false;
  /** Listed among the pages in memory. */
  resident = false;

  constructor(
    readonly space: number,
    readonly page: number,
  ) {}

  /** What an epoch sees; undefined: the committed page. */
  asOf(epoch: number): Version | undefined {
    let version = this.head;
    while (version !== undefined && version.stamp >= epoch) version = version.older;
    return version;
  }
}

export function byAddress(a: Slot, b: Slot): number {
  return a.space - b.space || a.page - b.page;
}

/** The numbers of open marks and views, ascending. */
export class OpenEpochs {
  private readonly numbers: number[] = [];
  /** The last number given out; the stamp of what is made now. */
  current = 0;
  /** 0 when none is open. */
  newest = 0;

  open(): number {
    const number = ++this.current;
    this.numbers.push(number);
    this.newest = number;
    return number;
  }

  isOpen(number: number): boolean {
    return this.numbers.includes(number);
  }

  close(number: number): void {
    const at = this.numbers.lastIndexOf(number);
    if (at >= 0) this.numbers.splice(at, 1);
    this.newest = this.numbers.at(-1) ?? 0;
  }

  /** Closes all above a number. */
  closeAfter(number: number): void {
    while (this.newest > number) this.close(this.newest);
  }

  /** Whether something open sees a version made at `from` that was replaced at `to`. */
  needs(from: number, to: number): boolean {
    if (this.newest <= from) return false;
    for (const number of this.numbers) if (number > from && number <= to) return true;
    return false;
  }

  /** Lets go of versions that nothing open sees. */
  prune(head: Version): void {
    for (let version = head; version.older !== undefined;) {
      if (this.needs(version.older.stamp, version.stamp)) version = version.older;
      else version.older = version.older.older;
    }
  }
}
