// Postings as bytes. A block: count, row ids spanned, greatest tf, least document length, then for each posting its row id delta,
// tf (with several fields: a mask of the fields and the tf in each) and document length. Positions lie apart: for each posting, field by
// field, the first token position and the steps from each to the next. All numbers are varints.

import { LightningError } from '../../errors.js';
import { ByteWriter } from './bytes.js';

export const BLOCK_POSTINGS = 128;
/** A block's bytes stay below the longest value of an ordered tree. */
const BLOCK_BYTES = 960;
/** Terms with so few postings, in so few bytes, keep them in the dictionary. */
const INLINE_POSTINGS = 4;
const INLINE_BYTES = 96;

/** Postings of one term, by ascending row id. */
export class Postings {
  readonly rowIds: number[] = [];
  /** Of the whole document, in terms. */
  readonly lengths: number[] = [];
  /** `fields` numbers for each posting. */
  readonly tfs: number[] = [];
  /** For each posting, field by field, as many as its tf. */
  readonly positions: number[] = [];

  constructor(readonly fields: number) {}

  get count(): number {
    return this.rowIds.length;
  }

  /** Opens a posting; positions are added to it. */
  begin(rowId: number, length: number): void {
    this.rowIds.push(rowId);
    this.lengths.push(length);
    for (let f = 0; f < this.fields; f++) this.tfs.push(0);
  }

  /** One more occurrence in the open posting; fields come in order. */
  occur(field: number, position: number): void {
    this.tfs[this.tfs.length - this.fields + field]!++;
    this.positions.push(position);
  }

  /** Occurrences in all fields. */
  tf(at: number): number {
    let sum = 0;
    for (let f = 0; f < this.fields; f++) sum += this.tfs[at * this.fields + f]!;
    return sum;
  }

  /** Copies a posting of another one whose positions begin at `position`. */
  take(from: Postings, at: number, position: number): void {
    this.rowIds.push(from.rowIds[at]!);
    this.lengths.push(from.lengths[at]!);
    for (let f = 0; f < this.fields; f++) this.tfs.push(from.tfs[at * this.fields + f]!);
    for (let i = 0, n = from.tf(at); i < n; i++) this.positions.push(from.positions[position + i]!);
  }
}

export interface EncodedBlock {
  readonly first: number;
  readonly postings: Uint8Array;
  readonly positions: Uint8Array;
}

const body = new ByteWriter(2048);
const head = new ByteWriter(64);
const steps = new ByteWriter(2048);

/** Bytes of a block past which it takes no more postings. */
function full(postings: Postings): number {
  return BLOCK_BYTES - 16 - 6 * postings.fields;
}

/** Cuts postings, from the one at `begin` whose positions begin at `position`, into blocks of at most `most`, fewer where bytes are many. */
export function encodeBlocks(postings: Postings, most: number, begin = 0, position = 0): EncodedBlock[] {
  const blocks: EncodedBlock[] = [];
  for (let from = begin; from < postings.count;) {
    body.reset();
    steps.reset();
    let to = from;
    let greatest = 0;
    let least = Infinity;
    while (to < postings.count && to - from < most && (to === from || body.length < full(postings))) {
      writePosting(postings, to, to === from ? postings.rowIds[to]! : postings.rowIds[to - 1]!);
      position = writePositions(postings, to, position);
      greatest = Math.max(greatest, postings.tf(to));
      least = Math.min(least, postings.lengths[to]!);
      to++;
    }
    const first = postings.rowIds[from]!;
    blocks.push({
      first,
      postings: sealed(to - from, postings.rowIds[to - 1]! - first, greatest, least),
      positions: steps.copy(),
    });
    from = to;
  }
  return blocks;
}

/** A block whose postings are in `body`. */
function sealed(count: number, span: number, maxTf: number, minLength: number): Uint8Array {
  head.reset();
  head.varint(count);
  head.varint(span);
  head.varint(maxTf);
  head.varint(minLength);
  head.bytes(body.view());
  return head.copy();
}

/** Postings above all of a block, as many as it takes, behind those that it has. */
export function extendBlock(
  bytes: Uint8Array,
  first: number,
  added: Postings,
): {
  readonly postings: Uint8Array;
  readonly positions: Uint8Array;
  readonly taken: number;
  readonly position: number;
} {
  const { count, last, maxTf, minLength, at } = readHead(bytes, 0, first);
  body.reset();
  steps.reset();
  body.bytes(bytes.subarray(at));
  let [greatest, least, end] = [maxTf, minLength, last];
  let taken = 0;
  let position = 0;
  while (taken < added.count && count + taken < BLOCK_POSTINGS && body.length < full(added)) {
    writePosting(added, taken, end);
    position = writePositions(added, taken, position);
    greatest = Math.max(greatest, added.tf(taken));
    least = Math.min(least, added.lengths[taken]!);
    end = added.rowIds[taken++]!;
  }
  return { postings: sealed(count + taken, end - first, greatest, least), positions: steps.copy(), taken, position };
}

function writePosting(postings: Postings, at: number, last: number): void {
  const { fields, tfs } = postings;
  body.varint(postings.rowIds[at]! - last);
  if (fields === 1) body.varint(tfs[at]!);
  else {
    let mask = 0;
    for (let f = 0; f < fields; f++) if (tfs[at * fields + f]! > 0) mask |= 1 << f;
    body.varint(mask);
    for (let f = 0; f < fields; f++) if (tfs[at * fields + f]! > 0) body.varint(tfs[at * fields + f]!);
  }
  body.varint(postings.lengths[at]!);
}

