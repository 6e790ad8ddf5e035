import { describe, expect, it } from 'vitest';
import { BITMAP_COUNTERS, BitmapEntries, entryKey, formOf } from '../../src/index/bitmap/entries.js';
import { BITMAP_PAGE } from '../../src/index/bitmap/page.js';
import { Fixture, equal } from './support.js';

/** `count` rows of one value from `from` on, every `step`-th. */
function rows(value: string, from: number, count: number, step = 1): [number, string[]][] {
  return Array.from({ length: count }, (_, i) => [from + i * step, [value]]);
}

describe('bitmap', () => {
  it('keeps few rows in the entry, more in a container of ids, many in bits, and comes back', () => {
    const test = new Fixture('bitmap', ['text']);
    const containers = () =>
      test.read((reader) => {
        const entries = new BitmapEntries(test.index);
        const pages = entries.counter(reader, BITMAP_COUNTERS.NEXT_PAGE);
        const free = entries.counter(reader, BITMAP_COUNTERS.FREE_PAGES);
        return pages - free;
      });
    test.insert(rows('a', 0, 500, 2));
    expect(containers()).toBe(0);
    test.insert(rows('a', 1, 1, 2));
    expect(containers()).toBe(1);
    test.insert(rows('a', 1000, 5000));
    expect(containers()).toBe(1);
    expect(test.find('a')).toHaveLength(5501);
    expect(test.verify()).toEqual([]);
    test.write((tx) => {
      const index = test.model.maintain(tx);
      for (const rowId of [...test.model.rows.keys()].slice(299)) test.model.remove(tx, index, rowId);
    });
    expect(containers()).toBe(0);
    expect(test.find('a')).toHaveLength(299);
    expect(test.verify()).toEqual([]);
    test.insert(rows('b', 70_000, 600));
    expect(test.verify()).toEqual([]);
    expect(test.read((reader) => test.model.open(reader).count(equal('a', 'b', 'a')))).toBe(899);
  });

  it('changes bits for itself alone, and leaves them at 4,096 rows', () => {
    const test = new Fixture('bitmap', ['text']);
    test.insert(rows('a', 0, 4099, 2));
    const held = test.pages.snapshot();
    const open = test.model.open(held);
    const set = open.rowSet(equal('a'));
    for (let i = 0; i < 6; i++) {
      test.write((tx) => {
        const index = test.model.maintain(tx);
        const mark = tx.mark();
        const before = new Map(test.model.rows);
        test.model.remove(tx, index, 5000);
        test.model.insert(tx, index, 5001, ['a']);
        tx.rollbackTo(mark);
        tx.release(mark);
        test.model.rows = before;
        test.model.remove(tx, index, 10 * i);
      });
      expect(test.verify()).toEqual([]);
      expect(test.find('a')).toEqual([...test.model.rows.keys()]);
    }
    expect(open.rowSet(equal('a')).toArray()).toEqual(set.toArray());
    expect(set.size).toBe(4099);
    expect(set.has(10)).toBe(true);
    held.close();
  });

  it('keeps long values apart, by their hash, and forgets them with their last row', () => {
    const test = new Fixture('bitmap', ['text']);
    const long = 'word '.repeat(1000);
    test.insert([
      [1, [long]],
      [2, [`${long}!`]],
      [3, [long]],
      [4, ['short']],
    ]);
    expect(test.find(long)).toEqual([1, 3]);
    expect(test.find(`${long}?`)).toEqual([]);
    const facets = () => test.read((reader) => [...test.model.open(reader).facets!(undefined)]);
    expect(facets()).toContainEqual({ value: `${long}!`, count: 1 });
    test.write((tx) => test.model.remove(tx, test.model.maintain(tx), 2));
    expect(facets()).toHaveLength(2);
    expect(test.read((reader) => test.model.kind.statistics(test.index, reader).distinct)).toBe(2);
    expect(test.verify()).toEqual([]);
  });

  it('NOT leaves out NULL, a NULL in the list leaves out all, an empty list leaves out nothing', () => {
    const test = new Fixture('bitmap', ['text']);
    test.insert([
      [1, ['a']],
      [2, ['b']],
      [3, [null]],
    ]);
    const without = (array: (string | null)[] | null) =>
      test.read((reader) => {
        const open = test.model.open(reader);
        const probe = { kind: 'not-keys', set: { kind: 'array', array } } as const;
        const found = [...open.rowSet(probe).toArray()];
        expect(open.count(probe)).toBe(found.length);
        return found;
      });
    expect(without(['a'])).toEqual([2]);
    expect(without(['a', 'a', 'x'])).toEqual([2]);
    expect(without(['a', null])).toEqual([]);
    expect(without(null)).toEqual([]);
    expect(without([])).toEqual([1, 2, 3]);
  });

  it('verify finds a wrong bit, ids out of order, a lost and an orphaned container', () => {
    const test = new Fixture('bitmap', ['text']);
    test.insert([...rows('a', 0, 6000), ...rows('b', 6000, 700), ...rows('c', 7000, 10)]);
    expect(test.verify()).toEqual([]);
    const entries = new BitmapEntries(test.index);
    const planted = (plant: Parameters<Fixture['write']>[0]) =>
      test.write((tx) => {
        const mark = tx.mark();
        plant(tx);
        const found = test.model.verify(tx).join('; ');
        tx.rollbackTo(mark);
        tx.release(mark);
        return found;
      });
    const key = (value: string) => entryKey(formOf(value, 'text'), 0);
    expect(
      planted((tx) => {
        const page = tx.change(entries.pages, 0, BITMAP_PAGE);
        if (page.kind === 'container' && page.bits) page.bits[3]! ^= 1 << 7;
      }),
    ).toMatch(/misses row 103/);
    expect(
      planted((tx) => {
        const page = tx.change(entries.pages, 0, BITMAP_PAGE);
        if (page.kind === 'container' && page.bits) page.bits[300]! |= 1 << 7;
      }),
    ).toMatch(/has row 9607, which does not have it/);
    expect(planted((tx) => entries.tree.put(tx, key('c'), new Uint8Array([9, 0, 3, 0])))).toMatch(/do not ascend/);
    expect(planted((tx) => entries.tree.delete(tx, key('b')))).toMatch(/page 1 belongs to no entry/);
    expect(planted((tx) => entries.tree.put(tx, key('b'), new Uint8Array([1, 0, 0, 0, 0])))).toMatch(
      /which does not have it/,
    );
  });
});
