// Faults in the file itself, in the pages of every kind of index: `verify` names the index, REINDEX makes it good again, and size and use
// are told as for any other.

import { describe, expect, it } from 'vitest';
import { readHead, readTable } from '../../src/catalog/stored.js';
import type { IndexDef, TableDef } from '../../src/catalog/definitions.js';
import { kindOf } from '../../src/index/registry.js';
import { openStore } from '../../src/kv/index.js';
import type { Writer } from '../../src/kv/index.js';
import { PageStore } from '../../src/pages/index.js';
import type { PageTransaction } from '../../src/pages/index.js';
import { spaceRange } from '../../src/pages/page-format.js';
import { entriesOf } from '../../src/tables/entries.js';
import { open } from '../../src/index.js';
import { Random } from '../differential/random.js';
import { temporaryFile } from './support.js';

const ROWS = 1_500;
const KINDS = [
  ['primary', ''],
  ['btree', 'btree (n) INCLUDE (word)'],
  ['hash', 'hash (word)'],
  ['bitmap', 'bitmap (n)'],
  ['rtree', 'rtree (at)'],
  ['fulltext', 'fulltext (word)'],
  ['bloom', 'bloom (word)'],
  ['columnstore', 'columnstore (n, word)'],
] as const;

/** A file with one index beside the primary key, whose keys are texts: it has an entry for each. */
function made(definition: string): string {
  const path = temporaryFile();
  const db = open(path, { durability: 'async' });
  db.exec('CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER, word TEXT, at POINT)');
  const words = ['harbour', 'river', 'island', 'forest', 'glacier'];
  db.table('t').insertMany(
    Array.from({ length: ROWS }, (_, i) => ({
      id: `key ${i}`,
      n: i % 40,
      word: `${words[i % 5]!} ${words[i % 3]!} w${i % 700}`,
      at: { type: 'Point', coordinates: [(i % 360) - 180, (i % 170) - 85] },
    })),
  );
  if (definition !== '') db.exec(`CREATE INDEX i ON t USING ${definition}`);
  // Later rows lie where each kind puts single ones.
  for (let i = 0; i < 20; i++) db.table('t').put({ id: `late ${i}`, n: i, word: `late ${i}`, at: null });
  expect(db.verify().findings).toEqual([]);
  db.close();
  return path;
}

function damage(path: string, work: (writer: Writer, index: IndexDef) => void): void {
  const { index } = known(path);
  const store = openStore(path);
  store.write((writer) => work(writer, index));
  store.close();
}

function known(path: string): { readonly table: TableDef; readonly index: IndexDef } {
  const pages = new PageStore(openStore(path));
  try {
    const snapshot = pages.snapshot();
    const table = readTable(snapshot, readHead(snapshot).tables['t']!, undefined);
    return { table, index: table.indexes.at(-1)! };
  } finally {
    pages.close();
  }
}

function change(path: string, work: (tx: PageTransaction, table: TableDef, index: IndexDef) => void): void {
  const { table, index } = known(path);
  const pages = new PageStore(openStore(path));
  pages.transaction((tx) => work(tx, table, index));
  pages.close();
}

function keysOf(writer: Writer, index: IndexDef): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const space of index.spaces) {
    for (const batch of writer.scan(spaceRange(space))) {
      for (let i = 0; i < batch.count; i++) keys.push(batch.key(i).slice());
    }
  }
  return keys;
}

/** The fault is found in that index alone, and mended. */
function expectFound(path: string, fault: string): void {
  const db = open(path);
  try {
    const { name } = db.schema().tables[0]!.indexes.at(-1)!;
    const { ok, findings } = db.verify();
    expect([ok, fault]).toEqual([false, fault]);
    expect(new Set(findings.map(({ index }) => index))).toEqual(new Set([name]));
    db.reindex(name);
    expect(db.verify().findings).toEqual([]);
    const { entries, bytes, pages, uses, lastUsed } = db.stats().indexes.find((index) => index.name === name)!;
    expect(entries).toBeGreaterThan(ROWS - 1);
    expect(bytes).toBeGreaterThan(0);
    expect([pages > 0, uses, lastUsed]).toEqual([true, 0, undefined]);
  } finally {
    db.close();
  }
}

describe.each(KINDS)('a fault in a %s index', (kind, definition) => {
  const random = new Random(kind.length);

  it('is found: a byte of a page', () => {
    const path = made(definition);
    for (let round = 0; round < 2; round++) {
      damage(path, (writer, index) => {
        const key = random.pick(keysOf(writer, index));
        const bytes = writer.get(key)!.slice();
        bytes[random.int(0, bytes.length - 1)]! ^= 1 << random.int(0, 7);
        writer.put(key, bytes);
      });
      expectFound(path, 'byte');
    }
  });

  it('is found: a page that is gone', () => {
    const path = made(definition);
    for (let round = 0; round < 2; round++) {
      damage(path, (writer, index) => writer.delete(random.pick(keysOf(writer, index))));
      expectFound(path, 'page');
    }
  });

  it('is found: an entry that is gone, and one too many', () => {
    const path = made(definition);
    change(path, (tx, table, index) => {
      const { rowId, values } = random.pick(
        [...entriesOf(table, index, tx)].filter((entry) => !entry.values.includes(null)),
      );
      kindOf(index.kind).maintain(index, table, tx).apply({ rowId, before: values, after: undefined });
    });
    expectFound(path, 'lost entry');
    change(path, (tx, table, index) => {
      const [entry] = entriesOf(table, index, tx);
      kindOf(index.kind)
        .maintain(index, table, tx)
        .apply({
          rowId: 60_000,
          before: undefined,
          after: entry!.values.map((value) => (typeof value === 'string' ? `${value} more` : value)),
        });
    });
    expectFound(path, 'foreign entry');
  });
});

it('all kinds tell their size, their uses and the last of them', () => {
  const path = made('btree (n)');
  const db = open(path);
  for (const [kind, definition] of KINDS.slice(2)) db.exec(`CREATE INDEX ${kind} ON t USING ${definition}`);
  db.analyze();
  const before = Date.now();
  const ask = (name: string, sql: string) => () => db.query(sql, [], { hints: { indexes: { t: [name] } } });
  const asked: Record<string, () => unknown> = {
    i: () => db.table('t').index('i').count(7),
    hash: () => db.table('t').index('hash').count('late 3'),
    bitmap: ask('bitmap', 'SELECT n, count(*) FROM t GROUP BY n'),
    rtree: ask('rtree', 'SELECT id FROM t WHERE ST_DWithin(at, ST_Point(10, 10), 1000)'),
    fulltext: ask('fulltext', "SELECT id FROM t WHERE MATCH(word, 'glacier') LIMIT 3"),
    columnstore: ask('columnstore', 'SELECT sum(n) FROM t'),
  };
  for (const [name, use] of Object.entries(asked)) {
    use();
    const told = db.stats().indexes.find((index) => index.name === name)!;
    expect([name, told.uses]).toEqual([name, 1]);
    expect(told.lastUsed!.getTime()).toBeGreaterThanOrEqual(before);
    expect(Math.min(told.bytes, told.pages, told.entries)).toBeGreaterThan(0);
  }
  db.close();
});
