// A table over one reader (a snapshot, or a transaction): its rows, its live set, its indexes.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import type { IndexReader } from '../index/kind.js';
import { kindOf } from '../index/registry.js';
import { chunkOfBits, rowSets } from '../index/row-set/index.js';
import type { RowSet } from '../index/row-set/index.js';
import type { PageReader } from '../pages/page.js';
import type { RowPages } from '../pages/row-pages.js';
import type { Row } from '../values/types.js';
import { codeOf } from './table-code.js';

export class TableReader {
  readonly rows: RowPages;
  private liveSet: RowSet | undefined;
  private readonly indexes = new Map<number, IndexReader>();

  constructor(
    readonly table: TableDef,
    readonly reader: PageReader,
  ) {
    this.rows = codeOf(table).rows;
  }

  get count(): number {
    return this.rows.count(this.reader);
  }

  row(rowId: number): Row | undefined {
    return this.rows.read(this.reader, rowId);
  }

  /** All live row ids. */
  live(): RowSet {
    this.liveSet ??= rowSets().fromChunks(
      Array.from(this.rows.chunks(this.reader), (chunk) =>
        chunkOfBits(chunk, this.rows.chunk(this.reader, chunk)!.words),
      ),
    );
    return this.liveSet;
  }

  index(index: IndexDef): IndexReader {
    let open = this.indexes.get(index.id);
    if (open === undefined) {
      open = kindOf(index.kind).open(index, this.table, this.reader);
      this.indexes.set(index.id, open);
    }
    return open;
  }
}
