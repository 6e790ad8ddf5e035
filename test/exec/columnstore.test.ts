// Queries answered out of a columnstore give what the rows give: over any data, while changes are pending, inside transactions, at old
// snapshots, and with code generation or without.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/conformance/index-kind-shapes.js';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';

const ROWS = 17_000;

const SCHEMA = `
  CREATE TABLE flights (id INTEGER PRIMARY KEY, day DATE, carrier TEXT, origin TEXT, delay INTEGER, distance INTEGER NOT NULL,
    price REAL, late BOOLEAN, at TIMESTAMP, big INTEGER, note TEXT);
  CREATE INDEX flights_columns ON flights USING columnstore (id, day, carrier, origin, delay, distance, price, late, at, big, note);
`;

function flight(random: Random, id: number): Record<string, unknown> {
  const nothing = (share: number, value: unknown) => (random.next() < share ? null : value);
  return {
    id,
    day: new Date(Date.UTC(2020, 0, 1 + Math.floor(id / 100))),
    carrier: nothing(0.02, random.pick(['AA', 'BB', 'CC', 'DD', 'ä', ''])),
    origin: random.pick(['PAR', 'SUV', 'NYC', 'OSL', `X${random.below(300)}`]),
    delay: nothing(0.1, random.below(400) - 60),
    distance: random.below(9_000),
    price: nothing(
      0.05,
      random.next() < 0.002 ? random.pick([NaN, Infinity, -0]) : Math.round(random.next() * 1e5) / 100,
    ),
    late: nothing(0.3, random.next() < 0.5),
    at: nothing(0.01, new Date(1.6e12 + random.below(1e9))),
    big: nothing(0.01, random.next() < 0.001 ? 2n ** 62n + BigInt(random.below(9)) : random.below(1e6) * 1e9),
    note: nothing(0.1, `note ${random.below(1e6)} of ${id}`),
  };
}

const FILTERS = [
  'TRUE',
  'distance > 4000',
  "carrier = 'BB'",
  "carrier IN ('AA', 'ä') AND delay BETWEEN 10 AND 90",
  'delay IS NULL',
  'delay IS NOT NULL AND late',
  'NOT late',
  "day >= '2020-05-01' AND day < '2020-06-01'",
  'id = 12345',
  'id IN (5, 9000, 19999)',
  "origin LIKE 'X1%' AND price < 500",
  "note LIKE 'note 7%'",
  'delay * 2 > distance / 10',
  'delay > 100 OR carrier IS NULL',
  'big > 500000000000000',
  'price > 990 AND distance + delay < 3000',
  'price = 12.5 OR price IS NULL',
  "upper(carrier) = 'Ä'",
  'coalesce(delay, 0) > 200',
  "CASE WHEN late THEN delay > 0 ELSE carrier <> 'AA' END",
  "at < '2020-09-14'",
  'distance < 0',
  'carrier IS DISTINCT FROM origin AND delay <> 7',
  'delay NOT IN (1, 2, 3, NULL)',
  'delay IN (SELECT distance FROM flights AS f WHERE f.id < 50)',
  'id < 300 AND distance < (SELECT avg(f.distance) FROM flights AS f WHERE f.carrier = flights.carrier AND f.id < 40)',
  'carrier > origin',
  'late = (delay > 0)',
];

