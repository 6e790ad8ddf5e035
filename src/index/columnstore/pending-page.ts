// Rows that changed since their chunks were written, as they are: a single change rewrites one small page, not a chunk of each column.
// Every reader lays them over the chunks. A row has one entry at most, in any of the pages.
// Body: for each entry row id and size as varints, and the row in its binary form; of size 0 when the row has gone.

import { ByteReader, ByteWriter } from '../../pages/bytes.js';
import type { PageCodec } from '../../pages/page.js';
import { ByteView } from '../../values/index.js';
import type { RowCodec } from '../../values/index.js';
import type { Row } from '../../values/types.js';

/** Bytes of an entry beside its row. */
const OVERHEAD = 8;

export class PendingPage {
  private positions: Map<number, number> | undefined;
  /** Of the encoded body, about. */
  size = 0;
  /** Grows with every change in place. */
  version = 0;

  /** Parallel: row ids, the rows (undefined: gone), and the bytes of each. */
  constructor(
    readonly rowIds: number[] = [],
    readonly rows: (Row | undefined)[] = [],
    readonly sizes: number[] = [],
  ) {
    for (const size of sizes) this.size += size + OVERHEAD;
  }

  /** The place of a row's entry, or -1. */
  find(rowId: number): number {
    if (this.positions === undefined) this.positions = new Map(this.rowIds.map((id, at) => [id, at]));
    return this.positions.get(rowId) ?? -1;
  }

  add(rowId: number, row: Row | undefined, size: number): void {
    this.version++;
    this.positions?.set(rowId, this.rowIds.length);
    this.rowIds.push(rowId);
    this.rows.push(row);
    this.sizes.push(size);
    this.size += size + OVERHEAD;
  }

  /** Gives the number of bytes by which the page has grown. */
  replace(at: number, row: Row | undefined, size: number): number {
    this.version++;
    const grown = size - this.sizes[at]!;
    this.rows[at] = row;
    this.sizes[at] = size;
    this.size += grown;
    return grown;
  }
}

export function entrySize(codec: RowCodec, row: Row | undefined): number {
  return row === undefined ? 0 : codec.prepare(row);
}

export function pendingPageCodec(codec: RowCodec): PageCodec<PendingPage> {
  return {
    name: 'pending column rows',
    encode(page) {
      const writer = new ByteWriter(4096);
      page.rowIds.forEach((rowId, i) => {
        const row = page.rows[i];
        const bytes = row === undefined ? new Uint8Array(0) : codec.encode(row);
        writer.varint(rowId);
        writer.varint(bytes.length);
        writer.bytes(bytes);
      });
      return writer.finish();
    },
    decode(body) {
      const reader = new ByteReader(body);
      const page = new PendingPage();
      while (!reader.done) {
        const rowId = reader.varint();
        const size = reader.varint();
        const bytes = reader.take(size);
        page.add(rowId, size === 0 ? undefined : (codec.decode(new ByteView(bytes), 0) as Row), size);
      }
      return page;
    },
    copy: (page) => new PendingPage(page.rowIds.slice(), page.rows.slice(), page.sizes.slice()),
    bytes: (page) => 300 + page.rowIds.length * 120 + page.size * 2,
  };
}
