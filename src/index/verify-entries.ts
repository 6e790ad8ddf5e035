// Compares an ordered tree with the entries that it should hold.

import type { OrderedTree } from '../pages/ordered-tree.js';
import type { PageReader } from '../pages/page.js';
import { compareBytes } from '../values/bytes.js';
import type { Entry, VerifyProblem } from './kind.js';
import { KeyArena } from './sort-keys.js';

/** Problems listed in full; the rest are counted. */
const LISTED = 20;

/** Collects problems; past the first ones it only counts. */
export class Problems {
  readonly list: VerifyProblem[] = [];
  private more = 0;

  add(what: string): void {
    if (this.list.length < LISTED) this.list.push({ what });
    else this.more++;
  }

  finish(): VerifyProblem[] {
    if (this.more > 0) this.list.push({ what: `and ${this.more} more problems` });
    return this.list;
  }
}

/** @param encode the tree's entry for an entry of the index; its bytes are read before the next call */
export function verifyEntries(
  tree: OrderedTree,
  reader: PageReader,
  entries: Iterable<Entry>,
  encode: (entry: Entry) => { readonly key: Uint8Array; readonly value: Uint8Array },
): VerifyProblem[] {
  const problems = new Problems();
  for (const what of tree.verify(reader)) problems.add(what);
  const keys = new KeyArena();
  const values = new KeyArena();
  for (const entry of entries) {
    const { key, value } = encode(entry);
    keys.add(key, entry.rowId);
    values.add(value, 0);
  }
  const order = keys.sorted();
  let at = 0;
  const missing = () => {
    problems.add(`the entry of row ${keys.ids[order[at]!]} is missing`);
    at++;
  };
  for (const batch of tree.scan(reader)) {
    for (let i = 0; i < batch.count; i++) {
      const key = batch.key(i);
      let difference = -1;
      while (at < order.length && (difference = compareBytes(keys.key(order[at]!), key)) < 0) missing();
      if (at === order.length || difference > 0) {
        problems.add(`there is an entry that no row has: key ${Buffer.from(key).toString('hex')}`);
        continue;
      }
      const value = values.key(order[at]!);
      if (compareBytes(value, batch.value(i)) !== 0) {
        problems.add(`the entry of row ${keys.ids[order[at]!]} holds other values than the row`);
      }
      at++;
    }
  }
  while (at < order.length) missing();
  return problems.finish();
}
