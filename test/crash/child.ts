// The process that is killed: `node child.js PATH SEED DURABILITY`. Says `w N` after the first write of transaction N, and `a N` when its
// commit has returned; both reach the pipe before anything else is done.

import { writeSync } from 'node:fs';
import { open } from '../../src/index.js';
import { lastDone, perform } from './work.js';

const [path = '', seed = '0', durability = 'sync'] = process.argv.slice(2);
const say = (text: string): void => {
  writeSync(1, `${text}\n`);
};

const db = open(path, { durability: durability === 'async' ? 'async' : 'sync' });
for (let sequence = lastDone(db) + 1; ; sequence++) {
  perform(db, Number(seed), sequence, () => say(`w ${sequence}`));
  say(`a ${sequence}`);
}
