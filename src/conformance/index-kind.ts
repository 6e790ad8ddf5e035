// The suite of the index-kind contract (`index/kind.ts`). Every registered kind runs it on every shape of keys that it accepts:
// random changes with snapshots, rollbacks and reopened stores, bulk builds, and planted faults that `verify` must find.

import assert from 'node:assert/strict';
import { LightningError } from '../errors.js';
import type { IndexKind } from '../index/kind.js';
import type { PageStore } from '../pages/page-store.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import { encodeKey } from '../values/index.js';
import type { Case } from './case.js';
import { definitionOf, Model, tableOf } from './index-kind-model.js';
import { Random, SHAPES } from './index-kind-shapes.js';
import type { Shape } from './index-kind-shapes.js';

/** One empty page store for one case. */
export interface IndexFixture {
  readonly pages: PageStore;
  /** The same data with nothing cached. The fixture disposes of it. */
  reopen(): PageStore;
  dispose(): void;
}

export type IndexKindCase = Case<IndexFixture>;

/** Row ids near to each other, on both sides of a chunk's end, and far away. */
function ids(random: Random): number {
  return random.pick([
    () => random.below(400),
    () => 65_400 + random.below(300),
    () => 200_000 + random.below(50),
    () => 2 ** 32 - 1 - random.below(20),
  ])();
}

/** The shapes that a kind can index. */
export function shapesOf(kind: IndexKind): Shape[] {
  return SHAPES.filter((shape) => {
    if ((kind.name === 'primary') !== (shape.primary === true)) return false;
    try {
      kind.check(definitionOf(kind, shape), tableOf(shape, []));
      return true;
    } catch (error) {
      if (error instanceof LightningError && error.kind === 'input') return false;
      throw error;
    }
  }).filter((shape) => kind.name !== 'btree' || shape.name !== 'text beyond any key');
}

/**
 * All cases of one kind.
 *
 * @param seed of the random changes and questions; a failure names it
 * @example for (const { name, run } of indexKindConformance(kind)) test(name, () => run(makeFixture));
 */
export function indexKindConformance(kind: IndexKind, seed = 1): IndexKindCase[] {
  const shapes = shapesOf(kind);
  const cases: IndexKindCase[] = [
    {
      name: 'accepts some shape of keys, and refuses options that it does not know',
      run() {
        assert.ok(shapes.length > 0, 'a kind can index something');
        const shape = shapes[0]!;
        const definition = { ...definitionOf(kind, shape), options: { no_such_option: 1 } };
        assert.throws(() => kind.check(definition, tableOf(shape, [])), { code: 'UNKNOWN_OPTION' });
      },
    },
  ];
  for (const shape of shapes) {
    cases.push(
      indexCase(`${shape.name}: follows random changes`, kind, shape, seed, followChanges),
      indexCase(`${shape.name}: a bulk build equals single changes`, kind, shape, seed, bulkBuild),
      indexCase(`${shape.name}: verify finds planted faults`, kind, shape, seed, plantFaults),
    );
  }
  return cases;
}

type Body = (model: Model, fixture: IndexFixture, random: Random) => void;

function indexCase(name: string, kind: IndexKind, shape: Shape, seed: number, body: Body): IndexKindCase {
  return {
    name,
    run(make) {
      const fixture = make();
      try {
        const model = new Model(kind, shape);
        fixture.pages.transaction((tx) => model.create(tx));
        body(model, fixture, new Random(seed));
      } catch (error) {
        if (error instanceof Error) error.message = `[seed ${seed}] ${error.message}`;
        throw error;
      } finally {
        fixture.dispose();
      }
    },
  };
}

function reading<T>(pages: PageStore, fn: (reader: PageReader) => T): T {
  const snapshot = pages.snapshot();
  try {
    return fn(snapshot);
  } finally {
    snapshot.close();
  }
}

function followChanges(model: Model, { pages, reopen }: IndexFixture, random: Random): void {
  let compared = reading(pages, (reader) => model.compare(reader, random, 3));
  const held: { reader: PageReader & { close(): void }; rows: Map<number, readonly unknown[]> }[] = [];
  for (let round = 0; round < 8; round++) {
    held.push({ reader: pages.snapshot(), rows: new Map(model.rows) });
    pages.transaction((tx) => {
      const index = model.maintain(tx);
      for (let i = 0; i < 50; i++) model.change(tx, index, random, ids);
      compared += model.compare(tx, random, 2);
      // What is rolled back was never there; a view keeps what it saw.
      const before = new Map(model.rows);
      const mark = tx.mark();
      const view = tx.readAt();
      for (let i = 0; i < 20; i++) model.change(tx, index, random, ids);
      compared += model.compare(tx, random, 1);
      compared += model.compare(view, random, 1, before);
      view.close();
      if (round % 2 === 0) {
        tx.rollbackTo(mark);
        model.rows = before;
      }
      tx.release(mark);
      // The writer goes on after the rollback.
      for (let i = 0; i < 5; i++) model.change(tx, index, random, ids);
    });
    compared += reading(pages, (reader) => model.compare(reader, random, 10));
  }
  for (const { reader, rows } of held) {
    model.compare(reader, random, 2, rows as Map<number, never>);
    reader.close();
  }
  const abandoned = new Map(model.rows);
  assert.throws(
    () =>
      pages.transaction((tx) => {
        const index = model.maintain(tx);
        for (let i = 0; i < 20; i++) model.change(tx, index, random, ids);
        throw new RangeError('abandoned');
      }),
    RangeError,
  );
  model.rows = abandoned;
  for (const store of [pages, reopen()]) {
    compared += reading(store, (reader) => {
      assert.deepEqual(model.verify(reader), []);
      return model.compare(reader, random, 15);
    });
  }
  assert.ok(compared >= 10, `the index answered only ${compared} predicates`);
  pages.transaction((tx) => {
    const index = model.maintain(tx);
    for (const rowId of [...model.rows.keys()]) model.remove(tx, index, rowId);
  });
  reading(pages, (reader) => {
    assert.deepEqual(model.verify(reader), [], 'an emptied index');
    assert.equal(model.kind.statistics(model.index, reader).entries, 0);
    model.compare(reader, random, 3);
  });
}

