import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { chunkOfIds, membershipOf, rowSetsOf } from '../../src/index/row-set/index.js';
import type { RowSet, RowSets } from '../../src/index/row-set/index.js';

const seed = Number(process.env['SEED'] ?? 20260);

/** Sets that reach every form: few ids, many in one chunk, dense runs, ids at the far end. */
const ids = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 300 }),
    fc.option(
      fc.tuple(
        fc.integer({ min: 0, max: 300_000 }),
        fc.integer({ min: 0, max: 9000 }),
        fc.integer({ min: 1, max: 40 }),
      ),
    ),
    fc.constantFrom([], [0], [0xffffffff], [65535, 65536]),
  )
  .map(([some, run, edge]) => {
    const all = new Set<number>([...some, ...edge]);
    if (run) for (let i = 0; i < run[1]; i++) all.add(run[0] + i * run[2]);
    return [...all].sort((a, b) => a - b);
  });

const implementations = (['roaring', 'typescript'] as const).flatMap((name) => rowSetsOf(name) ?? []);

function model(set: RowSet): number[] {
  return [...set.toArray()];
}

describe.each(implementations.map((sets) => [sets.implementation, sets] as [string, RowSets]))(
  'row sets: %s',
  (_, sets) => {
    const make = (list: readonly number[]) => sets.fromSorted(Uint32Array.from(list));

    it('agrees with sorted lists in every operation', () => {
      fc.assert(
        fc.property(ids, ids, (a, b) => {
          const [x, y] = [make(a), make(b)];
          const inB = new Set(b);
          const inA = new Set(a);
          expect(model(x.and(y))).toEqual(a.filter((id) => inB.has(id)));
          expect(x.andSize(y)).toBe(a.filter((id) => inB.has(id)).length);
          expect(model(x.andNot(y))).toEqual(a.filter((id) => !inB.has(id)));
          expect(model(x.or(y))).toEqual([...new Set([...a, ...b])].sort((p, q) => p - q));
          expect(model(sets.union([x, y, x]))).toEqual(model(x.or(y)));
          expect(x.size).toBe(a.length);
          for (const id of [...a.slice(0, 20), ...b.slice(0, 20)]) expect(x.has(id)).toBe(inA.has(id));
          const batches = [...x.batches(100)];
          expect(batches.flatMap((batch) => [...batch])).toEqual(a);
          expect(batches.every((batch) => batch.length <= 100)).toBe(true);
        }),
        { seed, numRuns: 150 },
      );
    });

    it('tells again and again what is in it, with and without a table of bits', () => {
      fc.assert(
        fc.property(ids, fc.array(fc.integer({ min: 0, max: 310_000 }), { maxLength: 400 }), (list, others) => {
          const isIn = membershipOf(make(list));
          const has = new Set(list);
          const asked = [...others, ...list.slice(0, 300), 0xffffffff];
          for (const id of [...asked, ...asked]) expect(isIn(id)).toBe(has.has(id));
        }),
        { seed, numRuns: 100 },
      );
    });

    it('is the same made from ranges, chunks and unsorted ids', () => {
      const range = sets.fromRange(65_000, 140_001);
      expect(range.size).toBe(75_001);
      expect(range.has(65_000) && range.has(140_000) && !range.has(140_001) && !range.has(64_999)).toBe(true);
      const chunks = [0, 3].map((chunk) =>
        chunkOfIds(
          chunk,
          Uint16Array.from({ length: 5000 }, (_, i) => i * 3),
        ),
      );
      const made = sets.fromChunks(chunks);
      expect(made.size).toBe(10_000);
      expect(model(made)).toEqual([0, 3].flatMap((c) => Array.from({ length: 5000 }, (_, i) => c * 65536 + i * 3)));
      expect(model(sets.fromUnsorted(Uint32Array.of(5, 1, 5, 0xffffffff)))).toEqual([1, 5, 0xffffffff]);
    });
  },
);

it('has both implementations here, or says that the addon was not built', () => {
  const names = implementations.map((sets) => sets.implementation);
  if (names.length === 1) console.warn('the roaring addon is not built: only the TypeScript row sets were tested');
  expect(names).toContain('typescript');
});
