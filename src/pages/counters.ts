// Counters of structures, in space 0: one page per group with the numbers of all its structures, and a directory from space to group.
// A structure keeps its group for life, so that where its numbers lie is remembered across snapshots and checked at each use.

import { invariant } from '../errors.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { corrupt } from './page-format.js';
import { COUNTER_SLOTS } from './page.js';
import type { Counters, PageCodec, PageReader, PageWriter } from './page.js';

/** Page number of the directory's first page; the pages of groups lie below. Page 0 of space 0 is the commit record's address. */
const DIRECTORY = 0x8000_0000;
const DIRECTORY_BITS = 8;
const DIRECTORY_SPACES = 1 << DIRECTORY_BITS;

interface CounterPage {
  readonly spaces: number[];
  readonly values: Counters[];
  /** Whether this version of the page alone holds the numbers; otherwise they are copied before a change. */
  readonly own: boolean[];
}

const COUNTERS: PageCodec<CounterPage> = {
  name: 'counter page',
  encode(page) {
    const writer = new ByteWriter(1024);
    writer.varint(page.spaces.length);
    page.spaces.forEach((space, i) => {
      const numbers = page.values[i]!;
      let used = COUNTER_SLOTS;
      while (used > 0 && numbers[used - 1] === 0) used--;
      writer.varint(space);
      writer.varint(used);
      writer.bytes(new Uint8Array(numbers.buffer, 0, used * 8));
    });
    return writer.finish();
  },
  decode(body) {
    const reader = new ByteReader(body);
    const page: CounterPage = { spaces: [], values: [], own: [] };
    for (let n = reader.varint(); n > 0; n--) {
      page.spaces.push(reader.varint());
      const numbers = new Float64Array(COUNTER_SLOTS);
      const used = reader.varint();
      invariant(used <= COUNTER_SLOTS, 'too many counters');
      new Uint8Array(numbers.buffer).set(reader.take(used * 8));
      page.values.push(numbers);
      page.own.push(false);
    }
    return page;
  },
  copy: (page) => ({ spaces: page.spaces.slice(), values: page.values.slice(), own: page.own.map(() => false) }),
  bytes: (page) => 100 + page.spaces.length * (COUNTER_SLOTS * 8 + 120),
};

const SPACE_DIRECTORY: PageCodec<Uint32Array> = {
  name: 'space directory',
  encode: (groups) => new Uint8Array(groups.buffer, groups.byteOffset, groups.byteLength),
  decode: (body) => {
    invariant(body.length === DIRECTORY_SPACES * 4, 'a space directory of another size');
    return new Uint32Array(new Uint8Array(body).buffer);
  },
  copy: (groups) => groups.slice(),
  bytes: (groups) => 100 + groups.byteLength,
};

/** Where the numbers of each space were last found. */
export class CounterMemo {
  readonly groups: number[] = [];
  readonly slots: number[] = [];
}

export function readCounters(reader: PageReader, memo: CounterMemo, space: number): Counters | undefined {
  const group = memo.groups[space];
  if (group !== undefined) {
    const page = reader.find(0, group, COUNTERS);
    const slot = memo.slots[space]!;
    if (page !== undefined && page.spaces[slot] === space) return page.values[slot];
  }
  const found = locate(reader, memo, space);
  return found === undefined ? undefined : reader.page(0, found.group, COUNTERS).values[found.slot];
}

export function changeCounters(writer: PageWriter, memo: CounterMemo, space: number): Counters {
  const group = memo.groups[space];
  if (group !== undefined && writer.find(0, group, COUNTERS)?.spaces[memo.slots[space]!] === space) {
    return ownNumbers(writer.change(0, group, COUNTERS), memo.slots[space]!);
  }
  const found = locate(writer, memo, space);
  invariant(found !== undefined, `space ${space} has no counters`);
  return ownNumbers(writer.change(0, found.group, COUNTERS), found.slot);
}

export function createCounters(writer: PageWriter, memo: CounterMemo, space: number, group: number): Counters {
  invariant(group > 0 && group < DIRECTORY, `${group} is no counter group`);
  invariant(locate(writer, memo, space) === undefined, `space ${space} has counters already`);
  const address = DIRECTORY + (space >>> DIRECTORY_BITS);
  if (writer.find(0, address, SPACE_DIRECTORY) === undefined) {
    writer.put(0, address, SPACE_DIRECTORY, new Uint32Array(DIRECTORY_SPACES));
  }
  writer.change(0, address, SPACE_DIRECTORY)[space & (DIRECTORY_SPACES - 1)] = group;
  if (writer.find(0, group, COUNTERS) === undefined) {
    writer.put(0, group, COUNTERS, { spaces: [], values: [], own: [] });
  }
  const page = writer.change(0, group, COUNTERS);
  const numbers = new Float64Array(COUNTER_SLOTS);
  page.spaces.push(space);
  page.values.push(numbers);
  page.own.push(true);
  return numbers;
}

export function dropCounters(writer: PageWriter, memo: CounterMemo, space: number): void {
  const found = locate(writer, memo, space);
  if (found === undefined) return;
  const address = DIRECTORY + (space >>> DIRECTORY_BITS);
  writer.change(0, address, SPACE_DIRECTORY)[space & (DIRECTORY_SPACES - 1)] = 0;
  const page = writer.change(0, found.group, COUNTERS);
  page.spaces.splice(found.slot, 1);
  page.values.splice(found.slot, 1);
  page.own.splice(found.slot, 1);
  if (page.spaces.length === 0) writer.drop(0, found.group);
}

function ownNumbers(page: CounterPage, slot: number): Counters {
  if (page.own[slot] !== true) {
    page.values[slot] = page.values[slot]!.slice();
    page.own[slot] = true;
  }
  return page.values[slot]!;
}

function locate(reader: PageReader, memo: CounterMemo, space: number): { group: number; slot: number } | undefined {
  const directory = reader.find(0, DIRECTORY + (space >>> DIRECTORY_BITS), SPACE_DIRECTORY);
  const group = directory?.[space & (DIRECTORY_SPACES - 1)] ?? 0;
  if (group === 0) return undefined;
  const slot = reader.page(0, group, COUNTERS).spaces.indexOf(space);
  if (slot < 0) throw corrupt(0, group, COUNTERS.name, `lacks the counters of space ${space}`);
  memo.groups[space] = group;
  memo.slots[space] = slot;
  return { group, slot };
}
