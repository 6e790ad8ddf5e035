// Columnstores inside: vectors, pages, zones, and columns as read against the rows that were written, while rows change.

import { describe, expect, it } from 'vitest';
import { Random } from '../../src/conformance/index-kind-shapes.js';
import type { Rows } from '../../src/conformance/index-kind-model.js';
import { COLUMN_PAGE } from '../../src/index/columnstore/column-page.js';
import { packVector, patchVector } from '../../src/index/columnstore/vector.js';
import { hasBit, valueAt } from '../../src/values/column-vector.js';
import { widen, zoneOf, zonePageCodec } from '../../src/index/columnstore/zone-page.js';
import { layoutOf } from '../../src/index/columnstore/layout.js';
import type { ColumnReader } from '../../src/index/columnstore/chunk.js';
import type { PageReader } from '../../src/pages/page.js';
import { comparator } from '../../src/values/order.js';
import type { Row, ScalarType, Value } from '../../src/values/types.js';
import { Fixture } from './support.js';

type Slots = readonly (Value | undefined)[];

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const vectors: readonly (readonly [name: string, type: ScalarType, kind: string, values: Slots])[] = [
  ['bytes', 'integer', 'numbers', [0, -128, 127, undefined]],
  ['bytes and NULL', 'integer', 'numbers', [0, null, 127, undefined, null]],
  ['shorts', 'date', 'numbers', [-32_768, 5, 32_767]],
  ['words', 'integer', 'numbers', [-(2 ** 31), null, 2 ** 31 - 1]],
  ['doubles', 'timestamp', 'numbers', [1.6e12, 2 ** 53 - 1, -1]],
  ['minus zero', 'real', 'numbers', [-0, 0, 1]],
  ['no numbers', 'real', 'numbers', [NaN, Infinity, -Infinity, null]],
  ['big integers', 'integer', 'values', [2n ** 63n - 1n, null, 5, -(2n ** 63n), undefined]],
  ['booleans', 'boolean', 'codes', [true, null, false, undefined, true]],
  ['few texts', 'text', 'codes', ['a', null, '', 'ä\u{1f600}', 'a', undefined]],
  ['300 texts', 'text', 'codes', many(1_000, (i) => `text ${i % 300}`)],
  [
    'distinct texts',
    'text',
    'values',
    many(100, (i) => (i % 9 === 0 ? null : i % 7 === 0 ? '' : `text\u{1f600} ${i}`)),
  ],
  ['nothing', 'text', 'codes', []],
  ['only NULL', 'integer', 'numbers', [null, null]],
];

const read = (vector: Parameters<typeof valueAt>[0], values: Slots): Value[] =>
  values.map((_, i) => valueAt(vector, i));
const shown = (values: Slots, actual: readonly Value[]): Slots =>
  values.map((v, i) => (v === undefined ? actual[i] : v));

describe('vectors', () => {
  it.each(vectors)('%s', (_, type, kind, values) => {
    const vector = packVector(type, values);
    expect(vector.kind).toBe(kind);
    expect(read(vector, values)).toEqual(shown(values, read(vector, values)));
    // A body lies anywhere in a buffer that is used again.
    const body = COLUMN_PAGE.encode(vector);
    const shared = Buffer.alloc(body.length + 3);
    shared.set(body, 3);
    const decoded = COLUMN_PAGE.decode(shared.subarray(3));
    shared.fill(0xff);
    expect(decoded).toEqual(vector);
    expect(COLUMN_PAGE.bytes(decoded)).toBeGreaterThan(100);
  });

  it.each(vectors)('%s, patched with any other', (_, type, _kind, values) => {
    for (const [, otherType, , other] of vectors) {
      if (otherType !== type) continue;
      const slots = other.map((_, i) => (i * 3) % 1_001).filter((slot, i, all) => all.indexOf(slot) === i);
      const length = Math.max(values.length, ...slots.map((slot) => slot + 1));
      const wanted = many(length, (i) => values[i]);
      slots.forEach((slot, i) => (wanted[slot] = other[i]));
      const patched = patchVector(packVector(type, values), length, slots, other.slice(0, slots.length));
      const found = read(patched, wanted);
      expect(found).toEqual(shown(wanted, found));
    }
  });
});

