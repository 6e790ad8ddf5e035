// Codes of LMDB and of the operating system, told in the library's own terms.

import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LightningError } from '../../errors.js';
import type { ErrorCode } from '../../errors.js';

export const NOT_FOUND = -30798;

const SHORT_WRITE = 5;
const DISK_FULL = 28;
/** Less free space than this is a full disk, bytes. */
const FULL_DISK = 256 * 1024;

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

const FULL_HINT = 'free some space and try again; nothing of this transaction was written';

/** By LMDB's number, or by errno: Linux and macOS agree on those named here, save EDQUOT. */
const MEANINGS = new Map<number, Meaning>([
  [-30797, { code: 'CORRUPT', message: 'the file lacks a page that it refers to' }],
  [-30796, { code: 'CORRUPT', message: 'a page of the file is of the wrong kind' }],
  [
    -30795,
    {
      code: 'IO',
      message: 'an earlier write failed half-way',
      hint: 'close and reopen the database; its last commit is whole',
    },
  ],
  [-30794, { code: 'FORMAT_VERSION', message: 'the file was written by another version of LMDB' }],
  [-30793, { code: 'CORRUPT', message: 'the file is not an LMDB database' }],
  [
    -30790,
    {
      code: 'BUSY',
      message: 'too many snapshots are open on this file',
      hint: 'close snapshots and iterators; those of ended processes are freed at the next write',
    },
  ],
  [
    -30788,
    {
      code: 'STORE_FULL',
      message: 'the transaction has changed too many pages',
      hint: 'write in several smaller transactions',
    },
  ],
  [-30782, { code: 'ABORTED', message: 'the transaction failed earlier and cannot go on' }],
  // A write that the system cut short; LMDB does not say why.
  [
    SHORT_WRITE,
    {
      code: 'IO',
      message: 'a write failed or was cut short',
      hint: 'look for a full quota, a limit on the size of files or a failing disk; nothing of this transaction was written',
    },
  ],
  [DISK_FULL, { code: 'STORE_FULL', message: 'the disk is full', hint: FULL_HINT }],
  [27, { code: 'STORE_FULL', message: 'the file has reached the largest size that is allowed', hint: FULL_HINT }],
  [122, { code: 'STORE_FULL', message: 'the disk quota is used up', hint: FULL_HINT }],
]);

function numberOf(cause: unknown): number | undefined {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'number' ? code : undefined;
}

/** An error of LMDB while reading or writing. */
export function failure(cause: unknown, path: string): LightningError {
  if (cause instanceof LightningError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const number = numberOf(cause);
  const meaning = MEANINGS.get(number === SHORT_WRITE && isDiskFull(path) ? DISK_FULL : (number ?? 0));
  if (meaning === undefined) return new LightningError('IO', `${path}: ${text}`, { cause });
  return new LightningError(meaning.code, `${path}: ${meaning.message}`, { hint: meaning.hint, cause });
}

function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < FULL_DISK;
  } catch {
    return false;
  }
}

/** The failure behind a native return code. */
export function failureOf(code: number, path: string): LightningError {
  const cause = Object.assign(new Error(`LMDB error ${code}`), { code: code < -30700 && code > -30800 ? code : -code });
  return failure(cause, path);
}

export function cannotOpen(path: string, why: string, hint?: string, cause?: unknown): LightningError {
  return new LightningError('CANNOT_OPEN', `cannot open ${path}: ${why}`, { hint, cause });
}
