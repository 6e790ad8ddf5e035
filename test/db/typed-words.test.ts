// Completions and corrections from a full-text index, against what the rows hold.

import { describe, expect, it } from 'vitest';
import { expectCode, openTest } from './support.js';

const texts: (string | null)[] = [
  ...Array<string>(40).fill('An old harbour near the theatre'),
  ...Array<string>(9).fill('Two harbours and a ferry'),
  ...Array<string>(20).fill('A hard road, Harbour Street, to the national park of Genoa'),
  'harborough',
  ...Array<string>(12).fill('different nationalities meet in Genoa'),
  null,
];

function table(rows: number = texts.length) {
  const db = openTest();
  db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, about TEXT, note TEXT);
    CREATE INDEX words ON t USING fulltext (about, note); CREATE INDEX plain ON t (id)`);
  db.table('t').insertMany(
    texts.slice(0, rows).map((about, i) => ({ id: i + 1, about, note: i === 3 ? 'Harfleur' : null })),
  );
  return { db, words: db.table('t').index('words') };
}

describe('suggest', () => {
  it('completes words as they are written, those of most documents first', () => {
    const { words } = table();
    expect(words.suggest('har')).toEqual(
      [
        { text: 'harbour', word: 'harbour', documents: 69 },
        { text: 'hard', word: 'hard', documents: 20 },
        { text: 'Harfleur', word: 'Harfleur', documents: 1 },
        { text: 'harborough', word: 'harborough', documents: 1 },
      ].sort((a, b) => b.documents - a.documents || (a.word.toLowerCase() < b.word.toLowerCase() ? -1 : 1)),
    );
    expect(words.suggest('har', { limit: 2 }).map(({ word }) => word)).toEqual(['harbour', 'hard']);
    expect(words.suggest('har', { limit: 0 })).toEqual([]);
  });

  it('completes the last of several words, whatever its case and accents', () => {
    const { words } = table();
    expect(words.suggest('Old HÁRB', { limit: 1 })).toEqual([{ text: 'Old harbour', word: 'harbour', documents: 69 }]);
    expect(words.suggest('gen').map(({ word }) => word)).toEqual(['Genoa']);
    expect(words.suggest('old ')).toEqual([]);
    expect(words.suggest('')).toEqual([]);
    expect(words.suggest('xyz')).toEqual([]);
  });

  it('reaches words that are longer than their stem', () => {
    const { words } = table();
    expect(words.suggest('nationali').map(({ word }) => word)).toEqual(['nationalities']);
    expect(words.suggest('harbours')).toEqual([{ text: 'harbours', word: 'harbours', documents: 69 }]);
  });

  it('follows changes before and after they are merged', () => {
    const { db, words } = table();
    db.exec("DELETE FROM t WHERE about LIKE '%old harbour%'; UPDATE t SET note = 'hardware' WHERE id > 60");
    const counted = () => words.suggest('har').map(({ word, documents }) => `${word} ${documents}`);
    const pending = counted();
    expect(pending).toContain('hardware 23');
    expect(pending).toContain('Harbour 29');
    db.exec('REINDEX words');
    expect(counted()).toEqual(pending);
  });
});

describe('didYouMean', () => {
  it('replaces words that do not occur by near ones that do, in the form that was typed', () => {
    const { words } = table();
    expect(words.didYouMean('old harbuor')).toBe('old harbour');
    expect(words.didYouMean('harbuors')).toBe('harbours');
    expect(words.didYouMean('about:(harbuor OR teatre) "natoinal park"^2 -harbuor note:fery*')).toBe(
      'about:(harbour OR theatre) "national park"^2 -harbuor note:fery*',
    );
  });

  it('leaves alone what occurs, what is short and what nothing resembles', () => {
    const { words } = table();
    for (const query of ['old harbour', 'the and', 'olf', 'zzzzzz', 'harborough']) {
      expect(words.didYouMean(query), query).toBeUndefined();
    }
  });

  it('takes a rare word for a misspelling of one that is a thousand times as frequent', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (about TEXT); CREATE INDEX words ON t USING fulltext (about)');
    const words = db.table('t').index('words');
    db.table('t').insertMany(Array.from({ length: 900 }, () => ({ about: 'harbour' })));
    db.table('t').insert({ about: 'harbuor' });
    expect(words.didYouMean('harbuor')).toBeUndefined();
    db.table('t').insertMany(Array.from({ length: 200 }, () => ({ about: 'harbour' })));
    expect(words.didYouMean('harbuor')).toBe('harbour');
  });
});

it('refuses other indexes, and what is malformed', () => {
  const { db, words } = table(3);
  expectCode('INVALID_ARGUMENT', () => db.table('t').index('plain').suggest('har'));
  expectCode('INVALID_ARGUMENT', () => db.table('t').index('plain').didYouMean('har'));
  expectCode('INVALID_ARGUMENT', () => words.suggest(1 as unknown as string));
  expectCode('UNKNOWN_OPTION', () => words.suggest('a', { most: 1 } as object));
  expectCode('SEARCH_SYNTAX', () => words.didYouMean('"open'));
  expectCode('SEARCH_SYNTAX', () => words.didYouMean('('));
});

it('names the fields of a search that names another', () => {
  const { db } = table(3);
  const query = (search: string) => db.query('SELECT count(*) AS n FROM t WHERE MATCH(words, ?)', [search]);
  expect(query('about:harbour')).toEqual([{ n: 3 }]);
  expectCode('UNKNOWN_COLUMN', () => query('abuot:harbour'));
  expectCode('UNKNOWN_COLUMN', () => db.query("SELECT id FROM t WHERE MATCH(about, 'note:harbour')"));
  // Judged on the rows, without the index.
  expectCode('UNKNOWN_COLUMN', () => db.query("SELECT id FROM t WHERE MATCH(words, 'abuot:harbour') OR id = 1"));
});
