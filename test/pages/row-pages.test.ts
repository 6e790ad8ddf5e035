import { describe, expect, it } from 'vitest';
import { openMemory } from '../../src/kv/memory.js';
import { CHUNK_LIST, LIVE_ROWS, LiveRows } from '../../src/pages/live-rows.js';
import { pageKey } from '../../src/pages/page-format.js';
import { PageStore } from '../../src/pages/page-store.js';
import type { PageReader } from '../../src/pages/page.js';
import { chooseShift, ROW_COUNTERS, RowPages } from '../../src/pages/row-pages.js';
import { ROW_PAGE } from '../../src/pages/row-page.js';
import { rowCodec } from '../../src/values/row.js';
import type { Row, Value } from '../../src/values/types.js';
import { Random } from './support.js';

const SPACES = { rows: 4, long: 5, live: 6 };
const TYPES = ['integer', 'text', 'real', 'blob', 'point', 'json'] as const;
const ORDINALS = [5, 0, 1, 3];

function randomText(random: Random): string {
  const size = random.below(30) === 0 ? random.below(9_000) : random.below(60);
  return ['a', 'é', '語'][random.below(3)]!.repeat(size);
}

function randomRow(random: Random): Row {
  const values: Value[] = [
    random.below(1e9),
    randomText(random),
    random.next(),
    new Uint8Array(random.below(40) === 0 ? random.below(5_000) : random.below(30)).fill(random.below(256)),
    { type: 'Point', coordinates: [random.below(180), random.below(90)] },
    JSON.stringify(randomText(random)),
  ];
  return values.map((value) => (random.below(8) === 0 ? null : value));
}

function agree(rows: RowPages, reader: PageReader, model: Map<number, Row>, random: Random): void {
  expect(rows.verify(reader)).toEqual([]);
  expect(rows.count(reader)).toBe(model.size);
  const ids = [...model.keys()].sort((a, b) => a - b);
  const from = random.below(2) === 0 || ids.length === 0 ? 0 : ids[random.below(ids.length)]!;
  const scanned: [number, Value[]][] = [];
  for (const batch of rows.scanPages(reader, ORDINALS, from)) {
    expect(batch.count).toBeGreaterThan(0);
    expect(batch.count).toBeLessThanOrEqual(1_024);
    for (let i = 0; i < batch.count; i++) scanned.push([batch.rowIds[i]!, batch.columns.map((column) => column[i]!)]);
  }
  expect(scanned).toEqual(
    ids.filter((id) => id >= from).map((id) => [id, ORDINALS.map((ordinal) => model.get(id)![ordinal]!)]),
  );
  const some = Uint32Array.from(ids.filter(() => random.below(3) === 0)).sort(() => random.next() - 0.5);
  const out: Value[][] = [[], []];
  rows.readMany(reader, some, [1, 3], out);
  expect(out).toEqual([1, 3].map((ordinal) => [...some].map((id) => model.get(id)![ordinal]!)));
  for (let n = 0; n < 30; n++) {
    const id = random.below(2) === 0 || ids.length === 0 ? random.below(700) : ids[random.below(ids.length)]!;
    const expected = model.get(id);
    expect(rows.live(reader, id)).toBe(expected !== undefined);
    expect(rows.field(reader, id, 1)).toBe(expected?.[1]);
    expect(rows.read(reader, id)).toEqual(expected);
    expect(rows.read(reader, id)).toEqual(expected);
    expect(rows.field(reader, id, 3)).toEqual(expected?.[3]);
  }
}

