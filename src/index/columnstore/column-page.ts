// A column of a chunk as bytes, numbers little-endian. Body: form u8, then
//   1 numbers  width u8 (1, 2, 4: whole; 8: double), slots u16, 1 when a NULL bitmap follows (u32 words), the numbers
//   2 booleans slots u16, a code each (0 NULL, 1 false, 2 true)
//   3 codes    width u8 (1, 2), slots u16, entries varint, each entry's UTF-16 length varint, all entries as one UTF-8 text, the codes
//   4 texts    slots u16, each slot's UTF-16 length + 1 varint (0: NULL), all as one UTF-8 text
//   5 integers slots u16, a NULL bitmap, each as i64: where some lie beyond 2^53

import { invariant } from '../../errors.js';
import { ByteReader, ByteWriter } from '../../pages/bytes.js';
import type { PageCodec } from '../../pages/page.js';
import type { CodeVector, ColumnVector, NumberVector } from '../../values/column-vector.js';
import { textBuffer } from '../../values/text-buffer.js';
import type { Value } from '../../values/types.js';
import { BOOLEANS, makeNumbers, vectorBytes } from './vector.js';

const NUMBERS = 1;
const BOOLEAN_CODES = 2;
const CODES = 3;
const TEXTS = 4;
const INTEGERS = 5;

const encoder = new TextEncoder();

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function encode(vector: ColumnVector): Uint8Array {
  const writer = new ByteWriter(1024);
  switch (vector.kind) {
    case 'numbers':
      header(writer, [NUMBERS, vector.values.BYTES_PER_ELEMENT], vector.values.length);
      writer.bytes(Uint8Array.of(vector.nulls === undefined ? 0 : 1));
      if (vector.nulls !== undefined) writer.bytes(bytesOf(vector.nulls));
      writer.bytes(bytesOf(vector.values));
      return writer.finish();
    case 'codes':
      if (vector.dictionary === BOOLEANS) {
        header(writer, [BOOLEAN_CODES], vector.codes.length);
      } else {
        header(writer, [CODES, vector.codes.BYTES_PER_ELEMENT], vector.codes.length);
        writer.varint(vector.dictionary.length - 1);
        const texts = vector.dictionary.slice(1) as string[];
        for (const text of texts) writer.varint(text.length);
        writer.bytes(encoder.encode(texts.join('')));
      }
      writer.bytes(bytesOf(vector.codes));
      return writer.finish();
    case 'values': {
      const { values } = vector;
      if (values.some((value) => typeof value === 'bigint')) {
        header(writer, [INTEGERS], values.length);
        const nulls = new Uint32Array((values.length + 31) >>> 5);
        const numbers = new BigInt64Array(values.length);
        values.forEach((value, i) => {
          if (value === null) nulls[i >>> 5]! |= 1 << (i & 31);
          else numbers[i] = BigInt(value as number | bigint);
        });
        writer.bytes(bytesOf(nulls));
        writer.bytes(bytesOf(numbers));
        return writer.finish();
      }
      header(writer, [TEXTS], values.length);
      const texts = values as readonly (string | null)[];
      for (const text of texts) writer.varint(text === null ? 0 : text.length + 1);
      writer.bytes(encoder.encode(texts.join('')));
      return writer.finish();
    }
  }
}

function header(writer: ByteWriter, bytes: readonly number[], slots: number): void {
  writer.bytes(Uint8Array.of(...bytes, slots & 0xff, slots >>> 8));
}

function decode(body: Uint8Array): ColumnVector {
  const form = body[0];
  switch (form) {
    case NUMBERS:
      return decodeNumbers(body);
    case BOOLEAN_CODES: {
      const codes = copyOf(body, 3);
      invariant(codes.length === slotsAt(body, 1) && codes.every((code) => code <= 2), 'booleans of another number');
      return { kind: 'codes', codes, dictionary: BOOLEANS };
    }
    case CODES:
      return decodeCodes(body);
    case TEXTS: {
      const reader = new ByteReader(body);
      reader.at = 3;
      const lengths = Array.from({ length: slotsAt(body, 1) }, () => reader.varint());
      const all = textBuffer(body).utf8Slice(reader.at, body.length);
      let at = 0;
      const values = lengths.map((length): Value => (length === 0 ? null : all.slice(at, (at += length - 1))));
      invariant(at === all.length, 'texts of another length');
      return { kind: 'values', values };
    }
    default:
      invariant(form === INTEGERS, `a column page of form ${form}`);
      return decodeIntegers(body);
  }
}

/** In memory of its own, which `slice` of a Buffer is not. */
function copyOf(body: Uint8Array, start: number, end?: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(body.subarray(start, end));
}

function slotsAt(body: Uint8Array, at: number): number {
  return body[at]! | (body[at + 1]! << 8);
}

function decodeNumbers(body: Uint8Array): NumberVector {
  const slots = slotsAt(body, 2);
  const words = body[4] === 1 ? (slots + 31) >>> 5 : 0;
  const values = makeNumbers(body[1]!, slots);
  const start = 5 + words * 4;
  invariant(body.length === start + values.byteLength, 'numbers of another number');
  bytesOf(values).set(body.subarray(start));
  if (words === 0) return { kind: 'numbers', values, nulls: undefined };
  return { kind: 'numbers', values, nulls: new Uint32Array(copyOf(body, 5, start).buffer) };
}

function decodeCodes(body: Uint8Array): CodeVector {
  const [width, slots] = [body[1]!, slotsAt(body, 2)];
  const reader = new ByteReader(body);
  reader.at = 4;
  const lengths = Array.from({ length: reader.varint() }, () => reader.varint());
  const end = body.length - slots * width;
  invariant(end >= reader.at && (width === 1 || width === 2), 'codes of another number');
  const all = textBuffer(body).utf8Slice(reader.at, end);
  let at = 0;
  const dictionary: Value[] = [null];
  for (const length of lengths) dictionary.push(all.slice(at, (at += length)));
  const bytes = copyOf(body, end);
  const codes = width === 1 ? bytes : new Uint16Array(bytes.buffer);
  invariant(at === all.length && codes.every((code) => code < dictionary.length), 'a dictionary of another length');
  return { kind: 'codes', codes, dictionary };
}

function decodeIntegers(body: Uint8Array): ColumnVector {
  const slots = slotsAt(body, 1);
  const start = 3 + ((slots + 31) >>> 5) * 4;
  invariant(body.length === start + slots * 8, 'integers of another number');
  const nulls = new Uint32Array(copyOf(body, 3, start).buffer);
  const values = Array.from(new BigInt64Array(copyOf(body, start).buffer), (value, i): Value => {
    if ((nulls[i >>> 5]! & (1 << (i & 31))) !== 0) return null;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  });
  return { kind: 'values', values };
}

export const COLUMN_PAGE: PageCodec<ColumnVector> = {
  name: 'column chunk',
  encode,
  decode,
  // Vectors are replaced, never changed.
  copy: (vector) => vector,
  bytes: vectorBytes,
};
