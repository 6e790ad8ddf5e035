// A process that takes turns with others: `node counter.js PATH TIMES` adds 1 to a row, so many times, each in a transaction that reads first.

import { writeSync } from 'node:fs';
import { open } from '../../src/index.js';

const [path = '', times = '0'] = process.argv.slice(2);
const db = open(path, { durability: 'async' });
writeSync(1, 'ready\n');
for (let i = 0; i < Number(times); i++) {
  db.transaction(() => {
    const n = Number(db.query('SELECT n FROM counters WHERE id = 1')[0]?.['n']);
    db.query('UPDATE counters SET n = ? WHERE id = 1', [n + 1]);
    db.query('INSERT INTO log (who, n) VALUES (?, ?)', [process.pid, n + 1]);
  });
}
db.close();
