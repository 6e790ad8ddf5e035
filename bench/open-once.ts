// Run in a process of its own: opens a database, asks one question, and prints how long each took, and the processor's part of opening,
// in milliseconds.

import { open } from '../src/index.js';

const processor = process.cpuUsage();
const begin = performance.now();
const db = open(process.argv[2]!, { mustExist: true });
const opened = performance.now();
const used = process.cpuUsage(processor);
db.query("SELECT id FROM places WHERE country = 'FJ' AND population > 1000 LIMIT 5");
const asked = performance.now();
db.close();
console.log(JSON.stringify({ open: opened - begin, work: (used.user + used.system) / 1000, query: asked - opened }));
