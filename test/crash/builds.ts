// Indexes of every kind over rows in many chunks, made by a process that is killed again and again, while the survivor goes on writing.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '../../src/index.js';
import type { Database, IndexDefinition } from '../../src/index.js';
import { Random } from '../differential/random.js';

export const BUILDS: readonly IndexDefinition[] = [
  { name: 'by_n', table: 't', using: 'btree', keys: ['n', 'word'] },
  { name: 'by_code', table: 't', using: 'hash', keys: 'code', unique: true },
  { name: 'by_f', table: 't', using: 'bitmap', keys: 'f' },
  { name: 'by_bloom', table: 't', using: 'bloom', keys: 'word' },
  { name: 'by_text', table: 't', using: 'fulltext', keys: 'word' },
  { name: 'by_place', table: 't', using: 'rtree', keys: 'at' },
  { name: 'by_columns', table: 't', using: 'columnstore', keys: ['n', 'f'] },
];

const CHUNKS = 8;
const CHUNK_ROWS = 65_536;

export interface KilledBuilds {
  readonly kills: number;
  /** Builds that went on with rows behind them. */
  readonly resumed: number;
  /** Of all indexes together: rows read, and how many once through each would be. */
  readonly read: number;
  readonly once: number;
  /** Rows that one step reads at most. */
  readonly step: number;
  readonly problems: readonly string[];
}

/**
 * @param code folder of the compiled sources
 * @param most kills
 */
export async function killBuilds(code: string, most: number, rows: number, seed: number): Promise<KilledBuilds> {
  const folder = mkdtempSync(join(tmpdir(), 'lightning-builds-'));
  const path = join(folder, 'builds.db');
  const random = new Random(seed);
  const problems: string[] = [];
  let [kills, resumed, read] = [0, 0, 0];
  try {
    const first = open(path);
    first.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, f INTEGER, word TEXT, code TEXT, at POINT)');
    first.table('t').insertMany(Array.from({ length: rows }, (_, i) => rowOf(random, idOf(random, i, rows))));
    first.close();
    for (let done = false; !done;) {
      // The last one is let live.
      const milliseconds = kills < most ? random.int(20, 500) : undefined;
      const said = await runUntilKilled(join(code, 'test/crash/build-child.js'), path, milliseconds);
      done = said.at(-1) === 'done';
      if (!done) kills++;
      const builds = said.filter((line) => line !== 'done').map((line) => line.split(' '));
      resumed += builds.filter(([mark, , at]) => mark === 'r' && Number(at) > 0).length;
      for (const name of new Set(builds.map(([, index]) => index))) {
        const own = builds.filter(([, index]) => index === name).map(([, , at]) => Number(at));
        read += own.at(-1)! - own[0]!;
      }
      const db = open(path);
      try {
        problems.push(...db.verify().findings.map(({ index, what }) => `kill ${kills}, ${index}: ${what}`));
        for (let i = 0; i < 20; i++) writeOne(db, random, rows);
        if (done) problems.push(...differences(db));
      } finally {
        db.close();
      }
    }
    return { kills, resumed, read, once: rows * BUILDS.length, step: 2 * Math.ceil(rows / CHUNKS), problems };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows lie evenly over the chunks. */
function idOf(random: Random, i: number, rows: number): number {
  const each = Math.floor((CHUNKS * CHUNK_ROWS) / rows);
  return i * each + random.int(0, each - 1);
}

function rowOf(random: Random, id: number) {
  const at = { type: 'Point', coordinates: [random.int(-180, 180), random.int(-85, 85)] };
  const word = random.pick(['harbour', 'river', 'island', 'forest']);
  return { id, n: random.int(0, 1_000), f: random.int(0, 5), word, code: `code ${id}`, at };
}

function writeOne(db: Database, random: Random, rows: number): void {
  const id = idOf(random, random.int(0, rows - 1), rows);
  if (random.chance(0.5)) db.table('t').put(rowOf(random, id));
  else db.query('UPDATE t SET n = n + 1, word = ? WHERE id BETWEEN ? AND ?', ['river', id, id + 100]);
}

function differences(db: Database): string[] {
  db.analyze();
  return [
    'SELECT id FROM t WHERE n BETWEEN 100 AND 120 ORDER BY id',
    "SELECT id FROM t WHERE code IN ('code 5', 'code 70') ORDER BY id",
    'SELECT f, count(*) AS c FROM t GROUP BY f ORDER BY f',
    "SELECT count(*) AS c FROM t WHERE word = 'desert' OR MATCH(word, 'island')",
    'SELECT id FROM t WHERE ST_DWithin(at, ST_Point(10, 10), 2000000) ORDER BY id',
    'SELECT f, sum(n) AS s FROM t GROUP BY f ORDER BY f',
  ].filter(
    (sql) => JSON.stringify(db.query(sql)) !== JSON.stringify(db.query(sql, [], { hints: { noIndexes: true } })),
  );
}

/** @param milliseconds undefined: to its end */
function runUntilKilled(script: string, path: string, milliseconds: number | undefined): Promise<string[]> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // The clock starts when a build has said its first.
      if (out === '' && milliseconds !== undefined) setTimeout(() => child.kill('SIGKILL'), milliseconds);
      out += text;
    });
    child.on('error', fail);
    child.on('close', () => done(out.split('\n').slice(0, -1)));
  });
}
