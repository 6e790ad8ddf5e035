// Opens the gazetteer, or builds it first. A file that was not built to the end, or by another version, is built anew;
// a file that is no gazetteer is left alone.

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { open, type Database } from 'lightning-db';
import { Step } from './progress.js';
import { INDEXES, MARKER, TABLES, VERSION } from './schema.js';
import { readSources } from './sources.js';

/** Raised when the path holds something else, which must not be overwritten. */
export class NotAGazetteer extends Error {}

export function openGazetteer(path: string, options: { readonly rebuild: boolean }): Database {
  const state = stateOf(path);
  if (state === 'foreign') throw new NotAGazetteer(`${path} is a database, but not a gazetteer: name another file`);
  if (state === 'complete' && !options.rebuild) {
    const start = performance.now();
    const db = open(path, { mustExist: true });
    console.log(`Opened ${path} in ${(performance.now() - start).toFixed(1)} ms.`);
    return db;
  }
  if (state === 'unfinished') console.log(`${path} was not built to the end, or by another version: it is built anew.`);
  for (const file of [path, `${path}-lock`]) rmSync(file, { force: true });
  return build(path);
}

function stateOf(path: string): 'absent' | 'foreign' | 'unfinished' | 'complete' {
  if (!existsSync(path)) return 'absent';
  using db = open(path, { mustExist: true });
  const tables = db.schema().tables.map((table) => table.name);
  if (tables.length === 0) return 'unfinished';
  if (!tables.includes('gazetteer')) return 'foreign';
  const [built] = db.query('SELECT complete FROM gazetteer WHERE version = ?', [VERSION]);
  return built?.['complete'] === true ? 'complete' : 'unfinished';
}

function build(path: string): Database {
  console.log(`Building ${path}.`);
  mkdirSync(dirname(path), { recursive: true });
  const start = performance.now();
  const sources = readSources();
  console.log(`  sources read in ${seconds(start)} s`);
  const db = open(path);
  try {
    db.exec(MARKER);
    db.table('gazetteer').insert({ version: VERSION, complete: false });
    db.exec(TABLES);
    load(db, 'countries', sources.countries);
    load(db, 'airports', sources.airports);
    load(db, 'definitions', sources.definitions);
    load(db, 'places', sources.places);
    index(db);
    const analysis = performance.now();
    db.analyze();
    console.log(`  statistics collected in ${seconds(analysis)} s`);
    db.table('gazetteer').update(VERSION, { complete: true });
  } catch (error) {
    db.close();
    throw error;
  }
  console.log(`Built in ${seconds(start)} s.`);
  return db;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(2);
}

/** All rows in one transaction. */
function load(db: Database, table: string, rows: readonly object[]): void {
  const step = new Step(table, rows.length, 'rows');
  db.table(table).insertMany(rows, { onProgress: ({ done }) => step.update(done) });
  step.end();
}

function index(db: Database): void {
  const step = new Step('indexes', INDEXES.length, 'indexes');
  for (const [done, { name, on }] of INDEXES.entries()) {
    step.update(done, name);
    db.exec(`CREATE INDEX ${name} ON ${on}`);
  }
  step.end();
}
