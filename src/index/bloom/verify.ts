// Compares the filters of a bloom index with those of the rows: every bit of a row must be set, and without deletions no other is.

import type { PageReader } from '../../pages/page.js';
import type { Entry, VerifyProblem } from '../kind.js';
import { Problems } from '../verify-entries.js';
import { BLOOM_COUNTERS, PAGE_BLOCKS, setBits } from './filter.js';
import type { BloomFilter } from './filter.js';

const WORDS = 8;

/** @param entries in row-id order */
export function verifyBloom(filter: BloomFilter, reader: PageReader, entries: Iterable<Entry>): VerifyProblem[] {
  const problems = new Problems();
  const chunks = new Set(filter.chunks(reader));
  let current = -1;
  let wanted: Uint32Array[] = [];
  let count = 0;
  let dead = 0;
  const begin = (chunk: number) => {
    current = chunk;
    wanted = Array.from({ length: filter.pages }, () => new Uint32Array(PAGE_BLOCKS * WORDS));
  };
  const end = () => {
    const clean = (filter.state(reader, current)?.dead ?? 0) === 0;
    let missing = 0;
    let extra = 0;
    wanted.forEach((page, number) => {
      const found = filter.words(reader, current, number);
      for (let w = 0; w < page.length; w++) {
        const bits = found?.[w] ?? 0;
        if ((page[w]! & ~bits) !== 0) missing++;
        if ((bits & ~page[w]!) !== 0) extra++;
      }
    });
    if (missing > 0) problems.add(`the filter of chunk ${current} misses bits of its rows in ${missing} words`);
    if (extra > 0 && clean) problems.add(`the filter of chunk ${current} has bits of no row in ${extra} words`);
    chunks.delete(current);
  };
  for (const { rowId, values } of entries) {
    const chunk = rowId >>> 16;
    if (chunk !== current) {
      if (current !== -1) end();
      begin(chunk);
    }
    const hash = filter.hash(values);
    const block = filter.block(hash);
    const page = Math.floor(block / PAGE_BLOCKS);
    setBits(wanted[page]!, (block - page * PAGE_BLOCKS) * WORDS, hash.lo);
    count++;
  }
  if (current !== -1) end();
  for (const chunk of [...chunks]) {
    begin(chunk);
    end();
  }
  for (const chunk of filter.chunks(reader)) dead += filter.state(reader, chunk)?.dead ?? 0;
  const counters = reader.counters(filter.space);
  if (counters?.[BLOOM_COUNTERS.ENTRIES] !== count) {
    problems.add(`counts ${counters?.[BLOOM_COUNTERS.ENTRIES]} entries where there are ${count}`);
  }
  if (counters?.[BLOOM_COUNTERS.DEAD] !== dead) {
    problems.add(`counts ${counters?.[BLOOM_COUNTERS.DEAD]} deleted entries where there are ${dead}`);
  }
  return problems.finish();
}
