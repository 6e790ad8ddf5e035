import { describe, expect, it } from 'vitest';
import { indexKindConformance } from '../../src/conformance/index-kind.js';
import type { IndexFixture } from '../../src/conformance/index-kind.js';
import { kinds } from '../../src/index/registry.js';
import { openMemory } from '../../src/kv/index.js';
import { PageStore } from '../../src/pages/page-store.js';

const seed = Number(process.env['SEED'] ?? 1);

function memory(): IndexFixture {
  const store = openMemory();
  const pages = new PageStore(store);
  return { pages, reopen: () => new PageStore(store), dispose: () => pages.close() };
}

/** Every page is written early and evicted soon. */
function cramped(): IndexFixture {
  const store = openMemory();
  const options = { cacheBytes: 20_000, changedPagesBudget: 20_000 };
  const pages = new PageStore(store, options);
  return { pages, reopen: () => new PageStore(store, options), dispose: () => pages.close() };
}

it('knows the kinds of the language', () => {
  expect(kinds().map((kind) => kind.name)).toEqual(
    expect.arrayContaining(['primary', 'btree', 'hash', 'bitmap', 'bloom']),
  );
});

describe.each(kinds().map((kind) => [kind.name, kind] as const))('index kind %s', (_, kind) => {
  for (const { name, run } of indexKindConformance(kind, seed)) it(name, () => run(memory));
  const [first] = indexKindConformance(kind, seed + 1).slice(1);
  if (first !== undefined) it(`${first.name}, with next to no cache`, () => first.run(cramped));
});
