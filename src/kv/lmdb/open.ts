// Opens the default store: looks at the file, loads LMDB, and keeps handles of one thread on one file in one mode.

import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LightningError } from '../../errors.js';
import type { Capabilities, Store } from '../store.js';
import { cannotOpen, failure } from './failure.js';
import { inspectFile, makeLockFile } from './file.js';
import { ENV_NO_SYNC, ENV_READ_ONLY, loadLmdb } from './native.js';
import type { Handle, Lmdb, OpenOptions } from './native.js';
import { LmdbStore } from './store.js';

export interface LmdbOptions {
  /** The file; `<path>-lock` is made beside it. Its directory must exist. */
  readonly path: string;
  /** Refuses writes; the file must exist. Default false. */
  readonly readOnly?: boolean | undefined;
  /**
   * What the return of `write` promises. 'sync' (default): the commit survives power loss. 'async': it survives the end of the process;
   * after power loss, commits since the last `flush()` may be lost, and pages may be torn, which the checksums above report.
   */
  readonly durability?: 'sync' | 'async' | undefined;
  /** Makes the file when it is absent. Default true. */
  readonly create?: boolean | undefined;
}

/** Longest value: what fits the buffer through which values are read. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024;
const MAX_KEY_BYTES = 1_978;
const PAGE_SIZE = 4_096;
/** Address space reserved, bytes: neither memory nor disk. Beyond it LMDB maps the file anew. */
const MAP_BYTES = 2 ** 40;
const MAX_READERS = 1_024;

interface Mode {
  readonly readOnly: boolean;
  readonly noSync: boolean;
}

/** Files that this thread has open, with the mode that all its handles share. */
const inUse = new Map<string, { handles: number; readonly mode: Mode }>();

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

/** Opens or makes a database file. Errors: `CANNOT_OPEN`, `ADDON_MISSING`. */
export function openLmdb(options: LmdbOptions): Store {
  const path = resolve(options.path);
  const readOnly = options.readOnly ?? false;
  const durability = options.durability ?? 'sync';
  const state = inspectFile(path, { readOnly, create: options.create ?? true });
  const mode: Mode = { readOnly, noSync: durability === 'async' };
  const before = state === 'present' ? inUse.get(identityOf(path)) : undefined;
  if (before !== undefined) refuseOtherMode(path, mode, before.mode);
  const lmdb = loadLmdb();
  makeLockFile(path, MAX_READERS);
  const native: OpenOptions = {
    path,
    noSubdir: true,
    ...mode,
    overlappingSync: false,
    mapSize: MAP_BYTES,
    maxReaders: MAX_READERS,
    pageSize: PAGE_SIZE,
    encoding: 'binary',
    keyEncoding: 'binary',
  };
  const handles: Handle[] = [];
  try {
    for (let i = 0; i < (readOnly ? 1 : 2); i++) handles.push(lmdb.open({ ...native }));
    const [readHandle, writeHandle] = handles;
    if (readHandle === undefined) throw cannotOpen(path, 'LMDB gave no handle');
    refuseOtherMode(path, mode, modeOf(lmdb, readHandle));
    if (state === 'absent' && durability === 'sync') syncFolder(path);
    const capabilities: Capabilities = {
      durable: true,
      processes: true,
      maxKeyBytes: MAX_KEY_BYTES,
      maxValueBytes: MAX_VALUE_BYTES,
      readOnly,
    };
    const identity = identityOf(path);
    enter(identity, modeOf(lmdb, readHandle));
    return new LmdbStore({ lmdb, path, capabilities }, readHandle, writeHandle, durability === 'sync', identity, () =>
      leave(identity),
    );
  } catch (cause) {
    for (const handle of handles) void handle.close();
    if (cause instanceof LightningError) throw cause;
    const { message, hint } = failure(cause, path);
    throw cannotOpen(path, message.slice(path.length + 2), hint, cause);
  }
}

function modeOf(lmdb: Lmdb, handle: Handle): Mode {
  const flags = lmdb.nativeAddon.getEnvFlags(handle.env.address);
  return { readOnly: (flags & ENV_READ_ONLY) !== 0, noSync: (flags & ENV_NO_SYNC) !== 0 };
}

/** All handles of one process on one file share the mode of the first. */
function refuseOtherMode(path: string, wanted: Mode, actual: Mode): void {
  if (wanted.readOnly) return;
  const hint = 'open it with the same options, or close the other one first';
  if (actual.readOnly) throw cannotOpen(path, 'this process has already opened it for reading only', hint);
  if (wanted.noSync !== actual.noSync) {
    throw cannotOpen(path, 'this process has already opened it with another durability', hint);
  }
}

function enter(identity: string, mode: Mode): void {
  const entry = inUse.get(identity);
  if (entry === undefined) inUse.set(identity, { handles: 1, mode });
  else entry.handles++;
}

function leave(identity: string): void {
  const entry = inUse.get(identity);
  if (entry !== undefined && --entry.handles === 0) inUse.delete(identity);
}

/** Makes the file's name as durable as its content will be. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
