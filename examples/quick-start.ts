// The first five minutes: open, make a table, put rows in, ask.

import assert from 'node:assert/strict';
import { open } from 'lightning-db';

using db = open(':memory:'); // or a file: open('towns.db')

db.exec(`
  CREATE TABLE towns (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    country    TEXT NOT NULL,
    population INTEGER,
    location   POINT
  );
  CREATE INDEX towns_country ON towns USING bitmap (country);
  CREATE INDEX towns_location ON towns USING rtree (location);
`);

db.table('towns').insertMany([
  {
    id: 1,
    name: 'Suva',
    country: 'FJ',
    population: 77_366,
    location: { type: 'Point', coordinates: [178.44, -18.14] },
  },
  { id: 2, name: 'Nadi', country: 'FJ', population: 42_284, location: { type: 'Point', coordinates: [177.42, -17.8] } },
  {
    id: 3,
    name: 'Apia',
    country: 'WS',
    population: 40_407,
    location: { type: 'Point', coordinates: [-171.77, -13.83] },
  },
]);

// Values are bound, never pasted into the text: ? or $1 or $name.
const large = db.query('SELECT name, population FROM towns WHERE population > ? ORDER BY population DESC', [41_000]);
console.log(large);
assert.deepEqual(large, [
  { name: 'Suva', population: 77_366 },
  { name: 'Nadi', population: 42_284 },
]);

// A tagged template binds its values, too.
const country = 'FJ';
const [count] = db.sql`SELECT count(*) AS towns FROM towns WHERE country = ${country}`;
assert.deepEqual(count, { towns: 2 });

// Prepared statements are planned once.
const nearest = db.prepare<{ name: string; km: number }>(`
  SELECT name, round(ST_Distance(location, ST_Point($lon, $lat)) / 1000) AS km
  FROM towns ORDER BY ST_Distance(location, ST_Point($lon, $lat)) LIMIT 1`);
console.log(nearest.get({ lon: -172, lat: -14 }));
assert.equal(nearest.get({ lon: -172, lat: -14 })?.name, 'Apia');
assert.equal(nearest.get({ lon: 178, lat: -18 })?.name, 'Suva');

// And this is how it is done.
console.log(db.explain("SELECT name FROM towns WHERE country = 'FJ'", [], { analyze: true }));
