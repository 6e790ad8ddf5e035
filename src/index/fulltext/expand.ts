// The terms of the vocabulary that a prefix or fuzzy leaf stands for, in code point order.

import type { PageReader } from '../../pages/index.js';
import type { TermLeafQuery } from '../../text/index.js';
import { byCodePoint, expandsTo } from '../../text/index.js';
import { successor } from '../../values/bytes.js';
import { textOf } from './bytes.js';
import type { TextLayout } from './layout.js';
import { termBytes } from './layout.js';

type Expanding = TermLeafQuery & { readonly kind: 'prefix' | 'fuzzy' };

/** Merged terms only; those of pending documents are matched on the documents themselves. */
export function expand(reader: PageReader, layout: TextLayout, leaf: Expanding): string[] {
  return leaf.kind === 'prefix' ? byPrefix(reader, layout, leaf) : byDistance(reader, layout, leaf);
}

function byPrefix(reader: PageReader, layout: TextLayout, leaf: Expanding & { readonly kind: 'prefix' }): string[] {
  const gte = termBytes(leaf.prefix);
  const terms: string[] = [];
  for (const batch of layout.dictionary.scan(reader, { gte, lt: successor(gte) })) {
    for (let i = 0; i < batch.count; i++) terms.push(textOf(batch.bytes, batch.keyStart(i), batch.keyEnd(i)));
  }
  for (const stem of leaf.stems) if (layout.dictionary.has(reader, termBytes(stem))) terms.push(stem);
  return terms.sort(byCodePoint);
}

function byDistance(reader: PageReader, layout: TextLayout, leaf: Expanding & { readonly kind: 'fuzzy' }): string[] {
  const { distance } = leaf;
  const wanted = termBytes(leaf.term);
  const points = [...leaf.term].length;
  const mask = lettersOf(wanted, 0, wanted.length);
  const terms: string[] = [];
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
      if (expandsTo(leaf, term)) terms.push(term);
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
