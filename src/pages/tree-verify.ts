// Checks the whole structure of an ordered tree against itself and its counters.

import { LightningError } from '../errors.js';
import { compareBytes } from '../kv/bytes.js';
import type { PageReader } from './page.js';
import { FREE_LEVEL, TREE_COUNTERS, TREE_PAGE } from './tree-page.js';

/** Problems told at most. */
const MOST = 20;

export function verifyTree(reader: PageReader, space: number): string[] {
  const problems: string[] = [];
  const seen = new Set<number>();
  let entries = 0;
  let leaves = 0;

  function tell(page: number, what: string): void {
    if (problems.length < MOST) problems.push(`tree page ${page} of space ${space} ${what}`);
  }

  function visit(page: number, level: number | undefined, low: Uint8Array, high: Uint8Array | undefined): void {
    if (seen.has(page)) return tell(page, 'is reached twice');
    seen.add(page);
    const node = reader.page(space, page, TREE_PAGE);
    if (level !== undefined && node.level !== level) return tell(page, `has level ${node.level}, not ${level}`);
    if (node.level === FREE_LEVEL) return tell(page, 'is free, and yet in use');
    if (node.count === 0 && page !== 0) tell(page, 'is empty');
    const inner = node.level > 0;
    if (inner && node.count > 0 && node.key(0).length > 0) tell(page, 'begins with a key that is not empty');
    for (let i = inner ? 1 : 0; i < node.count; i++) {
      const key = node.key(i);
      if (compareBytes(key, low) < 0 || (inner && compareBytes(key, low) === 0)) {
        tell(page, `has entry ${i} below its lower bound`);
      }
      if (high !== undefined && compareBytes(key, high) >= 0) tell(page, `has entry ${i} at or above its upper bound`);
      if (i > 0 && compareBytes(node.key(i - 1), key) >= 0) tell(page, `has entries ${i - 1} and ${i} out of order`);
    }
    if (!inner) {
      leaves++;
      entries += node.count;
      return;
    }
    for (let i = 0; i < node.count; i++) {
      const above = i + 1 < node.count ? node.key(i + 1) : high;
      visit(node.child(i), node.level - 1, i === 0 ? low : node.key(i), above);
    }
  }

  try {
    const counters = reader.counters(space);
    if (counters === undefined) return [`space ${space} has no counters, and so no tree`];
    visit(0, undefined, new Uint8Array(0), undefined);
    let free = 0;
    for (let next = counters[TREE_COUNTERS.FREE_HEAD]!; next !== 0; free++) {
      const page = next - 1;
      if (seen.has(page)) {
        tell(page, 'is on the list of free pages, and elsewhere too');
        break;
      }
      seen.add(page);
      const node = reader.page(space, page, TREE_PAGE);
      if (node.level !== FREE_LEVEL) {
        tell(page, 'is on the list of free pages, and not free');
        break;
      }
      next = node.child(0);
    }
    const expected: [string, number, number][] = [
      ['entries', counters[TREE_COUNTERS.ENTRIES]!, entries],
      ['leaves', counters[TREE_COUNTERS.LEAVES]!, leaves],
      ['free pages', counters[TREE_COUNTERS.FREE_PAGES]!, free],
      ['pages', counters[TREE_COUNTERS.NEXT_PAGE]!, seen.size],
    ];
    for (const [what, counted, found] of expected) {
      if (counted !== found) problems.push(`the tree in space ${space} counts ${counted} ${what} and has ${found}`);
    }
  } catch (error) {
    if (!(error instanceof LightningError) || error.kind !== 'corrupt') throw error;
    problems.push(error.message);
  }
  return problems;
}
