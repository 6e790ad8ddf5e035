// Store suite: random operations against a sorted map, with snapshots held open across commits and rollbacks. Every run of a seed is
// the same; a failure names its seed.

import assert from 'node:assert/strict';
import type { Range, Reader, Snapshot, Writer } from '../kv/store.js';
import { bytes, entries, keys, reading, storeCase, text } from './store-fixture.js';
import type { StoreCase } from './store-fixture.js';

type Model = ReadonlyMap<string, string>;

/** Numbers from 0 to n - 1. Source: Steele and Vigna, SplitMix32 as in `java.util.SplittableRandom`. */
function randomFrom(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % n;
  };
}

function expected(
  model: Model,
  low: string | undefined,
  high: string | undefined,
  reverse: boolean,
): [string, string][] {
  const inside = [...model].filter(([key]) => (low === undefined || key >= low) && (high === undefined || key < high));
  inside.sort(([a], [b]) => (a < b ? -1 : 1));
  return reverse ? inside.reverse() : inside;
}

/** Keys of latin1 text, so that text order is byte order. */
function randomKey(random: (n: number) => number, spread: number): string {
  const number = random(spread);
  const prefix = String.fromCharCode(number % 5 === 0 ? 0 : number % 5 === 1 ? 255 : 97 + (number % 5));
  return prefix.repeat(1 + (number % 3)) + number.toString(36);
}

function latin(value: string): Uint8Array {
  return Uint8Array.from(value, (letter) => letter.charCodeAt(0));
}

function check(reader: Reader, model: Model, random: (n: number) => number, spread: number): void {
  const low = random(3) === 0 ? undefined : randomKey(random, spread);
  const high = random(3) === 0 ? undefined : randomKey(random, spread);
  const reverse = random(2) === 0;
  const batchSize = [1, 2, 7, 64, undefined][random(5)];
  const range: Range = {
    gte: low === undefined ? undefined : latin(low),
    lt: high === undefined ? undefined : latin(high),
    reverse,
  };
  const wanted = expected(model, low, high, reverse);
  assert.deepEqual(entries(reader, range, batchSize), wanted);
  assert.deepEqual(
    keys(reader, range, batchSize),
    wanted.map(([key]) => key),
  );
  const asked = Array.from({ length: 5 }, () => randomKey(random, spread));
  for (const key of asked) assert.equal(text(reader.get(latin(key))), model.get(key));
  assert.deepEqual(
    reader.getMany(asked.map(latin)).map(text),
    asked.map((key) => model.get(key)),
  );
}

function change(
  writer: Writer,
  model: Map<string, string>,
  random: (n: number) => number,
  spread: number,
  bias: number,
): void {
  const key = randomKey(random, spread);
  if (random(10) < bias) {
    assert.equal(writer.delete(latin(key)), model.delete(key));
    return;
  }
  const size = random(12) === 0 ? random(9_000) : random(60);
  const value = String.fromCharCode(random(256)).repeat(size);
  writer.put(latin(key), latin(value));
  model.set(key, value);
}

function run(seed: number): StoreCase {
  return storeCase(`random operations agree with a sorted map (seed ${seed})`, (store) => {
    const random = randomFrom(seed);
    const spread = 50 + random(1_500);
    let model: Map<string, string> = new Map();
    const held: { readonly snapshot: Snapshot; readonly model: Model }[] = [];
    for (let step = 0; step < 60; step++) {
      const next = new Map(model);
      const rollBack = random(5) === 0;
      const bias = step % 20 < 12 ? 2 : 8;
      try {
        store.write((writer) => {
          for (let i = random(80); i >= 0; i--) change(writer, next, random, spread, bias);
          check(writer, next, random, spread);
          for (const { snapshot, model: version } of held) check(snapshot, version, random, spread);
          reading(store, (reader) => check(reader, model, random, spread));
          if (rollBack) throw new Error('roll back');
        });
        model = next;
      } catch (error) {
        if (!rollBack || !(error instanceof Error) || error.message !== 'roll back') throw error;
      }
      if (random(3) === 0) held.push({ snapshot: store.snapshot(), model });
      if (held.length > 4) held.splice(random(held.length), 1)[0]?.snapshot.close();
      for (const { snapshot, model: version } of held) check(snapshot, version, random, spread);
      reading(store, (reader) => check(reader, model, random, spread));
      assert.equal(store.stats().entries, model.size);
    }
    for (const { snapshot } of held) snapshot.close();
    store.write((writer) => {
      for (const key of model.keys()) assert.equal(writer.delete(latin(key)), true);
    });
    reading(store, (reader) => assert.deepEqual(entries(reader), []));
    store.write((writer) => writer.put(bytes('again'), bytes('1')));
    reading(store, (reader) => assert.deepEqual(entries(reader), [['again', '1']]));
  });
}

export function storeModel(): StoreCase[] {
  return [1, 2, 3, 4, 5, 6].map(run);
}
