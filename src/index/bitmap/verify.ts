// Compares a bitmap index with the rows that it should hold, and checks the form of what it holds.

import type { PageReader } from '../../pages/page.js';
import { LightningError } from '../../errors.js';
import { compareBytes } from '../../values/bytes.js';
import type { Entry, VerifyProblem } from '../kind.js';
import type { Chunk } from '../row-set/index.js';
import { chunkOfBits, idsOf } from '../row-set/index.js';
import { Problems } from '../verify-entries.js';
import { BITMAP_COUNTERS, chunkNumber, INLINE_MAX, pageOf, statesLongValue } from './entries.js';
import type { BitmapEntries } from './entries.js';
import { formText, groupByValue } from './groups.js';
import { BITMAP_PAGE } from './page.js';

export function verifyBitmap(entries: BitmapEntries, reader: PageReader, rows: Iterable<Entry>): VerifyProblem[] {
  const problems = new Problems();
  for (const what of entries.tree.verify(reader)) problems.add(what);
  const expected = groupByValue(rows, entries.type);
  const byForm = expected.byForm();
  const seen = new Set<number>();
  const used = new Set<number>();
  let prefix: Uint8Array = new Uint8Array(0);
  let wanted = new Map<number, Chunk>();
  let counted = 0;
  const missing = () => {
    for (const chunk of wanted.values()) report(problems, 'misses', chunk, undefined);
    wanted = new Map();
  };
  for (const batch of entries.tree.scan(reader)) {
    for (let i = 0; i < batch.count; i++) {
      if (statesLongValue(batch, i)) {
        used.add(new DataView(batch.value(i).slice().buffer).getUint32(0, true));
        continue;
      }
      const own = batch.key(i).subarray(0, -2);
      if (compareBytes(own, prefix) !== 0) {
        missing();
        prefix = own;
        const number = byForm.get(textOf(entries, reader, own, problems));
        if (number !== undefined) {
          seen.add(number);
          wanted = new Map(expected.chunks(number).map((chunk) => [chunk.chunk, chunk]));
        }
      }
      const page = pageOf(batch.bytes, batch.keyEnd(i), batch.valueEnd(i));
      if (page >= 0) used.add(page);
      let chunk: Chunk;
      try {
        chunk = entries.chunk(reader, batch, i);
      } catch (error) {
        if (!(error instanceof LightningError) || error.kind !== 'corrupt') throw error;
        problems.add(error.message);
        continue;
      }
      if (chunk.bits !== undefined) {
        const found = chunkOfBits(chunk.chunk, chunk.bits);
        if (found.size !== chunk.size) problems.add(`a container counts ${chunk.size} rows where it has ${found.size}`);
        chunk = found;
      }
      counted += chunk.size;
      checkForm(chunk, page, problems);
      compare(chunk, wanted.get(chunkNumber(batch, i)), problems);
      wanted.delete(chunk.chunk);
    }
  }
  missing();
  for (let number = 0; number < expected.count; number++) {
    if (!seen.has(number)) for (const chunk of expected.chunks(number)) report(problems, 'misses', chunk, undefined);
  }
  const count = (name: string, held: number, found: number) => {
    if (held !== found) problems.add(`counts ${held} ${name} where there are ${found}`);
  };
  count('rows', entries.counter(reader, BITMAP_COUNTERS.ROWS), counted);
  if (expected.rows === counted) {
    count('values', entries.counter(reader, BITMAP_COUNTERS.DISTINCT), expected.count);
  }
  checkFree(entries, reader, used, problems);
  return problems.finish();
}

/** The form of a value under which groups are found. */
function textOf(entries: BitmapEntries, reader: PageReader, prefix: Uint8Array, problems: Problems): string {
  let form = prefix;
  if (prefix[0] === 0xfe) {
    const entry = entries.tree.get(reader, prefix);
    if (entry === undefined) {
      problems.add(`a long value (${Buffer.from(prefix).toString('hex')}) is nowhere written in full`);
      return '';
    }
    form = entries.longValue(reader, entry);
  }
  return formText(form);
}

function checkForm(chunk: Chunk, page: number, problems: Problems): void {
  const ids = chunk.ids ?? [];
  for (let i = 1; i < ids.length; i++) {
    if (ids[i]! <= ids[i - 1]!) {
      problems.add(`the ids of chunk ${chunk.chunk} do not ascend`);
      break;
    }
  }
  if (chunk.size === 0) problems.add(`an entry of chunk ${chunk.chunk} has no rows`);
  if (page < 0 && chunk.size > INLINE_MAX) problems.add(`an entry holds ${chunk.size} ids itself`);
}

function compare(found: Chunk, wanted: Chunk | undefined, problems: Problems): void {
  report(problems, 'has', found, wanted);
  if (wanted !== undefined) report(problems, 'misses', wanted, found);
}

/** Rows of one chunk that another one does not have. */
function report(problems: Problems, verb: 'has' | 'misses', chunk: Chunk, other: Chunk | undefined): void {
  const others = new Set(other && idsOf(other));
  const rows = [...idsOf(chunk)].filter((low) => !others.has(low));
  if (rows.length === 0) return;
  const first = chunk.chunk * 65536 + rows[0]!;
  const more = rows.length === 1 ? '' : ` and ${rows.length - 1} more`;
  problems.add(`a value ${verb} row ${first}${more}${verb === 'has' ? ', which does not have it' : ''}`);
}

/** Every page is a container, a long value or free, and in use once. */
function checkFree(entries: BitmapEntries, reader: PageReader, used: Set<number>, problems: Problems): void {
  let next = entries.counter(reader, BITMAP_COUNTERS.FREE_HEAD);
  let free = 0;
  while (next !== 0) {
    const page = next - 1;
    if (used.has(page)) {
      problems.add(`page ${page} is in use and free`);
      return;
    }
    used.add(page);
    const found = reader.page(entries.pages, page, BITMAP_PAGE);
    if (found.kind !== 'free') {
      problems.add(`page ${page} is listed as free and is not`);
      return;
    }
    free++;
    next = found.next;
  }
  if (free !== entries.counter(reader, BITMAP_COUNTERS.FREE_PAGES)) problems.add('the number of free pages is wrong');
  const pages = entries.counter(reader, BITMAP_COUNTERS.NEXT_PAGE);
  for (let page = 0; page < pages; page++) if (!used.has(page)) problems.add(`page ${page} belongs to no entry`);
}
