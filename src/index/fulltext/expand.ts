// The terms of the vocabulary that a prefix or fuzzy leaf stands for, in code point order.

import type { PageReader, TreeBatch } from '../../pages/index.js';
import type { TermLeafQuery } from '../../text/index.js';
import { byCodePoint, expandsTo } from '../../text/index.js';
import { successor } from '../../values/bytes.js';
import { textOf } from './bytes.js';
import type { TextLayout } from './layout.js';
import { termBytes } from './layout.js';
import { VarintReader } from './posting-block.js';

export type Expanding = TermLeafQuery & { readonly kind: 'prefix' | 'fuzzy' };

/** A term of the dictionary with the merged documents that hold it. */
export interface MergedTerm {
  readonly term: string;
  readonly df: number;
  /** What the dictionary has of it. */
  readonly entry: Uint8Array;
}

/** Merged terms only; those of pending documents are matched on the documents themselves. */
export function expand(reader: PageReader, layout: TextLayout, leaf: Expanding): MergedTerm[] {
  return leaf.kind === 'prefix' ? byPrefix(reader, layout, leaf) : byDistance(reader, layout, leaf);
}

function byPrefix(reader: PageReader, layout: TextLayout, leaf: Expanding & { readonly kind: 'prefix' }): MergedTerm[] {
  const gte = termBytes(leaf.prefix);
  const terms: MergedTerm[] = [];
  for (const batch of layout.dictionary.scan(reader, { gte, lt: successor(gte) })) {
    for (let i = 0; i < batch.count; i++) {
      terms.push({
        term: textOf(batch.bytes, batch.keyStart(i), batch.keyEnd(i)),
        df: dfAt(batch, i),
        entry: batch.value(i),
      });
    }
  }
  for (const stem of leaf.stems) {
    const entry = layout.dictionary.get(reader, termBytes(stem));
    if (entry !== undefined) terms.push({ term: stem, df: new VarintReader(entry, 0).next(), entry });
  }
  return terms.sort((a, b) => byCodePoint(a.term, b.term));
}

/** How many merged documents hold what a prefix stands for: in the one that most hold, and in all, documents with several counted often. */
export function countPrefix(
  reader: PageReader,
  layout: TextLayout,
  leaf: Expanding & { readonly kind: 'prefix' },
): { readonly most: number; readonly sum: number } {
  let [most, sum] = [0, 0];
  const add = (df: number): void => {
    sum += df;
    if (df > most) most = df;
  };
  const gte = termBytes(leaf.prefix);
  for (const batch of layout.dictionary.scan(reader, { gte, lt: successor(gte) })) {
    for (let i = 0; i < batch.count; i++) add(dfAt(batch, i));
  }
  for (const stem of leaf.stems) {
    const entry = layout.dictionary.get(reader, termBytes(stem));
    if (entry !== undefined) add(new VarintReader(entry, 0).next());
  }
  return { most, sum };
}

/** The first number of an entry of the dictionary. */
function dfAt(batch: TreeBatch, i: number): number {
  return new VarintReader(batch.bytes, batch.keyEnd(i)).next();
}

function byDistance(
  reader: PageReader,
  layout: TextLayout,
  leaf: Expanding & { readonly kind: 'fuzzy' },
): MergedTerm[] {
  const { distance } = leaf;
  const wanted = termBytes(leaf.term);
  const points = [...leaf.term].length;
  const mask = lettersOf(wanted, 0, wanted.length);
  const terms: MergedTerm[] = [];
  for (const batch of layout.dictionary.scan(reader)) {
    for (let i = 0; i < batch.count; i++) {
      const from = batch.keyStart(i);
      const to = batch.keyEnd(i);
      const length = to - from;
      // A code point takes one byte to four.
      if (length < points - distance || length > 4 * (points + distance)) continue;
      const letters = lettersOf(batch.bytes, from, to);
      if (mask >= 0 && letters >= 0) {
        // All is ASCII: an edit takes away at most one letter and brings at most one.
        if (length > points + distance || bits(mask & ~letters) > distance || bits(letters & ~mask) > distance)
          continue;
      }
      const term = textOf(batch.bytes, from, to);
      if (expandsTo(leaf, term)) terms.push({ term, df: dfAt(batch, i), entry: batch.value(i) });
    }
  }
  return terms;
}

/** Which of 31 classes of bytes occur; -1 where a byte is not ASCII. */
function lettersOf(bytes: Uint8Array, from: number, to: number): number {
  let letters = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) return -1;
    letters |= 1 << (byte % 31);
  }
  return letters;
}

function bits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}
