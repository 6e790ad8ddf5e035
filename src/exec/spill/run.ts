// A list of rows in a temporary file: written once, in order, then read any number of times. Kept as blocks of up to 1,024 rows:
//
//   u32 CRC-32 of what follows | u32 rows | rows, each u32 length and the row's bytes (see row-format.ts)

import { crc32 } from 'node:zlib';
import { LightningError } from '../../errors.js';
import { ByteView } from '../../values/index.js';
import type { Value } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';
import { BATCH_ROWS, denseBatch } from '../rows/batch.js';
import type { Account } from '../memory/memory.js';
import type { RowFormat } from './row-format.js';

const HEADER = 8;

interface Block {
  readonly at: number;
  readonly length: number;
}

export class Run {
  /** Rows written. */
  rows = 0;
  private readonly blocks: Block[] = [];
  private buffer: Uint8Array | undefined;
  private end = HEADER;
  private pending = 0;
  private readonly target: number;

  constructor(
    private readonly format: RowFormat,
    private readonly account: Account,
  ) {
    this.target = account.budget.blockBytes;
  }

  get columns(): number {
    return this.format.types.length;
  }

  add(columns: readonly Vector[], row: number): void {
    if (this.buffer === undefined) {
      this.account.need(this.target, 'a buffer of a temporary file');
      this.buffer = new Uint8Array(this.target);
    }
    const size = this.format.prepare(columns, row);
    const end = this.end + 4 + size;
    if (end > this.buffer.length) this.enlarge(end);
    new DataView(this.buffer.buffer).setUint32(this.end, size, true);
    this.format.copyTo(this.buffer, this.end + 4);
    this.end = end;
    this.rows++;
    if (++this.pending === BATCH_ROWS || this.end >= this.target * 0.9) this.flush();
  }

  /** Room for `needed` bytes: the row at hand was encoded, and is copied only afterwards. */
  private enlarge(needed: number): void {
    const grown = new Uint8Array(needed + this.target);
    grown.set(this.buffer!.subarray(0, this.end));
    this.buffer = grown;
  }

  addBatch({ columns, selection, count }: Batch): void {
    for (let i = 0; i < count; i++) this.add(columns, selection === undefined ? i : selection[i]!);
  }

  private flush(): void {
    if (this.pending === 0) return;
    const block = this.buffer!.subarray(0, this.end);
    const view = new DataView(block.buffer);
    view.setUint32(4, this.pending, true);
    view.setUint32(0, crc32(block.subarray(4)), true);
    this.blocks.push({ at: this.account.file.append(block), length: block.length });
    this.end = HEADER;
    this.pending = 0;
  }

  /** Writes what is left and gives the buffer back: to be called before the run is read. */
  finish(): this {
    this.flush();
    if (this.buffer !== undefined) this.account.give(this.target);
    this.buffer = undefined;
    return this;
  }

  /** All rows in order, dense. */
  *batches(): Iterable<Batch> {
    for (let block = 0; block < this.blocks.length; block++) yield this.block(block);
  }

  get blockCount(): number {
    return this.blocks.length;
  }

  /** The rows of one block. */
  block(number: number): Batch {
    const { at, length } = this.blocks[number]!;
    const { file } = this.account;
    const source = new ByteView(file.read(at, length));
    if (crc32(source.bytes.subarray(4)) !== source.view.getUint32(0, true)) {
      throw new LightningError('CORRUPT', `a block of the temporary file ${file.path} does not match its checksum`, {
        hint: 'run the statement again; if it happens again, look at the disk',
      });
    }
    const rows = source.view.getUint32(4, true);
    const columns = Array.from({ length: this.columns }, () => new Array<Value>(rows));
    for (let row = 0, offset = HEADER; row < rows; row++) {
      const values = this.format.decode(source, offset + 4);
      for (let c = 0; c < columns.length; c++) columns[c]![row] = values[c]!;
      offset += 4 + source.view.getUint32(offset, true);
    }
    return denseBatch(columns, rows);
  }
}
