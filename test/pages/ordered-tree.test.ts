import { describe, expect, it } from 'vitest';
import { openMemory } from '../../src/kv/memory.js';
import { OrderedTree, TREE_COUNTERS } from '../../src/pages/ordered-tree.js';
import type { TreeRange } from '../../src/pages/ordered-tree.js';
import { PageStore } from '../../src/pages/page-store.js';
import type { PageReader } from '../../src/pages/page.js';
import { TREE_PAGE } from '../../src/pages/tree-page.js';
import type { TreePage } from '../../src/pages/tree-page.js';
import { Random } from './support.js';

const SPACE = 7;
const GROUP = 3;
type Shape = (random: Random) => Uint8Array;

const shapes: Record<string, Shape> = {
  'short keys': (r) => Uint8Array.from({ length: r.below(5) }, () => r.below(6)),
  integers: (r) => Uint8Array.of(0xf3, r.below(2), r.below(256), r.below(256)),
  'long shared prefixes': (r) => new Uint8Array([...new Array<number>(700).fill(9), r.below(256), r.below(256)]),
  'long keys': (r) => Uint8Array.from({ length: 200 + r.below(825) }, () => r.below(256)),
};

/** Keys and values as hexadecimal text, which sorts as the bytes do. */
class Model {
  private readonly map: Map<string, string>;
  private readonly keys: string[];

  constructor(from?: Model) {
    this.map = new Map(from?.map);
    this.keys = [...(from?.keys ?? [])];
  }

  get size(): number {
    return this.map.size;
  }

  put(key: Uint8Array, value: Uint8Array): boolean {
    const id = hex(key);
    const had = this.map.has(id);
    if (!had) this.keys.push(id);
    this.map.set(id, hex(value));
    return had;
  }

  delete(key: Uint8Array): boolean {
    return this.map.delete(hex(key));
  }

  entries(range: TreeRange = {}): string[] {
    const gte = range.gte === undefined ? '' : hex(range.gte);
    const lt = range.lt === undefined ? 'z' : hex(range.lt);
    const keys = [...this.map.keys()].filter((key) => key >= gte && key < lt).sort();
    if (range.reverse === true) keys.reverse();
    return keys.map((key) => `${key}=${this.map.get(key)!}`);
  }

