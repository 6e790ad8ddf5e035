// `npm run bench [-- group...] [--small] [--write]`: everything side by side in one process, printed as it is measured.
// `npm run bench -- calibrate`: cost constants as measured beside those in use.

import { rmSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { calibrate } from './calibrate.js';
import { groups } from './cases/groups.js';
import type { Group, Setting } from './group.js';
import type { Measured } from './measure.js';
import { measure, time } from './measure.js';
import { heading, row, table } from './report.js';

const require = createRequire(import.meta.url);

const RESULTS = new URL('../../RESULTS.md', import.meta.url);

const PEERS = ['better-sqlite3', '@electric-sql/pglite', '@duckdb/node-api', 'minisearch', 'flexsearch', 'rbush'];

/** The version of a package, from the manifest above its main file: not every package exports the manifest. */
function version(name: string): string {
  const main = require.resolve(name);
  const root = main.slice(0, main.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length);
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

function machine(): string {
  const { model } = cpus()[0] ?? { model: 'unknown processor' };
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const peers = PEERS.map((name) => `${name} ${version(name)}`).join(', ');
  return `${cpus().length} x ${model}, ${memory}, node ${process.version}, lmdb ${version('lmdb')}, ${peers}, load ${loadavg()[0]!.toFixed(1)}`;
}

async function run(group: Group, setting: Setting): Promise<Measured[]> {
  const found: Measured[] = [];
  console.log(heading(group.name));
  try {
    for await (const contest of group.contests(setting)) {
      const measured = await measure(contest);
      found.push(measured);
      console.log(row(measured));
    }
  } catch (error) {
    console.log(`  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
  }
  return found;
}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--small' && arg !== '--write');
  const names = args.filter((arg) => !arg.startsWith('--'));
  const strange = names.find((name) => name !== 'calibrate' && !groups.some((group) => group.name === name));
  if (unknown !== undefined || strange !== undefined) {
    console.error(`unknown: ${unknown ?? strange}; groups: calibrate, ${groups.map((group) => group.name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'lightning-bench-'));
  const notes: string[] = [];
  let files = 0;
  const setting: Setting = {
    scale: args.includes('--small') ? 0.05 : 1,
    path: (name) => join(directory, `${files++}-${name}`),
    note: (text) => {
      notes.push(text);
      console.log(text.replace(/^/gm, '    '));
    },
  };
  const line = machine();
  console.log(line);
  const begin = performance.now();
  try {
    if (names.includes('calibrate')) {
      calibrate(setting);
      return;
    }
    const chosen = names.length > 0 ? groups.filter((group) => names.includes(group.name)) : groups;
    const results: { name: string; measured: Measured[] }[] = [];
    for (const group of chosen) {
      results.push({ name: group.name, measured: await run(group, setting) });
      // After each group: a run that is stopped leaves what it has measured.
      if (args.includes('--write')) writeFileSync(RESULTS, table(line, setting.scale, results, notes));
    }
    console.log(`\n${time((performance.now() - begin) * 1e6)} in all`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