describe('zones', () => {
  it.each(vectors)('%s', (_, type, _kind, values) => {
    const zone = zoneOf(type, values);
    const present = values.filter((v) => v !== undefined && v !== null) as Value[];
    const sorted = [...present].sort(comparator(type));
    expect(zone.nulls).toBe(values.filter((v) => v === null).length);
    expect([zone.low, zone.high]).toEqual(sorted.length === 0 ? [null, null] : [sorted[0], sorted.at(-1)]);
    const codec = zonePageCodec([type, type]);
    const page = many(8, (i) => (i % 3 === 1 ? { rows: 7, length: 9, bytes: 500, columns: [zone, zone] } : undefined));
    expect(codec.decode(codec.encode(page))).toEqual(page);
  });

  it('of integers have sums while they are exact', () => {
    expect(zoneOf('integer', [1, null, undefined, 5]).sum).toBe(6);
    expect(zoneOf('integer', [2 ** 53 - 1, 1]).sum).toBeUndefined();
    expect(zoneOf('real', [1, 2]).sum).toBeUndefined();
  });

  it('of long texts have no upper bound, and a lower one that is below', () => {
    const long = `${'x'.repeat(63)}\u{1f600}`;
    const zone = zoneOf('text', [long, 'z']);
    expect(zone).toMatchObject({ low: 'x'.repeat(63), high: undefined });
    const codec = zonePageCodec(['text']);
    const page = many(8, () => ({ rows: 1, length: 1, bytes: 1, columns: [zone] }));
    expect(codec.decode(codec.encode(page))).toEqual(page);
    expect(widen('text', zoneOf('text', ['a']), [long])).toMatchObject({ low: 'a', high: undefined });
  });

  it('are widened by what changes', () => {
    expect(widen('integer', zoneOf('integer', [3, 5]), [undefined, null, 9])).toEqual({
      nulls: 1,
      low: 3,
      high: 9,
      sum: undefined,
    });
    expect(widen('integer', undefined, [4])).toEqual({ nulls: 0, low: 4, high: 4, sum: undefined });
    expect(widen('integer', zoneOf('integer', [null]), [4])).toMatchObject({ low: 4, high: 4 });
  });
});

/** All rows, as the columns give them; the zones hold what is in them. */
function rowsOf(columns: ColumnReader, types: readonly ScalarType[]): Map<number, Row> {
  const rows = new Map<number, Row>();
  const compares = types.map((type) => comparator(type));
  for (const chunk of columns.chunks()) {
    const vectors = types.map((_, c) => chunk.column(c));
    const zones = types.map((_, c) => chunk.zone(c));
    let counted = 0;
    for (let slot = 0; slot < chunk.length; slot++) {
      if (chunk.present !== undefined && !hasBit(chunk.present, slot)) continue;
      const row = vectors.map((vector) => valueAt(vector, slot));
      const outside = row.some((value, c) => {
        const { low, high, nulls } = zones[c]!;
        if (value === null) return nulls === 0;
        const compare = compares[c]!;
        return compare(value, low) < 0 || (high !== undefined && compare(value, high) > 0);
      });
      if (outside) throw new Error(`row ${chunk.first + slot} lies outside its zones`);
      rows.set(chunk.first + slot, row);
      counted++;
    }
    expect(counted).toBe(chunk.rows);
    expect(columns.chunkOf(chunk.first + 5)?.first).toBe(chunk.first);
  }
  return rows;
}

const TYPES = ['integer', 'text', 'real', 'boolean'] as const;

