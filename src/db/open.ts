// Opening a database: options are checked, then store, pages and session are put together.

import { POLICY_NAMES } from '../cache/index.js';
import { LightningError } from '../errors.js';
import { openStore } from '../kv/index.js';
import { PageStore } from '../pages/index.js';
import { describe } from '../values/index.js';
import type { Database, OpenOptions } from './api.js';
import { checkOptions } from './input/arguments.js';
import { LightningDatabase } from './database.js';
import { PlanCache } from './statement/plan-cache.js';
import { Session } from './session/session.js';
import { LEAST_BUDGET, workingMemory } from './input/working-memory.js';

type Check = (value: unknown) => string | undefined;

const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string) ? undefined : `one of ${values.map((each) => `'${each}'`).join(', ')}`;
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const amount: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : 'a whole number, 0 or more';

const budget: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= LEAST_BUDGET
    ? undefined
    : `a whole number of bytes, ${LEAST_BUDGET.toLocaleString('en-US')} or more`;
const directory: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'the path of a directory');

const checks: { readonly [K in keyof Required<OpenOptions>]: Check } = {
  durability: oneOf('sync', 'async'),
  mustExist: flag,
  readOnly: flag,
  cacheBytes: amount,
  cachePolicy: oneOf(...POLICY_NAMES),
  freshness: oneOf('turn', 'strict'),
  planCacheSize: amount,
  planCacheTtl: amount,
  memoryBudget: budget,
  tempDirectory: directory,
};

function checkValues(options: OpenOptions): void {
  checkOptions(options, 'open()', Object.keys(checks));
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const wanted = checks[name as keyof OpenOptions](value);
    if (wanted === undefined) continue;
    throw new LightningError('INVALID_ARGUMENT', `option "${name}" is ${String(value)}`, { hint: `give ${wanted}` });
  }
}

/**
 * Opens a database: the file at `path` (made when it is not there), or `:memory:`.
 *
 * @throws LightningError CANNOT_OPEN, FORMAT_VERSION, UNKNOWN_OPTION, INVALID_ARGUMENT, ADDON_MISSING
 * @example
 * const db = open('app.db');
 * try { db.query('SELECT 1 AS one'); } finally { db.close(); }
 */
export function open(path: string, options: OpenOptions = {}): Database {
  if (typeof path !== 'string' || path === '') {
    throw new LightningError('INVALID_ARGUMENT', `the path of open() is ${describe(path)}`, {
      hint: 'pass the path of a file, or ":memory:"',
    });
  }
  checkValues(options);
  const { readOnly = false, mustExist = readOnly, cacheBytes, cachePolicy, freshness, durability } = options;
  const memory = path === ':memory:';
  if (memory && mustExist) {
    const name = readOnly ? 'readOnly' : 'mustExist';
    throw new LightningError(
      'INVALID_ARGUMENT',
      `a database in memory cannot be opened with ${name}: it would be empty`,
      {
        hint: `leave ${name} out, or name a file`,
      },
    );
  }
  const store = memory
    ? openStore(path)
    : openStore(path, { readOnly, create: !mustExist, ...(durability && { durability }) });
  try {
    const pages = new PageStore(store, { cacheBytes, cachePolicy, freshness });
    const memory = workingMemory(path, options);
    const session = new Session(pages, readOnly, memory);
    // Reads the head of the catalog: a file of another format is told at once.
    session.read((view) => view.version);
    const plans = new PlanCache({
      size: options.planCacheSize ?? 500,
      ttl: options.planCacheTtl ?? 600_000,
      memoryBudget: memory.limit,
    });
    return new LightningDatabase(path, session, plans);
  } catch (error) {
    store.close();
    throw error;
  }
}
