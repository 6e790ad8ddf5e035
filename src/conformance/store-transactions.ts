// Store suite: snapshots against writers, rollback, exclusion, reuse of space.

import assert from 'node:assert/strict';
import type { Reader, Store } from '../kv/store.js';
import { bytes, entries, fill, keys, reading, refused, storeCase, text } from './store-fixture.js';
import type { StoreCase } from './store-fixture.js';

/** All ways to read a and b: they must agree. */
function allWays(reader: Reader): string[] {
  const [a, b] = reader.getMany([bytes('a'), bytes('b')]).map(text);
  const seen = [
    `${text(reader.get(bytes('a')))} ${text(reader.get(bytes('b')))}`,
    `${a} ${b}`,
    ...[1, 2, 100].flatMap((size) => [
      entries(reader, {}, size)
        .map(([, value]) => value)
        .join(' '),
      entries(reader, { reverse: true }, size)
        .map(([, value]) => value)
        .reverse()
        .join(' '),
    ]),
    `${keys(reader).length} keys`,
  ];
  return [...new Set(seen)];
}

export function storeTransactions(): StoreCase[] {
  return [
    storeCase('write gives back what its function returns', (store) => {
      const result = { some: 'object' };
      assert.equal(
        store.write(() => result),
        result,
      );
      assert.equal(
        store.write(() => undefined),
        undefined,
      );
      assert.equal(
        store.write(() => null),
        null,
      );
    }),

    storeCase('a writer sees its own writes, by get, getMany and scan', (store) => {
      fill(store, { a: 'old', b: 'old', c: 'old' });
      store.write((writer) => {
        writer.put(bytes('a'), bytes('new'));
        writer.delete(bytes('c'));
        assert.deepEqual(allWays(writer), ['new old', '2 keys']);
        writer.put(bytes('a'), bytes('newer'));
        assert.deepEqual(allWays(writer), ['newer old', '2 keys']);
      });
      reading(store, (reader) => assert.deepEqual(allWays(reader), ['newer old', '2 keys']));
    }),

    storeCase('a snapshot keeps its version inside a write transaction, by get, getMany and scan', (store) => {
      fill(store, { a: 'old', b: 'old' });
      const before = store.snapshot();
      const started = before.scan({}, 1)[Symbol.iterator]();
      const first = started.next();
      assert.ok(first.done !== true && text(first.value.value(0)) === 'old');
      store.write((writer) => {
        writer.put(bytes('a'), bytes('new'));
        writer.put(bytes('b'), bytes('new'));
        writer.put(bytes('c'), bytes('new'));
        assert.deepEqual(allWays(before), ['old old', '2 keys']);
        const during = store.snapshot();
        assert.deepEqual(allWays(during), ['old old', '2 keys'], 'the newest commit, not the open transaction');
        // Reading here must not disturb reading there.
        assert.equal(text(writer.get(bytes('c'))), 'new');
        assert.equal(before.get(bytes('c')), undefined);
        during.close();
      });
      assert.deepEqual(allWays(before), ['old old', '2 keys']);
      const next = started.next();
      assert.ok(next.done !== true && text(next.value.value(0)) === 'old', 'a scan in progress stays in its version');
      assert.equal(started.next().done, true);
      reading(store, (reader) => assert.deepEqual(allWays(reader), ['new new', 'new new new', '3 keys']));
      before.close();
    }),

    storeCase('a snapshot is of the moment of the call, however late it is first read', (store) => {
      for (let i = 0; i < 5; i++) {
        fill(store, { a: String(i), b: String(i) });
        const snapshot = store.snapshot();
        fill(store, { a: 'later', b: 'later' });
        assert.deepEqual(allWays(snapshot), [`${i} ${i}`, '2 keys']);
        snapshot.close();
      }
    }),

    storeCase('many snapshots, each with its version', (store) => {
      const snapshots = Array.from({ length: 60 }, (_, i) => {
        fill(store, { version: String(i), [`only ${i}`]: '' });
        return store.snapshot();
      });
      const order = snapshots.map((_, i) => i).sort((a, b) => ((a * 7) % 60) - ((b * 7) % 60));
      for (const i of order) {
        const snapshot = snapshots[i];
        assert.equal(text(snapshot?.get(bytes('version'))), String(i));
        assert.equal(snapshot && keys(snapshot).length, i + 2);
        snapshot?.close();
      }
    }),

    storeCase('an open scan over a writer goes on by key', (store) => {
      fill(store, { a: '1', c: '3', e: '5', g: '7' });
      store.write((writer) => {
        const seen: string[] = [];
        for (const batch of writer.scan({}, 1)) {
          const key = text(batch.key(0)) ?? '';
          seen.push(key);
          if (key === 'a') {
            writer.delete(bytes('a'));
            writer.delete(bytes('c'));
            writer.put(bytes('b'), bytes('2'));
          }
          if (key === 'e') writer.put(bytes('d'), bytes('behind'));
        }
        assert.deepEqual(seen, ['a', 'b', 'e', 'g']);
        for (const batch of writer.scan({ reverse: true }, 1)) writer.delete(batch.key(0).slice());
        assert.deepEqual(entries(writer), []);
      });
      reading(store, (reader) => assert.deepEqual(entries(reader), []));
    }),

    storeCase('a throw rolls back wholly and comes out as it is', (store) => {
      fill(store, { a: '1', b: '2' });
      for (const thrown of [new Error('no'), undefined, 'a string']) {
        let caught: unknown = 'nothing';
        try {
          store.write((writer) => {
            writer.put(bytes('a'), bytes('changed'));
            writer.put(bytes('new'), bytes('x'));
            writer.delete(bytes('b'));
            for (let i = 0; i < 2_000; i++) writer.put(bytes(`bulk ${i}`), bytes('some bytes'));
            throw thrown;
          });
        } catch (error) {
          caught = error;
        }
        assert.equal(caught, thrown);
        reading(store, (reader) => assert.deepEqual(allWays(reader), ['1 2', '2 keys']));
      }
      fill(store, { a: '3' });
      reading(store, (reader) => assert.deepEqual(allWays(reader), ['3 2', '2 keys']));
      assert.equal(store.stats().commits, 2);
    }),

    storeCase('a function that returns a promise is refused and rolled back', async (store) => {
      fill(store, { a: '1' });
      const promises: (() => unknown)[] = [
        () => Promise.resolve(1),
        () => Promise.reject(new Error('must not become an unhandled rejection')),
        () => ({ then: (done: (value: number) => void) => done(1) }),
      ];
      for (const make of promises) {
        refused('ASYNC_TRANSACTION', () =>
          store.write((writer) => {
            writer.put(bytes('a'), bytes('2'));
            return make();
          }),
        );
        reading(store, (reader) => assert.deepEqual(entries(reader), [['a', '1']]));
      }
      let late: unknown;
      refused('ASYNC_TRANSACTION', () =>
        store.write(async (writer) => {
          await Promise.resolve();
          try {
            writer.put(bytes('late'), bytes('x'));
          } catch (error) {
            late = error;
          }
        }),
      );
      await new Promise((done) => setImmediate(done));
      assert.equal((late as { code?: string }).code, 'CLOSED', 'the writer is of no use after the transaction');
      reading(store, (reader) => assert.deepEqual(entries(reader), [['a', '1']]));
    }),

    storeCase('write does not nest, and the outer transaction goes on', (store) => {
      store.write((writer) => {
        writer.put(bytes('a'), bytes('1'));
        refused('IN_TRANSACTION', () => store.write(() => 1));
        refused('IN_TRANSACTION', () => store.close());
        writer.put(bytes('b'), bytes('2'));
      });
      reading(store, (reader) => assert.deepEqual(allWays(reader), ['1 2', '2 keys']));
    }),

    storeCase('a writer is closed after its transaction, committed or not', (store) => {
      const kept = store.write((writer) => [writer]);
      let lost: typeof kept = [];
      assert.throws(() =>
        store.write((writer) => {
          lost = [writer];
          throw new Error('no');
        }),
      );
      for (const writer of [...kept, ...lost]) {
        refused('CLOSED', () => writer.put(bytes('a'), bytes('1')));
        refused('CLOSED', () => writer.delete(bytes('a')));
        refused('CLOSED', () => writer.get(bytes('a')));
        refused('CLOSED', () => writer.scan({}));
      }
    }),

    storeCase('a refused key or value leaves the transaction usable', (store) => {
      store.write((writer) => {
        writer.put(bytes('a'), bytes('1'));
        refused('INVALID_ARGUMENT', () => writer.put(bytes(''), bytes('x')));
        writer.put(bytes('b'), bytes('2'));
      });
      reading(store, (reader) => assert.deepEqual(allWays(reader), ['1 2', '2 keys']));
    }),

    storeCase('another handle on the same data sees a commit at its next snapshot', (store, fixture) => {
      if (fixture.second === undefined) return;
      const other = fixture.second();
      fill(store, { a: '1', b: '1' });
      const old = other.snapshot();
      assert.deepEqual(allWays(old), ['1 1', '2 keys']);
      for (let i = 2; i < 20; i++) {
        fill(i % 2 === 0 ? store : other, { a: String(i), b: String(i) });
        reading(other, (reader) => assert.deepEqual(allWays(reader), [`${i} ${i}`, '2 keys']));
        reading(store, (reader) => assert.deepEqual(allWays(reader), [`${i} ${i}`, '2 keys']));
      }
      assert.deepEqual(allWays(old), ['1 1', '2 keys']);
      old.close();
      store.write((writer) => {
        writer.put(bytes('a'), bytes('uncommitted'));
        reading(other, (reader) => assert.deepEqual(allWays(reader), ['19 19', '2 keys']));
        // It would wait for this very thread for ever.
        refused('IN_TRANSACTION', () => other.write(() => 1));
        refused('IN_TRANSACTION', () => other.close());
      });
      other.close();
      reading(store, (reader) => assert.equal(text(reader.get(bytes('a'))), 'uncommitted'));
    }),

    storeCase('space is reused once the last snapshot is closed, without yielding to the event loop', (store) => {
      const value = new Uint8Array(3_000);
      const rewrite = (times: number) => {
        for (let i = 0; i < times; i++) {
          store.write((writer) => {
            for (let k = 0; k < 20; k++) writer.put(bytes(`key ${k}`), value.fill(i & 255));
          });
          // Reading between the writes, as an application does, must not hold anything back.
          reading(store, (reader) => assert.equal(reader.get(bytes('key 3'))?.[0], i & 255));
          reading(store, (reader) => {
            for (const batch of reader.scan({}, 5)) if (batch.count > 0) break;
          });
        }
      };
      const held = store.snapshot();
      rewrite(30);
      held.close();
      rewrite(10);
      const settled = store.stats().bytes;
      rewrite(60);
      assert.ok(store.stats().bytes <= settled * 1.1, `${settled} bytes grew to ${store.stats().bytes}`);
    }),

    storeCase('many transactions and snapshots in one turn', (store: Store) => {
      for (let i = 0; i < 300; i++) {
        fill(store, { counter: String(i) });
        for (let k = 0; k < 5; k++) {
          reading(store, (reader) => assert.equal(text(reader.get(bytes('counter'))), String(i)));
        }
      }
    }),
  ];
}
