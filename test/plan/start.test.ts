// Queries that begin with rows written out, or with nothing: their text means what they mean, and they run.

import { describe, expect, expectTypeOf, it } from 'vitest';
import { count, fn, open, param, scalar, value } from '../../src/index.js';
import { select, values } from '../../src/plan/builder/index.js';
import type { Query } from '../../src/plan/builder/index.js';
import { bound, lowered, meaning, places, runner } from './support.js';

interface Place {
  id: number;
  name: string;
}

const built: readonly [text: string, query: Query<readonly object[], unknown>][] = [
  [
    "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v (id, label)",
    values(
      runner,
      [
        { id: 1, label: 'a' },
        { id: 2, label: null },
      ],
      'v',
    ),
  ],
  [
    'SELECT id, n + 1 AS more FROM (VALUES (1, 2.5), ($id, 3)) v (id, n) WHERE id > 1 ORDER BY n DESC',
    values(
      runner,
      [
        { id: 1, n: 2.5 },
        { id: param<number>('id'), n: 3 },
      ],
      'v',
    )
      .where((v) => v.id.gt(1))
      .select((v) => ({ id: v.id, more: v.n.plus(1) }))
      .orderBy((v) => v.n.desc()),
  ],
  [
    "SELECT * FROM (VALUES ('2024-05-17')) v (day) JOIN places p ON p.founded > CAST(v.day AS DATE)",
    values(runner, [{ day: '2024-05-17' }], 'v').join<{ founded: string }>('places', 'p', (v, p) =>
      p.founded.gt(v.day.cast('date')),
    ),
  ],
  ["SELECT 1 AS one, lower('A') AS letter", select(runner, { one: value(1), letter: fn<string>('lower', 'A') })],
  [
    'SELECT 1 AS one, (SELECT count(*) AS n FROM places) AS places WHERE 1 < 2',
    select(runner, { one: value(1), places: scalar(places().aggregate(() => ({ n: count() }))) }).where(() =>
      value(1).lt(2),
    ),
  ],
  [
    '(SELECT 1 AS n) UNION ALL (SELECT 2 AS n) ORDER BY n',
    select(runner, { n: value(1, 'integer') })
      .unionAll(select(runner, { n: value(2, 'integer') }))
      .orderBy('n'),
  ],
];

describe('queries that begin without a table', () => {
  it.each(built)('%s', (text, query) => {
    expect(meaning(bound(query.toSQL()))).toEqual(meaning(lowered(query)));
    expect(meaning(lowered(query))).toEqual(meaning(bound(text)));
  });

  it('run, and join with tables', () => {
    using db = open(':memory:');
    db.exec(
      "CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO places VALUES (1, 'Suva'), (7, 'Nadi')",
    );
    const factors = db.values([
      { id: 1, factor: 2 },
      { id: 7, factor: 0.5 },
      { id: 9, factor: 1 },
    ]);
    expect(factors.count()).toBe(3);
    const joined = factors
      .join<Place>('places', 'p', (f, p) => f.id.eq(p.id))
      .select((f, p) => ({ name: p.name, factor: f.factor }))
      .orderBy('name');
    expectTypeOf(joined.all()).toEqualTypeOf<{ name: string; factor: number }[]>();
    expect(joined.all()).toEqual([
      { name: 'Nadi', factor: 0.5 },
      { name: 'Suva', factor: 2 },
    ]);
    expect(
      db
        .from<Place>('places')
        .where((p) => p.id.in(factors.select((f) => ({ id: f.id }))))
        .count(),
    ).toBe(2);
    const one = db.select({ n: scalar(db.from('places').aggregate(() => ({ n: count() }))), word: value('x') });
    expect(one.get()).toEqual({ n: 2, word: 'x' });
    expect(one.count()).toBe(1);
    expect(db.from(one, 'o').crossJoin<Place>('places', 'p').count()).toBe(2);
  });

  it('say what is wrong', () => {
    using db = open(':memory:');
    const thrown = (make: () => unknown) => expect(make);
    thrown(() => db.values([])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    thrown(() => db.values([{}])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    thrown(() => db.values([{ a: 1 }, { b: 1 }] as { a?: number; b?: number }[])).toThrow(/row 1 .* differ in "b"/);
    thrown(() => db.values([{ a: 1 }, { a: 'x' }]).all()).toThrow(expect.objectContaining({ kind: 'input' }));
    thrown(() => db.select({ a: value(1) }).crossJoin('t', 't')).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED' }),
    );
    thrown(() => db.select({ a: value(1) }).match('a' as never, 'x')).toThrow(/reads none/);
    thrown(() => db.select({}).all()).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
