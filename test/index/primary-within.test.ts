import { describe, expect, it } from 'vitest';
import type { Probe } from '../../src/catalog/offer.js';
import { open } from '../../src/index.js';
import type { Value } from '../../src/values/types.js';
import { Fixture } from './support.js';

const all: Probe<Value> = { kind: 'all' };

describe('a walk of the primary key within a set of rows', () => {
  it('is left to the walk where keys are no row ids', () => {
    const test = new Fixture('primary', ['text'], { unique: true });
    test.insert([[1, ['a']]]);
    const options = { reverse: false, covered: false };
    test.read((reader) => {
      expect(test.model.open(reader).walkWithin?.(all, [Uint32Array.of(1)], options)).toBeUndefined();
    });
  });

  it('gives what the whole walk gives of them, in both directions, with bounds and limits', () => {
    using db = open(':memory:');
    db.exec(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, n INTEGER); CREATE INDEX t_kind ON t USING bitmap (kind)',
    );
    db.table('t').insertMany(
      Array.from({ length: 5000 }, (_, i) => ({ id: i * 3, kind: i % 4 === 0 ? 'a' : 'b', n: i % 100 })),
    );
    db.analyze();
    const compare = (where: string, direction: string) => {
      const text = `SELECT id, n FROM t WHERE kind = 'a' AND ${where} ORDER BY id ${direction} LIMIT 400 OFFSET 20`;
      expect(db.query(text), text).toEqual(db.query(text, [], { hints: { noIndexes: true } }));
      expect(db.query(text).length).toBeGreaterThan(5);
    };
    for (const direction of ['ASC', 'DESC']) {
      for (const where of ["kind <> 'a'", "NOT (kind = 'a' AND n < 50)"]) {
        const text = `SELECT id, n FROM t WHERE ${where} ORDER BY id ${direction}`;
        expect(db.query(text), text).toEqual(db.query(text, [], { hints: { noIndexes: true } }));
      }
      for (const where of ['n < 90', 'id > 100 AND id <= 9000', 'id BETWEEN 0 AND 700']) compare(where, direction);
    }
  });
});
