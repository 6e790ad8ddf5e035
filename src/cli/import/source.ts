// A file in portions of text, read synchronously: the import is one transaction, and transactions are synchronous.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { LightningError } from '../../errors.js';

const PORTION = 1 << 20;

/** One row as the table takes it; `line` is where it begins in the file, from 1. */
export interface ImportedRow {
  readonly values: Record<string, unknown>;
  readonly line: number;
}

/** What an importer needs to know of a column. */
export interface TargetColumn {
  readonly name: string;
  readonly type: string;
}

export interface Portions extends Iterable<string> {
  readonly path: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Bytes read so far. */
  readonly read: number;
  close(): void;
}

/** Opens the file at once, so that a wrong name is told before anything else. Errors: CANNOT_OPEN. */
export function portions(path: string): Portions {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new LightningError(
      'CANNOT_OPEN',
      `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  let read = 0;
  return {
    path,
    bytes: fstatSync(file).size,
    get read() {
      return read;
    },
    *[Symbol.iterator]() {
      const buffer = Buffer.allocUnsafe(PORTION);
      const decoder = new StringDecoder('utf8');
      let first = true;
      for (;;) {
        const length = readSync(file, buffer);
        read += length;
        const text = length === 0 ? decoder.end() : decoder.write(buffer.subarray(0, length));
        if (text !== '') yield first ? text.replace(/^\ufeff/, '') : text;
        first = false;
        if (length === 0) return;
      }
    },
    close() {
      closeSync(file);
    },
  };
}

/** By the file's name: one JSON object to a line, or else CSV. */
export function isNdjson(path: string): boolean {
  return /\.(ndjson|jsonl|json)$/i.test(path);
}

export function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