function bulkBuild(model: Model, { pages, reopen }: IndexFixture, random: Random): void {
  const rows = model.shape.rows ?? 1_500;
  pages.transaction((tx) => {
    const index = model.maintain(tx);
    const total = model.index.unique ? Math.min(rows, 700) : rows;
    for (let i = 0; i < total; i++) model.change(tx, index, random, (r) => (r.next() < 0.9 ? i : ids(r)));
  });
  pages.transaction((tx) => {
    model.kind.create(model.twin, model.table, tx);
    // Once for rows of some chunks, and again for those of the chunks above.
    const lower = Math.floor(random.next() * 3) * 65_536;
    const parts = [0, 1].map((part) => [...model.entries()].filter(({ rowId }) => rowId < lower === (part === 0)));
    for (const entries of parts) {
      let reported = -1;
      model.kind.maintain(model.twin, model.table, tx).build(entries, (done) => {
        assert.ok(done >= reported, 'progress ascends');
        reported = done;
      });
      // A kind may leave NULL out.
      const whole = entries.filter(({ values }) => !values.includes(null)).length;
      assert.ok(reported >= whole && reported <= entries.length, 'progress ends with all entries');
    }
    findRepeated(model, tx);
  });
  for (const store of [pages, reopen()]) {
    reading(store, (reader) => {
      assert.deepEqual(model.verify(reader), []);
      assert.deepEqual(model.verify(reader, model.rows, model.twin), []);
      const [a, b] = [model.index, model.twin].map((index) => model.kind.statistics(index, reader));
      assert.equal(a!.entries, b!.entries);
      // A full-text index counts the words of its dictionary, which the newest texts have not reached.
      if (model.kind.name !== 'fulltext') assert.equal(a!.distinct, b!.distinct);
      model.compare(reader, random, 6);
      model.compare(reader, random, 6, model.rows, model.twin);
    });
  }
  // A built index goes on living, and shrinks again.
  pages.transaction((tx) => {
    const index = model.maintain(tx);
    for (const rowId of [...model.rows.keys()]) if (random.next() < 0.8) model.remove(tx, index, rowId);
    for (let i = 0; i < 100; i++) model.change(tx, index, random, ids);
  });
  reading(pages, (reader) => {
    assert.deepEqual(model.verify(reader), []);
    model.compare(reader, random, 6);
  });
}

/** What a kind tells of rows under one key has all that have one, NULL aside. */
function findRepeated(model: Model, tx: PageWriter): void {
  const told = model.kind.maintain(model.twin, model.table, tx).repeated?.();
  if (told === undefined) return;
  const groups = new Map<number, readonly number[]>();
  for (const rowIds of told) for (const rowId of rowIds) groups.set(rowId, rowIds);
  const first = new Map<string, number>();
  const { keys } = model.twin;
  for (const { rowId, values } of model.entries()) {
    const own = values.slice(0, keys.length);
    if (own.includes(null)) continue;
    const key = Buffer.from(encodeKey(own, keys)).toString('hex');
    const other = first.get(key);
    if (other === undefined) first.set(key, rowId);
    else assert.ok(groups.get(other)?.includes(rowId), `rows ${other} and ${rowId} are told to have one key`);
  }
}

function plantFaults(model: Model, { pages }: IndexFixture, random: Random): void {
  pages.transaction((tx) => {
    const index = model.maintain(tx);
    while (model.rows.size < 40) model.change(tx, index, random, ids);
  });
  // Entries of rows without NULL: a kind may leave the others out.
  const whole = [...model.rows].filter(([, row]) => !row.includes(null));
  assert.ok(whole.length > 1);
  pages.transaction((tx) => {
    assert.deepEqual(model.verify(tx), []);
    const [rowId, row] = random.pick(whole);
    const mark = tx.mark();
    model.maintain(tx).apply({ rowId, before: row, after: undefined });
    assert.notDeepEqual(model.verify(tx), [], 'a lost entry is found');
    tx.rollbackTo(mark);
    assert.deepEqual(model.verify(tx), [], 'the rollback restored it');
    const more = new Map(model.rows);
    more.delete(rowId);
    assert.notDeepEqual(model.verify(tx, more), [], 'an entry too many is found');
    tx.release(mark);
  });
}
