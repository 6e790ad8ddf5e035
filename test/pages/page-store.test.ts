import { afterEach, describe, expect, it } from 'vitest';
import { openLmdb } from '../../src/kv/lmdb/index.js';
import { openMemory } from '../../src/kv/memory.js';
import type { Store } from '../../src/kv/store.js';
import { pageKey } from '../../src/pages/page-format.js';
import { PageStore } from '../../src/pages/page-store.js';
import type { PageReader, PageView } from '../../src/pages/page.js';
import { CELL, cell, Random, removeTemporary, temporaryPath, turn } from './support.js';

afterEach(removeTemporary);

const SPACES = [1, 2, 300];
const PAGES = 12;

/** Space and page to value. */
class Model {
  readonly values: Map<string, number>;

  constructor(from?: Model) {
    this.values = new Map(from?.values);
  }

  agrees(reader: PageReader): void {
    for (const space of SPACES) {
      for (let page = 0; page < PAGES; page++) {
        const found = reader.find(space, page, CELL);
        const expected = this.values.get(`${space}/${page}`);
        if (found?.value !== expected) {
          throw new Error(`page ${space}/${page} at ${reader.sequence}: ${found?.value}, not ${expected}`);
        }
        if (found !== undefined && found.filler.some((byte) => byte !== (found.value & 255))) throw new Error('torn');
      }
      const sum = reader.counters(space)?.[0];
      const expected = this.values.get(`counter ${space}`);
      if (sum !== expected) throw new Error(`counter of ${space} at ${reader.sequence}: ${sum}, not ${expected}`);
    }
  }
}

const policies = ['w-tinylfu', 'arc', 'lru'] as const;
const budgets = { none: 0, 'one page': 400, small: 5_000, large: 1 << 24 };

describe('random transactions against a model', () => {
  const cases = policies.flatMap((policy) =>
    Object.entries(budgets).flatMap(([name, bytes]) => [1, 2].map((seed) => ({ policy, name, bytes, seed }))),
  );
  it.each(cases)('$policy, $name budget, seed $seed', ({ policy, bytes, seed }) => {
    const random = new Random(seed * 104729 + bytes);
    const pages = new PageStore(openMemory(), {
      cacheBytes: bytes,
      cachePolicy: policy,
      changedPagesBudget: [0, 30_000][seed - 1]!,
    });
    let committed = new Model();
    const held: { snapshot: PageView; model: Model }[] = [];
    let stamp = 0;

    function act(tx: Parameters<Parameters<PageStore['transaction']>[0]>[0], model: Model): void {
      const space = SPACES[random.below(SPACES.length)]!;
      const page = random.below(PAGES);
      const id = `${space}/${page}`;
      const value = ++stamp;
      switch (random.below(random.below(12) === 0 ? 7 : 5)) {
        case 0:
        case 1:
          tx.put(space, page, CELL, cell(value, random.below(200)));
          model.values.set(id, value);
          break;
        case 2:
        case 3:
          if (model.values.has(id)) {
            const changed = tx.change(space, page, CELL);
            changed.value = value;
            changed.filler.fill(value);
            model.values.set(id, value);
          } else {
            expect(() => tx.change(space, page, CELL)).toThrow(`cell ${page} of space ${space} is missing`);
          }
          break;
        case 4:
          if (model.values.has(`counter ${space}`)) tx.changeCounters(space)[0] = value;
          else tx.createCounters(space, 1 + (space % 2))[0] = value;
          model.values.set(`counter ${space}`, value);
          break;
        case 5:
          tx.drop(space, page);
          model.values.delete(id);
          break;
        default:
          tx.dropSpace(space);
          model.values.delete(`counter ${space}`);
          for (let p = 0; p < PAGES; p++) model.values.delete(`${space}/${p}`);
      }
      tx.relieve();
    }

    for (let round = 0; round < 60; round++) {
      const model = new Model(committed);
      let current = model;
      const fails = random.below(5) === 0;
      try {
        pages.transaction((tx) => {
          const marks: { mark: number; model: Model }[] = [];
          const views: { view: PageView; model: Model; depth: number }[] = [];
          for (let step = random.below(40); step >= 0; step--) {
            act(tx, current);
            const choice = random.below(12);
            if (choice === 0) marks.push({ mark: tx.mark(), model: new Model(current) });
            if (choice === 1) views.push({ view: tx.readAt(), model: new Model(current), depth: marks.length });
            if (choice === 2 && marks.length > 0) {
              const at = random.below(marks.length);
              tx.rollbackTo(marks[at]!.mark);
              current = new Model(marks[at]!.model);
              marks.length = at + 1;
              for (const { view } of views.filter(({ depth }) => depth > at)) {
                expect(() => view.find(1, 1, CELL)).toThrow(
                  expect.objectContaining({ code: 'ITERATOR_EXPIRED' }) as Error,
                );
                view.close();
              }
              views.splice(0, views.length, ...views.filter(({ depth }) => depth <= at));
              current.agrees(tx);
            }
            if (choice === 3 && marks.length > 0) {
              const at = random.below(marks.length);
              tx.release(marks[at]!.mark);
              marks.length = at;
              for (const view of views) view.depth = Math.min(view.depth, at);
            }
            if (choice === 4 && views.length > 0) views.splice(random.below(views.length), 1)[0]!.view.close();
            if (random.below(4) === 0) for (const { view, model } of views) model.agrees(view);
            if (random.below(6) === 0) current.agrees(tx);
          }
          for (const { view } of views) view.close();
          current.agrees(tx);
          const inside = pages.snapshot();
          committed.agrees(inside);
          inside.close();
          if (fails) throw new Error('planned');
        });
        committed = current;
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'planned') throw error;
      }
      expect(pages.stats().bytes).toBeLessThanOrEqual(bytes);
      const snapshot = pages.snapshot();
      committed.agrees(snapshot);
      if (random.below(2) === 0) held.push({ snapshot, model: committed });
      else snapshot.close();
      for (const old of held) if (random.below(3) === 0) old.model.agrees(old.snapshot);
      if (held.length > 5) held.splice(random.below(held.length), 1)[0]!.snapshot.close();
    }
    expect(pages.stats().store.snapshots).toBeLessThanOrEqual(held.length + 1);
    pages.close();
  });
});