  pick(random: Random): Uint8Array | undefined {
    if (this.map.size === 0) return undefined;
    for (;;) {
      const at = random.below(this.keys.length);
      const key = this.keys[at]!;
      if (this.map.has(key)) return Buffer.from(key, 'hex');
      this.keys[at] = this.keys.at(-1)!;
      this.keys.pop();
    }
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

function scanned(tree: OrderedTree, reader: PageReader, range: TreeRange = {}): string[] {
  const found: string[] = [];
  for (const batch of tree.scan(reader, range)) {
    if (batch.count === 0) throw new Error('an empty batch');
    for (let i = 0; i < batch.count; i++) {
      const key = hex(batch.key(i));
      if (hex(batch.bytes.subarray(batch.keyStart(i), batch.keyEnd(i))) !== key) throw new Error('positions of a key');
      const value = hex(batch.value(i));
      if (hex(batch.bytes.subarray(batch.keyEnd(i), batch.valueEnd(i))) !== value)
        throw new Error('positions of a value');
      found.push(`${key}=${value}`);
    }
  }
  return found;
}

function same(found: string[], expected: string[]): void {
  // The lists are long: they are compared as wholes, and taken apart only to show a difference.
  if (found.join() !== expected.join()) expect(found).toEqual(expected);
}

function agree(tree: OrderedTree, reader: PageReader, model: Model, random: Random, shape: Shape): void {
  expect(tree.verify(reader)).toEqual([]);
  expect(tree.count(reader)).toBe(model.size);
  same(scanned(tree, reader), model.entries());
  for (let n = 0; n < 4; n++) {
    const range = {
      gte: random.below(3) === 0 ? undefined : shape(random),
      lt: random.below(3) === 0 ? undefined : shape(random),
      reverse: random.below(2) === 0,
    };
    const expected = model.entries(range);
    same(scanned(tree, reader, range), expected);
    expect(tree.countRange(reader, range, Infinity)).toEqual({ rows: expected.length, exact: true });
  }
}

describe('ordered tree against a sorted list', () => {
  for (const [name, shape] of Object.entries(shapes)) {
    for (const seed of [1, 2, 3]) {
      it(`${name}, seed ${seed}`, () => {
        const random = new Random(seed * 7919);
        const pages = new PageStore(openMemory(), { cacheBytes: [0, 20_000, 1 << 26][seed - 1]! });
        let model = new Model();
        const size = name.startsWith('long') ? 25 : 120;
        const tree = pages.transaction((tx) => OrderedTree.create(tx, SPACE, GROUP));
        for (let round = 0; round < 8; round++) {
          const grows = round % 4 !== 3;
          pages.transaction((tx) => {
            for (let step = 0; step < 3; step++) {
              const before = new Model(model);
              const mark = tx.mark();
              const view = tx.readAt();
              for (let n = grows ? size : 3 * size; n > 0; n--) {
                if (random.below(10) < (grows ? 8 : 1)) {
                  const key = shape(random);
                  const value = new Uint8Array(random.below(20) === 0 ? random.below(1_000) : random.below(9)).fill(n);
                  if (tree.put(tx, key, value) !== model.put(key, value)) throw new Error('put');
                } else {
                  const key = random.below(4) === 0 ? shape(random) : (model.pick(random) ?? shape(random));
                  if (tree.delete(tx, key) !== model.delete(key)) throw new Error('delete');
                }
              }
              same(scanned(tree, view), before.entries());
              view.close();
              expect(tree.verify(tx)).toEqual([]);
              if (random.below(3) === 0) {
                tx.rollbackTo(mark);
                model = before;
                same(scanned(tree, tx), model.entries());
              }
              tx.release(mark);
            }
          });
          const snapshot = pages.snapshot();
          agree(tree, snapshot, model, random, shape);
          const key = model.pick(random);
          if (key !== undefined) expect(tree.get(snapshot, key)).toBeDefined();
          snapshot.close();
        }
        pages.transaction((tx) => {
          for (let key = model.pick(random); key !== undefined; key = model.pick(random)) {
            if (!tree.delete(tx, key) || !model.delete(key)) throw new Error('delete');
          }
          expect(tree.verify(tx)).toEqual([]);
          expect(tx.counters(SPACE)![TREE_COUNTERS.LEAVES]).toBe(1);
        });
        pages.close();
      });
    }
  }

  it('takes keys and values of the greatest size, and refuses greater ones', () => {
    const pages = new PageStore(openMemory());
    pages.transaction((tx) => {
      const tree = OrderedTree.create(tx, SPACE, GROUP);
      const random = new Random(5);
      for (let n = 0; n < 60; n++) {
        tree.put(
          tx,
          Uint8Array.from({ length: 1_024 }, () => random.below(256)),
          new Uint8Array(1_000),
        );
      }
      expect(tree.verify(tx)).toEqual([]);
      expect(() => tree.put(tx, new Uint8Array(1_025), new Uint8Array(0))).toThrow(
        expect.objectContaining({ code: 'KEY_TOO_LONG' }) as Error,
      );
      expect(() => tree.put(tx, new Uint8Array(1), new Uint8Array(1_001))).toThrow(
        expect.objectContaining({ code: 'VALUE_TOO_LONG' }) as Error,
      );
    });
  });
});

describe('bulk load', () => {
  function number(n: number): Uint8Array {
    return Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
  }

  function* entries(count: number, step: number): Generator<{ key: Uint8Array; value: Uint8Array }> {
    const key = new Uint8Array(4);
    for (let n = 0; n < count; n++) {
      key.set(number(n * step));
      yield { key, value: number(n).subarray(n % 3) };
    }
  }

  it.each([0, 1, 2, 300, 1_000, 200_000])('of %i entries gives a sound, packed tree that can be changed', (count) => {
    const pages = new PageStore(openMemory(), { changedPagesBudget: 100_000 });
    const tree = pages.transaction((tx) => {
      const made = OrderedTree.create(tx, SPACE, GROUP);
      expect(made.bulkLoad(tx, entries(count, 3))).toBe(count);
      return made;
    });
    const snapshot = pages.snapshot();
    expect(tree.verify(snapshot)).toEqual([]);
    let n = 0;
    for (const batch of tree.scan(snapshot)) {
      for (let i = 0; i < batch.count; i++, n++) {
        if (Buffer.from(batch.key(i)).readUInt32BE() !== n * 3) throw new Error(`entry ${n}`);
      }
    }
    expect(n).toBe(count);
    const leaves = snapshot.counters(SPACE)![TREE_COUNTERS.LEAVES]!;
    if (count > 1_000) expect((count * 7) / leaves).toBeGreaterThan(3_000);
    const half = tree.countRange(snapshot, { gte: number(count), lt: number(2 * count) });
    expect(Math.abs(half.rows - count / 3)).toBeLessThanOrEqual(half.exact ? 1 : count / 30);
    snapshot.close();
    pages.transaction((tx) => {
      for (let i = 0; i < 500; i++) tree.put(tx, number(i * 7), number(i));
      for (let i = 0; i < 500; i++) tree.delete(tx, number(i * 6));
      expect(tree.verify(tx)).toEqual([]);
    });
  });

  it('refuses entries out of order, and leaves nothing', () => {
    const pages = new PageStore(openMemory());
    const tree = pages.transaction((tx) => OrderedTree.create(tx, SPACE, GROUP));
    const load = (keys: number[]) => () =>
      pages.transaction((tx) =>
        tree.bulkLoad(
          tx,
          keys.map((n) => ({ key: number(n), value: new Uint8Array(0) })),
        ),
      );
    expect(load([1, 3, 2])).toThrow('ascend');
    expect(load([1, 1])).toThrow('ascend');
    using snapshot = pages.snapshot();
    expect(tree.count(snapshot)).toBe(0);
  });

  it('keeps pages full when keys arrive in ascending order one by one', () => {
    const pages = new PageStore(openMemory());
    pages.transaction((tx) => {
      const tree = OrderedTree.create(tx, SPACE, GROUP);
      for (let n = 0; n < 20_000; n++) tree.put(tx, number(n), new Uint8Array(0));
      expect(tree.verify(tx)).toEqual([]);
      expect(tx.counters(SPACE)![TREE_COUNTERS.LEAVES]).toBeLessThan(30);
    });
  });
});

it('verify finds planted damage', () => {
  const damage: Record<string, (page: TreePage) => void> = {
    'out of order': (page) => page.entries.set([page.entries[3]!, page.entries[4]!, page.entries[5]!]),
    counts: (page) => page.remove(0),
    'below its lower bound': (page) => (page.bytes[page.entries[0]!] = 0),
    level: (page) => (page.level = 1),
  };
  for (const [message, harm] of Object.entries(damage)) {
    const pages = new PageStore(openMemory());
    pages.transaction((tx) => {
      const tree = OrderedTree.create(tx, SPACE, GROUP);
      for (let n = 0; n < 2_000; n++) tree.put(tx, Uint8Array.of(1 + (n >>> 8), n, 5), new Uint8Array(4));
      harm(tx.change(SPACE, tx.page(SPACE, 0, TREE_PAGE).child(2), TREE_PAGE));
      expect(tree.verify(tx).join('; ')).toContain(message);
    });
  }
});

it('one leaf holds through thousands of transactions, each of which copies it and leaves garbage behind', () => {
  const pages = new PageStore(openMemory());
  const tree = new OrderedTree(5);
  pages.transaction((tx) => OrderedTree.create(tx, 5, 5));
  const expected = new Map<string, string>();
  for (let round = 0; round < 3000; round++) {
    const key = `key ${String(round % 40).padStart(3, '0')}`;
    const value = `value ${round} ${'x'.repeat(round % 50)}`;
    pages.transaction((tx) => tree.put(tx, Buffer.from(key), Buffer.from(value)));
    expected.set(key, value);
  }
  using snapshot = pages.snapshot();
  expect(tree.verify(snapshot)).toEqual([]);
  for (const [key, value] of expected) {
    expect(Buffer.from(tree.get(snapshot, Buffer.from(key))!).toString()).toBe(value);
  }
});
