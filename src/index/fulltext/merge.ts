// Brings changes of postings into the trees, term by term in order: a term's few postings are written anew, of many only the blocks
// where something changes.

import { invariant, LightningError } from '../../errors.js';
import type { OrderedTree, PageReader, PageWriter } from '../../pages/index.js';
import { byCodePoint } from '../../text/index.js';
import type { TextLayout } from './layout.js';
import { afterBlocks, blockKey, firstOf, termBytes } from './layout.js';
import type { DocumentTerms } from './pending-page.js';
import { lengthOf } from './pending-page.js';
import {
  BLOCK_POSTINGS,
  Postings,
  appendBlock,
  decodeBlock,
  decodeEntry,
  encodeBlocks,
  encodeEntry,
  encodeTerm,
  extendBlock,
  readHead,
} from './posting-block.js';
import type { EncodedBlock, TermEntry } from './posting-block.js';

/** Longest piece of a block's positions. */
export const PIECE = 960;
/** Blocks that are cut in the middle of a list leave room. */
const LOOSE = 96;
/** Terms between two looks at the budget of changed pages. */
const RELIEF = 256;

interface TermChange {
  readonly added: Postings;
  /** Ascending row ids whose postings go. */
  readonly removed: number[];
}

/** Changes gathered by term. Documents are added in ascending order of row ids, and removed likewise. */
export class TextBatch {
  private readonly terms = new Map<string, TermChange>();
  /** Numbers held, for a bound of memory. */
  size = 0;

  constructor(private readonly fields: number) {}

  add(rowId: number, document: DocumentTerms): void {
    const length = lengthOf(document);
    for (let f = 0; f < document.length; f++) {
      const { terms, positions } = document[f]!;
      for (let i = 0; i < terms.length; i++) {
        const { added } = this.change(terms[i]!);
        if (added.count === 0 || added.rowIds[added.count - 1] !== rowId) {
          added.begin(rowId, length);
          this.size += 2 + this.fields;
        }
        added.occur(f, positions[i]!);
        this.size++;
      }
    }
  }

  remove(rowId: number, document: DocumentTerms): void {
    for (const { terms } of document) {
      for (const term of terms) {
        const { removed } = this.change(term);
        if (removed[removed.length - 1] !== rowId) removed.push(rowId);
      }
    }
  }

  /** By term, in code point order. */
  sorted(): [string, TermChange][] {
    return [...this.terms].sort((a, b) => byCodePoint(a[0], b[0]));
  }

  private change(term: string): TermChange {
    let change = this.terms.get(term);
    if (change === undefined) this.terms.set(term, (change = { added: new Postings(this.fields), removed: [] }));
    return change;
  }
}

export function mergeBatch(writer: PageWriter, layout: TextLayout, batch: TextBatch): void {
  let done = 0;
  for (const [term, change] of batch.sorted()) {
    mergeTerm(writer, layout, termBytes(term), change);
    if (++done % RELIEF === 0) writer.relieve();
  }
}

/** Fills empty trees. */
export function loadBatch(writer: PageWriter, layout: TextLayout, batch: TextBatch): void {
  const terms = batch.sorted().map(([term, { added }]) => ({ term: termBytes(term), ...encodeTerm(added) }));
  layout.dictionary.bulkLoad(
    writer,
    (function* () {
      for (const { term, entry } of terms) yield { key: term, value: encodeEntry(entry) };
    })(),
  );
  layout.postings.bulkLoad(
    writer,
    (function* () {
      for (const { term, blocks } of terms) {
        for (const { first, postings } of blocks) yield { key: blockKey(term, first), value: postings };
      }
    })(),
  );
  layout.positions.bulkLoad(
    writer,
    (function* () {
      for (const { term, blocks } of terms) {
        for (const { first, positions } of blocks) {
          for (let part = 0; part * PIECE < positions.length; part++) {
            const value = positions.subarray(part * PIECE, (part + 1) * PIECE);
            yield { key: blockKey(term, first, part), value };
          }
        }
      }
    })(),
  );
}

