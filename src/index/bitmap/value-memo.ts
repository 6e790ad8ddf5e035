// The rows of one value put together as one set, remembered in the page of its first container: a query that asks for the value again
// neither reads the containers' bits nor builds the set. The parts that the set was made of are compared at each use, so that a memo of
// another state, older or newer, is never taken for this one.

import { equalBytes } from '../../values/bytes.js';
import type { RowSet } from '../row-set/index.js';

/** One chunk of a value: a container's stamp, or the ids that the entry holds itself. */
export type PartState = number | Uint8Array;

/** Ids beside containers that a memo keeps a copy of, in bytes at most. */
const MOST_INLINE = 4_096;
const OVERHEAD = 200;

export class ValueMemo {
  private constructor(
    readonly set: RowSet,
    private readonly parts: readonly PartState[],
    /** Memory, about. */
    readonly bytes: number,
  ) {}

  /** Undefined when it would cost more than it is worth. */
  static of(set: RowSet, parts: readonly PartState[]): ValueMemo | undefined {
    let inline = 0;
    for (const part of parts) if (typeof part !== 'number') inline += part.length;
    if (inline > MOST_INLINE) return undefined;
    const kept = parts.map((part) => (typeof part === 'number' ? part : part.slice()));
    return new ValueMemo(set, kept, OVERHEAD + 16 * parts.length + inline + set.bytes);
  }

  /** Whether the set is of these parts. */
  isOf(parts: readonly PartState[]): boolean {
    if (parts.length !== this.parts.length) return false;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      const own = this.parts[i]!;
      if (typeof part === 'number' ? part !== own : typeof own === 'number' || !equalBytes(part, own)) return false;
    }
    return true;
  }
}
