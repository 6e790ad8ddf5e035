// The schema that binder tests speak of, with views, and no store behind it.

import { parse } from '../../grammar/index.js';
import type { Catalog } from '../../src/catalog/catalog.js';
import type { ViewDef } from '../../src/catalog/definitions.js';
import { bind } from '../../src/sql/bind.js';
import type { BoundStatement } from '../../src/sql/bound.js';
import type { Type } from '../../src/values/types.js';
import { HandMadeCatalog } from '../optimize/catalog.js';

const tables = `
  CREATE TABLE towns (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, population INTEGER,
    area REAL, founded DATE, seen TIMESTAMP, capital BOOLEAN, about TEXT, place POINT, extra JSON);
  CREATE TABLE countries (code TEXT PRIMARY KEY, name TEXT NOT NULL, area REAL);
  CREATE TABLE visits (town INTEGER, day DATE, people INTEGER DEFAULT 1, PRIMARY KEY (town, day), UNIQUE (people));
  CREATE INDEX towns_about ON towns USING fulltext (about)`;

const views: readonly ViewDef[] = [
  {
    name: 'big',
    columns: undefined,
    query: 'SELECT id, name, population AS people FROM towns WHERE population > 1000',
  },
  { name: 'bigger', columns: ['town', 'people'], query: 'SELECT name, people FROM big WHERE people > 5000' },
  { name: 'broken', columns: undefined, query: 'SELECT nothing FROM towns' },
];

const made = new HandMadeCatalog(tables);

export const catalog: Catalog = {
  version: made.version,
  table: (name) => made.table(name),
  view: (name) => views.find((view) => view.name === name),
  names: () => [...made.names(), ...views.map((view) => view.name)],
  rows: (table) => made.rows(table),
  statistics: (table) => made.statistics(table),
  index: (index) => made.index(index),
  probe: (index) => made.probe(index),
  estimate: () => undefined,
};

/** Binds one statement; `given` are types of the values at hand, by position. */
export function bindText(text: string, given: readonly (Type | undefined)[] = []): BoundStatement {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problems[0]?.message}`);
  return bind(text, parsed.statements[0]!, catalog, { given: (index) => given[index] });
}
