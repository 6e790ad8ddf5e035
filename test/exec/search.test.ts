// Search by statement: scores against BM25 written out here, factors of fields, analysis of one's own, and texts that are hardly searches.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LightningError, open } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { errorOf, openTest } from '../db/support.js';

interface Article {
  readonly id: number;
  readonly title: string;
  readonly about: string;
}

const WORDS = ['harbour', 'ferry', 'old', 'port', 'town', 'ship', 'sea'];

/** Texts without stop words or inflections, so that a word is a term. */
const articles: readonly Article[] = Array.from({ length: 300 }, (_, id) => {
  const text = (seed: number, length: number) =>
    Array.from({ length }, (__, i) => WORDS[((id + 1) * (i + seed) * 7919 + ((id * i) >> 2)) % WORDS.length]).join(' ');
  return { id, title: text(3, 1 + (id % 3)), about: text(5, 4 + (id % 23)) };
});

function table(options = ''): Database {
  const db = openTest();
  db.exec(`CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, about TEXT);
    CREATE INDEX texts ON articles USING fulltext (title, about) WITH (language = english${options})`);
  db.table('articles').insertMany(articles);
  return db;
}

const wordsOf = (text: string): readonly string[] => text.split(' ');
const occurrences = (text: string, word: string): number => wordsOf(text).filter((each) => each === word).length;
const lengthOf = ({ title, about }: Article): number => wordsOf(title).length + wordsOf(about).length;
const averageLength = articles.reduce((sum, article) => sum + lengthOf(article), 0) / articles.length;

function bm25(article: Article, word: string, textOf: (article: Article) => string): number {
  const tf = occurrences(textOf(article), word);
  const df = articles.filter((each) => occurrences(textOf(each), word) > 0).length;
  const idf = Math.log(1 + (articles.length - df + 0.5) / (df + 0.5));
  return (idf * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * lengthOf(article)) / averageLength));
}

const whole = ({ title, about }: Article): string => `${title} ${about}`;

