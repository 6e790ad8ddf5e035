// The row codec: what is written is read, whole or field by field, by generated code and by the loop alike.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SCALARS, nullable, seed, values } from './generators.js';
import { generatedDecoder, loopDecoder } from '../../src/values/row-decoder.js';
import {
  ByteView,
  ExternalValue,
  decodeLong,
  encodeLong,
  isVariable,
  rowCodec,
  tailSize,
} from '../../src/values/row.js';
import type { StoredValue } from '../../src/values/row.js';
import type { ScalarType, Value } from '../../src/values/types.js';

const types = fc.array(fc.constantFrom(...SCALARS), { maxLength: 20 });
const external = fc
  .tuple(fc.nat({ max: 0xffffffff }), fc.nat({ max: 0x3fffffff }))
  .map(([page, length]): StoredValue => new ExternalValue(page, length));
const stored = (type: ScalarType): fc.Arbitrary<StoredValue> =>
  isVariable(type)
    ? fc.oneof({ weight: 6, arbitrary: nullable(type) }, { weight: 1, arbitrary: external })
    : nullable(type);
const rows = types.chain((of) => fc.tuple(fc.constant(of), fc.tuple(...of.map(stored)), fc.nat({ max: 9 })));

/** Writes a row somewhere in a larger buffer, whose other bytes are noise. */
function place(of: readonly ScalarType[], row: readonly StoredValue[], offset: number): ByteView {
  const codec = rowCodec(of);
  const bytes = new Uint8Array(offset + codec.prepare(row) + 5).fill(0xee);
  expect(codec.encodeInto(row, bytes, offset)).toBe(bytes.length - 5);
  expect([...bytes.subarray(bytes.length - 5)]).toEqual([0xee, 0xee, 0xee, 0xee, 0xee]);
  return new ByteView(bytes);
}

describe('rows', () => {
  test('every value is read back, by every way of reading', () => {
    fc.assert(
      fc.property(rows, ([of, row, offset]) => {
        const source = place(of, row, offset);
        const codec = rowCodec(of);
        expect(codec.decode(source, offset)).toEqual(row);
        expect(rowCodec(of, { generate: false }).decode(source, offset)).toEqual(row);
        expect(of.map((_, i) => codec.field(source, offset, i))).toEqual(row);
        expect(of.map((_, i) => codec.reader(i)(source, offset))).toEqual(row);
        expect(codec.hasExternal(source, offset)).toBe(row.some((v) => v instanceof ExternalValue));
        expect([...codec.encode(row)]).toEqual([...source.bytes.subarray(offset, source.bytes.length - 5)]);
      }),
      { numRuns: 3_000, seed },
    );
  });

  test('rows written with fewer columns read the missing ones as undefined', () => {
    fc.assert(
      fc.property(rows, types, ([of, row, offset], later) => {
        const source = place(of, row, offset);
        const wide = [...of, ...later];
        for (const generate of [true, false]) {
          const codec = rowCodec(wide, { generate });
          expect(codec.decode(source, offset)).toEqual(row);
          wide.forEach((_, i) => expect(codec.field(source, offset, i)).toEqual(row[i]));
          wide.forEach((_, i) => expect(codec.reader(i)(source, offset)).toEqual(row[i]));
        }
      }),
      { numRuns: 1_000, seed },
    );
  });

  test('generated and looping decoders are different functions with one answer', () => {
    const of: ScalarType[] = ['integer', 'text'];
    const generated = generatedDecoder(of)!;
    expect(generated.toString()).toContain('decodeRow');
    const source = new ByteView(rowCodec(of).encode([2n ** 60n, 'é😀']));
    expect(generated(source, 0)).toEqual(loopDecoder(of)(source, 0));
  });

  test('where code generation is forbidden, no decoder is generated', () => {
    // EvalError is what Node throws under --disallow-code-generation-from-strings.
    const run = spawnSync(
      process.execPath,
      [
        '--disallow-code-generation-from-strings',
        '-e',
        'try { new Function("") } catch (e) { console.log(e instanceof EvalError) }',
      ],
      { encoding: 'utf8' },
    );
    expect(run.stdout.trim()).toBe('true');
    const real = globalThis.Function;
    globalThis.Function = function refuse() {
      throw new EvalError('Code generation from strings disallowed for this context');
    } as unknown as FunctionConstructor;
    try {
      expect(generatedDecoder(['integer'])).toBeUndefined();
      const codec = rowCodec(['integer', 'text']);
      expect(codec.decode(new ByteView(codec.encode([1, 'a'])), 0)).toEqual([1, 'a']);
    } finally {
      globalThis.Function = real;
    }
  });

  test('long text of every kind, and more than the shared buffer holds', () => {
    const codec = rowCodec(['text', 'blob', 'text']);
    for (const n of [0, 1, 3, 4, 7, 8, 15, 16, 47, 48, 49, 5_000, 100_000]) {
      const row: Value[] = ['x'.repeat(n), new Uint8Array(n).fill(7), 'é'.repeat(n) + '😀'];
      expect(codec.decode(new ByteView(codec.encode(row)), 0)).toEqual(row);
    }
  });

  test('a decoded blob does not alias the page', () => {
    const codec = rowCodec(['blob']);
    const source = new ByteView(codec.encode([new Uint8Array([1, 2, 3])]));
    const [blob] = codec.decode(source, 0);
    source.bytes.fill(0);
    expect(blob).toEqual(new Uint8Array([1, 2, 3]));
    expect(Object.getPrototypeOf(blob)).toBe(Uint8Array.prototype);
  });

  test('tailSize bounds the tail, and long values come back', () => {
    for (const type of SCALARS) {
      const codec = rowCodec([type]);
      const base = codec.encode([null]).length;
      fc.assert(
        fc.property(values[type], (value) => {
          expect(codec.encode([value]).length).toBeLessThanOrEqual(base + tailSize(value, type));
          if (isVariable(type)) expect(decodeLong(encodeLong(value, type), type)).toEqual(value);
        }),
        { seed },
      );
    }
  });

  test('a wrong number of values, or a target without room, is refused', () => {
    const codec = rowCodec(['integer']);
    expect(() => codec.encode([])).toThrow(/one value for each column/);
    expect(() => codec.encodeInto([1], new Uint8Array(4), 0)).toThrow(/has room/);
    expect(() => codec.encode([new ExternalValue(1, 1)])).toThrow(/out of line/);
  });
});
