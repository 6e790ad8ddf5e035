// Looks at a file before LMDB maps it: a wrong or truncated one would end the process with a signal instead of an error.
// Layout (little endian), as in `liblmdb/mdb.c`: page header of 24 bytes {number u64, txn u64, pad u16, flags u16, lower u16, upper u16},
// pages 0 and 1 hold a meta each {magic u32, version u32, address u64, map size u64, two trees of 48 bytes, last page u64, txn u64}.

import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { cannotOpen } from './failure.js';

const HEADER = 24;
const MAGIC = 0xbeefc0de;
const VERSION = 2;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
const META_FLAG = 0x08;
const BRANCH_FLAG = 0x01;
const LEAF_FLAG = 0x02;
const BIG_VALUE_FLAG = 0x01;

export interface OpenIntent {
  readonly readOnly: boolean;
  readonly create: boolean;
}

/** What the path holds: 'absent' means that LMDB will make it. Errors: `CANNOT_OPEN`. */
export function inspectFile(path: string, intent: OpenIntent): 'absent' | 'present' {
  const stats = statOf(path);
  if (stats === undefined) {
    checkFolder(path);
    if (intent.readOnly || !intent.create) {
      throw cannotOpen(path, 'there is no such file', 'check the path, or open it for writing to create it');
    }
    checkAccess(dirname(path), constants.W_OK | constants.X_OK, path, 'its directory is not writable');
    return 'absent';
  }
  if (stats.isDirectory()) throw cannotOpen(path, 'it is a directory', 'name a file inside it');
  if (!stats.isFile()) throw cannotOpen(path, 'it is not a regular file');
  checkAccess(path, constants.R_OK, path, 'it is not readable');
  if (!intent.readOnly) {
    checkAccess(path, constants.W_OK, path, 'it is not writable', 'open it with readOnly, or change its permissions');
  }
  if (stats.size === 0) {
    if (intent.readOnly) throw cannotOpen(path, 'it is empty', 'open it for writing to make a database of it');
    return 'absent';
  }
  checkContent(path);
  return 'present';
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') throw cannotOpen(path, `a part of its path is not a directory`, undefined, cause);
    throw cannotOpen(path, (cause as Error).message, undefined, cause);
  }
}

function checkFolder(path: string): void {
  const folder = dirname(path);
  const stats = statOf(folder);
  if (stats === undefined)
    throw cannotOpen(path, `the directory ${folder} does not exist`, 'create the directory first');
}

function checkAccess(target: string, mode: number, path: string, why: string, hint?: string): void {
  try {
    accessSync(target, mode);
  } catch (cause) {
    throw cannotOpen(path, why, hint ?? 'change its permissions, or choose another path', cause);
  }
}

/** A slot of the table of readers, bytes; the head of the table takes less than a page. */
const READER_BYTES = 64;
const TABLE_HEAD = 8_192;

/**
 * Makes the lock file, written out in full: LMDB would make it with holes, and a full disk would end the process when a hole is touched.
 * It appears under its name all at once, so that no other process can meet it half-made. Errors: `CANNOT_OPEN`.
 */
export function makeLockFile(path: string, readers: number): void {
  const target = `${path}-lock`;
  if (existsSync(target)) return;
  const draft = `${target}-${process.pid}-${Math.random().toString(36).slice(2)}`;
  try {
    writeFileSync(draft, new Uint8Array(readers * READER_BYTES + TABLE_HEAD), { mode: 0o664, flag: 'wx' });
    linkSync(draft, target);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw cannotOpen(path, 'the disk is full', 'free some space first', cause);
    // Another process was faster, or the file system has no links or may not be written: LMDB then does as it can.
  } finally {
    rmSync(draft, { force: true });
  }
}

interface Meta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  readonly txn: bigint;
  /** Root pages of the free list and of the data. */
  readonly roots: readonly bigint[];
}

function checkContent(path: string): void {
  const file = openSync(path, 'r');
  try {
    const meta = newestMeta(file);
    if (meta === undefined) {
      throw cannotOpen(path, 'it is not a Lightning DB file', 'choose another path; the file was left as it is');
    }
    const pages = BigInt(Math.floor(fstatSync(file).size / meta.pageSize));
    // The last pages may be free ones that were never written, so a short file is not yet a damaged one.
    if (meta.lastPage >= pages && refersBeyond(file, pages)) {
      throw cannotOpen(path, 'it is truncated: pages that it refers to are missing', 'restore it from a backup');
    }
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, offset: number, bytes: number): DataView | undefined {
  const buffer = new Uint8Array(bytes);
  const read = readSync(file, buffer, 0, bytes, offset);
  return read === bytes ? new DataView(buffer.buffer) : undefined;
}

function readMeta(file: number, offset: number): Meta | undefined {
  const view = readAt(file, offset, HEADER + 136);
  if (view === undefined || (view.getUint16(18, true) & META_FLAG) === 0) return undefined;
  if (view.getUint32(HEADER, true) !== MAGIC || (view.getUint32(HEADER + 4, true) & 0xffff) !== VERSION)
    return undefined;
  const pageSize = view.getUint32(HEADER + 24, true);
  if (pageSize < 256 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return undefined;
  return {
    pageSize,
    lastPage: view.getBigUint64(HEADER + 120, true),
    txn: view.getBigUint64(HEADER + 128, true),
    roots: [view.getBigUint64(HEADER + 64, true), view.getBigUint64(HEADER + 112, true)],
  };
}

function newestMeta(file: number): Meta | undefined {
  const first = readMeta(file, 0);
  const second = first && readMeta(file, first.pageSize);
  if (first === undefined || second === undefined) return undefined;
  return second.txn > first.txn ? second : first;
}

/** Whether the newest commit needs a page from `pages` on. Another process may be writing meanwhile: only a lasting lack counts. */
function refersBeyond(file: number, pages: bigint): boolean {
  for (let attempt = 0; attempt < 3; attempt++) {
    const meta = newestMeta(file);
    if (meta !== undefined && !meta.roots.some((root) => root !== NO_PAGE && walk(file, meta.pageSize, root, pages))) {
      return false;
    }
  }
  return true;
}

function walk(file: number, pageSize: number, root: bigint, pages: bigint): boolean {
  const open = [root];
  for (let page = open.pop(); page !== undefined; page = open.pop()) {
    const view = page < pages ? readAt(file, Number(page) * pageSize, pageSize) : undefined;
    if (view === undefined) return true;
    const flags = view.getUint16(18, true);
    const entries = Math.min(view.getUint16(20, true) >> 1, (pageSize - HEADER) >> 1);
    for (let i = 0; i < entries; i++) {
      const node = view.getUint16(HEADER + 2 * i, true) + HEADER;
      if (node + 8 > pageSize) return true;
      const low = view.getUint16(node, true) + view.getUint16(node + 2, true) * 0x1_0000;
      const high = view.getUint16(node + 4, true);
      if ((flags & BRANCH_FLAG) !== 0) {
        open.push(BigInt(low) + (BigInt(high) << 32n));
      } else if ((flags & LEAF_FLAG) !== 0 && (high & BIG_VALUE_FLAG) !== 0) {
        const at = node + 8 + view.getUint16(node + 6, true);
        if (at + 8 > pageSize) return true;
        const span = BigInt(Math.floor((HEADER - 1 + low) / pageSize) + 1);
        if (view.getBigUint64(at, true) + span > pages) return true;
      }
    }
  }
  return false;
}