describe('rows against a map', () => {
  it.each([
    [1, 6, 0],
    [2, 2, 30_000],
    [3, 4, 1 << 26],
    [4, 5, 200_000],
  ])('seed %i, shift %i, cache of %i bytes', (seed, shift, cacheBytes) => {
    const random = new Random(seed * 31);
    const store = openMemory();
    const pages = new PageStore(store, { cacheBytes, changedPagesBudget: seed % 2 === 0 ? 50_000 : undefined });
    const rows = new RowPages(SPACES, rowCodec(TYPES), shift);
    pages.transaction((tx) => rows.create(tx, 4));
    let model = new Map<number, Row>();
    for (let round = 0; round < 10; round++) {
      pages.transaction((tx) => {
        let freed = new Set<number>();
        for (let step = 0; step < 3; step++) {
          const before = new Map(model);
          const freedBefore = new Set(freed);
          const mark = tx.mark();
          const view = tx.readAt();
          for (let n = 0; n < 40; n++) {
            const ids = [...model.keys()];
            const choice = random.below(round % 5 === 4 ? 4 : 8);
            if (choice === 0 && ids.length > 0) {
              const row = randomRow(random);
              const id = ids[random.below(ids.length)]!;
              rows.update(tx, id, row);
              model.set(id, row);
            } else if (choice < 4 && ids.length > 0) {
              const id = ids[random.below(ids.length)]!;
              rows.remove(tx, id);
              model.delete(id);
              freed.add(id);
            } else {
              // Now and then an id far away, as a table whose key is its row id has them.
              let id = rows.allocate(tx);
              expect(freed.has(id)).toBe(false);
              if (random.below(25) === 0) id = random.below(3) * 0x7fff_0000 + random.below(100_000);
              if (model.has(id)) continue;
              const row = randomRow(random);
              rows.insert(tx, id, row);
              model.set(id, row);
            }
          }
          tx.relieve();
          if (random.below(3) === 0) agree(rows, view, before, random);
          view.close();
          if (random.below(3) === 0) {
            tx.rollbackTo(mark);
            model = before;
            freed = freedBefore;
          }
          tx.release(mark);
        }
        agree(rows, tx, model, random);
      });
      using snapshot = pages.snapshot();
      agree(rows, snapshot, model, random);
      expect(pages.stats().bytes).toBeLessThanOrEqual(cacheBytes);
    }
    pages.transaction((tx) => {
      for (const id of model.keys()) rows.remove(tx, id);
      expect(rows.verify(tx)).toEqual([]);
    });
    // Nothing is left but the lists themselves: commit record, directory, counters, chunk list.
    expect(store.stats().entries).toBe(4);
    pages.close();
  });
});

describe('row ids', () => {
  it('are dense, refilled by later transactions, and end', () => {
    const pages = new PageStore(openMemory());
    const rows = new RowPages(SPACES, rowCodec(['integer']), 6);
    const insert = (tx: Parameters<Parameters<PageStore['transaction']>[0]>[0]) => {
      const id = rows.allocate(tx);
      rows.insert(tx, id, [id]);
      return id;
    };
    pages.transaction((tx) => {
      rows.create(tx, 4);
      for (let n = 0; n < 70_000; n++) expect(insert(tx)).toBe(n);
      for (const id of [5, 66_000]) rows.remove(tx, id);
      expect(insert(tx)).toBe(70_000);
    });
    pages.transaction((tx) => {
      rows.remove(tx, 3);
      expect([insert(tx), insert(tx), insert(tx)]).toEqual([5, 66_000, 70_001]);
    });
    pages.transaction((tx) => {
      expect([insert(tx), insert(tx)]).toEqual([3, 70_002]);
      tx.changeCounters(SPACES.rows)[ROW_COUNTERS.NEXT_ID] = 2 ** 32 - 1;
      tx.changeCounters(SPACES.rows)[ROW_COUNTERS.ROWS] = 2 ** 32 - 1;
      expect(insert(tx)).toBe(2 ** 32 - 1);
      expect(() => insert(tx)).toThrow(expect.objectContaining({ code: 'TABLE_FULL' }) as Error);
    });
  });

  it('of 16 bits keep their set in each stored form', () => {
    const sets = [
      [],
      [0],
      [65_535],
      Array.from({ length: 65_536 }, (_, i) => i),
      Array.from({ length: 20_000 }, (_, i) => i * 3),
      Array.from({ length: 900 }, (_, i) => i * 70),
      Array.from({ length: 40_000 }, (_, i) => i + 31),
    ];
    for (const ids of sets) {
      const live = LiveRows.make();
      for (const id of ids) live.add(id);
      const bytes = LIVE_ROWS.encode(live);
      expect(bytes.length).toBeLessThanOrEqual(8_193);
      const back = LIVE_ROWS.decode(bytes);
      expect([...back.ids()]).toEqual(ids);
      expect(back.count).toBe(ids.length);
    }
  });
});

