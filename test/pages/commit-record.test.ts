import { expect, it } from 'vitest';
import { CommitRecord } from '../../src/pages/commit-record.js';
import type { SpaceChanges } from '../../src/pages/commit-record.js';
import { PAGE_BODY } from '../../src/pages/page.js';
import { PAGE_HEADER } from '../../src/pages/page-format.js';
import { Random } from './support.js';

function covers(found: SpaceChanges[], space: number, page: number): boolean {
  return found.some((change) => change.space === space && (change.pages === undefined || change.pages.includes(page)));
}

it.each([
  { name: 'few spaces, small commits', spaces: 5, most: 6 },
  { name: 'few spaces, large commits', spaces: 5, most: 3_000 },
  { name: 'many spaces', spaces: 400, most: 6 },
])('a record tells all that changed since any commit, and fits one page: $name', ({ spaces, most }) => {
  const random = new Random(spaces + most);
  let record = CommitRecord.empty;
  const commits: SpaceChanges[][] = [];
  let exact = 0;
  let bySpace = 0;
  let unknown = 0;
  for (let n = 0; n < 600; n++) {
    const changes: SpaceChanges[] = [];
    for (let k = 1 + random.below(4); k > 0; k--) {
      const space = 1 + random.below(spaces) * 7_000_000;
      if (changes.some((change) => change.space === space)) continue;
      const first = random.below(2 ** 31);
      const pages = Array.from({ length: 1 + random.below(random.below(9) === 0 ? most : 3) }, (_, i) => first + i * 3);
      changes.push({ space, pages: random.below(20) === 0 ? undefined : pages });
    }
    commits.push(changes);
    record = record.next(changes);
    const value = record.encode();
    expect(value.length).toBeLessThanOrEqual(PAGE_BODY + PAGE_HEADER);
    expect(CommitRecord.peek(value)).toBe(n + 1);
    record = CommitRecord.decode(value);
    expect(record.sequence).toBe(n + 1);
    expect(record.changedSince(n + 1)).toEqual([]);
    expect(record.changedSince(n + 2)).toBeUndefined();
    if (n % 20 !== 19) continue;
    for (let since = 0; since <= n; since += 1 + random.below(9)) {
      const found = record.changedSince(since);
      if (found === undefined) {
        unknown++;
        continue;
      }
      if (found.every((change) => change.pages !== undefined)) exact++;
      else bySpace++;
      for (const { space, pages } of commits.slice(since).flat()) {
        for (const page of pages?.slice(0, 5) ?? [1, 2, 3]) {
          if (!covers(found, space, page)) throw new Error(`page ${page} of space ${space} since ${since} at ${n + 1}`);
        }
      }
    }
  }
  expect(exact + bySpace).toBeGreaterThan(50);
  expect(bySpace).toBeGreaterThan(10);
  if (spaces > 128) expect(unknown).toBeGreaterThan(50);
});
