// Without statements: rows by key and through one index, for code that knows exactly what it wants.

import assert from 'node:assert/strict';
import { open } from 'lightning-db';

using db = open(':memory:');

db.exec(`
  CREATE TABLE books (
    isbn   TEXT PRIMARY KEY,
    title  TEXT NOT NULL,
    author TEXT NOT NULL,
    year   INTEGER NOT NULL,
    shop   POINT NOT NULL
  );
  CREATE INDEX books_author ON books USING hash     (author);
  CREATE INDEX books_year   ON books USING btree    (year);
  CREATE INDEX books_title  ON books USING fulltext (title);
  CREATE INDEX books_shop   ON books USING rtree    (shop);
`);

interface Book {
  isbn: string;
  title: string;
  author: string;
  year: number;
  shop: { type: 'Point'; coordinates: [number, number] };
}

const books = db.table<Book>('books');
const book = (isbn: string, title: string, author: string, year: number, lon: number, lat: number): Book => ({
  isbn,
  title,
  author,
  year,
  shop: { type: 'Point', coordinates: [lon, lat] },
});

const loaded = books.insertMany([
  book('a-1', 'The Sea Around Us', 'Carson', 1951, -70.6, 43.2),
  book('a-2', 'Silent Spring', 'Carson', 1962, -70.9, 42.5),
  book('b-1', 'The Old Man and the Sea', 'Hemingway', 1952, -81.8, 24.5),
]);
assert.equal(loaded, 3);

// By primary key.
assert.equal(books.get('a-2')?.title, 'Silent Spring');
assert.equal(books.get('z-9'), undefined);
books.put(book('b-1', 'The Old Man and the Sea', 'Hemingway', 1952, -81.7, 24.6)); // replaces
assert.equal(books.update('a-1', { year: 1950 }), true);
assert.equal(books.delete('z-9'), false);
assert.equal(books.count(), 3);

// Through an index: equality, ranges, words, distance.
const titles = (found: readonly Book[]): string[] => found.map(({ title }) => title).sort();
assert.deepEqual(titles(books.index('books_author').get('Carson')), ['Silent Spring', 'The Sea Around Us']);
assert.equal(books.index('books_author').count('Hemingway'), 1);
assert.deepEqual(
  books
    .index('books_year')
    .range({ gte: 1950, lt: 1960, reverse: true })
    .map(({ year }) => year),
  [1952, 1950],
);
assert.deepEqual(titles(books.index('books_title').search('sea')), ['The Old Man and the Sea', 'The Sea Around Us']);

const [nearest] = books.index('books_shop').near([-70.7, 43.1], { limit: 1 });
console.log(`${nearest?.title}: ${Math.round(nearest?.distance ?? 0)} m`);
assert.equal(nearest?.title, 'The Sea Around Us');
assert.equal(books.index('books_shop').near([-70.7, 43.1], { metres: 100_000 }).length, 2);

// Everything, in the order in which it is stored.
assert.equal([...books.scan()].length, 3);