describe('lost pages', () => {
  it('are errors, and never missing rows', () => {
    const store = openMemory();
    const rows = new RowPages(SPACES, rowCodec(['integer', 'text']), 4);
    new PageStore(store).transaction((tx) => {
      rows.create(tx, 4);
      for (let n = 0; n < 100; n++) rows.insert(tx, rows.allocate(tx), [n, n === 50 ? 'x'.repeat(5_000) : 'y']);
    });
    const corrupt = expect.objectContaining({ code: 'CORRUPT' }) as Error;
    const lose = (space: number, page: number, read: (reader: PageReader) => unknown) => {
      const key = pageKey(space, page).slice();
      using before = store.snapshot();
      const value = before.get(key)!.slice();
      store.write((writer) => writer.delete(key));
      const pages = new PageStore(store);
      const snapshot = pages.snapshot();
      expect(() => read(snapshot)).toThrow(corrupt);
      expect(rows.verify(snapshot)).not.toEqual([]);
      snapshot.close();
      store.write((writer) => writer.put(key, value));
    };
    lose(SPACES.rows, 2, (reader) => rows.read(reader, 40));
    lose(SPACES.rows, 2, (reader) => [...rows.scanPages(reader, [0])]);
    lose(SPACES.rows, 2, (reader) => rows.readMany(reader, Uint32Array.of(1, 40), [0], [[]]));
    lose(SPACES.live, 0, (reader) => rows.live(reader, 40));
    lose(SPACES.live, 0, (reader) => [...rows.scanPages(reader, [0])]);
    lose(SPACES.live, CHUNK_LIST, (reader) => [...rows.scanPages(reader, [0])]);
    lose(SPACES.long, 0, (reader) => rows.read(reader, 50));
    using snapshot = new PageStore(store).snapshot();
    expect(rows.verify(snapshot)).toEqual([]);
    expect(rows.read(snapshot, 50)).toEqual([50, 'x'.repeat(5_000)]);
    expect(rows.read(snapshot, 107)).toBeUndefined();
    expect(rows.read(snapshot, 4_000_000_000)).toBeUndefined();
  });
});

it('a value of megabytes is cut into pages, read back whole, and bounded', () => {
  const pages = new PageStore(openMemory());
  const rows = new RowPages(SPACES, rowCodec(['blob', 'text']), 6);
  const blob = new Uint8Array(3_500_000).map((_, i) => i * 7);
  pages.transaction((tx) => {
    rows.create(tx, 4);
    rows.insert(tx, 0, [blob, 'ü'.repeat(1_000_000)]);
    expect(() => rows.insert(tx, 1, [new Uint8Array(64 * 1024 * 1024 + 1), null])).toThrow(
      expect.objectContaining({ code: 'VALUE_TOO_LONG' }) as Error,
    );
  });
  using snapshot = pages.snapshot();
  const row = rows.read(snapshot, 0)!;
  expect(Buffer.compare(row[0] as Uint8Array, blob)).toBe(0);
  expect(row[1]).toBe('ü'.repeat(1_000_000));
});

it('rows written before a column came have NULL in it', () => {
  const pages = new PageStore(openMemory());
  pages.transaction((tx) => {
    const old = new RowPages(SPACES, rowCodec(['integer']), 6);
    old.create(tx, 4);
    old.insert(tx, 0, [7]);
  });
  const rows = new RowPages(SPACES, rowCodec(['integer', 'text']), 6);
  using snapshot = pages.snapshot();
  expect(rows.read(snapshot, 0)).toEqual([7, null]);
  expect(rows.field(snapshot, 0, 1)).toBeNull();
  const out: Value[][] = [[]];
  rows.readMany(snapshot, Uint32Array.of(0), [1], out);
  expect(out).toEqual([[null]]);
});

it('rows written before a column came have what the table says of it, also where they were kept decoded', () => {
  const pages = new PageStore(openMemory());
  const old = new RowPages(SPACES, rowCodec(['integer']), 6);
  pages.transaction((tx) => {
    old.create(tx, 4);
    old.insert(tx, 0, [7]);
    old.insert(tx, 1, [8]);
  });
  using before = pages.snapshot();
  for (let n = 0; n < 3; n++) expect(old.read(before, 0)).toEqual([7]);
  const rows = new RowPages(SPACES, rowCodec(['integer', 'text']), 6, [null, 'x']);
  const others = new RowPages(SPACES, rowCodec(['integer', 'text']), 6, [null, 'y']);
  for (let n = 0; n < 3; n++) {
    expect(rows.read(before, 0)).toEqual([7, 'x']);
    expect(others.read(before, 0)).toEqual([7, 'y']);
    expect(old.read(before, 0)).toEqual([7]);
  }
  expect(rows.field(before, 1, 1)).toBe('x');
  const out: Value[][] = [[]];
  rows.readMany(before, Uint32Array.of(0, 1), [1], out);
  expect(out).toEqual([['x', 'x']]);
  pages.transaction((tx) => rows.update(tx, 1, [8, null]));
  using after = pages.snapshot();
  expect(rows.read(after, 1)).toEqual([8, null]);
  expect(rows.read(after, 0)).toEqual([7, 'x']);
  expect(rows.verify(after)).toEqual([]);
});