/** By score, then id; only those with one. */
function ranked(score: (article: Article) => number) {
  return articles
    .map((article) => ({ id: article.id, score: score(article) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score || a.id - b.id);
}

function agree(db: Database, search: string, wanted: readonly { id: number; score: number }[]): void {
  const sql = (limit: string) =>
    `SELECT id, score() AS score FROM articles WHERE MATCH(texts, $1) ORDER BY score() DESC, id ${limit}`;
  for (const [limit, some] of [
    ['', wanted],
    ['LIMIT 7', wanted.slice(0, 7)],
  ] as const) {
    const found = db.query<{ id: number; score: number }>(sql(limit), [search]);
    expect(found.map(({ id }) => id)).toEqual(some.map(({ id }) => id));
    found.forEach(({ score }, i) => expect(score).toBeCloseTo(some[i]!.score, 10));
  }
}

it('scores are BM25, over all fields together', () => {
  const db = table();
  for (const state of ['waiting', 'merged']) {
    expect(['waiting', 'merged']).toContain(state);
    agree(
      db,
      'ferry OR ship',
      ranked((a) => bm25(a, 'ferry', whole) + bm25(a, 'ship', whole)),
    );
    agree(
      db,
      'title:port',
      ranked((a) => bm25(a, 'port', ({ title }) => title)),
    );
    agree(
      db,
      'old^3',
      ranked((a) => 3 * bm25(a, 'old', whole)),
    );
    agree(
      db,
      'sea NOT title:sea',
      ranked((a) => (occurrences(a.title, 'sea') > 0 ? 0 : bm25(a, 'sea', whole))),
    );
    db.exec('REINDEX TABLE articles');
  }
});

describe('factors of fields', () => {
  const factors = ", boosts = 'title^4, about^0.5'";
  const inFields = (article: Article, word: string): number =>
    4 * bm25(article, word, ({ title }) => title) + 0.5 * bm25(article, word, ({ about }) => about);

  it('weigh each field by itself', () => {
    const db = table(factors);
    for (let round = 0; round < 2; round++) {
      agree(
        db,
        'ferry',
        ranked((a) => inFields(a, 'ferry')),
      );
      agree(
        db,
        'ferry OR old',
        ranked((a) => inFields(a, 'ferry') + inFields(a, 'old')),
      );
      agree(
        db,
        'title:ferry^2',
        ranked((a) => 8 * bm25(a, 'ferry', ({ title }) => title)),
      );
      db.exec('REINDEX TABLE articles');
    }
    const sql = `SELECT id, score() AS score FROM articles WHERE MATCH(texts, 'ferry') AND id % 3 = 0 ORDER BY score() DESC, id LIMIT 5`;
    expect(db.query(sql)).toEqual(db.query(sql, [], { hints: { noIndexes: true } }));
    expect(db.query(sql).map(({ id }) => id)).toEqual(
      ranked((a) => inFields(a, 'ferry'))
        .filter(({ id }) => id % 3 === 0)
        .slice(0, 5)
        .map(({ id }) => id),
    );
  });

  it('change no match', () => {
    const [plain, weighed] = [table(), table(factors)];
    for (const search of [
      'ferry port',
      '"old port"',
      'ha* -ferry',
      'frery~1 OR sea',
      'title:(old OR port) about:sea',
    ]) {
      const ids = (db: Database) => db.query('SELECT id FROM articles WHERE MATCH(texts, $1) ORDER BY id', [search]);
      expect(ids(weighed)).toEqual(ids(plain));
      expect(ids(plain).length).toBeGreaterThan(0);
    }
  });

  it.each(["'nosuch^3'", "'title'", "'title^0'", "'title^x'", "'title^2^3'", "''", '3', 'true'])(
    'refuse %s',
    (value) => {
      const error = errorOf(() => table(`, boosts = ${value}`));
      expect(error.kind).toBe('input');
      expect(error.hint).toBeTruthy();
    },
  );
});

it('analysis may be one’s own: an expression that gives the words', () => {
  const db = open(':memory:');
  // Every three letters in a row are a word.
  const trigrams = (text: unknown) => {
    const letters = (text as string).toLowerCase().replace(/\s+/gu, '');
    return Array.from({ length: Math.max(0, letters.length - 2) }, (_, i) => letters.slice(i, i + 3)).join(' ');
  };
  db.function('trigrams', { args: ['text'], returns: 'text', deterministic: true }, trigrams);
  db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
    CREATE INDEX parts ON t USING fulltext (trigrams(name)) WITH (language = none)`);
  db.table('t').insertMany([
    { id: 1, name: 'Dampfschifffahrt' },
    { id: 2, name: 'Schiff' },
    { id: 3, name: 'Hafen' },
  ]);
  const find = (part: string) => db.query('SELECT id FROM t WHERE MATCH(parts, $1) ORDER BY id', [trigrams(part)]);
  expect(find('schiff')).toEqual([{ id: 1 }, { id: 2 }]);
  expect(find('fahrt')).toEqual([{ id: 1 }]);
  expect(find('hafenfahrt')).toEqual([]);
  db.close();
});

it('whatever is searched for, the answer is rows or an error with its place', () => {
  const path = new URL('../data/parser/naughty-strings-sample.json', import.meta.url);
  const naughty = JSON.parse(readFileSync(path, 'utf8')) as string[];
  const db = table();
  const storable = naughty.filter((text) => text.isWellFormed());
  db.table('articles').insertMany(storable.map((text, i) => ({ id: 1000 + i, title: text, about: `${text} harbour` })));
  const index = db.table('articles').index('texts');
  const run = (search: () => unknown): unknown => {
    try {
      return search();
    } catch (error) {
      expect(error).toBeInstanceOf(LightningError);
      expect((error as LightningError).kind).not.toBe('bug');
      return (error as LightningError).code;
    }
  };
  let found = 0;
  for (const text of naughty) {
    const sql = `SELECT id, highlight(about, '<', '>') AS h, snippet(title, 5) AS s FROM articles WHERE MATCH(texts, $1) ORDER BY id`;
    const rows = run(() => db.query(sql, [text]));
    expect(run(() => db.query(sql, [text], { hints: { noIndexes: true } }))).toEqual(rows);
    if (Array.isArray(rows)) found += rows.length;
    run(() => index.search(text, { limit: 3 }));
    run(() => index.suggest(text));
    run(() => index.didYouMean(text));
  }
  expect(found).toBeGreaterThan(naughty.length / 4);
  expect(db.verify().findings).toEqual([]);
});
