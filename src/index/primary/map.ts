// The primary key of a table: key -> row id. An INTEGER key is its own row id while it lies in 0 .. 2^31 - 1 and the table places the
// row there ('direct'); the rows' own live set then stands for the entries. All other keys have an entry in an ordered tree.
// Relies on the table: in a direct index a row id below 2^31 always is the key of its row.
// Tree: key values -> row id (u32, big endian), then a byte for each position that holds -0, which key forms do not tell from 0.

import type { IndexDef, TableDef } from '../../catalog/definitions.js';
import { invariant, LightningError } from '../../errors.js';
import { MAX_TREE_KEY, OrderedTree } from '../../pages/ordered-tree.js';
import type { PageReader } from '../../pages/page.js';
import { RowPages } from '../../pages/row-pages.js';
import { KeyReader, KeyWriter } from '../../values/key.js';
import { rowCodec } from '../../values/row.js';
import type { Row, Value } from '../../values/types.js';

/** Row ids from here on never are keys. */
export const DIRECT_LIMIT = 2 ** 31;

const writer = new KeyWriter();
const values = new KeyWriter(16);
const keyReader = new KeyReader();
const negativeZero = new Uint8Array(1);

/** The live rows of a table are found by its definition. */
const liveRows = new WeakMap<TableDef, RowPages>();

function rowPages(table: TableDef): RowPages {
  let pages = liveRows.get(table);
  if (pages === undefined) {
    const [long, live] = table.spaces;
    invariant(long !== undefined && live !== undefined, `table ${table.name} lacks spaces`);
    const codec = rowCodec(table.columns.map((column) => column.type));
    pages = new RowPages({ rows: table.space, long, live }, codec, table.rowPageShift);
    liveRows.set(table, pages);
  }
  return pages;
}

export class PrimaryMap {
  readonly tree: OrderedTree;
  readonly rows: RowPages;
  /** Whether keys may be row ids. */
  readonly direct: boolean;

  constructor(
    readonly index: IndexDef,
    table: TableDef,
  ) {
    this.tree = new OrderedTree(index.spaces[0]!);
    this.rows = rowPages(table);
    this.direct = index.options['direct'] === true;
  }

  /** The row with these key values (engine form, of the keys' types). */
  lookup(reader: PageReader, key: Row): number | undefined {
    if (this.direct) {
      const id = key[0];
      if (typeof id === 'number' && id >= 0 && id < DIRECT_LIMIT && this.rows.live(reader, id)) return id;
    }
    if (this.tree.count(reader) === 0) return undefined;
    const entry = this.tree.get(reader, this.key(key));
    return entry === undefined ? undefined : rowIdIn(entry, 0);
  }

  /** Whether the row's key has an entry in the tree. */
  isMapped(key: Row, rowId: number): boolean {
    if (!this.direct || rowId >= DIRECT_LIMIT) return true;
    invariant(key[0] === rowId, `row ${rowId} of index ${this.index.name} is not its own key`);
    return false;
  }

  /**
   * The tree's key; valid until the next call.
   * @throws LightningError KEY_TOO_LONG
   */
  key(row: Row): Uint8Array {
    writer.reset();
    const { keys } = this.index;
    for (let i = 0; i < keys.length; i++) writer.add(row[i]!, keys[i]!.type, keys[i]!.desc, keys[i]!.nullsFirst);
    if (writer.length > MAX_TREE_KEY) {
      throw new LightningError(
        'KEY_TOO_LONG',
        `a primary key of ${writer.length} bytes; it has at most ${MAX_TREE_KEY}`,
        {
          hint: 'make a short column the primary key, and a UNIQUE index USING hash of the long one',
        },
      );
    }
    return writer.view();
  }

  /** What the key was made of, but that it does not tell 0 from -0. */
  valuesOf(key: Uint8Array): Value[] {
    keyReader.reset(key, 0, key.length);
    return this.index.keys.map(({ type, desc }) => keyReader.value(type, desc));
  }

  /** The tree's value; valid until the next call. */
  value(row: Row, rowId: number): Uint8Array {
    values.reset().addRowId(rowId);
    const { keys } = this.index;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i]!.type !== 'real' || !Object.is(row[i], -0)) continue;
      negativeZero[0] = i;
      values.addBytes(negativeZero);
    }
    return values.view();
  }
}

export function rowIdIn(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