describe('damage', () => {
  function stored(store: Store, space: number, page: number): Uint8Array {
    using snapshot = store.snapshot();
    return snapshot.get(pageKey(space, page))!.slice();
  }

  it('in any bit of a stored page is found, and named', () => {
    const store = openMemory();
    new PageStore(store).transaction((tx) => tx.put(5, 9, CELL, cell(77)));
    const good = stored(store, 5, 9);
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = good.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      store.write((writer) => writer.put(pageKey(5, 9), bad));
      using snapshot = new PageStore(store).snapshot();
      expect(() => snapshot.page(5, 9, CELL)).toThrow(
        expect.objectContaining({ code: 'CORRUPT', message: 'cell 9 of space 5 does not match its checksum' }) as Error,
      );
    }
  });

  it('by truncation, by another key, by a page that is gone', () => {
    const store = openMemory();
    new PageStore(store).transaction((tx) => tx.put(5, 9, CELL, cell(77)));
    const good = stored(store, 5, 9);
    const corrupt = expect.objectContaining({ code: 'CORRUPT' }) as Error;
    for (let length = 0; length < good.length; length++) {
      store.write((writer) => writer.put(pageKey(5, 9), good.subarray(0, length)));
      using snapshot = new PageStore(store).snapshot();
      expect(() => snapshot.find(5, 9, CELL)).toThrow(corrupt);
    }
    for (const [space, page] of [
      [5, 8],
      [9, 5],
      [6, 9],
      [5, 9 + 2 ** 31],
    ] as const) {
      store.write((writer) => writer.put(pageKey(space, page), good));
      using snapshot = new PageStore(store).snapshot();
      expect(() => snapshot.find(space, page, CELL)).toThrow(corrupt);
    }
    store.write((writer) => writer.delete(pageKey(5, 9)));
    using snapshot = new PageStore(store).snapshot();
    expect(() => snapshot.page(5, 9, CELL)).toThrow('cell 9 of space 5 is missing');
    expect(snapshot.find(5, 9, CELL)).toBeUndefined();
  });

  it('of the commit record is found when it is read', () => {
    const store = openMemory();
    const pages = new PageStore(store);
    pages.transaction((tx) => tx.put(5, 9, CELL, cell(77)));
    using before = store.snapshot();
    const good = before.get(Uint8Array.of(0))!.slice();
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = good.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      store.write((writer) => writer.put(Uint8Array.of(0), bad));
      expect(() => new PageStore(store).snapshot()).toThrow(expect.objectContaining({ code: 'CORRUPT' }) as Error);
    }
  });
});

