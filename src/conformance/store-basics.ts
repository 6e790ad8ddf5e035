// Store suite: reading and writing bytes, order, ranges, batches, limits, lifetimes.

import assert from 'node:assert/strict';
import { bytes, entries, fill, keys, reading, refused, storeCase, text } from './store-fixture.js';
import type { StoreCase } from './store-fixture.js';

export function storeBasics(): StoreCase[] {
  return [
    storeCase('an empty store has nothing', (store) => {
      reading(store, (reader) => {
        assert.equal(reader.get(bytes('a')), undefined);
        assert.deepEqual(reader.getMany([bytes('a'), bytes('b')]), [undefined, undefined]);
        assert.deepEqual(entries(reader), []);
        assert.deepEqual(entries(reader, { reverse: true }), []);
      });
      assert.equal(store.stats().entries, 0);
    }),

    storeCase('put, replace and delete', (store) => {
      fill(store, { a: '1', b: '2', c: '' });
      fill(store, { b: 'two' });
      store.write((writer) => {
        assert.equal(writer.delete(bytes('a')), true);
        assert.equal(writer.delete(bytes('a')), false);
        assert.equal(writer.delete(bytes('zz')), false);
      });
      reading(store, (reader) => {
        assert.equal(reader.get(bytes('a')), undefined);
        assert.equal(text(reader.get(bytes('b'))), 'two');
        assert.equal(text(reader.get(bytes('c'))), '');
        assert.deepEqual(entries(reader), [
          ['b', 'two'],
          ['c', ''],
        ]);
      });
    }),

    storeCase('keys are ordered bytewise, unsigned, prefixes first', (store) => {
      const ordered = [
        [0],
        [0, 0],
        [0, 255],
        [1],
        [97],
        [97, 0],
        [97, 98],
        [127, 255],
        [128],
        [255],
        [255, 0],
        [255, 255],
      ];
      store.write((writer) => {
        for (const key of [...ordered].reverse()) writer.put(bytes(key), bytes(key));
      });
      const expected = ordered.map((key) => text(bytes(key)) ?? '');
      reading(store, (reader) => {
        for (const batchSize of [1, 2, 5, 100]) {
          assert.deepEqual(keys(reader, {}, batchSize), expected);
          assert.deepEqual(keys(reader, { reverse: true }, batchSize), [...expected].reverse());
        }
        for (const key of ordered) assert.equal(text(reader.get(bytes(key))), text(bytes(key)));
      });
    }),

    storeCase('every range, forward and backward, in every batch size', (store) => {
      const present = ['b', 'bb', 'd', 'f', 'h', 'j'];
      fill(store, Object.fromEntries(present.map((key) => [key, `value of ${key}`])));
      const bounds = [undefined, '', 'a', 'b', 'ba', 'bb', 'c', 'd', 'h', 'j', 'k'];
      reading(store, (reader) => {
        for (const low of bounds) {
          for (const high of bounds) {
            const inside = present.filter(
              (key) => (low === undefined || key >= low) && (high === undefined || key < high),
            );
            const range = {
              gte: low === undefined ? undefined : bytes(low),
              lt: high === undefined ? undefined : bytes(high),
            };
            const expected = inside.map((key) => [key, `value of ${key}`]);
            for (const batchSize of [1, 2, 3, undefined]) {
              assert.deepEqual(entries(reader, range, batchSize), expected, `[${low}, ${high})`);
              assert.deepEqual(keys(reader, range, batchSize), inside, `keys of [${low}, ${high})`);
              const back = { ...range, reverse: true };
              assert.deepEqual(entries(reader, back, batchSize), [...expected].reverse(), `[${low}, ${high}) backward`);
              assert.deepEqual(
                keys(reader, back, batchSize),
                [...inside].reverse(),
                `keys of [${low}, ${high}) backward`,
              );
            }
          }
        }
      });
    }),

    storeCase('the greatest key below a bound, and the least from it on', (store) => {
      fill(store, { b: '1', d: '2', f: '3' });
      reading(store, (reader) => {
        assert.deepEqual(entries(reader, { lt: bytes('d'), reverse: true }, 1)[0], ['b', '1']);
        assert.deepEqual(entries(reader, { lt: bytes('d\0'), reverse: true }, 1)[0], ['d', '2']);
        assert.deepEqual(entries(reader, { gte: bytes('e') }, 1)[0], ['f', '3']);
        assert.deepEqual(entries(reader, { lt: bytes('b'), reverse: true }, 1), []);
      });
    }),

    storeCase('keys of the longest length, bounds beyond it', (store) => {
      const { maxKeyBytes } = store.capabilities;
      const longest = new Uint8Array(maxKeyBytes).fill(7);
      const longer = new Uint8Array(maxKeyBytes + 1).fill(7);
      const muchLonger = new Uint8Array(maxKeyBytes * 3).fill(7);
      store.write((writer) => {
        writer.put(longest, bytes('long'));
        writer.put(bytes([7]), bytes('short'));
        writer.put(bytes([8]), bytes('after'));
        refused('KEY_TOO_LONG', () => writer.put(longer, bytes('x')));
        refused('KEY_TOO_LONG', () => writer.delete(longer));
        refused('KEY_TOO_LONG', () => writer.get(longer));
        refused('INVALID_ARGUMENT', () => writer.put(bytes(''), bytes('x')));
        refused('INVALID_ARGUMENT', () => writer.delete(bytes('')));
      });
      reading(store, (reader) => {
        assert.equal(text(reader.get(longest)), 'long');
        refused('KEY_TOO_LONG', () => reader.get(longer));
        refused('KEY_TOO_LONG', () => reader.getMany([longest, longer]));
        refused('INVALID_ARGUMENT', () => reader.get(bytes('')));
        const values = (range: object) => entries(reader, range).map(([, value]) => value);
        for (const bound of [longer, muchLonger]) {
          assert.deepEqual(values({ gte: bound }), ['after']);
          assert.deepEqual(values({ lt: bound }), ['short', 'long']);
          assert.deepEqual(values({ lt: bound, reverse: true }), ['long', 'short']);
          assert.deepEqual(values({ gte: bound, reverse: true }), ['after']);
        }
        assert.deepEqual(entries(reader, {}, 1).length, 3);
        assert.deepEqual(entries(reader, { reverse: true }, 1).length, 3);
      });
    }),

    storeCase('values of every size come back whole', (store) => {
      const { maxValueBytes } = store.capabilities;
      const sizes = [0, 1, 7, 8, 100, 1_000, 1_977, 2_030, 2_048, 4_060, 4_072, 4_073, 4_096, 8_192, 65_536, 1_048_577];
      const patterned = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + size) & 255);
      store.write((writer) => {
        for (const size of sizes) writer.put(bytes(`size ${size}`), patterned(size));
        for (const size of sizes)
          assert.deepEqual(Buffer.from(writer.get(bytes(`size ${size}`)) ?? []), Buffer.from(patterned(size)));
      });
      reading(store, (reader) => {
        for (const size of sizes) {
          assert.deepEqual(
            Buffer.from(reader.get(bytes(`size ${size}`)) ?? []),
            Buffer.from(patterned(size)),
            `${size} bytes`,
          );
        }
        for (const batchSize of [1, 4, 100]) {
          let seen = 0;
          for (const batch of reader.scan({}, batchSize)) {
            for (let i = 0; i < batch.count; i++, seen++) {
              const size = Number(text(batch.key(i))?.slice(5));
              assert.deepEqual(Buffer.from(batch.value(i)), Buffer.from(patterned(size)), `${size} bytes in a scan`);
            }
          }
          assert.equal(seen, sizes.length);
        }
      });
      if (maxValueBytes <= 64 * 1024 * 1024) {
        const largest = new Uint8Array(maxValueBytes + 1).fill(3);
        store.write((writer) => {
          refused('VALUE_TOO_LONG', () => writer.put(bytes('x'), largest));
          writer.put(bytes('largest'), largest.subarray(1));
        });
        reading(store, (reader) => {
          assert.equal(reader.get(bytes('x')), undefined);
          const whole = (value: Uint8Array | undefined) =>
            value?.length === maxValueBytes && value.every((byte) => byte === 3);
          assert.ok(whole(reader.get(bytes('largest'))));
          for (const batch of reader.scan({ gte: bytes('largest'), lt: bytes('largesu') }, 2))
            assert.ok(whole(batch.value(0)));
        });
      }
    }),

    storeCase('what is given in is copied', (store) => {
      const key = bytes('key');
      const value = bytes('value');
      const bound = bytes('k');
      store.write((writer) => {
        writer.put(key, value);
        key.fill(0);
        value.fill(0);
      });
      // Views into larger buffers, as encoders make them.
      const arena = bytes('..inner..INNER..');
      store.write((writer) => writer.put(arena.subarray(2, 7), arena.subarray(9, 14)));
      reading(store, (reader) => {
        const scan = reader.scan({ gte: bound }, 1);
        bound.fill(255);
        assert.equal([...scan].length, 1);
        assert.deepEqual(entries(reader), [
          ['inner', 'INNER'],
          ['key', 'value'],
        ]);
      });
    }),

    storeCase('getMany gives lasting copies in the order of keys', (store) => {
      fill(store, { a: '1', b: '2', c: '3' });
      const values = reading(store, (reader) => {
        const found = reader.getMany([bytes('c'), bytes('x'), bytes('a'), bytes('c')]);
        reader.get(bytes('b'));
        return found;
      });
      fill(store, { a: '9', c: '9' });
      reading(store, (reader) => reader.get(bytes('a')));
      assert.deepEqual(values.map(text), ['3', undefined, '1', '3']);
    }),

    storeCase('a view of get is right when it is taken, whatever was read before', (store) => {
      fill(store, { long: 'a long value', short: 's', none: '' });
      reading(store, (reader) => {
        for (let i = 0; i < 3; i++) {
          assert.equal(text(reader.get(bytes('long'))), 'a long value');
          assert.equal(text(reader.get(bytes('short'))), 's');
          assert.equal(reader.get(bytes('none'))?.length, 0);
          assert.equal(reader.get(bytes('absent')), undefined);
        }
      });
    }),

    storeCase('a scan of keys only has no values', (store) => {
      fill(store, { a: '1' });
      reading(store, (reader) => {
        for (const batch of reader.scan({ keysOnly: true })) {
          assert.equal(text(batch.key(0)), 'a');
          refused('BUG', () => batch.value(0));
        }
        for (const batch of reader.scan({})) {
          refused('BUG', () => batch.key(1));
          refused('BUG', () => batch.value(-1));
        }
      });
    }),

    storeCase('scans may be nested, mixed with gets, left early and run again', (store) => {
      const names = Array.from({ length: 40 }, (_, i) => `key ${String(i).padStart(2, '0')}`);
      fill(store, Object.fromEntries(names.map((name) => [name, `value of ${name}`])));
      reading(store, (reader) => {
        const outer: string[] = [];
        const inner: string[] = [];
        for (const batch of reader.scan({}, 3)) {
          for (let i = 0; i < batch.count; i++) outer.push(text(batch.key(i)) ?? '');
          for (const other of reader.scan({ reverse: true }, 2)) {
            inner.push(text(other.key(0)) ?? '');
            break;
          }
          assert.equal(text(reader.get(bytes('key 07'))), 'value of key 07');
        }
        assert.deepEqual(outer, names);
        assert.ok(inner.length > 0 && inner.every((key) => key === 'key 39'));
        const scan = reader.scan({}, 3);
        for (let i = 0; i < 500; i++) for (const batch of reader.scan({}, 3)) if (batch.count > 0) break;
        assert.equal([...scan].length, 14);
      });
    }),

    storeCase('a batch holds at least one entry', (store) => {
      reading(store, (reader) => {
        for (const size of [0, -1, 1.5, NaN]) refused('INVALID_ARGUMENT', () => reader.scan({}, size));
      });
    }),

    storeCase('a closed snapshot refuses everything, and closes once', (store) => {
      fill(store, { a: '1', b: '2', c: '3' });
      const snapshot = store.snapshot();
      const steps = snapshot.scan({}, 1)[Symbol.iterator]();
      assert.equal(steps.next().done, false);
      assert.equal(snapshot.closed, false);
      snapshot.close();
      snapshot.close();
      assert.equal(snapshot.closed, true);
      refused('CLOSED', () => snapshot.get(bytes('a')));
      refused('CLOSED', () => snapshot.getMany([bytes('a')]));
      refused('CLOSED', () => snapshot.scan({}));
      refused('CLOSED', () => steps.next());
      const disposed = store.snapshot();
      disposed[Symbol.dispose]();
      assert.equal(disposed.closed, true);
      assert.equal(store.stats().snapshots, 0);
    }),

    storeCase('a closed store refuses everything, and closes its snapshots', async (store) => {
      fill(store, { a: '1' });
      const snapshot = store.snapshot();
      store.close();
      store.close();
      assert.equal(snapshot.closed, true);
      refused('CLOSED', () => snapshot.get(bytes('a')));
      snapshot.close();
      refused('CLOSED', () => store.snapshot());
      refused('CLOSED', () => store.write(() => 1));
      refused('CLOSED', () => store.stats());
      await assert.rejects(store.flush(), { code: 'CLOSED' });
    }),

    storeCase('stats count entries, snapshots and commits', async (store) => {
      fill(store, { a: '1', b: '2' });
      store.write((writer) => writer.delete(bytes('a')));
      const before = store.stats();
      assert.equal(before.entries, 1);
      assert.equal(before.commits, 2);
      assert.equal(before.snapshots, 0);
      assert.ok(before.bytes > 0);
      const one = store.snapshot();
      const two = store.snapshot();
      assert.equal(store.stats().snapshots, 2);
      one.close();
      two.close();
      assert.equal(store.stats().snapshots, 0);
      await store.flush();
      assert.equal(store.stats().entries, 1);
    }),

    storeCase('what was committed is there after reopening, what was rolled back is not', (store, fixture) => {
      if (fixture.reopen === undefined) return;
      fill(store, { kept: '1', changed: '1' });
      fill(store, { changed: '2' });
      assert.throws(() =>
        store.write((writer) => {
          writer.put(bytes('lost'), bytes('1'));
          throw new Error('no');
        }),
      );
      const again = fixture.reopen();
      reading(again, (reader) =>
        assert.deepEqual(entries(reader), [
          ['changed', '2'],
          ['kept', '1'],
        ]),
      );
    }),
  ];
}