it('a row that is read again is kept decoded, and its weight counted', () => {
  const pages = new PageStore(openMemory());
  const rows = new RowPages(SPACES, rowCodec(['integer', 'text']), 6);
  pages.transaction((tx) => {
    rows.create(tx, 4);
    for (let n = 0; n < 64; n++) rows.insert(tx, n, [n, 'text']);
  });
  using snapshot = pages.snapshot();
  const before = pages.stats().bytes;
  rows.read(snapshot, 9);
  expect(snapshot.page(SPACES.rows, 0, ROW_PAGE).rowBytes).toBe(0);
  const row = rows.read(snapshot, 9);
  expect(rows.read(snapshot, 9)).toBe(row);
  expect(snapshot.page(SPACES.rows, 0, ROW_PAGE).rowBytes).toBeGreaterThan(0);
  expect(pages.stats().bytes).toBeGreaterThan(before);
});

it('chooseShift fills a page of the store', () => {
  expect([1, 40, 61, 62, 125, 150, 252, 600, 5_000].map(chooseShift)).toEqual([6, 6, 6, 5, 4, 4, 3, 2, 2]);
});

it('what is stored is copied at once: buffers of the caller may be used again', () => {
  const pages = new PageStore(openMemory());
  const rows = new RowPages(SPACES, rowCodec(['blob', 'blob']), 6);
  const long = Buffer.alloc(5_000, 1);
  const short = Buffer.alloc(10, 1);
  pages.transaction((tx) => {
    rows.create(tx, 4);
    rows.insert(tx, 0, [long, short]);
    long.fill(2);
    short.fill(2);
    expect(rows.read(tx, 0)).toEqual([new Uint8Array(5_000).fill(1), new Uint8Array(10).fill(1)]);
  });
});

it('decoded rows take no more than their share of the cache', () => {
  const budget = 200_000;
  const pages = new PageStore(openMemory(), { cacheBytes: budget });
  const rows = new RowPages(SPACES, rowCodec(['integer', 'text']), 6);
  pages.transaction((tx) => {
    rows.create(tx, 4);
    for (let n = 0; n < 3000; n++) rows.insert(tx, n, [n, `text ${n}`]);
  });
  using snapshot = pages.snapshot();
  for (let round = 0; round < 4; round++) {
    for (let n = 0; n < 3000; n++) expect(rows.read(snapshot, n)).toEqual([n, `text ${n}`]);
    let decoded = 0;
    for (let page = 0; page * 64 < 3000; page++) decoded += snapshot.page(SPACES.rows, page, ROW_PAGE).rowBytes;
    expect(decoded).toBeLessThanOrEqual(budget * 0.25);
    expect(pages.stats().bytes).toBeLessThanOrEqual(budget);
    if (round > 0) expect(decoded).toBeGreaterThan(0);
  }
});

it('a row of a page that a full cache would not keep is read from the bytes of the page', () => {
  const store = openMemory();
  const pages = new PageStore(store, { cacheBytes: 60_000 });
  const rows = new RowPages(SPACES, rowCodec(['integer', 'text']), 6);
  const count = 64 * 200;
  pages.transaction((tx) => {
    rows.create(tx, 4);
    for (let n = 0; n < count; n++) rows.insert(tx, n, [n, n % 500 === 3 ? 'ü'.repeat(2_000) : `text ${n}`]);
    rows.remove(tx, 130);
  });
  const expected = (n: number) => [n, n % 500 === 3 ? 'ü'.repeat(2_000) : `text ${n}`];
  using snapshot = pages.snapshot();
  let looked = 0;
  const glance: NonNullable<PageReader['glance']> = (space, page, codec) => {
    const found = snapshot.glance(space, page, codec);
    if (found instanceof Uint8Array) looked++;
    return found;
  };
  const reader = new Proxy(snapshot, {
    get: (target, name) => (name === 'glance' ? glance : Reflect.get(target, name)) as unknown,
  });
  for (let n = 3; n < count; n += 101) expect(rows.read(reader, n)).toEqual(n === 130 ? undefined : expected(n));
  expect(rows.read(reader, 130)).toBeUndefined();
  expect(rows.field(reader, 131, 1)).toBe('text 131');
  expect(looked).toBeGreaterThan(5);
  expect(pages.stats().bytes).toBeLessThanOrEqual(60_000);

  const key = pageKey(SPACES.rows, 150).slice();
  store.write((writer) => {
    const bytes = writer.get(key)!.slice();
    bytes[40]! ^= 4;
    writer.put(key, bytes);
  });
  const fresh = new PageStore(store, { cacheBytes: 3_000 });
  using damaged = fresh.snapshot();
  expect(() => rows.read(damaged, 150 * 64)).toThrow(expect.objectContaining({ code: 'CORRUPT' }) as Error);
});
