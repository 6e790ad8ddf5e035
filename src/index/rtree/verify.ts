// Checks an R-tree against itself and against the entries that it should hold.

import { LightningError } from '../../errors.js';
import type { PageReader } from '../../pages/index.js';
import type { ScalarType } from '../../values/types.js';
import type { Entry, VerifyProblem } from '../kind.js';
import { placeOf } from './selection.js';
import { DIRECTORY_MOST, SPATIAL_PAGE, boxOf, isBucket } from './spatial-page.js';
import type { SpatialPage, Width } from './spatial-page.js';
import { RTREE_COUNTERS, pageAt } from './tree-change.js';

/** Problems told at most. */
const MOST = 20;

/** An exclusive or inclusive end of the keys that belong under a page. */
type Key = readonly [hilbert: number, rowId: number];

export function verifySpatial(
  reader: PageReader,
  space: number,
  type: ScalarType,
  width: Width,
  expected: Iterable<Entry>,
): VerifyProblem[] {
  const problems: VerifyProblem[] = [];
  const tell = (what: string): void => {
    if (problems.length < MOST) problems.push({ what });
  };
  const held = new Map<number, readonly number[]>();
  const seen = new Set<number>();

  const visit = (page: number, node: SpatialPage, low: Key, high: Key | undefined): void => {
    if (seen.has(page)) return tell(`R-tree page ${page} is reached twice`);
    seen.add(page);
    const name = `R-tree page ${page}`;
    if (isBucket(node)) {
      if (node.width !== width) return tell(`${name} holds places of ${node.width} numbers, not ${width}`);
      if (node.count > node.most) tell(`${name} has ${node.count} entries, more than fit`);
      for (let i = 0; i < node.count; i++) {
        const rowId = node.rowIds[i]!;
        const key: Key = [node.key(i), rowId];
        if (order(key, low) < 0 || (high && order(key, high) >= 0))
          tell(`${name} holds row ${rowId}, which belongs elsewhere`);
        if (held.has(rowId)) tell(`row ${rowId} is in the R-tree twice`);
        held.set(rowId, [...node.places.subarray(i * width, (i + 1) * width)]);
      }
      return;
    }
    if (node.count === 0) tell(`${name} is empty`);
    if (node.count > DIRECTORY_MOST) tell(`${name} has ${node.count} pages below it, more than fit`);
    for (let i = 0; i < node.count; i++) {
      const from: Key = i === 0 ? low : [node.hilberts[i]!, node.rowIds[i]!];
      const to: Key | undefined = i + 1 < node.count ? [node.hilberts[i + 1]!, node.rowIds[i + 1]!] : high;
      if (i > 0 && order(from, [node.hilberts[i - 1]!, node.rowIds[i - 1]!]) <= 0)
        tell(`${name} has keys out of order`);
      const below = pageAt(reader, space, node.children[i]!, node.level - 1);
      const box = boxOf(below);
      if (box.some((side, k) => side !== node.boxes[4 * i + k]))
        tell(`${name} has a wrong box for page ${node.children[i]}`);
      visit(node.children[i]!, below, from, to);
    }
  };

  try {
    const counters = reader.counters(space);
    if (counters === undefined) return [{ what: `space ${space} has no counters, and so no R-tree` }];
    visit(0, reader.page(space, 0, SPATIAL_PAGE), [0, 0], undefined);
    if (counters[RTREE_COUNTERS.ENTRIES] !== held.size) {
      tell(`the R-tree counts ${counters[RTREE_COUNTERS.ENTRIES]} entries and has ${held.size}`);
    }
    if (counters[RTREE_COUNTERS.PAGES] !== seen.size) {
      tell(`the R-tree counts ${counters[RTREE_COUNTERS.PAGES]} pages and has ${seen.size}`);
    }
    for (const { rowId, values } of expected) {
      const value = values[0] ?? null;
      if (value === null) continue;
      const found = held.get(rowId);
      held.delete(rowId);
      if (found === undefined) tell(`the R-tree lacks row ${rowId}`);
      else if (placeOf(value, type).some((number, k) => number !== found[k])) {
        tell(`the R-tree has row ${rowId} at another place`);
      }
    }
    for (const rowId of held.keys()) tell(`the R-tree holds row ${rowId}, which should not be in it`);
  } catch (error) {
    if (!(error instanceof LightningError) || error.kind !== 'corrupt') throw error;
    problems.push({ what: error.message });
  }
  return problems;
}

function order(a: Key, b: Key): number {
  return a[0] - b[0] || a[1] - b[1];
}