function writePositions(postings: Postings, at: number, from: number): number {
  const { fields, tfs, positions } = postings;
  for (let f = 0; f < fields; f++) {
    let last = 0;
    for (let n = tfs[at * fields + f]!; n > 0; n--) {
      steps.varint(positions[from]! - last);
      last = positions[from++]!;
    }
  }
  return from;
}

/** A block without its positions. */
export interface DecodedBlock {
  readonly count: number;
  readonly rowIds: Uint32Array;
  readonly lengths: Uint32Array;
  /** `fields` for each posting. */
  readonly tfs: Uint32Array;
}

export interface BlockHead {
  readonly count: number;
  readonly last: number;
  readonly maxTf: number;
  readonly minLength: number;
  /** Where its postings begin. */
  readonly at: number;
}

/** Reads varints one after another; `at` is where the next begins. */
export class VarintReader {
  constructor(
    public bytes: Uint8Array,
    public at: number,
  ) {}

  next(): number {
    const { bytes } = this;
    let byte = bytes[this.at++]!;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let factor = 0x80; ; factor *= 0x80) {
      if (this.at >= bytes.length) throw new LightningError('CORRUPT', 'postings of the full-text index end too early');
      byte = bytes[this.at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
}

export function readHead(bytes: Uint8Array, at: number, first: number): BlockHead {
  const reader = new VarintReader(bytes, at);
  const count = reader.next();
  const last = first + reader.next();
  const maxTf = reader.next();
  const minLength = reader.next();
  return { count, last, maxTf, minLength, at: reader.at };
}

export function decodeBlock(bytes: Uint8Array, head: BlockHead, first: number, fields: number): DecodedBlock {
  const { count } = head;
  const rowIds = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  const tfs = new Uint32Array(count * fields);
  const reader = new VarintReader(bytes, head.at);
  let rowId = first;
  for (let i = 0; i < count; i++) {
    rowId += reader.next();
    rowIds[i] = rowId;
    if (fields === 1) tfs[i] = reader.next();
    else {
      const mask = reader.next();
      for (let f = 0; f < fields; f++) if ((mask & (1 << f)) !== 0) tfs[i * fields + f] = reader.next();
    }
    lengths[i] = reader.next();
  }
  return { count, rowIds, lengths, tfs };
}

/** Appends a block with its positions to postings. */
export function appendBlock(block: DecodedBlock, positions: Uint8Array, to: Postings): void {
  const reader = new VarintReader(positions, 0);
  const { fields } = to;
  for (let i = 0; i < block.count; i++) {
    to.begin(block.rowIds[i]!, block.lengths[i]!);
    for (let f = 0; f < fields; f++) {
      let position = 0;
      for (let n = block.tfs[i * fields + f]!; n > 0; n--) to.occur(f, (position += reader.next()));
    }
  }
}

/** What the dictionary says of a term. */
export interface TermEntry {
  df: number;
  /** Occurrences in all documents. */
  cf: number;
  /** Documents with an occurrence in each field. */
  readonly dfs: number[];
  /** All postings, while they are few. */
  readonly inline: EncodedBlock | undefined;
}

export function encodeEntry(entry: TermEntry): Uint8Array {
  head.reset();
  head.varint(entry.df);
  head.varint(entry.cf);
  if (entry.dfs.length > 1) for (const df of entry.dfs) head.varint(df);
  const { inline } = entry;
  head.varint(inline === undefined ? 0 : inline.postings.length);
  if (inline !== undefined) {
    head.varint(inline.first);
    head.bytes(inline.postings);
    head.bytes(inline.positions);
  }
  return head.copy();
}

export function decodeEntry(bytes: Uint8Array, fields: number): TermEntry {
  const reader = new VarintReader(bytes, 0);
  const df = reader.next();
  const cf = reader.next();
  const dfs = fields === 1 ? [df] : Array.from({ length: fields }, () => reader.next());
  const size = reader.next();
  if (size === 0) return { df, cf, dfs, inline: undefined };
  const first = reader.next();
  const { at } = reader;
  return {
    df,
    cf,
    dfs,
    inline: { first, postings: bytes.subarray(at, at + size), positions: bytes.subarray(at + size) },
  };
}

/** The entry of a term with these postings, and the blocks that lie outside of it. */
export function encodeTerm(postings: Postings): {
  readonly entry: TermEntry;
  readonly blocks: readonly EncodedBlock[];
} {
  const { fields, count } = postings;
  const dfs = new Array<number>(fields).fill(0);
  for (let i = 0; i < count * fields; i++) if (postings.tfs[i]! > 0) dfs[i % fields]!++;
  const blocks = encodeBlocks(postings, BLOCK_POSTINGS);
  const [only] = blocks;
  const small =
    only !== undefined && count <= INLINE_POSTINGS && only.postings.length + only.positions.length <= INLINE_BYTES;
  const inline = small ? only : undefined;
  return { entry: { df: count, cf: postings.positions.length, dfs, inline }, blocks: small ? [] : blocks };
}
