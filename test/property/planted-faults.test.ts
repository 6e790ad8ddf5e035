// Faults planted in an index kind, each of which the comparison of indexes with the scan must find. What a fault writes into the store
// `verify` must find as well.

import { afterEach, describe, expect, it } from 'vitest';
import type { Constraint } from '../../src/expr/constraint.js';
import type { EntryChange, IndexKind, IndexReader, IndexWriter } from '../../src/index/kind.js';
import { kindOf } from '../../src/index/registry.js';
import { LightningError, open } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { INDEX_KINDS } from '../differential/indexes.js';
import { Random } from '../differential/random.js';
import { SINGLE } from '../differential/schema.js';
import { replay } from '../differential/steps.js';
import { makeWorld } from '../differential/world.js';
import type { World } from '../differential/world.js';
import { compareQueries } from './index-equals-scan.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type Kind = 'bitmap' | 'fulltext' | 'hash' | 'rtree' | 'btree' | 'columnstore';

const WORLDS = 40;
let restore: (() => void)[] = [];

afterEach(() => {
  for (const undo of restore) undo();
  restore = [];
});

/** Replaces one method of a kind until the test ends. */
function plant<K extends keyof IndexKind>(name: Kind, method: K, fault: (own: IndexKind[K]) => IndexKind[K]): void {
  const kind = kindOf(name) as Mutable<IndexKind>;
  const own = kind[method];
  const planted = typeof own === 'function' ? (own as (...args: unknown[]) => unknown).bind(kind) : own;
  kind[method] = fault(planted as IndexKind[K]);
  restore.push(() => {
    kind[method] = own;
  });
}

/** Worlds until one shows the fault: by an answer with that kind of index alone, and by `verify` when it should. */
function found(
  name: Kind,
  verified: boolean,
  worlds = WORLDS,
): { readonly byAnswer: boolean; readonly byVerify: boolean } {
  let [byAnswer, byVerify] = [false, false];
  const only = { withoutKinds: INDEX_KINDS.filter((kind) => kind !== name) };
  for (let seed = 1; seed <= worlds && !(byAnswer && (byVerify || !verified)); seed++) {
    const world = makeWorld(seed, SINGLE);
    const db = open(':memory:');
    try {
      if (!replayed(db, world)) {
        byAnswer = true;
        continue;
      }
      if (!byAnswer) byAnswer = compareQueries(db, world, new Random(seed), 20, 'filters', () => [only]).length > 0;
      if (verified && !byVerify) byVerify = !db.verify().ok;
    } finally {
      db.close();
    }
  }
  return { byAnswer, byVerify };
}

/** False: an UPDATE or DELETE met a row that the index names and the table does not have, and said so. */
function replayed(db: Database, world: World): boolean {
  try {
    replay(db, world.steps);
    return true;
  } catch (error) {
    if (error instanceof LightningError && /row is not there/.test(error.message)) return false;
    throw error;
  }
}

/** A writer that loses the entries of some rows, when they change and when the index is built. */
function losing(writer: IndexWriter, lost: (rowId: number) => boolean): IndexWriter {
  return {
    apply: (change: EntryChange) => {
      if (!lost(change.rowId)) writer.apply(change);
    },
    build: (entries, progress) => {
      const kept = (function* () {
        for (const entry of entries) if (!lost(entry.rowId)) yield entry;
      })();
      writer.build(kept, progress);
    },
    ...(writer.duplicate && { duplicate: writer.duplicate.bind(writer) }),
    ...(writer.candidates && { candidates: writer.candidates.bind(writer) }),
  };
}

describe('planted faults are found', () => {
  it('a row under the wrong value of a bitmap', () => {
    plant('bitmap', 'maintain', (own) => (index, table, writer) => {
      const inner = own(index, table, writer);
      const wrong = (rowId: number) => (rowId % 16 === 3 ? rowId + 1 : rowId);
      return {
        ...losing(inner, () => false),
        build: (entries, progress) => {
          const shifted = (function* () {
            let last = -1;
            for (const entry of entries) {
              const rowId = wrong(entry.rowId);
              if (rowId > last) yield { ...entry, rowId };
              last = Math.max(last, rowId);
            }
          })();
          inner.build(shifted, progress);
        },
      };
    });
    expect(found('bitmap', true)).toEqual({ byAnswer: true, byVerify: true });
  });

  it.each(['bitmap', 'btree', 'hash', 'rtree', 'fulltext', 'columnstore'] as const)('lost entries of %s', (name) => {
    plant(name, 'maintain', (own) => (index, table, writer) => losing(own(index, table, writer), (id) => id % 8 === 5));
    expect(found(name, true)).toEqual({ byAnswer: true, byVerify: true });
  });

  it('a posting that the reader passes over', () => {
    plant('fulltext', 'open', (own) => (index, table, reader) => {
      const inner = own(index, table, reader);
      const search: IndexReader['search'] = (query, field, limit, within) =>
        inner.search!(query, field, limit, within).filter((match) => match.rowId % 8 !== 5);
      return new Proxy(inner, { get: (target, key) => (key === 'search' ? search : bound(target, key)) });
    });
    expect(found('fulltext', false).byAnswer).toBe(true);
  });

  it('a recheck that is no longer asked for', () => {
    // No two keys have one hash by chance: every key of an index is made to collide with the others.
    plant('hash', 'open', (own) => (index, table, reader) => {
      const inner = own(index, table, reader);
      const rowSet: IndexReader['rowSet'] = () => inner.rowSet({ kind: 'all' });
      return new Proxy(inner, { get: (target, key) => (key === 'rowSet' ? rowSet : bound(target, key)) });
    });
    // While the superset is rechecked, nobody notices.
    expect(found('hash', false, 5).byAnswer).toBe(false);
    plant(
      'hash',
      'offers',
      (own) => (index, table, constraints: readonly Constraint[], catalog) =>
        own(index, table, constraints, catalog).map((offer) =>
          offer.precision === 'superset' ? { ...offer, precision: 'exact' as const } : offer,
        ),
    );
    expect(found('hash', false).byAnswer).toBe(true);
  });
});

function bound(target: IndexReader, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
}
