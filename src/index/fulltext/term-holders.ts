// Which of many terms a document holds. Asked of one list after the other at first; once that has cost more than reading them all, from a
// table by row.

import { tfOf } from './term-list.js';
import type { TermList } from './term-list.js';

interface Held {
  readonly list: TermList;
  readonly field: number;
}

/** Few terms are quicker looked up one by one, whatever they cost. */
const FEW = 4;
/** Looking a row up in a list costs so many times what reading a posting does. */
const LOOK_UP = 2;
const NONE: readonly number[] = [];

export class TermHolders {
  private table: Map<number, number[]> | undefined;
  private spent = 0;

  constructor(
    private readonly terms: readonly Held[],
    private readonly fields: number,
  ) {}

  /** Positions of the terms that a row's merged document holds in their fields, ascending. */
  of(rowId: number): readonly number[] {
    const { terms } = this;
    if (this.table === undefined && terms.length > FEW) {
      this.spent += terms.length * LOOK_UP;
      if (this.spent > terms.reduce((sum, { list, field }) => sum + list.df(field), 0)) this.table = this.read();
    }
    if (this.table !== undefined) return this.table.get(rowId) ?? NONE;
    const found: number[] = [];
    for (let at = 0; at < terms.length; at++) {
      const { list, field } = terms[at]!;
      if (list.find(rowId) && list.tf(field) > 0) found.push(at);
    }
    return found;
  }

  private read(): Map<number, number[]> {
    const table = new Map<number, number[]>();
    this.terms.forEach(({ list, field }, at) => {
      for (let b = 0; b < list.blocks.length; b++) {
        const block = list.decoded(b);
        for (let i = 0; i < block.count; i++) {
          if (tfOf(block, i, field, this.fields) === 0) continue;
          const rowId = block.rowIds[i]!;
          const held = table.get(rowId);
          if (held === undefined) table.set(rowId, [at]);
          else held.push(at);
        }
      }
    });
    return table;
  }
}
