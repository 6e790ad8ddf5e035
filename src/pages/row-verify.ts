// Checks the rows of a table against its live ids, its counters and its long values.

import { LightningError } from '../errors.js';
import { ExternalValue } from '../values/row.js';
import { CHUNK_ROWS } from './live-rows.js';
import type { PageReader } from './page.js';
import { ROW_PAGE } from './row-page.js';
import { ROW_COUNTERS } from './row-pages.js';
import type { RowPages } from './row-pages.js';

const MOST = 20;

export function verifyRows(rows: RowPages, reader: PageReader): string[] {
  const problems: string[] = [];
  const { spaces, codec, shift } = rows;
  const slots = 1 << shift;
  const longPages = new Set<number>();
  let count = 0;
  let bytes = 0;
  let last = -1;

  function tell(what: string): void {
    if (problems.length < MOST) problems.push(what);
  }

  function attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof LightningError) || (error.kind !== 'corrupt' && error.kind !== 'bug')) throw error;
      tell(error.message);
    }
  }

  function visit(first: number, isLive: (slot: number) => boolean): void {
    const page = reader.page(spaces.rows, Math.floor(first / slots), ROW_PAGE);
    for (let slot = 0; slot < slots; slot++) {
      const there = page.lengths[slot]! > 0;
      if (there !== isLive(slot)) {
        tell(`row ${first + slot} of space ${spaces.rows} is ${there ? 'stored and not live' : 'live and not stored'}`);
      }
      if (!there) continue;
      count++;
      bytes += page.lengths[slot]!;
      last = first + slot;
      for (const [ordinal, value] of codec.decode(page.source, page.starts[slot]!).entries()) {
        if (!(value instanceof ExternalValue)) continue;
        if (longPages.has(value.page)) tell(`two rows of space ${spaces.rows} share the long value ${value.page}`);
        longPages.add(value.page);
        attempt(() => rows.long(reader, value, codec.types[ordinal]!));
      }
    }
  }

  attempt(() => {
    for (const chunk of rows.chunks(reader)) {
      attempt(() => {
        const live = rows.chunk(reader, chunk)!;
        if (live.count === 0) tell(`chunk ${chunk} of space ${spaces.live} is empty`);
        for (let first = 0; first < CHUNK_ROWS; first += slots) {
          if ((live.low(first, shift) | live.high(first, shift)) === 0) {
            if (reader.find(spaces.rows, Math.floor((chunk * CHUNK_ROWS + first) / slots), ROW_PAGE) !== undefined) {
              tell(`a row page of space ${spaces.rows} has no live row, from ${chunk * CHUNK_ROWS + first} on`);
            }
            continue;
          }
          attempt(() => visit(chunk * CHUNK_ROWS + first, (slot) => live.has(first + slot)));
        }
      });
    }
    const counters = reader.counters(spaces.rows);
    if (counters === undefined) {
      tell(`space ${spaces.rows} has no counters, and so no rows`);
      return;
    }
    if (counters[ROW_COUNTERS.ROWS] !== count) {
      tell(`space ${spaces.rows} counts ${counters[ROW_COUNTERS.ROWS]} rows and has ${count}`);
    }
    if (counters[ROW_COUNTERS.BYTES] !== bytes) {
      tell(`space ${spaces.rows} counts ${counters[ROW_COUNTERS.BYTES]} bytes of rows and has ${bytes}`);
    }
    if (counters[ROW_COUNTERS.NEXT_ID]! <= last) tell(`row ${last} of space ${spaces.rows} is above the greatest id`);
  });
  return problems;
}
