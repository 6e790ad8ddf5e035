// ANALYZE: exact on small tables, sane on skew; kept, seen by the planner, undone with its transaction.

import { describe, expect, it } from 'vitest';
import { StatisticsCollector } from '../../src/catalog/collect.js';
import { HyperLogLog } from '../../src/catalog/hyperloglog.js';
import type { ColumnDef } from '../../src/catalog/definitions.js';
import type { ScalarType, Value } from '../../src/values/types.js';
import { hashValue } from '../../src/values/index.js';
import { Random } from '../differential/random.js';
import { openTest, temporaryFile } from '../db/support.js';

function collect(type: ScalarType, values: readonly Value[]) {
  const column: ColumnDef = {
    name: 'c',
    type,
    notNull: false,
    maxLength: undefined,
    default: undefined,
    missing: null,
  };
  const collector = new StatisticsCollector([column]);
  for (let from = 0; from < values.length; from += 1000) {
    const part = values.slice(from, from + 1000);
    collector.add(
      Uint32Array.from(part, (_, i) => from + i),
      [part],
      part.length,
    );
  }
  const { analyzedRows, columns, sample } = collector.finish();
  return { rows: analyzedRows, column: columns[0]!, sample };
}

describe('statistics of a column', () => {
  it('are exact for a few rows', () => {
    const { rows, column, sample } = collect('integer', [5, 1, null, 5, 2n ** 60n, null, 5, 1]);
    expect(rows).toBe(8);
    expect(column).toMatchObject({ nullFraction: 0.25, distinct: 3, min: 1, max: 2n ** 60n });
    expect(column.common.map(({ value, fraction }) => [value, fraction])).toEqual([
      [5, 0.375],
      [1, 0.25],
      [2n ** 60n, 0.125],
    ]);
    expect(column.histogram).toEqual([]);
    expect(sample.flat().filter((value) => value === 5)).toHaveLength(3);
  });

  it('are defined for no rows and for nothing but NULLs', () => {
    expect(collect('text', []).column).toMatchObject({
      nullFraction: 0,
      distinct: 0,
      common: [],
      histogram: [],
      min: null,
      max: null,
      correlation: 0,
    });
    expect(collect('text', [null, null]).column).toMatchObject({
      nullFraction: 1,
      distinct: 0,
      common: [],
      min: null,
      max: null,
    });
  });

  it('find the frequent values of a skewed column, and equal buckets for the rest', () => {
    const random = new Random(7);
    const values = Array.from({ length: 100_000 }, () =>
      random.chance(0.4) ? 13 : random.chance(0.2) ? null : random.int(0, 49_999),
    );
    const { column } = collect('integer', values);
    expect(column.common[0]!.value).toBe(13);
    expect(column.common[0]!.fraction).toBeCloseTo(0.4, 1);
    expect(column.nullFraction).toBe(values.filter((value) => value === null).length / values.length);
    const distinct = new Set(values.filter((value) => value !== null)).size;
    expect(Math.abs(column.distinct - distinct) / distinct).toBeLessThan(0.06);
    const bounds = column.histogram as number[];
    expect(bounds.length).toBeGreaterThan(50);
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    expect(bounds[Math.floor(bounds.length / 2)]).toBeGreaterThan(20_000);
    expect(bounds[Math.floor(bounds.length / 2)]).toBeLessThan(30_000);
    const total = column.common.reduce((sum, { fraction }) => sum + fraction, 0) + column.nullFraction;
    expect(total).toBeLessThanOrEqual(1.0001);
  });

  it('know whether values follow the rows', () => {
    const up = Array.from({ length: 5000 }, (_, i) => i);
    const random = new Random(3);
    expect(collect('integer', up).column.correlation).toBeCloseTo(1);
    expect(collect('integer', [...up].reverse()).column.correlation).toBeCloseTo(-1);
    expect(
      Math.abs(
        collect(
          'integer',
          up.map(() => random.int(0, 1e9)),
        ).column.correlation,
      ),
    ).toBeLessThan(0.1);
  });

  it('cut long texts, without half characters', () => {
    const { column } = collect('text', [`${'x'.repeat(255)}\u{1f600}`, 'y'.repeat(1000)]);
    expect((column.min as string).length).toBeLessThanOrEqual(256);
    expect((column.min as string).isWellFormed()).toBe(true);
    expect(column.width).toBeGreaterThan(600);
  });
});

it('a HyperLogLog is within 5 % from ten to a million values', () => {
  const sketch = new HyperLogLog();
  let added = 0;
  for (const wanted of [10, 1000, 20_000, 300_000]) {
    for (; added < wanted; added++) {
      const { hi, lo } = hashValue(added, 'integer');
      sketch.add(hi, lo);
      sketch.add(hi, lo);
    }
    expect(Math.abs(sketch.count() - wanted) / wanted, `${wanted}`).toBeLessThan(0.05);
  }
});

describe('ANALYZE', () => {
  it('is kept, read by plans, and undone with its transaction', () => {
    const path = temporaryFile();
    const db = openTest(path);
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, at DATE, place POINT, doc JSON, raw BLOB)');
    db.table('t').insertMany(
      Array.from({ length: 2000 }, (_, id) => ({
        ...{ id, kind: id % 100 === 0 ? 'rare' : 'usual', at: '2020-01-01', raw: Uint8Array.of(id % 5) },
        place: { type: 'Point', coordinates: [id % 90, 0] },
        doc: { n: id },
      })),
    );
    const estimate = (of = db) => Number(/rows=(\d+)/.exec(of.explain("SELECT id FROM t WHERE kind = 'rare'"))?.[1]);
    const before = estimate();
    expect(Math.abs(before - 20), 'a guess').toBeGreaterThan(2);
    expect(() =>
      db.transaction(() => {
        db.analyze();
        expect(Math.abs(estimate() - 20)).toBeLessThan(2);
        throw new Error('undo');
      }),
    ).toThrow('undo');
    expect(estimate()).toBe(before);
    db.exec('ANALYZE t');
    expect(Math.abs(estimate() - 20)).toBeLessThan(2);
    db.close();
    const again = openTest(path);
    expect(Math.abs(estimate(again) - 20)).toBeLessThan(2);
    again.exec('DROP TABLE t; CREATE TABLE t (id INTEGER PRIMARY KEY); ANALYZE');
    expect(again.query('SELECT * FROM t')).toEqual([]);
  });
});
