// The merged postings of one term, as a query reads them: block heads first, blocks and positions when they are needed.

import type { PageReader } from '../../pages/index.js';
import type { TextLayout } from './layout.js';
import { afterBlocks, blockKey, firstOf, termBytes } from './layout.js';
import { positionsOf } from './merge.js';
import { VarintReader, decodeBlock, decodeEntry, readHead } from './posting-block.js';
import type { BlockHead, DecodedBlock, TermEntry } from './posting-block.js';

interface Block {
  readonly first: number;
  readonly head: BlockHead;
  readonly bytes: Uint8Array;
  decoded: DecodedBlock | undefined;
  /** Positions, and where those of each posting begin. */
  positions: { readonly bytes: Uint8Array; readonly starts: Uint32Array } | undefined;
}

const NO_POSITIONS = new Uint8Array(0);

/** Any field. */
export const ANY = -1;
/** A field that the index does not have. */
export const NONE = -2;

export class TermList {
  readonly bytes: Uint8Array;
  /** Of the merged documents, those removed since among them. */
  readonly entry: TermEntry;
  private made: readonly Block[] | undefined;
  /** Where `find` stands. */
  private block = 0;
  private at = 0;

  constructor(
    readonly term: string,
    private readonly reader: PageReader,
    private readonly layout: TextLayout,
    /** What the dictionary has of the term, where that is known already. */
    known?: Uint8Array,
  ) {
    this.bytes = termBytes(term);
    const found = known ?? layout.dictionary.get(reader, this.bytes);
    const fields = layout.fields.length;
    this.entry = found
      ? decodeEntry(found, fields)
      : { df: 0, cf: 0, dfs: new Array<number>(fields).fill(0), inline: undefined };
  }

  /** Merged documents that hold the term in a field. */
  df(field: number): number {
    return field === ANY ? this.entry.df : (this.entry.dfs[field] ?? 0);
  }

  get blocks(): readonly Block[] {
    return (this.made ??= this.load());
  }

  private load(): Block[] {
    const { entry, layout, bytes: term } = this;
    if (entry.df === 0) return [];
    const { inline } = entry;
    if (inline !== undefined) {
      const { first, postings } = inline;
      return [{ first, head: readHead(postings, 0, first), bytes: postings, decoded: undefined, positions: undefined }];
    }
    const blocks: Block[] = [];
    const range = { gte: blockKey(term, 0), lt: afterBlocks(term) };
    for (const batch of layout.postings.scan(this.reader, range)) {
      for (let i = 0; i < batch.count; i++) {
        const first = firstOf(batch.key(i), term.length);
        const bytes = batch.value(i);
        blocks.push({ first, head: readHead(bytes, 0, first), bytes, decoded: undefined, positions: undefined });
      }
    }
    return blocks;
  }

  decoded(block: number): DecodedBlock {
    const found = this.blocks[block]!;
    return (found.decoded ??= decodeBlock(found.bytes, found.head, found.first, this.layout.fields.length));
  }

  /** Row ids that hold the term in a field, ascending. */
  rowIds(field: number): Uint32Array {
    const out = new Uint32Array(this.df(field));
    let held = 0;
    const fields = this.layout.fields.length;
    for (let b = 0; b < this.blocks.length; b++) {
      const { rowIds, count, tfs } = this.decoded(b);
      if (field === ANY) {
        out.set(rowIds, held);
        held += count;
      } else for (let i = 0; i < count; i++) if (tfs[i * fields + field]! > 0) out[held++] = rowIds[i]!;
    }
    return out;
  }

  /** Stands on the posting of a row; false when there is none. Quickest for ascending rows. */
  find(rowId: number): boolean {
    const { blocks } = this;
    if (this.block >= blocks.length || rowId < blocks[this.block]!.first) this.block = 0;
    let block = this.block;
    if (block >= blocks.length || rowId < blocks[block]!.first) return false;
    if (rowId > blocks[block]!.head.last) {
      let high = blocks.length - 1;
      while (block < high) {
        const middle = (block + high) >>> 1;
        if (blocks[middle]!.head.last < rowId) block = middle + 1;
        else high = middle;
      }
      this.block = block;
      if (rowId < blocks[block]!.first || rowId > blocks[block]!.head.last) return false;
    }
    const { rowIds, count } = this.decoded(block);
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rowIds[middle]! < rowId) low = middle + 1;
      else high = middle;
    }
    this.at = low;
    return rowIds[low] === rowId;
  }

  /** Occurrences in a field, at the posting that was found. */
  tf(field: number): number {
    return tfOf(this.decoded(this.block), this.at, field, this.layout.fields.length);
  }

  /** Length of the document that was found. */
  get length(): number {
    return this.decoded(this.block).lengths[this.at]!;
  }

  /** Token positions in a field, at the posting that was found. */
  positions(field: number): number[] {
    const block = this.blocks[this.block]!;
    const decoded = this.decoded(this.block);
    const fields = this.layout.fields.length;
    block.positions ??= this.loadPositions(block, decoded);
    const { bytes, starts } = block.positions;
    const reader = new VarintReader(bytes, starts[this.at]!);
    for (let f = 0; f < field; f++) for (let n = decoded.tfs[this.at * fields + f]!; n > 0; n--) reader.next();
    let position = 0;
    const count = decoded.tfs[this.at * fields + field]!;
    return Array.from({ length: count }, () => (position += reader.next()));
  }

  private loadPositions(block: Block, { count, tfs }: DecodedBlock): { bytes: Uint8Array; starts: Uint32Array } {
    const { inline } = this.entry;
    const bytes = inline ? inline.positions : positionsOf(this.reader, this.layout, this.bytes, block.first);
    const reader = new VarintReader(bytes ?? NO_POSITIONS, 0);
    const starts = new Uint32Array(count);
    const fields = this.layout.fields.length;
    for (let i = 0; i < count; i++) {
      starts[i] = reader.at;
      for (let f = 0; f < fields; f++) for (let n = tfs[i * fields + f]!; n > 0; n--) reader.next();
    }
    return { bytes, starts };
  }
}

export function tfOf({ tfs }: DecodedBlock, at: number, field: number, fields: number): number {
  if (fields === 1) return tfs[at]!;
  if (field !== ANY) return tfs[at * fields + field]!;
  let sum = 0;
  for (let f = 0; f < fields; f++) sum += tfs[at * fields + f]!;
  return sum;
}
