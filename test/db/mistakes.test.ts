// Mistakes as a new user makes them: each is one LightningError that says what to do, and never a bug of ours or a TypeError.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { errorOf, expectCode, openTest, temporaryFolder } from './support.js';

function database(): Database {
  const db = openTest();
  db.exec(`
    CREATE TABLE towns (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, population INTEGER CHECK (population >= 0), founded DATE, place POINT, about TEXT);
    CREATE INDEX towns_population ON towns (population); CREATE INDEX towns_place ON towns USING rtree (place);
    CREATE INDEX towns_name ON towns USING hash (name); CREATE INDEX towns_about ON towns USING fulltext (about);
    CREATE TABLE empty (a INTEGER); CREATE VIEW big AS SELECT * FROM towns WHERE population > 100;
    INSERT INTO towns (id, name, population, about) VALUES (1, 'Suva', 93970, 'a harbour'), (2, 'Paris', 2138551, 'a river')`);
  return db;
}

type Mistake = readonly [code: string, act: (db: Database) => unknown];

const wrong = (value: unknown) => value as never;

const statements: readonly (readonly [string, string])[] = [
  ['SYNTAX', 'SELEC * FROM towns'],
  ['SYNTAX', 'SELECT * FORM towns'],
  ['SYNTAX', "SELECT * FROM towns WHERE name = 'Suva"],
  ['SYNTAX', 'SELECT * FROM towns WHERE'],
  ['SYNTAX', 'SELECT (1 + 2'],
  ['SYNTAX', 'SELECT id, FROM towns'],
  ['SYNTAX', 'SELECT 1; SELECT 2'],
  ['SYNTAX', ''],
  ['UNKNOWN_TABLE', 'SELECT * FROM town'],
  ['UNKNOWN_TABLE', 'INSERT INTO big VALUES (1)'],
  ['UNKNOWN_COLUMN', 'SELECT nme FROM towns'],
  ['UNKNOWN_COLUMN', 'SELECT * FROM towns WHERE name = "Suva"'],
  ['UNKNOWN_FUNCTION', 'SELECT lenght(name) FROM towns'],
  ['UNKNOWN_FUNCTION', 'SELECT totl(population) FROM towns'],
  ['UNKNOWN_TYPE', 'CREATE TABLE t (a INTEGGER)'],
  ['UNSUPPORTED', 'CREATE TABLE t (a SERIAL)'],
  ['UNKNOWN_INDEX', 'CREATE INDEX i ON towns USING btre (name)'],
  ['UNKNOWN_OPTION', 'CREATE INDEX i ON towns USING bloom (name) WITH (bits = 3)'],
  ['UNKNOWN_INDEX', 'DROP INDEX towns_populaton'],
  ['TYPE_MISMATCH', 'SELECT * FROM towns WHERE name = 5'],
  ['TYPE_MISMATCH', 'SELECT name + 1 FROM towns'],
  ['INVALID_TEXT', "SELECT * FROM towns WHERE id = 'one'"],
  ['INVALID_TEXT', "INSERT INTO towns (id, name, founded) VALUES (3, 'x', 'yesterday')"],
  ['GROUPING', 'SELECT name, count(*) FROM towns'],
  ['GROUPING', 'SELECT name FROM towns WHERE count(*) > 1'],
  ['AMBIGUOUS_COLUMN', 'SELECT name FROM towns a JOIN towns b ON a.id = b.id'],
  ['DUPLICATE_NAME', 'SELECT * FROM towns, towns'],
  ['ALREADY_EXISTS', 'CREATE TABLE towns (a INTEGER)'],
  ['NOT_NULL', 'INSERT INTO towns (id) VALUES (3)'],
  ['UNIQUE', "INSERT INTO towns (id, name) VALUES (1, 'again')"],
  ['CHECK', "INSERT INTO towns (id, name, population) VALUES (3, 'x', -1)"],
  ['VALUE_TOO_LONG', "UPDATE towns SET name = 'Taumatawhakatangihangakoauauo'"],
  ['DIVISION_BY_ZERO', 'SELECT population / (id - 1) FROM towns'],
  ['OUT_OF_RANGE', 'SELECT 9223372036854775807 + population FROM towns'],
  ['CARDINALITY', 'SELECT (SELECT id FROM towns) FROM towns'],
  ['PARAMETER', 'SELECT * FROM towns WHERE id = ?'],
  ['NO_INDEX', "SELECT * FROM towns WHERE MATCH(name, 'x')"],
  ['SEARCH_SYNTAX', "SELECT * FROM towns WHERE MATCH(about, '\"harbour')"],
  ['INVALID_VALUE', 'SELECT * FROM towns LIMIT -1'],
  ['UNSUPPORTED', 'BEGIN ISOLATION LEVEL READ COMMITTED'],
  ['UNSUPPORTED', 'PRAGMA journal_mode = WAL'],
  ['UNKNOWN_COLUMN', 'ALTER TABLE towns DROP COLUMN x'],
  ['UNKNOWN_CONSTRAINT', 'ALTER TABLE towns DROP CONSTRAINT x'],
  ['TYPE_MISMATCH', 'CREATE TABLE t (a TEXT REFERENCES towns)'],
  ['INVALID_DEFINITION', 'CREATE INDEX i ON towns USING columnstore (population DESC)'],
];

