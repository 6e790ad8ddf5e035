// All or nothing: transactions, savepoints, and what is left after an error.

import assert from 'node:assert/strict';
import { LightningError, open } from 'lightning-db';

using db = open(':memory:');

db.exec(`
  CREATE TABLE accounts (
    owner   TEXT PRIMARY KEY,
    balance INTEGER NOT NULL CHECK (balance >= 0)
  );
  INSERT INTO accounts VALUES ('Ana', 100), ('Ben', 20);
`);

function balances(): unknown {
  return Object.fromEntries(db.prepare('SELECT owner, balance FROM accounts ORDER BY owner').values());
}

function transfer(from: string, to: string, amount: number): void {
  db.transaction(() => {
    db.prepare('UPDATE accounts SET balance = balance + ? WHERE owner = ?').run(amount, to);
    db.prepare('UPDATE accounts SET balance = balance - ? WHERE owner = ?').run(amount, from);
  });
}

transfer('Ana', 'Ben', 30);
assert.deepEqual(balances(), { Ana: 70, Ben: 50 });

// The second update breaks a rule, so the first one never was.
assert.throws(
  () => transfer('Ana', 'Ben', 500),
  (error: unknown) => error instanceof LightningError && error.code === 'CHECK' && error.kind === 'constraint',
);
assert.deepEqual(balances(), { Ana: 70, Ben: 50 });

// A transaction in a transaction is a savepoint: it can fail alone.
db.transaction(() => {
  db.table('accounts').insert({ owner: 'Cleo', balance: 5 });
  try {
    transfer('Cleo', 'Ana', 50);
  } catch (error) {
    if (!(error instanceof LightningError) || error.kind !== 'constraint') throw error;
    console.log(`refused: ${error.message}`);
  }
});
assert.deepEqual(balances(), { Ana: 70, Ben: 50, Cleo: 5 });

// A reader keeps the rows as they were when it began.
const seen: unknown[] = [];
for (const row of db.prepare('SELECT owner FROM accounts ORDER BY owner').iterate()) {
  if (seen.length === 0) db.exec("DELETE FROM accounts WHERE owner <> 'Ana'");
  seen.push(row['owner']);
}
assert.deepEqual(seen, ['Ana', 'Ben', 'Cleo']);
assert.deepEqual(balances(), { Ana: 70 });

// Every index and every page agrees with the rows.
assert.deepEqual(db.verify(), { ok: true, findings: [] });
console.log('balances:', balances());
