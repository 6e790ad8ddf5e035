// Which index answers what: the same table under every kind, the plans that come of it, and the same answers without any.

import assert from 'node:assert/strict';
import { open } from 'lightning-db';

using db = open(':memory:');

db.exec(`
  CREATE TABLE orders (
    id       INTEGER PRIMARY KEY,
    customer TEXT NOT NULL,
    state    TEXT NOT NULL,
    amount   INTEGER NOT NULL,
    note     TEXT NOT NULL,
    place    POINT NOT NULL
  )`);

const STATES = ['open', 'paid', 'sent', 'lost'];
const WORDS = ['fragile', 'glass', 'express', 'gift', 'return', 'books', 'heavy', 'cold'];
db.table('orders').insertMany(
  Array.from({ length: 20_000 }, (_, i) => ({
    id: i + 1,
    customer: `customer-${(i * 7_919) % 5_000}@example.org`,
    state: STATES[i % 97 === 0 ? 3 : i % 3],
    amount: (i * 31) % 10_000,
    note: `${WORDS[i % 8]} ${WORDS[(i >> 3) % 8]}`,
    place: { type: 'Point', coordinates: [((i * 37) % 3_600) / 10 - 180, ((i * 17) % 1_700) / 10 - 85] },
  })),
);

db.exec(`
  -- Ranges and order; with INCLUDE it answers without reading a row.
  CREATE INDEX by_amount ON orders USING btree (amount) INCLUDE (state);
  -- Long keys, equality only.
  CREATE INDEX by_customer ON orders USING hash (customer);
  -- Few different values: filters, counts, facets.
  CREATE INDEX by_state ON orders USING bitmap (state);
  -- Words.
  CREATE INDEX by_note ON orders USING fulltext (note);
  -- Boxes, circles, polygons, nearest first.
  CREATE INDEX by_place ON orders USING rtree (place);
  -- Says quickly that something is not there.
  CREATE INDEX not_there ON orders USING bloom (amount);
  -- Partial: only the rows that anybody asks for.
  CREATE INDEX lost_ones ON orders USING btree (amount DESC) WHERE state = 'lost';
  -- Expression: text in any case.
  CREATE INDEX any_case ON orders USING btree (lower(customer));
  ANALYZE;
`);

/** Asks with and without indexes, and shows the plan's first lines. */
function ask(sql: string, uses: string): unknown[] {
  const rows = db.query(sql);
  assert.deepEqual(db.query(sql, [], { hints: { noIndexes: true } }), rows);
  const plan = db.explain(sql);
  console.log(`\n${sql}\n${plan.split(/^Considered/m)[0]?.trimEnd() ?? ''}`);
  assert.ok(plan.includes(uses), `the plan should use ${uses}:\n${plan}`);
  return rows;
}

ask('SELECT amount, state FROM orders WHERE amount BETWEEN 100 AND 110 ORDER BY amount, state', 'by_amount');
ask("SELECT id FROM orders WHERE customer = 'customer-4711@example.org' ORDER BY id", 'by_customer');
ask("SELECT count(*) AS n FROM orders WHERE state = 'lost'", 'by_state');
ask('SELECT state, count(*) AS n FROM orders GROUP BY state ORDER BY state', 'by_state');
ask("SELECT count(*) AS n FROM orders WHERE MATCH(note, 'fragile glass')", 'by_note');
ask('SELECT count(*) AS n FROM orders WHERE ST_Within(place, ST_MakeEnvelope(0, 40, 10, 50))', 'by_place');
ask("SELECT id FROM orders WHERE state = 'lost' AND amount > 9900 ORDER BY amount DESC, id", 'lost_ones');
ask("SELECT id FROM orders WHERE lower(customer) = 'customer-1@example.org' ORDER BY id", 'any_case');
ask(
  `SELECT id FROM orders
   WHERE state = 'paid' AND MATCH(note, 'cold') AND ST_Within(place, ST_MakeEnvelope(-20, 30, 40, 70)) ORDER BY id`,
  'by_place',
);

assert.deepEqual(db.verify(), { ok: true, findings: [] });
for (const index of db.schema().tables[0]?.indexes ?? []) {
  console.log(`${index.name.padEnd(14)} ${index.kind.padEnd(9)} ${index.entries} entries, ${index.bytes} bytes`);
}