function mergeTerm(writer: PageWriter, layout: TextLayout, term: Uint8Array, change: TermChange): void {
  const fields = layout.fields.length;
  const found = layout.dictionary.get(writer, term);
  const entry = found && decodeEntry(found, fields);
  if (entry === undefined || entry.inline !== undefined) {
    const old = new Postings(fields);
    if (entry?.inline) {
      const { first, postings, positions } = entry.inline;
      appendBlock(decodeBlock(postings, readHead(postings, 0, first), first, fields), positions, old);
    }
    const { entry: next, blocks } = encodeTerm(combined(old, change, term));
    for (const block of blocks) putBlock(writer, layout, term, block);
    putEntry(writer, layout, term, next);
    return;
  }
  const next: TermEntry = { df: entry.df, cf: entry.cf, dfs: [...entry.dfs], inline: undefined };
  if (!appendPostings(writer, layout, term, change, next)) {
    for (const part of byBlock(writer, layout.postings, term, change)) mergeBlock(writer, layout, term, part, next);
  }
  putEntry(writer, layout, term, next);
}

/** Rows above all that have the term: the last block is extended without being read. False when there are other changes. */
function appendPostings(
  writer: PageWriter,
  layout: TextLayout,
  term: Uint8Array,
  { added, removed }: TermChange,
  entry: TermEntry,
): boolean {
  if (removed.length > 0) return false;
  const first = blockOf(writer, layout.postings, term, 0xffff_ffff);
  const bytes = layout.postings.get(writer, blockKey(term, first));
  if (bytes === undefined) throw lost(layout.postings.space, term);
  if (added.rowIds[0]! <= readHead(bytes, 0, first).last) return false;
  const { postings, positions, taken, position } = extendBlock(bytes, first, added);
  if (taken > 0) {
    layout.postings.put(writer, blockKey(term, first), postings);
    const old = positionsOf(writer, layout, term, first);
    const all = new Uint8Array(old.length + positions.length);
    all.set(old);
    all.set(positions, old.length);
    putPositions(writer, layout, term, first, all, Math.floor(old.length / PIECE));
  }
  const blocks = encodeBlocks(added, BLOCK_POSTINGS, taken, position);
  for (const block of blocks) putBlock(writer, layout, term, block);
  count(entry, added, 1);
  return true;
}

function putEntry(writer: PageWriter, layout: TextLayout, term: Uint8Array, entry: TermEntry): void {
  if (entry.df === 0) layout.dictionary.delete(writer, term);
  else layout.dictionary.put(writer, term, encodeEntry(entry));
}

interface BlockChange extends TermChange {
  /** The block in which they belong. */
  readonly first: number;
  readonly isLast: boolean;
}

/** The changes of a term divided among its blocks. Each part is to be merged before the next one is asked for. */
function* byBlock(reader: PageReader, tree: OrderedTree, term: Uint8Array, change: TermChange): Generator<BlockChange> {
  const { added, removed } = change;
  const fields = added.fields;
  let position = 0;
  for (let a = 0, r = 0; a < added.count || r < removed.length;) {
    const rowId = Math.min(added.rowIds[a] ?? Infinity, removed[r] ?? Infinity);
    const first = blockOf(reader, tree, term, rowId);
    const next = nextBlock(reader, tree, term, first);
    const part = { first, isLast: next === undefined, added: new Postings(fields), removed: [] as number[] };
    for (; a < added.count && (next === undefined || added.rowIds[a]! < next); a++) {
      part.added.take(added, a, position);
      position += added.tf(a);
    }
    for (; r < removed.length && (next === undefined || removed[r]! < next); r++) part.removed.push(removed[r]!);
    yield part;
  }
}

function blockOf(reader: PageReader, tree: OrderedTree, term: Uint8Array, rowId: number): number {
  const key = blockKey(term, rowId);
  const above = new Uint8Array(key.length + 1);
  above.set(key);
  const gte = blockKey(term, 0);
  for (const batch of tree.scan(reader, { gte, lt: above, reverse: true })) return firstOf(batch.key(0), term.length);
  for (const batch of tree.scan(reader, { gte, lt: afterBlocks(term) })) return firstOf(batch.key(0), term.length);
  throw lost(tree.space, term);
}

function nextBlock(reader: PageReader, tree: OrderedTree, term: Uint8Array, first: number): number | undefined {
  if (first === 0xffff_ffff) return undefined;
  for (const batch of tree.scan(reader, { gte: blockKey(term, first + 1), lt: afterBlocks(term) })) {
    return firstOf(batch.key(0), term.length);
  }
  return undefined;
}

