import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { boundedDistance, closest, withinDistance } from '../../src/text/edit-distance.js';

/** The definition, without bounds. */
function alignment(a: readonly string[], b: readonly string[]): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => d[i]?.[j] ?? NaN;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(i - 2, j - 2) + 1);
      (d[i] as number[])[j] = cost;
    }
  }
  return at(a.length, b.length);
}

describe('edit distance', () => {
  it('equals the unbounded definition up to its bound', () => {
    const word = fc.array(fc.constantFrom('a', 'b', 'c', '😀'), { maxLength: 9 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, k) => {
        const exact = alignment(a, b);
        expect(boundedDistance(a.join(''), b.join(''), k)).toBe(Math.min(exact, k + 1));
        expect(withinDistance(a.join(''), b.join(''), k)).toBe(exact <= k);
      }),
      { numRuns: 5000 },
    );
  });

  it('suggests what a misspelt name meant, or nothing', () => {
    expect(closest('naem', ['id', 'name', 'names'])).toBe('name');
    expect(closest('POPULATON', ['population', 'place'])).toBe('population');
    expect(closest('xyz', ['population'])).toBeUndefined();
    expect(closest('id', [])).toBeUndefined();
  });
});