const calls: readonly Mistake[] = [
  ['INVALID_ARGUMENT', (db) => db.query(wrong(undefined))],
  ['INVALID_ARGUMENT', (db) => db.exec(wrong(5))],
  ['INVALID_ARGUMENT', (db) => db.prepare(wrong(null))],
  ['INVALID_ARGUMENT', (db) => db.transaction(wrong('x'))],
  ['ASYNC_TRANSACTION', (db) => db.transaction(() => Promise.resolve())],
  ['PARAMETER', (db) => db.query('SELECT * FROM towns WHERE id = ?', [])],
  ['PARAMETER', (db) => db.query('SELECT * FROM towns WHERE id = ?', [1, 2])],
  ['PARAMETER', (db) => db.query('SELECT * FROM towns WHERE id = $id', [1])],
  ['PARAMETER', (db) => db.query('SELECT * FROM towns WHERE id = $id', { ID: 1 })],
  ['PARAMETER', (db) => db.query('SELECT * FROM towns WHERE id = ?', { id: 1 })],
  ['PARAMETER', (db) => db.query('SELECT * FROM towns WHERE id IN (?)', [1, 2])],
  ['TYPE_MISMATCH', (db) => db.query('SELECT * FROM towns WHERE id = ?', ['1'])],
  ['TYPE_MISMATCH', (db) => db.query('SELECT * FROM towns WHERE name = ?', [1])],
  ['PARAMETER', (db) => db.query('SELECT * FROM towns WHERE name = ?', [wrong(undefined)])],
  ['TYPE_MISMATCH', (db) => db.query('SELECT ?', [wrong(() => 1)])],
  ['INVALID_VALUE', (db) => db.query('SELECT * FROM towns LIMIT ?', [1.5])],
  ['OUT_OF_RANGE', (db) => db.query('SELECT * FROM towns WHERE id = ?', [2n ** 70n])],
  [
    'INVALID_GEOMETRY',
    (db) => db.query('SELECT * FROM towns WHERE ST_DWithin(place, ?, 5)', [{ type: 'Point', coordinates: [200, 95] }]),
  ],
  ['UNKNOWN_OPTION', (db) => db.query('SELECT 1', [], wrong({ hint: {} }))],
  ['UNKNOWN_OPTION', (db) => db.query('SELECT 1', [], { hints: wrong({ index: 'x' }) })],
  ['INVALID_ARGUMENT', (db) => db.query('SELECT 1', [], { hints: wrong({ indexes: 'x' }) })],
  ['INVALID_ARGUMENT', (db) => db.query('SELECT * FROM towns', [], { hints: wrong({ indexes: { towns: 'x' } }) })],
  ['INVALID_ARGUMENT', (db) => db.query('SELECT 1', [], { hints: wrong({ joinOrder: [1] }) })],
  [
    'UNKNOWN_INDEX',
    (db) => db.query('SELECT * FROM towns', [], { hints: { indexes: { towns: ['towns_populaton'] } } }),
  ],
  ['UNKNOWN_TABLE', (db) => db.query('SELECT * FROM towns t', [], { hints: { indexes: { towns: [] } } })],
  ['INVALID_ARGUMENT', (db) => db.explain('SELECT 1', [], { format: wrong('xml') })],
  ['UNKNOWN_TABLE', (db) => db.table('town')],
  ['UNKNOWN_TABLE', (db) => db.table('big')],
  ['UNKNOWN_TABLE', (db) => db.analyze('town')],
  ['UNKNOWN_TABLE', (db) => db.verify('town')],
  ['UNKNOWN_COLUMN', (db) => db.table('towns').insert({ nme: 'x' })],
  ['INVALID_ARGUMENT', (db) => db.table('towns').insert(wrong(null))],
  ['INVALID_ARGUMENT', (db) => db.table('towns').insertMany(wrong({ name: 'x' }))],
  ['INVALID_VALUE', (db) => db.table('towns').insert({ name: undefined })],
  ['TYPE_MISMATCH', (db) => db.table('towns').update(1, { population: 'many' })],
  ['TYPE_MISMATCH', (db) => db.table('towns').get('one')],
  ['INVALID_ARGUMENT', (db) => db.table('empty').get(1)],
  ['UNKNOWN_INDEX', (db) => db.table('towns').index('population')],
  ['INVALID_ARGUMENT', (db) => db.table('towns').index('towns_name').range({ gt: 'a' })],
  ['INVALID_ARGUMENT', (db) => db.table('towns').index('towns_place').get([1, 2])],
  ['INVALID_ARGUMENT', (db) => db.table('towns').index('towns_place').count([1, 2])],
  ['INVALID_ARGUMENT', (db) => db.table('towns').index('towns_population').near([1, 2])],
  ['INVALID_ARGUMENT', (db) => db.table('towns').index('towns_population').search('x')],
  ['INVALID_ARGUMENT', (db) => db.table('towns').index('towns_population').get(1, 2)],
  [
    'UNKNOWN_OPTION',
    (db) =>
      db
        .table('towns')
        .index('towns_population')
        .range(wrong({ from: 1 })),
  ],
  ['INVALID_ARGUMENT', (db) => db.table('towns').index('towns_population').range({ limit: -1 })],
  ['INVALID_ARGUMENT', (db) => db.table('towns').index('towns_population').range({ gt: null })],
  ['INVALID_GEOMETRY', (db) => db.table('towns').index('towns_place').near([1])],
  ['SEARCH_SYNTAX', (db) => db.table('towns').index('towns_about').search('(harbour')],
];