const QUERIES = [
  ...FILTERS.map(
    (filter) =>
      `SELECT id, carrier, delay, price, late, note FROM flights WHERE ${filter} ORDER BY id LIMIT 300 OFFSET 3`,
  ),
  ...FILTERS.map((filter) =>
    `SELECT count(*) AS n, count(delay) AS d, sum(distance) AS s, sum(delay) AS sd, sum(big) AS sb, avg(big) AS ab, min(price) AS low, max(price) AS high,
       avg(delay) AS mean, min(carrier) AS c, max(day) AS last, min(late) AS l, sum(price) AS p, max(big) AS mb FROM flights WHERE ${filter}`.replace(
      'min(late) AS l',
      'bool_and(late) AS l',
    ),
  ),
  ...FILTERS.map(
    (filter) =>
      `SELECT carrier, count(*) AS n, sum(delay) AS s, avg(price) AS p, min(distance) AS low, max(delay) AS high FROM flights WHERE ${filter} GROUP BY carrier ORDER BY carrier`,
  ),
  'SELECT carrier, late, count(*) AS n, sum(distance * 2 + 1) AS s FROM flights GROUP BY carrier, late ORDER BY carrier, late',
  'SELECT origin, carrier, count(delay) AS n FROM flights GROUP BY origin, carrier ORDER BY origin, carrier LIMIT 500',
  'SELECT delay, count(*) AS n, sum(price * distance) AS s FROM flights WHERE late GROUP BY delay ORDER BY delay',
  'SELECT day, count(*) AS n, max(price) AS p FROM flights GROUP BY day ORDER BY day',
  'SELECT upper(carrier) AS u, count(*) FILTER (WHERE delay > 60) AS n, sum(price) FILTER (WHERE late) AS s FROM flights GROUP BY upper(carrier) ORDER BY u',
  'SELECT delay % 7 AS k, count(*) AS n FROM flights GROUP BY delay % 7 ORDER BY k',
  'SELECT note, count(*) AS n FROM flights GROUP BY note ORDER BY n DESC, note LIMIT 9',
  'SELECT price, count(*) AS n FROM flights WHERE price < 3 GROUP BY price ORDER BY price',
  'SELECT big, count(*) AS n FROM flights WHERE id < 300 GROUP BY big ORDER BY big',
  'SELECT count(DISTINCT carrier) AS n, count(*) AS m FROM flights WHERE late',
  'SELECT count(*) AS n FROM flights',
  'SELECT count(*) AS n, min(id) AS a, max(id) AS z, sum(id) AS s, min(day) AS d, count(delay) AS k FROM flights',
  'SELECT sum(delay / 0) AS s FROM flights WHERE id < 0',
  'SELECT carrier, sum(delay) AS s FROM flights GROUP BY carrier HAVING sum(delay) > 100 ORDER BY s DESC',
  'SELECT id, distance FROM flights ORDER BY distance DESC, id LIMIT 20',
  'SELECT id, delay FROM flights ORDER BY delay DESC NULLS LAST, id LIMIT 20 OFFSET 5',
  'SELECT id, delay FROM flights ORDER BY delay NULLS FIRST, id LIMIT 20',
  'SELECT id, delay FROM flights ORDER BY delay DESC, id DESC LIMIT 20',
  'SELECT id, carrier, price FROM flights WHERE late ORDER BY price, id LIMIT 7',
  'SELECT id, note FROM flights ORDER BY note DESC, id LIMIT 7',
  'SELECT id, day FROM flights ORDER BY day DESC, id LIMIT 7',
  'SELECT id FROM flights ORDER BY big DESC NULLS LAST, id LIMIT 12',
  'SELECT f.carrier, count(*) AS n FROM flights AS f JOIN flights AS g ON f.id = g.distance WHERE g.delay > 300 GROUP BY f.carrier ORDER BY f.carrier',
];

/** As a text, with sums of reals as near as adding in another order may leave them. */
function shown(rows: readonly unknown[]): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'bigint'
      ? `${value}n`
      : typeof value === 'number' && !Number.isInteger(value)
        ? Number.isFinite(value)
          ? value.toPrecision(11)
          : String(value)
        : value,
  );
}

function answer(db: Pick<Database, 'query'>, sql: string, hints: object): string {
  try {
    return shown(db.query(sql, [], { hints }));
  } catch (error) {
    return String((error as { code?: string }).code ?? error);
  }
}

const only = ['flights_columns'];
const COLUMNS = { indexes: { flights: only } };

/** Hints may name only what a statement reads. */
function columns(sql: string): object {
  const aliases = [...sql.matchAll(/flights AS (\w)/g)].map((match) => [match[1]!, only] as const);
  return {
    indexes: Object.fromEntries([...(/flights(?! AS)/.test(sql) ? [['flights', only] as const] : []), ...aliases]),
  };
}

/** @param part which third of the queries; all when undefined */
function compareAll(db: Pick<Database, 'query'>, part?: number): void {
  const asked = QUERIES.filter((_, i) => part === undefined || i % 3 === part);
  const different = asked.filter((sql) => answer(db, sql, columns(sql)) !== answer(db, sql, { noIndexes: true }));
  expect(
    different.map(
      (sql) =>
        `${sql}\n${answer(db, sql, columns(sql)).slice(0, 300)}\n${answer(db, sql, { noIndexes: true }).slice(0, 300)}`,
    ),
  ).toEqual([]);
}

