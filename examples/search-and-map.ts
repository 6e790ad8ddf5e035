// Words, places and kinds in one statement: full text, R-tree and bitmap indexes, combined by cost.

import assert from 'node:assert/strict';
import { open } from 'lightning-db';

using db = open(':memory:');

db.exec(`
  CREATE TABLE sights (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    about    TEXT NOT NULL,
    location POINT NOT NULL
  );
  CREATE INDEX sights_about    ON sights USING fulltext (about);
  CREATE INDEX sights_kind     ON sights USING bitmap   (kind);
  CREATE INDEX sights_location ON sights USING rtree    (location);
`);

const sights: [name: string, kind: string, lon: number, lat: number, about: string][] = [
  ['Old Harbour', 'harbour', 2.35, 51.05, 'Fishing boats and a lighthouse at the mouth of the river'],
  ['North Light', 'lighthouse', 2.4, 51.07, 'A tall lighthouse above the dunes, open to visitors'],
  ['Town Hall', 'building', 2.37, 51.03, 'A belfry of red brick with a view over the harbour'],
  ['Far Light', 'lighthouse', -5.05, 48.45, 'The most powerful lighthouse of the coast'],
  ['Maritime Museum', 'museum', 2.36, 51.04, 'Ships, boats and the history of fishing'],
];
db.table('sights').insertMany(
  sights.map(([name, kind, lon, lat, about], i) => ({
    id: i + 1,
    name,
    kind,
    about,
    location: { type: 'Point', coordinates: [lon, lat] },
  })),
);

// Words are stemmed: "boat" finds "boats". Best matches first.
const boats = db.query("SELECT name FROM sights WHERE MATCH(about, 'boat fishing') ORDER BY score() DESC, id");
assert.deepEqual(new Set(boats.map((row) => row['name'])), new Set(['Old Harbour', 'Maritime Museum']));

// Phrases, OR, exclusion and prefixes are part of the search's own language.
const lights = db.query("SELECT name FROM sights WHERE MATCH(about, '(lighthouse OR belfry) -power*') ORDER BY id");
assert.deepEqual(
  lights.map((row) => row['name']),
  ['Old Harbour', 'North Light', 'Town Hall'],
);

// What matched, marked for the page that shows it.
const [marked] = db.query(
  "SELECT highlight(about, '<b>', '</b>') AS text FROM sights WHERE MATCH(about, '\"red brick\"')",
);
console.log(marked?.['text']);
assert.match(String(marked?.['text']), /<b>red brick<\/b>|<b>red<\/b> <b>brick<\/b>/);

// Text, map and kind together, nearest first.
const sql = `
  SELECT name, round(ST_Distance(location, ST_Point($lon, $lat))) AS metres
  FROM sights
  WHERE MATCH(about, 'lighthouse') AND kind IN ('harbour', 'lighthouse')
    AND ST_DWithin(location, ST_Point($lon, $lat), 20000)
  ORDER BY ST_Distance(location, ST_Point($lon, $lat))`;
const here = { lon: 2.38, lat: 51.05 };
const near = db.query(sql, here);
console.log(near);
assert.deepEqual(
  near.map((row) => row['name']),
  ['Old Harbour', 'North Light'],
);
console.log(db.explain(sql, here, { analyze: true }));

// Facets: how many of each kind match.
const facets = db.query(
  "SELECT kind, count(*) AS n FROM sights WHERE MATCH(about, 'lighthouse') GROUP BY kind ORDER BY kind",
);
assert.deepEqual(facets, [
  { kind: 'harbour', n: 1 },
  { kind: 'lighthouse', n: 2 },
]);

// Beside a choice already made, each facet may show what other choices of its own would give.
const { kind } = db
  .from<{ kind: string }>('sights')
  .where((s) => s.kind.eq('museum'))
  .facets(['kind'], { exclude: true, limit: 2 });
assert.deepEqual(kind, [
  { value: 'lighthouse', count: 2 },
  { value: 'building', count: 1 },
]);
