// PostgreSQL in memory (PGlite), as an oracle. A fresh cluster takes seconds to make: one is kept as a file beside the installed packages,
// from which later processes load it.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const PACKAGE = dirname(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')));

function kept(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  return join(PACKAGE, '../../.cache/lightning-postgres', `${version}.tar`);
}

export async function openPostgres(): Promise<PGlite> {
  const path = kept();
  if (existsSync(path)) return PGlite.create({ loadDataDir: new Blob([readFileSync(path)]) });
  const postgres = await PGlite.create();
  const dump = Buffer.from(await (await postgres.dumpDataDir('none')).arrayBuffer());
  mkdirSync(dirname(path), { recursive: true });
  // In one step, since other processes may be doing the same.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, dump);
  renameSync(draft, path);
  return postgres;
}