describe('a columnstore', () => {
  let db: Database;
  const random = new Random(11);

  beforeAll(() => {
    db = open(':memory:');
    db.exec(SCHEMA);
    db.table('flights').insertMany(Array.from({ length: ROWS }, (_, i) => flight(random, i)));
    db.analyze();
  });

  afterAll(() => db.close());

  it('is used', () => {
    for (const sql of QUERIES.slice(0, 8)) {
      expect(db.explain(sql, [], { hints: COLUMNS }), sql).toContain('using flights_columns');
    }
  });

  it('answers as the rows do', () => compareAll(db));

  it('aggregates on its columns, where that is cheaper, and out of its zones alone', () => {
    const explained = (sql: string, hints = {}) => db.explain(sql, [], { hints, analyze: true });
    const grouped =
      'SELECT carrier, late, sum(delay) AS s, avg(price) AS p FROM flights WHERE distance > 100 GROUP BY carrier, late';
    expect(explained(grouped)).toMatch(/Column Aggregate on flights using flights_columns .*chunks=3 pruned=0/);
    expect(explained(grouped)).toContain('aggregate on the columns of flights_columns (columnstore)');
    expect(explained(grouped, { noIndexes: true })).toContain('Hash Aggregate');
    const upper = 'SELECT upper(carrier) AS u, sum(delay) AS s FROM flights GROUP BY upper(carrier)';
    expect(explained(upper, COLUMNS)).toMatch(/Hash Aggregate[^]*Column Scan/);
    expect(explained('SELECT sum(distance) AS s FROM flights WHERE id < 9000')).toMatch(/chunks=2 pruned=1/);
  });

  it('groups by hash what does not fit the memory budget', () => {
    const small = open(':memory:', { memoryBudget: 200_000 });
    small.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER); CREATE INDEX c ON t USING columnstore (a, b)');
    small.table('t').insertMany(Array.from({ length: 12_000 }, (_, a) => ({ a, b: (a * 7_919) % 10_007 })));
    const sql = 'SELECT b, count(*) AS n, sum(a) AS s FROM t GROUP BY b ORDER BY b';
    const one =
      'SELECT b % 3 AS k, count(*) AS n FROM (SELECT b, count(*) AS n FROM t GROUP BY b) AS g GROUP BY b % 3 ORDER BY k';
    for (const text of [sql, one]) {
      expect(shown(small.query(text, [], { hints: {} }))).toBe(
        shown(small.query(text, [], { hints: { noIndexes: true } })),
      );
    }
    small.close();
  });

  it('while changes are pending, and after they have been undone', () => {
    db.exec('DELETE FROM flights WHERE id % 97 = 5');
    compareAll(db, 0);
    expect(() =>
      db.transaction(() => {
        db.exec("UPDATE flights SET carrier = 'ZZ', delay = 4000000000, price = NULL WHERE id % 50 = 7");
        db.table('flights').insertMany(Array.from({ length: 500 }, (_, i) => flight(random, 40_000 + i * 3)));
        compareAll(db, 1);
        throw new RangeError('undone');
      }),
    ).toThrow(RangeError);
    compareAll(db, 2);
    db.exec("UPDATE flights SET carrier = 'YY', delay = NULL, late = TRUE WHERE id % 60 = 7");
    compareAll(db, 0);
    db.exec("UPDATE flights SET note = 'all anew', distance = distance + 1");
    compareAll(db, 1);
    compareAll(db, 2);
    expect(db.verify().findings).toEqual([]);
  });

  it('keeps what a snapshot sees', () => {
    const sql = 'SELECT carrier, count(*) AS n, sum(distance) AS s FROM flights GROUP BY carrier ORDER BY carrier';
    const rows = db.prepare('SELECT id, distance FROM flights WHERE distance > 5000', { hints: COLUMNS });
    const expected = shown(rows.all());
    const held = rows.iterate();
    const first = held.next().value as unknown;
    db.exec('UPDATE flights SET distance = 1 WHERE id < 20000');
    expect(shown([first, ...held])).toBe(expected);
    expect(answer(db, sql, columns(sql))).toBe(answer(db, sql, { noIndexes: true }));
  });

  it('passes over the chunks that its zones rule out', () => {
    const text = db.explain('SELECT count(*) AS n, sum(price) AS s FROM flights WHERE id BETWEEN 100 AND 200', [], {
      hints: COLUMNS,
      analyze: true,
    });
    expect(text).toMatch(/using flights_columns .*chunks=1 pruned=\d/);
    const top = db.explain('SELECT id FROM flights ORDER BY day DESC LIMIT 5', [], { hints: COLUMNS });
    expect(top).toContain('Only First: day DESC');
  });
});
