// The key codec: byte order is value order, whatever the parts; every value comes back; hashes agree with equality.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SCALARS, nullable, seed, text, values } from './generators.js';
import {
  compareByteRanges,
  compareBytes,
  copyBytes,
  decodeKey,
  encodeKey,
  hashBytes,
  hashValue,
  successor,
} from '../../src/values/key.js';
import { KeyReader, KeyWriter } from '../../src/values/key.js';
import type { KeyPart } from '../../src/values/key.js';
import { comparator, equalValues } from '../../src/values/order.js';
import type { ScalarType, Value } from '../../src/values/types.js';
import type { LightningError } from '../../src/errors.js';

const part = fc.record({
  type: fc.constantFrom(...SCALARS),
  desc: fc.option(fc.boolean(), { nil: undefined }),
  nullsFirst: fc.option(fc.boolean(), { nil: undefined }),
});
const parts = fc.array(part, { minLength: 1, maxLength: 4 });
const tuple = (of: readonly KeyPart[]): fc.Arbitrary<Value[]> => fc.tuple(...of.map((p) => nullable(p.type)));

function compareTuples(a: readonly Value[], b: readonly Value[], of: readonly KeyPart[]): number {
  for (let i = 0; i < of.length; i++) {
    const c = comparator(of[i]!.type, of[i])(a[i]!, b[i]!);
    if (c !== 0) return Math.sign(c);
  }
  return 0;
}

describe('keys', () => {
  test('byte order is value order over composite keys', () => {
    let equal = 0;
    fc.assert(
      fc.property(
        parts.chain((of) => fc.tuple(fc.constant(of), tuple(of), tuple(of), fc.nat({ max: 4 }))),
        ([of, a, random, shared]) => {
          // Share a beginning often, so that later parts decide.
          const b = random.map((v, i) => (i < shared && of.length > 1 ? a[i]! : v));
          const c = compareTuples(a, b, of);
          if (c === 0) equal++;
          expect(Math.sign(compareBytes(encodeKey(a, of), encodeKey(b, of)))).toBe(c);
        },
      ),
      { numRuns: 12_000, seed },
    );
    expect(equal).toBeGreaterThan(50);
  });

  test.each(SCALARS)('byte order is value order for every pair of many %s values', (type) => {
    const sample = fc.sample(values[type], { numRuns: 120, seed });
    for (const desc of [false, true]) {
      const compare = comparator(type, { desc });
      const keys = sample.map((v) => encodeKey([v], [{ type, desc }]));
      for (let i = 0; i < sample.length; i++) {
        for (let j = 0; j < sample.length; j++) {
          if (Math.sign(compareBytes(keys[i]!, keys[j]!)) !== Math.sign(compare(sample[i]!, sample[j]!))) {
            expect.fail(`${type} ${desc ? 'desc' : 'asc'}: ${String(sample[i])} and ${String(sample[j])}`);
          }
        }
      }
    }
  });

  test('keys decode to equal values, piece by piece, with skips and a row id', () => {
    fc.assert(
      fc.property(
        parts.chain((of) => fc.tuple(fc.constant(of), tuple(of), fc.nat({ max: 0xffffffff }), fc.nat({ max: 15 }))),
        ([of, row, rowId, skips]) => {
          const writer = new KeyWriter(4);
          writer.addBytes(new Uint8Array([9]));
          of.forEach((p, i) => writer.add(row[i]!, p.type, p.desc, p.nullsFirst));
          const bytes = writer.addRowId(rowId).finish();
          expect(decodeKey(bytes.subarray(1), of).every((v, i) => equalValues(v, row[i]!, of[i]!.type))).toBe(true);
          const reader = new KeyReader(bytes, 1);
          of.forEach((p, i) => {
            if ((skips >> i) & 1) reader.skip(p.type, p.desc);
            else expect(equalValues(reader.value(p.type, p.desc), row[i]!, p.type)).toBe(true);
          });
          expect(reader.rowId()).toBe(rowId);
          expect(reader.remaining).toBe(0);
        },
      ),
      { numRuns: 6_000, seed },
    );
  });

  test('small integers take one byte, a short text its length and one', () => {
    const size = (value: Value, type: ScalarType): number => encodeKey([value], [{ type }]).length;
    expect([0, 111, -112, 112, -113, 65535, 65536, 2 ** 53 - 1].map((n) => size(n, 'integer'))).toEqual([
      1, 1, 1, 2, 2, 3, 4, 8,
    ]);
    expect(size(2n ** 63n - 1n, 'integer')).toBe(9);
    expect(size('Oslo', 'text')).toBe(5);
  });

  test('integers come back as a number exactly in the safe range', () => {
    for (const n of [2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
      expect(decodeKey(encodeKey([n], [{ type: 'integer' }]), [{ type: 'integer' }])).toEqual([n]);
    }
    expect(encodeKey([7n], [{ type: 'integer' }])).toEqual(encodeKey([7], [{ type: 'integer' }]));
  });

  test('a text prefix bounds exactly the texts that begin with it', () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (prefix, other, desc) => {
        const low = new KeyWriter().addTextPrefix(prefix, desc).finish();
        const high = successor(low);
        for (const t of [other, prefix + other, prefix]) {
          const key = encodeKey([t], [{ type: 'text', desc }]);
          const inside = compareBytes(key, low) >= 0 && (high === undefined || compareBytes(key, high) < 0);
          if (prefix !== '') expect(inside).toBe(t.startsWith(prefix));
        }
      }),
      { numRuns: 3_000, seed },
    );
  });

  test('successor is the least key above every key with the prefix', () => {
    expect(successor(new Uint8Array([]))).toBeUndefined();
    expect(successor(new Uint8Array([255, 255]))).toBeUndefined();
    expect(successor(new Uint8Array([1, 255]))).toEqual(new Uint8Array([2]));
    expect(successor(new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 3]));
    const given = Buffer.from([1, 2]);
    successor(given);
    expect([...given]).toEqual([1, 2]);
  });

  test('comparisons of bytes agree with the native one, short and long', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ minLength: 90, maxLength: 120 }));
    fc.assert(
      fc.property(bytes, bytes, bytes, (head, x, y) => {
        for (const [a, b] of [
          [x, y],
          [Buffer.concat([head, x]), Buffer.concat([head, y])],
        ] as const) {
          const want = Buffer.compare(a, b);
          expect(Math.sign(compareBytes(a, b))).toBe(want);
          expect(Math.sign(compareByteRanges(a, 0, a.length, b, 0, b.length))).toBe(want);
        }
      }),
      { numRuns: 2_000, seed },
    );
  });

  test('broken keys are corrupt, never a wrong value without end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.constantFrom(...SCALARS), fc.boolean(), (bytes, type, desc) => {
        if (type === 'geometry') return;
        try {
          const reader = new KeyReader(bytes);
          reader.value(type, desc);
          expect(reader.remaining).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect((error as LightningError).code).toBe('CORRUPT');
        }
      }),
      { numRuns: 3_000, seed },
    );
  });
});

