import { describe, expect, it } from 'vitest';
import type { PageCodec } from '../../src/pages/page.js';
import type { IndexKindName } from '../../src/catalog/definitions.js';
import { BloomFilter, FILTER_PAGE, falsePositiveRate } from '../../src/index/bloom/filter.js';
import { kindOf, kinds } from '../../src/index/registry.js';
import { boundOf, keysOf } from '../../src/index/probe-values.js';
import { KeyArena } from '../../src/index/sort-keys.js';
import { RowCollector } from '../../src/index/row-collector.js';
import { OrderedTree } from '../../src/pages/ordered-tree.js';
import { compareBytes } from '../../src/values/bytes.js';
import { tableOf } from '../../src/conformance/index-kind-model.js';
import { Random } from '../../src/conformance/index-kind-shapes.js';
import type { ScalarType } from '../../src/values/types.js';
import { Fixture, definition, equal } from './support.js';

const table = tableOf({ name: 't', keys: [{ type: 'integer', value: () => 0 }] }, []);

describe('definitions', () => {
  const refused: [
    IndexKindName,
    ScalarType[],
    Parameters<typeof definition>[2],
    Parameters<typeof definition>[3],
    RegExp,
  ][] = [
    ['bitmap', ['text', 'text'], {}, {}, /has 2 keys/],
    ['bitmap', ['text'], {}, { unique: true }, /cannot be unique/],
    ['bloom', ['text'], { bits_per_row: 3 }, {}, /bits_per_row/],
    ['bloom', ['text'], { false_positive_rate: 0 }, {}, /false_positive_rate/],
    ['bloom', ['text'], { false_positive_rate: '1%' }, {}, /false_positive_rate/],
    ['bloom', ['text'], { bits_per_row: 8, false_positive_rate: 0.01 }, {}, /has both/],
    ['bloom', ['text'], { bits: 3 }, {}, /unknown option 'bits'/],
    ['hash', ['text'], {}, { include: [0] }, /no included columns/],
    ['btree', ['geometry'], {}, {}, /cannot have the key c0/],
    ['btree', ['text'], {}, { include: [7] }, /unknown column/],
    ['btree', [], {}, {}, /has no key/],
  ];
  it.each(refused)('%s %j %j %j is refused', (kind, types, options, more, message) => {
    expect(() => kindOf(kind).check(definition(kind, types, options, more), table)).toThrow(message);
  });

  it('completes options, and accepts what it completed', () => {
    for (const kind of kinds()) {
      const types: ScalarType[] = kind.name === 'rtree' ? ['point'] : kind.name === 'fulltext' ? ['text'] : ['integer'];
      const options = kind.check(definition(kind.name, types), table);
      expect(kind.check(definition(kind.name, types, options), table)).toEqual(options);
    }
  });

  it('names the kinds there are when asked for another', () => {
    expect(() => kindOf('skiplist' as IndexKindName)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });
});

describe('btree', () => {
  it('refuses a key that is too long, naming hash, and stays as it was', () => {
    const test = new Fixture('btree', ['text']);
    test.insert([[1, ['a']]]);
    const long = 'x'.repeat(1100);
    test.write((tx) => {
      const index = test.model.maintain(tx);
      const apply = (before: string | undefined) => () =>
        index.apply({ rowId: 1, before: before === undefined ? undefined : [before], after: [long] });
      const tooLong = expect.objectContaining({
        code: 'KEY_TOO_LONG',
        hint: expect.stringContaining('hash') as string,
      });
      expect(apply('a')).toThrow(tooLong);
    });
    expect(test.verify()).toEqual([]);
    expect(test.find(long)).toEqual([]);
    expect(test.find('a')).toEqual([1]);
  });

  it('verify finds a lost and a foreign entry and a wrong covered value', () => {
    const test = new Fixture('btree', ['integer'], { include: [{ type: 'text', value: () => null }] });
    test.insert(Array.from({ length: 2000 }, (_, i) => [i, [i % 70, `t${i}`]]));
    expect(test.verify()).toEqual([]);
    const tree = new OrderedTree(test.index.spaces[0]!);
    test.write((tx) => {
      const [first] = tree.scan(tx);
      const mark = tx.mark();
      const key = first!.key(5).slice();
      const other = first!.value(6).slice();
      tree.put(tx, key, other);
      expect(test.model.verify(tx).join()).toMatch(/holds other values/);
      tx.rollbackTo(mark);
      tree.delete(tx, key);
      expect(test.model.verify(tx).join()).toMatch(/is missing/);
      tx.rollbackTo(mark);
      key[key.length - 4] = 9;
      tree.put(tx, key, other);
      expect(test.model.verify(tx).join()).toMatch(/that no row has/);
      tx.rollbackTo(mark);
      tx.release(mark);
    });
  });
});

describe('primary', () => {
  it('keeps direct keys without any entry, and others in the tree', () => {
    const test = new Fixture('primary', ['integer'], { primary: true, unique: true });
    const far = 2 ** 31;
    test.insert([
      [0, [0]],
      [7, [7]],
      [70_000, [70_000]],
      [far + 1, [-5]],
      [far + 2, [2n ** 60n]],
      [far + 3, [1_000_000]],
    ]);
    expect(test.read((reader) => new OrderedTree(test.index.spaces[0]!).count(reader))).toBe(3);
    expect(test.find(7, -5, 2n ** 60n, 1_000_000, 8, 1.5)).toEqual([7, far + 1, far + 2, far + 3]);
    const walked = test.read((reader) =>
      [...test.model.open(reader).walk!({ kind: 'all' }, { reverse: true, covered: true })].flatMap(
        (b) => b.values[0]!,
      ),
    );
    expect(walked).toEqual([2n ** 60n, 1_000_000, 70_000, 7, 0, -5]);
    expect(test.verify()).toEqual([]);
    expect(() => test.insert([[9, [10]]])).toThrow(/not its own key/);
  });
});

describe('hash', () => {
  it('indexes what is too long for an ordered key', () => {
    const test = new Fixture('hash', ['text', 'blob'], { unique: true });
    const [text, blob] = ['y'.repeat(5000), new Uint8Array(3000).fill(1)];
    test.insert([
      [1, [text, blob]],
      [2, [text, null]],
    ]);
    test.write((tx) => expect(test.model.maintain(tx).candidates!([text, blob])).toEqual([1]));
    expect(test.verify()).toEqual([]);
  });
});

describe('bloom', () => {
  it('lets few absent keys pass, as its statistics say', () => {
    const test = new Fixture('bloom', ['integer']);
    test.write((tx) => {
      test.model.maintain(tx).build(Array.from({ length: 60_000 }, (_, i) => ({ rowId: i, values: [i * 2] })));
    });
    test.read((reader) => {
      const open = test.model.open(reader);
      let passed = 0;
      for (let i = 0; i < 20_000; i++) if (open.mayContain!(0, equal(i * 2 + 1))) passed++;
      const rate = test.model.kind.statistics(test.index, reader).falsePositiveRate!;
      expect(rate).toBeGreaterThan(0.003);
      expect(rate).toBeLessThan(0.03);
      expect(passed / 20_000).toBeGreaterThan(rate / 2);
      expect(passed / 20_000).toBeLessThan(rate * 2);
      expect(open.mayContain!(1, equal(4))).toBe(false);
      expect(falsePositiveRate(0)).toBe(0);
    });
  });

  it('verify finds a cleared bit, a bit of no row, and a lost page is corrupt', () => {
    const test = new Fixture('bloom', ['text']);
    test.insert(Array.from({ length: 200 }, (_, i) => [i, [`v${i}`]]));
    const filter = new BloomFilter(test.index);
    test.write((tx) => {
      const page = 256 + [...Array(filter.pages).keys()].find((p) => filter.words(tx, 0, p) !== undefined)!;
      const mark = tx.mark();
      const words = tx.page(filter.space, page, FILTER_PAGE as PageCodec<Uint32Array>);
      const used = words.findIndex((word) => word !== 0);
      tx.change(filter.space, page, FILTER_PAGE)[used] = 0;
      expect(test.model.verify(tx).join()).toMatch(/misses bits/);
      tx.rollbackTo(mark);
      tx.change(filter.space, page, FILTER_PAGE)[used] = 0xffffffff;
      expect(test.model.verify(tx).join()).toMatch(/bits of no row/);
      tx.rollbackTo(mark);
      tx.drop(filter.space, page);
      expect(() => test.model.verify(tx)).toThrow(expect.objectContaining({ kind: 'corrupt' }));
      tx.rollbackTo(mark);
      tx.release(mark);
    });
  });
});

describe('pages changed', () => {
  it.each(['btree', 'hash', 'bitmap', 'bloom', 'primary'] as const)(
    '%s: one for a row, beside the counters',
    (kind) => {
      const test = new Fixture(kind, ['text'], kind === 'primary' ? { primary: true, unique: true } : {});
      const random = new Random(3);
      const value = (i: number) => (kind === 'primary' ? `key ${i}` : `value ${random.below(40)}`);
      test.insert(Array.from({ length: 5000 }, (_, i) => [i, [value(i)]]));
      const counts: number[] = [];
      test.write((tx) => {
        for (let i = 5000; i < 5200; i++) {
          const touched = new Set<string>();
          const counting = new Proxy(tx, {
            get(target, name) {
              const member: unknown = Reflect.get(target, name);
              if (typeof member !== 'function') return member;
              return (...args: unknown[]): unknown => {
                if (name === 'change' || name === 'put' || name === 'drop')
                  touched.add(`${String(args[0])} ${String(args[1])}`);
                return Reflect.apply(member, target, args);
              };
            },
          });
          test.model.maintain(counting).apply({ rowId: i, before: undefined, after: [value(i)] });
          counts.push(touched.size);
        }
      });
      counts.sort((a, b) => a - b);
      expect(counts[100]).toBeLessThanOrEqual(1);
      // A split, or the first bit of a filter's page.
      expect(counts[199]).toBeLessThanOrEqual(4);
    },
  );
});

describe('probe values', () => {
  it('meets integers with reals exactly', () => {
    const keys = (...values: (number | bigint | null)[]) => keysOf({ kind: 'values', values }, 'integer');
    expect(keys(1, 1.5, NaN, null, 2 ** 53, 1e300)).toEqual([1, 2n ** 53n]);
    expect(keysOf({ kind: 'values', values: [2n ** 53n, 2n ** 53n + 1n] }, 'real')).toEqual([2 ** 53]);
    expect(boundOf({ value: 1.5, inclusive: false }, 'low', 'integer')).toEqual({ value: 2, inclusive: true });
    expect(boundOf({ value: -1.5, inclusive: true }, 'high', 'integer')).toEqual({ value: -2, inclusive: true });
    expect(boundOf({ value: NaN, inclusive: true }, 'low', 'integer')).toBe('nothing');
    expect(boundOf({ value: NaN, inclusive: true }, 'high', 'integer')).toBe(undefined);
    expect(boundOf({ value: 1e300, inclusive: true }, 'low', 'integer')).toBe('nothing');
    expect(boundOf({ value: null, inclusive: true }, 'low', 'text')).toBe('nothing');
    // 2^53 + 1 lies between two doubles.
    expect(boundOf({ value: 2n ** 53n + 1n, inclusive: true }, 'low', 'real')).toEqual({
      value: 2 ** 53,
      inclusive: false,
    });
    expect(boundOf({ value: 2n ** 53n + 3n, inclusive: false }, 'low', 'real')).toEqual({
      value: 2 ** 53 + 4,
      inclusive: true,
    });
  });
});

describe('gathering', () => {
  it('sorts keys of any form as their bytes compare', () => {
    const random = new Random(5);
    const beginnings = ['', 'a', 'common beginning of many keys ', '\u0000', '\u0000\u0000\u0000'];
    for (const ends of [3, 40_000]) {
      const arena = new KeyArena();
      const keys: Uint8Array[] = [];
      for (let i = 0; i < 6000; i++) {
        const end = random.below(ends);
        const tail = random.next() < 0.3 ? [] : [0, end >>> 8, end, ...(random.next() < 0.2 ? [0] : [])];
        keys.push(Uint8Array.from([...Buffer.from(random.pick(beginnings)), ...tail]));
        arena.add(keys[i]!, i);
      }
      const order = [...arena.sorted()];
      expect(order).toEqual([...keys.keys()].sort((a, b) => compareBytes(keys[a]!, keys[b]!) || a - b));
    }
  });

  it('makes sets of scattered and of dense rows', () => {
    const random = new Random(6);
    for (const [count, below] of [
      [100, 2 ** 32],
      [20_000, 300_000],
      [20_000, 2 ** 32],
    ] as const) {
      const ids = new Set<number>();
      const rows = new RowCollector();
      while (ids.size < count) {
        const id = random.below(below);
        if (!ids.has(id)) rows.add(id);
        ids.add(id);
      }
      expect(rows.finish().toArray()).toEqual(Uint32Array.from(ids).sort());
    }
  });
});
