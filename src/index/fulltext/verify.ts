// Checks a full-text index: its trees, the heads of its blocks, its numbers, and that every row has just the postings of its text.
// Postings are compared by sums of hashes, one for each row, so that memory is that of the rows and not of the words.

import { LightningError } from '../../errors.js';
import type { PageReader } from '../../pages/index.js';
import type { Entry, VerifyProblem } from '../kind.js';
import { textOf } from './bytes.js';
import { analysed } from './documents.js';
import type { TextLayout } from './layout.js';
import { TEXT_COUNTERS } from './layout.js';
import { PIECE, TextBatch, positionsOf } from './merge.js';
import { pendingViews } from './pending.js';
import type { DocumentTerms } from './pending-page.js';
import { lengthOf } from './pending-page.js';
import { Postings, appendBlock } from './posting-block.js';
import { TermList } from './term-list.js';

/** Problems told at most. */
const MOST = 20;

export function verifyText(reader: PageReader, layout: TextLayout, expected: Iterable<Entry>): VerifyProblem[] {
  const problems: VerifyProblem[] = [];
  const tell = (what: string): void => {
    if (problems.length < MOST) problems.push({ what });
  };
  try {
    for (const tree of [layout.dictionary, layout.postings, layout.positions]) tree.verify(reader).forEach(tell);
    if (problems.length > 0) return problems;
    const sums = mergedSums(reader, layout, tell);
    let documents = 0;
    let length = 0;
    const pending = pendingSums(reader, layout, sums, tell);
    for (const [rowId, sum] of pending) {
      if (sums.has(rowId)) tell(`row ${rowId} is in the full-text index twice`);
      sums.set(rowId, sum);
    }
    for (const { rowId, values } of expected) {
      const document = analysed(layout, values);
      if (document === undefined) continue;
      documents++;
      length += lengthOf(document);
      if ((sums.get(rowId) ?? 0) !== sumOf(layout, rowId, document)) {
        tell(`the full-text index has other postings of row ${rowId} than its text`);
      }
      sums.delete(rowId);
    }
    for (const rowId of sums.keys()) tell(`the full-text index holds row ${rowId}, which should not be in it`);
    const counters = layout.counters(reader);
    const numbers: [string, number, number][] = [
      ['documents', counters[TEXT_COUNTERS.DOCUMENTS]!, documents],
      ['terms', counters[TEXT_COUNTERS.LENGTH]!, length],
    ];
    for (const [what, counted, found] of numbers) {
      if (counted !== found) tell(`the full-text index counts ${counted} ${what} and should have ${found}`);
    }
  } catch (error) {
    if (!(error instanceof LightningError) || error.kind !== 'corrupt') throw error;
    tell(error.message);
  }
  return problems;
}

type Tell = (what: string) => void;

function mergedSums(reader: PageReader, layout: TextLayout, tell: Tell): Map<number, number> {
  const sums = new Map<number, number>();
  const fields = layout.fields.length;
  let blocks = 0;
  let pieces = 0;
  for (const batch of layout.dictionary.scan(reader)) {
    for (let i = 0; i < batch.count; i++) {
      const list = new TermList(textOf(batch.key(i)), reader, layout);
      const { term, entry } = list;
      const all = new Postings(fields);
      for (let b = 0; b < list.blocks.length; b++) {
        const { head, first } = list.blocks[b]!;
        const block = list.decoded(b);
        const positions = entry.inline ? entry.inline.positions : positionsOf(reader, layout, list.bytes, first);
        const postings = new Postings(fields);
        appendBlock(block, positions, postings);
        const tfs = postings.rowIds.map((_, at) => postings.tf(at));
        const right =
          block.rowIds[block.count - 1] === head.last &&
          Math.max(...tfs) === head.maxTf &&
          Math.min(...postings.lengths) === head.minLength &&
          postings.rowIds.every((rowId, at) => at === 0 || rowId > postings.rowIds[at - 1]!);
        if (!right) tell(`block ${first} of "${term}" has wrong bounds`);
        if (!entry.inline) {
          blocks++;
          pieces += Math.ceil(positions.length / PIECE);
        }
        let position = 0;
        for (let at = 0; at < postings.count; at++) {
          all.take(postings, at, position);
          position += postings.tf(at);
        }
      }
      count(all, entry, term, tell);
      addSums(sums, term, all);
    }
  }
  if (layout.postings.count(reader) !== blocks)
    tell(`${layout.postings.count(reader) - blocks} blocks belong to no term`);
  if (layout.positions.count(reader) !== pieces) {
    tell(`${layout.positions.count(reader) - pieces} pieces of positions belong to no block`);
  }
  return sums;
}

function count(all: Postings, entry: TermList['entry'], term: string, tell: Tell): void {
  const dfs = entry.dfs.map((_, f) => all.rowIds.filter((__, at) => all.tfs[at * all.fields + f]! > 0).length);
  if (all.count !== entry.df || all.positions.length !== entry.cf || dfs.some((df, f) => df !== entry.dfs[f])) {
    tell(`the dictionary has wrong frequencies of "${term}"`);
  }
}

/** Added documents by row; the removed ones are taken out of the merged ones, whose postings must be theirs. */
function pendingSums(
  reader: PageReader,
  layout: TextLayout,
  merged: Map<number, number>,
  tell: Tell,
): Map<number, number> {
  const sums = new Map<number, number>();
  let entries = 0;
  for (const { documents } of pendingViews(reader, layout)) {
    for (const { rowId, removed, terms } of documents) {
      entries++;
      const sum = sumOf(layout, rowId, terms);
      if (!removed) {
        if (sums.has(rowId)) tell(`row ${rowId} is on the pending list twice`);
        sums.set(rowId, sum);
      } else {
        if ((merged.get(rowId) ?? 0) !== sum) tell(`removed row ${rowId} has other postings than its text had`);
        merged.delete(rowId);
      }
    }
  }
  const counted = layout.counters(reader)[TEXT_COUNTERS.ENTRIES]!;
  if (counted !== entries) tell(`the pending list counts ${counted} entries and has ${entries}`);
  return sums;
}

function sumOf(layout: TextLayout, rowId: number, document: DocumentTerms): number {
  const batch = new TextBatch(layout.fields.length);
  batch.add(rowId, document);
  const sums = new Map<number, number>();
  for (const [term, { added }] of batch.sorted()) addSums(sums, term, added);
  return sums.get(rowId) ?? 0;
}

/** A sum stays whole: each hash has 32 bits. */
function addSums(sums: Map<number, number>, term: string, postings: Postings): void {
  const seed = hashText(term);
  const { fields } = postings;
  let position = 0;
  for (let at = 0; at < postings.count; at++) {
    let hash = mix(seed, postings.lengths[at]!);
    for (let f = 0; f < fields; f++) hash = mix(hash, postings.tfs[at * fields + f]!);
    for (let n = postings.tf(at); n > 0; n--) hash = mix(hash, postings.positions[position++]!);
    const rowId = postings.rowIds[at]!;
    sums.set(rowId, (sums.get(rowId) ?? 0) + (hash >>> 0));
  }
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** The finalizer of MurmurHash3 over both. */
function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value ^ (hash >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
