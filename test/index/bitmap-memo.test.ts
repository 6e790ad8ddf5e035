import { describe, expect, it } from 'vitest';
import { ValueMemo } from '../../src/index/bitmap/value-memo.js';
import { rowSets } from '../../src/index/row-set/index.js';
import { Fixture, equal } from './support.js';

/** Values that have rows in containers and in entries, over three chunks. */
function rows(): [number, string[]][] {
  return ['a', 'b', 'c'].flatMap((value, v) =>
    [0, 65_536, 131_072].flatMap((base, chunk) =>
      Array.from({ length: chunk === 1 ? 40 : 3_000 }, (_, i): [number, string[]] => [base + 3 * i + v, [value]]),
    ),
  );
}

describe('remembered rows of a value', () => {
  it('are given again while nothing changes', () => {
    const test = new Fixture('bitmap', ['text']);
    test.insert(rows());
    const held = test.pages.snapshot();
    const open = test.model.open(held);
    expect(open.rowSet(equal('a'))).toBe(open.rowSet(equal('a')));
    expect(open.rowSet(equal('a', 'b')).size).toBe(12_080);
    held.close();
  });

  it('are those of the state that is read, through changes, rollbacks and snapshots', () => {
    const test = new Fixture('bitmap', ['text']);
    test.insert(rows());
    const held = test.pages.snapshot();
    const before = test.find('a');
    // A row in a container, one in an entry, and one that makes an entry of its own.
    for (const rowId of [9_002, 65_538, 200_000]) {
      test.write((tx) => {
        const index = test.model.maintain(tx);
        const own = () => [...test.model.open(tx).rowSet(equal('a')).toArray()];
        const start = own();
        const mark = tx.mark();
        const known = new Map(test.model.rows);
        if (test.model.rows.has(rowId)) test.model.remove(tx, index, rowId);
        test.model.insert(tx, index, rowId, ['a']);
        expect(own()).toEqual([...start, rowId].sort((x, y) => x - y));
        tx.rollbackTo(mark);
        tx.release(mark);
        test.model.rows = known;
        expect(own()).toEqual(start);
        test.model.insert(tx, index, rowId + 400_000, ['a']);
        test.model.remove(tx, index, start[0]!);
      });
      expect(test.find('a')).toEqual(
        [...test.model.rows]
          .filter(([, row]) => row[0] === 'a')
          .map(([id]) => id)
          .sort((x, y) => x - y),
      );
      expect([...test.model.open(held).rowSet(equal('a')).toArray()]).toEqual(before);
      expect(test.verify()).toEqual([]);
    }
    held.close();
  });

  it('count in facets within a large set as one by one', () => {
    const test = new Fixture('bitmap', ['text']);
    test.insert(rows());
    test.read((reader) => {
      const open = test.model.open(reader);
      for (const to of [10, 7_000, 140_000, 200_000]) {
        const within = rowSets().fromRange(5, to);
        const counted = [...open.facets!(within)].map(({ value, count }) => [value, count]);
        const expected = ['a', 'b', 'c'].map((value) => [value, open.rowSet(equal(value)).and(within).size]);
        expect(counted).toEqual(expected.filter(([, count]) => count !== 0));
      }
    });
  });

  it('are of their parts only', () => {
    const set = rowSets().fromRange(0, 5000);
    const memo = ValueMemo.of(set, [1, Uint8Array.of(1, 2), 3])!;
    expect(memo.isOf([1, Uint8Array.of(1, 2), 3])).toBe(true);
    expect(memo.isOf([1, Uint8Array.of(1, 3), 3])).toBe(false);
    expect(memo.isOf([1, 2, 3])).toBe(false);
    expect(memo.isOf([1, Uint8Array.of(1, 2)])).toBe(false);
    expect(memo.isOf([Uint8Array.of(1), Uint8Array.of(1, 2), 3])).toBe(false);
    expect(memo.bytes).toBeGreaterThan(set.bytes);
    expect(ValueMemo.of(set, [1, new Uint8Array(5000)])).toBeUndefined();
  });
});