describe('copies of bytes', () => {
  test('none overlaps another, whatever their sizes', () => {
    const copies: Uint8Array[] = [];
    for (let i = 0; i < 3_000; i++) copies.push(copyBytes(new Uint8Array(((i * 37) % 1_300) + 1).fill(i & 0xff)));
    copies.forEach((copy, i) => {
      expect(copy.length).toBe(((i * 37) % 1_300) + 1);
      expect(copy.every((b) => b === (i & 0xff))).toBe(true);
    });
    expect([...copyBytes(new Uint8Array([1, 2, 3, 4]), 1, 3)]).toEqual([2, 3]);
  });
});

describe('hashes', () => {
  test('the high half is MurmurHash3_x86_32 (vectors of SMHasher and its ports)', () => {
    const hi = (s: string): number => hashBytes(Buffer.from(s)).hi;
    expect(hi('')).toBe(0);
    expect(hi('test')).toBe(0xba6bd213);
    expect(hi('Hello, world!')).toBe(0xc0363e43);
    expect(hi('The quick brown fox jumps over the lazy dog')).toBe(0x2e4ff723);
  });

  test('equal values hash alike, and a range hashes as its copy', () => {
    expect(hashValue(-0, 'real')).toEqual(hashValue(0, 'real'));
    expect(hashValue(12n, 'integer')).toEqual(hashValue(12, 'integer'));
    expect(hashValue(new Float64Array(new BigUint64Array([0x7ff8000000000001n]).buffer)[0]!, 'real')).toEqual(
      hashValue(NaN, 'real'),
    );
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat({ max: 5 }), (bytes, n) => {
        expect(hashBytes(bytes, n, Math.max(n, bytes.length))).toEqual(
          hashBytes(bytes.slice(n, Math.max(n, bytes.length))),
        );
      }),
      { seed },
    );
  });

  test('halves are spread and independent: no 64-bit collision, few in either half, over 200,000 keys', () => {
    const n = 200_000;
    const hi = new Set<number>();
    const lo = new Set<number>();
    const both = new Set<bigint>();
    for (let i = 0; i < n; i++) {
      const h = hashValue(i * 7, 'integer');
      hi.add(h.hi);
      lo.add(h.lo);
      both.add((BigInt(h.hi) << 32n) | BigInt(h.lo));
    }
    expect(both.size).toBe(n);
    // Expected collisions in a half: n^2 / 2^33 = 4.7.
    expect(hi.size).toBeGreaterThan(n - 40);
    expect(lo.size).toBeGreaterThan(n - 40);
  });
});