describe('columns', () => {
  const rowOf = (random: Random): Row => [
    random.next() < 0.05 ? null : random.next() < 0.01 ? 2n ** 60n : random.below(500),
    random.next() < 0.1 ? null : `t${random.below(random.next() < 0.5 ? 10 : 100_000)}`,
    random.next() < 0.1 ? null : random.next(),
    random.pick([true, false, null]),
  ];

  it('follow changes in transactions, snapshots, rollbacks and merges', () => {
    const random = new Random(7);
    const fixture = new Fixture('columnstore', TYPES);
    const { model, pages } = fixture;
    const sorted = (rows: Rows) => new Map([...rows].sort(([a], [b]) => a - b));
    const columns = (reader: PageReader) => rowsOf(model.open(reader).columns!(), TYPES);
    const held: { reader: ReturnType<typeof pages.snapshot>; rows: Rows }[] = [];
    let id = 0;
    for (let round = 0; round < 4; round++) {
      held.push({ reader: pages.snapshot(), rows: sorted(model.rows) });
      fixture.write((tx) => {
        const index = model.maintain(tx);
        const change = (count: number) => {
          for (let i = 0; i < count; i++) {
            const known = random.next() < 0.4 ? random.below(id + 1) : -1;
            if (model.rows.has(known) && random.next() < 0.4) model.remove(tx, index, known);
            else if (model.rows.has(known)) {
              const before = model.rows.get(known)!;
              const after = rowOf(random);
              model.pages.update(tx, known, after);
              index.apply({ rowId: known, before, after });
              model.rows.set(known, after);
            } else model.insert(tx, index, known >= 0 ? known : id++, rowOf(random));
            tx.relieve();
          }
        };
        change(3_000);
        const before = new Map(model.rows);
        const mark = tx.mark();
        change(1_500);
        const view = tx.readAt();
        const seen = sorted(model.rows);
        change(500);
        expect(columns(view)).toEqual(seen);
        view.close();
        expect(columns(tx)).toEqual(sorted(model.rows));
        if (round % 2 === 0) {
          tx.rollbackTo(mark);
          model.rows = before;
        }
        tx.release(mark);
        change(20);
        expect(columns(tx)).toEqual(sorted(model.rows));
      });
      fixture.read((reader) => expect(columns(reader)).toEqual(sorted(model.rows)));
      expect(fixture.verify()).toEqual([]);
    }
    for (const { reader, rows } of held) {
      expect(columns(reader)).toEqual(rows);
      reader.close();
    }
  }, 60_000);

  it('find planted faults: a value, a zone, a row too many, a count', () => {
    const fixture = new Fixture('columnstore', TYPES);
    const random = new Random(3);
    const { model } = fixture;
    fixture.write((tx) => {
      model.maintain(tx).build(
        (function* () {
          for (let rowId = 0; rowId < 20_000; rowId++) {
            const row = rowOf(random);
            model.pages.insert(tx, rowId, row);
            model.rows.set(rowId, row);
            yield { rowId, values: row };
          }
        })(),
      );
    });
    expect(fixture.verify()).toEqual([]);
    const layout = layoutOf(model.index);
    const faults: ((tx: Parameters<Parameters<typeof fixture.write>[0]>[0]) => void)[] = [
      (tx) => {
        const page = layout.columnPage(1, 2);
        const vector = tx.page(layout.columns, page, COLUMN_PAGE);
        tx.put(
          layout.columns,
          page,
          COLUMN_PAGE,
          packVector(
            'real',
            many(8_192, (i) => (i === 77 ? 0.5 : valueAt(vector, i))),
          ),
        );
      },
      (tx) => {
        const zones = tx.change(layout.zones, 0, layout.zonePage);
        zones[1] = {
          ...zones[1]!,
          columns: zones[1]!.columns.map((zone, i) => (i === 2 ? { ...zone, high: 0.5 } : zone)),
        };
      },
      (tx) => model.maintain(tx).apply({ rowId: 30_000, before: undefined, after: rowOf(random) }),
      (tx) => {
        tx.changeCounters(layout.rows)[0]!++;
      },
      (tx) => tx.drop(layout.pending, tx.counters(layout.rows)![2]! - 1),
    ];
    fixture.write((tx) => {
      model.maintain(tx).apply({ rowId: 4, before: model.rows.get(4), after: model.rows.get(4) });
      for (const fault of faults) {
        const mark = tx.mark();
        fault(tx);
        let problems: readonly unknown[] = [];
        try {
          problems = model.verify(tx);
        } catch (error) {
          problems = [error];
        }
        expect(problems).not.toEqual([]);
        tx.rollbackTo(mark);
        expect(model.verify(tx)).toEqual([]);
        tx.release(mark);
      }
    });
  });

  it('say what they cannot hold', () => {
    const accepted =
      (types: readonly ScalarType[], more = {}) =>
      () =>
        new Fixture('columnstore', types, more);
    expect(accepted(['point'])).toThrow(/columnstore index cannot have the key/);
    expect(accepted(['integer'], { unique: true })).toThrow(/cannot be unique/);
    expect(accepted(['integer'], { include: [{ type: 'text', value: () => null }] })).toThrow(/included/);
    expect(accepted(['integer'], { keys: [{ type: 'integer', value: () => null, desc: true }] })).toThrow(/no order/);
  });
});
