// What is known of the chunks of one group (65,536 row ids, eight chunks) without reading their columns: rows, slots, and for each column
// NULLs, least and greatest value, and the sum of integers. Body: mask of chunks u8, then for each chunk rows, slots and bytes as varints,
// and for each column NULLs varint, tag u8, least, greatest, and 8 bytes of sum when bit 7 of the tag is set. Tags: 0 no value, 1 doubles,
// 2 i64, 3 texts (length varint, UTF-8), 4 a text below all and no upper bound. Bit 7 apart, both bounds have one tag.

import { invariant } from '../../errors.js';
import { ByteReader, ByteWriter } from '../../pages/bytes.js';
import type { PageCodec } from '../../pages/page.js';
import { comparator } from '../../values/order.js';
import { textBuffer } from '../../values/text-buffer.js';
import type { ScalarType, Value } from '../../values/types.js';

/** Of one column in one chunk. */
export interface Zone {
  readonly nulls: number;
  /** Least and greatest of the values that are not NULL; NULL when all are. */
  readonly low: Value;
  /** Undefined: not known, since it is long; `low` is then only a lower bound. */
  readonly high: Value | undefined;
  /** Of integers, where it can be told exactly. */
  readonly sum: number | undefined;
}

export interface ChunkZones {
  readonly rows: number;
  /** Slots up to the last row. */
  readonly length: number;
  /** Of the column pages, in memory. */
  readonly bytes: number;
  readonly columns: readonly Zone[];
}

export const CHUNKS_PER_GROUP = 8;
/** By chunk within the group; undefined where it has no row. */
export type ZonePage = (ChunkZones | undefined)[];

/** Characters of a text bound. */
const LONG = 64;

/** @param values one per slot; undefined where there is no row */
export function zoneOf(type: ScalarType, values: Iterable<Value | undefined>): Zone {
  const compare = comparator(type);
  let nulls = 0;
  let low: Value = null;
  let high: Value = null;
  let sum = 0;
  let exact = type === 'integer';
  for (const value of values) {
    if (value === undefined) continue;
    if (value === null) {
      nulls++;
      continue;
    }
    if (low === null || compare(value, low) < 0) low = value;
    if (high === null || compare(value, high) > 0) high = value;
    if (!exact) continue;
    exact = typeof value === 'number';
    if (exact) sum += value as number;
    exact &&= Number.isSafeInteger(sum);
  }
  const isLong = (text: Value) => typeof text === 'string' && text.length > LONG;
  if (isLong(low) || isLong(high)) return { nulls, low: head(low as string), high: undefined, sum: undefined };
  return { nulls, low, high, sum: exact ? sum : undefined };
}

/** The beginning of a text, which no text that begins with it precedes. */
function head(text: string): string {
  if (text.length <= LONG) return text;
  const unit = text.charCodeAt(LONG - 1);
  return text.slice(0, unit >= 0xd800 && unit < 0xdc00 ? LONG - 1 : LONG);
}

/** The zone with further values in it, as bounds: `nulls` may be too high, and there is no sum. */
export function widen(type: ScalarType, zone: Zone | undefined, values: readonly (Value | undefined)[]): Zone {
  const more = zoneOf(type, values);
  if (zone === undefined) return { ...more, sum: undefined };
  const compare = comparator(type);
  const pick = (a: Value, b: Value, sign: number) => (a === null || (b !== null && compare(b, a) * sign > 0) ? b : a);
  return {
    nulls: zone.nulls + more.nulls,
    low: pick(zone.low, more.low, -1),
    high: zone.high === undefined || more.high === undefined ? undefined : pick(zone.high, more.high, 1),
    sum: undefined,
  };
}

const SUM = 0x80;
const encoder = new TextEncoder();
const cell = new DataView(new ArrayBuffer(8));
const cellBytes = new Uint8Array(cell.buffer);

function writeDouble(writer: ByteWriter, value: number): void {
  cell.setFloat64(0, value, true);
  writer.bytes(cellBytes);
}

function writeZone(writer: ByteWriter, { nulls, low, high, sum }: Zone): void {
  const tag = low === null ? 0 : typeof low === 'string' ? (high === undefined ? 4 : 3) : isDouble(low, high) ? 1 : 2;
  writer.varint(nulls);
  writer.bytes(Uint8Array.of(tag | (sum === undefined ? 0 : SUM)));
  for (const bound of tag === 0 ? [] : tag === 4 ? [low] : [low, high!]) {
    if (tag === 1) writeDouble(writer, Number(bound));
    else if (tag === 2) {
      cell.setBigInt64(0, BigInt(bound as number | bigint), true);
      writer.bytes(cellBytes);
    } else {
      const bytes = encoder.encode(bound as string);
      writer.varint(bytes.length);
      writer.bytes(bytes);
    }
  }
  if (sum !== undefined) writeDouble(writer, sum);
}

function isDouble(low: Value, high: Value | undefined): boolean {
  return typeof low !== 'bigint' && typeof high !== 'bigint';
}

function readZone(reader: ByteReader, type: ScalarType): Zone {
  const nulls = reader.varint();
  const tag = reader.take(1)[0]!;
  const number = (): number => {
    cellBytes.set(reader.take(8));
    return cell.getFloat64(0, true);
  };
  const bound = (): Value => {
    switch (tag & ~SUM) {
      case 1: {
        const value = number();
        return type === 'boolean' ? value === 1 : value;
      }
      case 2: {
        cellBytes.set(reader.take(8));
        const value = cell.getBigInt64(0, true);
        return Number.isSafeInteger(Number(value)) ? Number(value) : value;
      }
      default: {
        const bytes = reader.take(reader.varint());
        return textBuffer(bytes).utf8Slice(0, bytes.length);
      }
    }
  };
  const kind = tag & ~SUM;
  invariant(kind <= 4, `a zone of form ${tag}`);
  const low = kind === 0 ? null : bound();
  const high = kind === 0 ? null : kind === 4 ? undefined : bound();
  return { nulls, low, high, sum: (tag & SUM) === 0 ? undefined : number() };
}

/** One per list of column types. */
export function zonePageCodec(types: readonly ScalarType[]): PageCodec<ZonePage> {
  return {
    name: 'column zones',
    encode(page) {
      const writer = new ByteWriter(1024);
      let mask = 0;
      for (let i = 0; i < CHUNKS_PER_GROUP; i++) if (page[i] !== undefined) mask |= 1 << i;
      writer.bytes(Uint8Array.of(mask));
      for (const chunk of page) {
        if (chunk === undefined) continue;
        writer.varint(chunk.rows);
        writer.varint(chunk.length);
        writer.varint(chunk.bytes);
        for (const zone of chunk.columns) writeZone(writer, zone);
      }
      return writer.finish();
    },
    decode(body) {
      const reader = new ByteReader(body);
      const mask = reader.take(1)[0]!;
      const page: ZonePage = Array.from({ length: CHUNKS_PER_GROUP }, (_, i) => {
        if ((mask & (1 << i)) === 0) return undefined;
        const [rows, length, bytes] = [reader.varint(), reader.varint(), reader.varint()];
        return { rows, length, bytes, columns: types.map((type) => readZone(reader, type)) };
      });
      invariant(reader.done, 'column zones of another length');
      return page;
    },
    copy: (page) => page.slice(),
    bytes: (page) => 150 + page.reduce((sum, chunk) => sum + (chunk === undefined ? 0 : 60 + types.length * 120), 0),
  };
}
