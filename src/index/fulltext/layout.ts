// Where a full-text index keeps what. Four spaces:
//   dictionary  ordered tree: term -> df, cf, df by field, and the postings themselves while they are few
//   postings    ordered tree: term, 0, first row id -> a block of up to 128 {row id delta, tf by field, document length} with its maxima
//   positions   ordered tree: term, 0, first row id of the block, part -> token positions of the block's postings, one after another
//   pending     pages of whole analysed documents, added or removed, not merged yet; its counters hold the collection's numbers
// Terms are UTF-8, so that their order is that of code points.

import type { IndexDef, IndexKey } from '../../catalog/definitions.js';
import { invariant } from '../../errors.js';
import { OrderedTree } from '../../pages/index.js';
import type { Counters, PageReader, PageWriter } from '../../pages/index.js';
import type { Analyzer, Scoring } from '../../text/index.js';
import { createAnalyzer, textIndexOptions } from '../../text/index.js';

/** Positions in the counters of the pending space. */
export const TEXT_COUNTERS = { DOCUMENTS: 0, LENGTH: 1, PAGES: 2, ENTRIES: 3, BYTES: 4 } as const;

/** By which a search names a key. */
export function fieldName(key: IndexKey): string {
  return key.expr.kind === 'column' ? key.expr.name : key.text;
}

/** One index as its code sees it. */
export class TextLayout {
  readonly dictionary: OrderedTree;
  readonly postings: OrderedTree;
  readonly positions: OrderedTree;
  readonly pending: number;
  readonly fields: readonly string[];
  readonly analyzer: Analyzer;
  readonly scoring: Scoring;
  /** Factors of scores by field; undefined when all are 1. */
  readonly boosts: readonly number[] | undefined;

  constructor(index: IndexDef) {
    const [dictionary, postings, positions, pending] = index.spaces;
    invariant(pending !== undefined, 'a full-text index has four spaces');
    this.dictionary = new OrderedTree(dictionary!);
    this.postings = new OrderedTree(postings!);
    this.positions = new OrderedTree(positions!);
    this.pending = pending;
    this.fields = index.keys.map(fieldName);
    const { analysis, scoring, boosts } = textIndexOptions(index.options);
    this.analyzer = createAnalyzer(analysis);
    this.scoring = scoring;
    this.boosts = boosts.size === 0 ? undefined : this.fields.map((field) => boosts.get(field) ?? 1);
  }

  create(writer: PageWriter, group: number): void {
    for (const tree of [this.dictionary, this.postings, this.positions]) OrderedTree.create(writer, tree.space, group);
    writer.createCounters(this.pending, group);
  }

  counters(reader: PageReader): Counters {
    const counters = reader.counters(this.pending);
    invariant(counters !== undefined, `there is no full-text index in space ${this.pending}`);
    return counters;
  }
}

const layouts = new WeakMap<IndexDef, TextLayout>();

export function layoutOf(index: IndexDef): TextLayout {
  let layout = layouts.get(index);
  if (layout === undefined) layouts.set(index, (layout = new TextLayout(index)));
  return layout;
}

const encoder = new TextEncoder();
/** Texts have few words, and many of each. */
const known = new Map<string, Uint8Array>();
const MOST_KNOWN = 1 << 16;

/** The UTF-8 of a term; never to be changed. */
export function termBytes(term: string): Uint8Array {
  let bytes = known.get(term);
  if (bytes === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(term, (bytes = encoder.encode(term)));
  }
  return bytes;
}

/** The key of a block; with `part`, of a piece of its positions. */
export function blockKey(term: Uint8Array, first: number, part?: number): Uint8Array {
  const key = new Uint8Array(term.length + (part === undefined ? 5 : 7));
  key.set(term);
  let at = term.length + 1;
  key[at++] = first >>> 24;
  key[at++] = first >>> 16;
  key[at++] = first >>> 8;
  key[at++] = first;
  if (part !== undefined) {
    key[at++] = part >>> 8;
    key[at] = part;
  }
  return key;
}

/** The first key after all blocks of a term. */
export function afterBlocks(term: Uint8Array): Uint8Array {
  const key = new Uint8Array(term.length + 1);
  key.set(term);
  key[term.length] = 1;
  return key;
}

/** The row id in a block's key. */
export function firstOf(key: Uint8Array, termLength: number): number {
  const at = termLength + 1;
  return ((key[at]! << 24) | (key[at + 1]! << 16) | (key[at + 2]! << 8) | key[at + 3]!) >>> 0;
}