describe('a store that fails', () => {
  it('at commit publishes nothing', () => {
    const memory = openMemory();
    let broken = false;
    const store: Store = {
      ...memory,
      capabilities: memory.capabilities,
      snapshot: () => memory.snapshot(),
      stats: () => memory.stats(),
      flush: () => memory.flush(),
      close: () => memory.close(),
      write: (fn) =>
        memory.write((writer) => {
          const result = fn(writer);
          if (broken) throw new Error('disk full');
          return result;
        }),
    };
    const pages = new PageStore(store);
    pages.transaction((tx) => tx.put(1, 1, CELL, cell(1)));
    broken = true;
    expect(() => pages.transaction((tx) => (tx.change(1, 1, CELL).value = 2))).toThrow('disk full');
    broken = false;
    using snapshot = pages.snapshot();
    expect(snapshot.sequence).toBe(1);
    expect(snapshot.page(1, 1, CELL).value).toBe(1);
  });

  it('gives clear errors out of turn', () => {
    const pages = new PageStore(openMemory());
    expect(() => pages.transaction(() => pages.transaction(() => 1))).toThrow(
      expect.objectContaining({ code: 'IN_TRANSACTION' }) as Error,
    );
    expect(() => pages.transaction(() => Promise.resolve(1))).toThrow(
      expect.objectContaining({ code: 'ASYNC_TRANSACTION' }) as Error,
    );
    const kept = pages.transaction((tx) => tx);
    expect(() => kept.put(1, 1, CELL, cell(1))).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
    pages.close();
    expect(() => pages.snapshot()).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
  });
});

describe('two handles on one file', () => {
  it.each([{ freshness: 'turn' }, { freshness: 'strict' }] as const)('$freshness', async ({ freshness }) => {
    const path = temporaryPath();
    const random = new Random(11);
    const a = new PageStore(openLmdb({ path }), { freshness });
    const b = new PageStore(openLmdb({ path }), { freshness, cacheBytes: 6_000 });
    const writers = [a, b];
    const total = 40;
    a.transaction((tx) => {
      for (let page = 0; page < total; page++) tx.put(1 + (page % 3), page, CELL, cell(0));
      tx.put(1, 1_000, CELL, cell(0));
    });
    let sum = 0;
    for (let round = 0; round < 120; round++) {
      const writer = writers[random.below(2)]!;
      // Long absences of one handle outrun the detail of the commit record, and then all of it.
      const commits = round % 20 === 19 ? 300 : 1 + random.below(3);
      for (let n = 0; n < commits; n++) {
        writer.transaction((tx) => {
          for (let k = random.below(4); k >= 0; k--) {
            const page = random.below(total);
            tx.change(1 + (page % 3), page, CELL).value += 1;
            sum += 1;
          }
          tx.change(1, 1_000, CELL).value = sum;
        });
      }
      for (const reader of writers) {
        const how = random.below(3);
        if (how === 0) reader.refresh();
        if (how === 1) await turn();
        const snapshot = reader.snapshot();
        let found = 0;
        for (let page = 0; page < total; page++) found += snapshot.page(1 + (page % 3), page, CELL).value;
        expect(found).toBe(snapshot.page(1, 1_000, CELL).value);
        if (reader === writer || freshness === 'strict' || how < 2) expect(found).toBe(sum);
        snapshot.close();
      }
    }
    expect(a.sequence).toBe(b.sequence);
    await turn();
    expect(a.stats().store.snapshots).toBe(0);
    expect(b.stats().bytes).toBeLessThanOrEqual(6_000);
    a.close();
    b.close();
    const again = new PageStore(openLmdb({ path }));
    using snapshot = again.snapshot();
    expect(snapshot.page(1, 1_000, CELL).value).toBe(sum);
  });

  it('keeps what another process did not change', async () => {
    const path = temporaryPath();
    const a = new PageStore(openLmdb({ path }));
    const b = new PageStore(openLmdb({ path }));
    a.transaction((tx) => {
      for (let page = 0; page < 100; page++) tx.put(1 + (page & 1), page, CELL, cell(page));
    });
    const read = () => {
      using snapshot = b.snapshot();
      for (let page = 0; page < 100; page++) snapshot.page(1 + (page & 1), page, CELL);
      return b.stats().misses;
    };
    b.refresh();
    expect(read()).toBe(100);
    a.transaction((tx) => (tx.change(1, 2, CELL).value = 5));
    await turn();
    expect(read()).toBe(101);
    for (let n = 0; n < 2_000; n++) a.transaction((tx) => (tx.change(1, 2, CELL).value = n));
    b.refresh();
    expect(read()).toBeLessThanOrEqual(151);
    a.close();
    b.close();
  });

  it('looks again after a millisecond of one turn', () => {
    const path = temporaryPath();
    const a = new PageStore(openLmdb({ path }));
    const b = new PageStore(openLmdb({ path }));
    a.transaction((tx) => tx.put(1, 1, CELL, cell(1)));
    b.snapshot().close();
    a.transaction((tx) => (tx.change(1, 1, CELL).value = 2));
    for (const end = performance.now() + 3; performance.now() < end;);
    using snapshot = b.snapshot();
    expect(snapshot.page(1, 1, CELL).value).toBe(2);
    b.transaction((tx) => expect(tx.page(1, 1, CELL).value).toBe(2));
  });
});
