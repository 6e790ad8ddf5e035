// The process that is killed while it makes indexes: `node build-child.js PATH`. Says `r NAME N` when a build begins or goes on after N
// rows, `n NAME N` as rows are read, and `done` when all indexes are there.

import { writeSync } from 'node:fs';
import { open } from '../../src/index.js';
import { BUILDS } from './builds.js';

const db = open(process.argv[2] ?? '');
for (const definition of BUILDS) {
  if (db.schema().tables[0]!.indexes.some(({ name }) => name === definition.name)) continue;
  let begun = false;
  db.createIndex(definition, {
    stepRows: 1,
    onProgress({ index, phase, rows }) {
      if (phase !== 'reading') return;
      writeSync(1, `${begun ? 'n' : 'r'} ${index} ${rows}\n`);
      begun = true;
    },
  });
}
writeSync(1, 'done\n');
db.close();
