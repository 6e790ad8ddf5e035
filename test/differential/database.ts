// A world in this database, and how it is asked.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LightningError } from '../../src/errors.js';
import { open } from '../../src/index.js';
import type { Database, Hints, OpenOptions } from '../../src/index.js';
import { rowText } from './engines.js';
import { outputKinds, write } from './query.js';
import type { Query } from './query.js';
import { Random } from './random.js';
import { replay } from './steps.js';
import type { Step } from './steps.js';

/** Opens a database for a world: in memory, or in a file with a small cache that is closed and opened again after the writes. */
export function withDatabase<T>(world: { readonly seed: number }, steps: readonly Step[], use: (db: Database) => T): T {
  const random = new Random(world.seed ^ 0x5bd1e995);
  const options: OpenOptions = {
    cachePolicy: random.pick(['w-tinylfu', 'arc'] as const),
    ...(random.chance(0.3) ? { cacheBytes: 50_000 } : {}),
  };
  if (!random.chance(0.1)) {
    const db = open(':memory:', options);
    try {
      replay(db, steps);
      return use(db);
    } finally {
      db.close();
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'lightning-differential-'));
  try {
    const path = join(folder, 'world.db');
    const first = open(path, { ...options, durability: 'async' });
    try {
      replay(first, steps);
    } finally {
      first.close();
    }
    const db = open(path, options);
    try {
      return use(db);
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An error as a sign by which it is known again. */
export function signOf(error: unknown): string {
  return error instanceof LightningError ? `error ${error.code}` : `error ${String(error).slice(0, 80)}`;
}

export function ask(db: Database, query: Query, hints: Hints): string[] {
  const { sql, parameters } = write(query, 'lightning');
  const kinds = outputKinds(query);
  const statement = db.prepare(sql, { hints });
  const rows = parameters.length === 0 ? statement.values() : statement.values(parameters);
  return rows.map((row) => rowText(row, kinds));
}
