// Databases for tests: files in a folder that is removed, every one verified before it is closed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { LightningError, open } from '../../src/index.js';
import type { Database, OpenOptions } from '../../src/index.js';

const opened: Database[] = [];
const folders: string[] = [];

/** A database that is verified and closed after the test. */
export function openTest(path = ':memory:', options: OpenOptions = {}): Database {
  const db = open(path, options);
  opened.push(db);
  return db;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lightning-db-'));
  folders.push(folder);
  return folder;
}

export function temporaryFile(): string {
  return join(temporaryFolder(), 'test.db');
}

afterEach(() => {
  const findings = opened.splice(0).flatMap((db) => {
    if (db.closed) return [];
    const found = db.verify().findings;
    db.close();
    return found;
  });
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  expect(findings).toEqual([]);
});

/** What a mistake gives: always one LightningError. */
export function errorOf(act: () => unknown): LightningError {
  try {
    act();
  } catch (error) {
    if (error instanceof LightningError) return error;
    throw new Error(`not a LightningError: ${String(error)}`, { cause: error });
  }
  throw new Error('nothing was thrown');
}

/** Fails unless `act` raises this code. */
export function expectCode(code: string, act: () => unknown): void {
  const error = errorOf(act);
  expect(error.code, error.message).toBe(code);
}

/** The first column of a query's rows. */
export function column(db: Database, sql: string, parameters: readonly (number | string | null)[] = []): unknown[] {
  return db
    .prepare(sql)
    .values(...parameters)
    .map((row) => row[0]);
}