function expectHelpful(code: string, act: () => unknown): void {
  const error = errorOf(act);
  expect(error.code, error.message).toBe(code);
  expect(['input', 'constraint', 'state', 'limit', 'io']).toContain(error.kind);
  expect(error.message).not.toMatch(/\[object|TypeError|NaN$/);
  expect(error.message.length).toBeGreaterThan(10);
}

describe('a mistake is told once', () => {
  it.each(statements)('%s: %s', (code, sql) => {
    const db = database();
    const before = db.query('SELECT * FROM towns');
    expectHelpful(code, () => db.query(sql));
    expectHelpful(code, () => db.prepare(sql).all());
    const error = errorOf(() => db.query(sql));
    if (
      ['SYNTAX', 'UNKNOWN_COLUMN', 'UNSUPPORTED', 'TYPE_MISMATCH', 'GROUPING'].includes(code) &&
      sql.length > 0 &&
      !sql.includes('; ')
    ) {
      expect(error.position, error.message).toBeDefined();
      expect(error.message).toContain('^');
    }
    expect(db.query('SELECT * FROM towns')).toEqual(before);
  });

  it.each(calls)('%s: %s', (code, act) => {
    const db = database();
    const before = db.query('SELECT * FROM towns');
    expectHelpful(code, () => act(db));
    expect(db.query('SELECT * FROM towns')).toEqual(before);
  });

  it('a misspelt name is suggested', () => {
    const db = database();
    const hints: [string, string][] = [
      ['SELECT * FROM town', 'towns'],
      ['SELECT populaton FROM towns', 'population'],
      ['SELECT uper(name) FROM towns', 'upper'],
      ['SELECT summ(id) FROM towns', 'sum'],
      ['SELECT CAST(1 AS integr)', 'integer'],
      ['CREATE INDEX i ON towns USING bitmp (name)', 'bitmap'],
      ['DROP INDEX towns_populaton', 'towns_population'],
      ['DROP TABLE town', 'towns'],
      ['SELEC 1', 'SELECT'],
    ];
    for (const [sql, name] of hints) expect(errorOf(() => db.exec(sql)).hint, sql).toContain(name);
    expect(errorOf(() => db.table('town')).hint).toContain('towns');
    expect(errorOf(() => db.table('towns').insert({ nam: 'x' })).hint).toContain('name');
    expect(errorOf(() => db.table('towns').index('towns_plac')).hint).toContain('towns_place');
  });
});

describe('open', () => {
  it.each([
    ['INVALID_ARGUMENT', undefined, {}],
    ['INVALID_ARGUMENT', '', {}],
    ['INVALID_ARGUMENT', ':memory:', null],
    ['INVALID_ARGUMENT', ':memory:', { readOnly: true }],
    ['INVALID_ARGUMENT', ':memory:', { mustExist: true }],
    ['UNKNOWN_OPTION', ':memory:', { readonly: true }],
    ['INVALID_ARGUMENT', ':memory:', { durability: 'fast' }],
    ['INVALID_ARGUMENT', ':memory:', { cachePolicy: 'fifo' }],
    ['INVALID_ARGUMENT', ':memory:', { cacheBytes: -1 }],
    ['INVALID_ARGUMENT', ':memory:', { cacheBytes: '64MB' }],
    ['INVALID_ARGUMENT', ':memory:', { planCacheSize: 1.5 }],
    ['INVALID_ARGUMENT', ':memory:', { planCacheTtl: Infinity }],
    ['INVALID_ARGUMENT', ':memory:', { freshness: 'now' }],
  ])('%s: %s %j', (code, path, options) => {
    expectHelpful(code, () => open(wrong(path), wrong(options)));
    expect(errorOf(() => open(wrong(path), wrong(options))).hint).toBeDefined();
  });

  it('a path that cannot be opened says why, and is left as it is', () => {
    const inFolder = temporaryFolder();
    const text = join(inFolder, 'notes.txt');
    writeFileSync(text, 'these are my notes, and no database');
    const paths: [string, object, RegExp][] = [
      [join(inFolder, 'no', 'such', 'folder.db'), {}, /does not exist/],
      [inFolder, {}, /directory/],
      [text, {}, /not a Lightning DB file/],
      [join(inFolder, 'none.db'), { mustExist: true }, /no such file/],
      [join(inFolder, 'none.db'), { readOnly: true }, /no such file/],
      ['a\0b', {}, /null/],
    ];
    for (const [path, options, message] of paths) {
      const error = errorOf(() => open(path, options));
      expect([error.code, error.kind], error.message).toEqual(['CANNOT_OPEN', 'io']);
      expect(error.message).toMatch(message);
    }
    expectCode('CANNOT_OPEN', () => open(text));
  });
});
