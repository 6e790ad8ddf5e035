// What the tests of pages share: a seeded generator, a codec of bytes, and stores that are thrown away.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PageCodec } from '../../src/pages/page.js';

/** Mulberry32 (Tommy Ettinger, public domain): the same numbers for the same seed. */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }
}

export interface Cell {
  value: number;
  filler: Uint8Array;
}

/** A page with one number, and as many bytes as are wanted. */
export const CELL: PageCodec<Cell> = {
  name: 'cell',
  encode(cell) {
    const bytes = new Uint8Array(8 + cell.filler.length);
    new DataView(bytes.buffer).setFloat64(0, cell.value);
    bytes.set(cell.filler, 8);
    return bytes;
  },
  decode(body) {
    return { value: new DataView(body.buffer, body.byteOffset).getFloat64(0), filler: body.slice(8) };
  },
  copy: (cell) => ({ value: cell.value, filler: cell.filler.slice() }),
  bytes: (cell) => 100 + cell.filler.length,
};

export function cell(value: number, filler = 20): Cell {
  return { value, filler: new Uint8Array(filler).fill(value) };
}

const directories: string[] = [];

export function temporaryPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lightning-pages-'));
  directories.push(directory);
  return join(directory, 'test.ldb');
}

export function removeTemporary(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