function mergeBlock(
  writer: PageWriter,
  layout: TextLayout,
  term: Uint8Array,
  change: BlockChange,
  entry: TermEntry,
): void {
  const { first } = change;
  const fields = layout.fields.length;
  const old = new Postings(fields);
  const bytes = layout.postings.get(writer, blockKey(term, first));
  if (bytes === undefined) throw lost(layout.postings.space, term);
  const decoded = decodeBlock(bytes, readHead(bytes, 0, first), first, fields);
  appendBlock(decoded, positionsOf(writer, layout, term, first), old);
  const now = combined(old, change, term);
  count(entry, old, -1);
  count(entry, now, 1);
  const most = change.isLast ? BLOCK_POSTINGS : Math.ceil(now.count / Math.ceil(now.count / LOOSE));
  const blocks = now.count === 0 ? [] : encodeBlocks(now, now.count <= BLOCK_POSTINGS ? BLOCK_POSTINGS : most);
  dropBlock(writer, layout, term, first, blocks[0]?.first !== first);
  for (const block of blocks) putBlock(writer, layout, term, block);
}

function count(entry: TermEntry, postings: Postings, sign: 1 | -1): void {
  entry.df += sign * postings.count;
  entry.cf += sign * postings.positions.length;
  const { fields, tfs } = postings;
  for (let i = 0; i < tfs.length; i++) if (tfs[i]! > 0) entry.dfs[i % fields]! += sign;
}

/** The postings after a change. */
function combined(old: Postings, { added, removed }: TermChange, term: Uint8Array): Postings {
  const result = new Postings(old.fields);
  let r = 0;
  let a = 0;
  let [oldPosition, addedPosition] = [0, 0];
  const takeAdded = (below: number): void => {
    for (; a < added.count && added.rowIds[a]! < below; a++) {
      result.take(added, a, addedPosition);
      addedPosition += added.tf(a);
    }
  };
  for (let i = 0; i < old.count; i++) {
    const rowId = old.rowIds[i]!;
    takeAdded(rowId);
    if (removed[r] === rowId) r++;
    else {
      invariant(added.rowIds[a] !== rowId, `row ${rowId} is in the full-text index twice`);
      result.take(old, i, oldPosition);
    }
    oldPosition += old.tf(i);
  }
  if (r < removed.length) throw lost(removed[r]!, term);
  takeAdded(Infinity);
  return result;
}

function lost(where: number, term: Uint8Array): LightningError {
  const name = new TextDecoder().decode(term);
  return new LightningError('CORRUPT', `the full-text index has lost postings of "${name}" (${where})`, {
    hint: 'rebuild the index with REINDEX',
  });
}

function putBlock(writer: PageWriter, layout: TextLayout, term: Uint8Array, block: EncodedBlock): void {
  layout.postings.put(writer, blockKey(term, block.first), block.postings);
  putPositions(writer, layout, term, block.first, block.positions, 0);
}

/** Puts the pieces of a block's positions in place, from one of them on. */
function putPositions(
  writer: PageWriter,
  layout: TextLayout,
  term: Uint8Array,
  first: number,
  positions: Uint8Array,
  from: number,
): void {
  for (let part = from; part * PIECE < positions.length; part++) {
    layout.positions.put(writer, blockKey(term, first, part), positions.subarray(part * PIECE, (part + 1) * PIECE));
  }
}

/** Takes away a block's positions, and the block itself unless another takes its place. */
function dropBlock(writer: PageWriter, layout: TextLayout, term: Uint8Array, first: number, whole: boolean): void {
  if (whole) layout.postings.delete(writer, blockKey(term, first));
  for (let part = 0; layout.positions.delete(writer, blockKey(term, first, part)); part++);
}

/** The positions of a block, in one piece. */
export function positionsOf(reader: PageReader, layout: TextLayout, term: Uint8Array, first: number): Uint8Array {
  const piece = layout.positions.get(reader, blockKey(term, first, 0));
  if (piece === undefined) throw lost(layout.positions.space, term);
  if (piece.length < PIECE) return piece;
  const pieces = [piece];
  for (let part = 1; ; part++) {
    const next = layout.positions.get(reader, blockKey(term, first, part));
    if (next === undefined) break;
    pieces.push(next);
  }
  return pieces.length === 1 ? piece : new Uint8Array(Buffer.concat(pieces));
}
