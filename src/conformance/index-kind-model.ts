// A table small enough to be right by looking: rows in a map beside the index under test, and the index compared with them.

import assert from 'node:assert/strict';
import type { Catalog } from '../catalog/catalog.js';
import type { ColumnDef, IndexDef, TableDef } from '../catalog/definitions.js';
import type { Offer, Probe } from '../catalog/offer.js';
import { bindProbe } from '../exec/row-set/bind-probe.js';
import type { Constraint } from '../expr/constraint.js';
import { isNull } from '../expr/build.js';
import { compileTest } from '../expr/evaluate.js';
import { toCondition } from '../expr/extract.js';
import type { Expr } from '../expr/expression.js';
import type { Entry, IndexKind, IndexReader, IndexWriter } from '../index/kind.js';
import { rowSets } from '../index/row-set/index.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import { RowPages } from '../pages/row-pages.js';
import { equalValues, comparator } from '../values/order.js';
import { rowCodec } from '../values/row.js';
import type { Row, Value } from '../values/types.js';
import { keyColumn, predicatesOver, valueOf } from './index-kind-shapes.js';
import type { Random, Shape } from './index-kind-shapes.js';

const TABLE_SPACE = 1;
const DIRECT_LIMIT = 2 ** 31;
const clock = { parameters: [], now: 0 };

/** Rows by id; a copy is a state to come back to. */
export type Rows = ReadonlyMap<number, Row>;

export class Model {
  readonly table: TableDef;
  readonly index: IndexDef;
  /** The same definition in spaces of its own, for bulk builds. */
  readonly twin: IndexDef;
  readonly pages: RowPages;
  rows = new Map<number, Row>();

  constructor(
    readonly kind: IndexKind,
    readonly shape: Shape,
  ) {
    const columns = [...shape.keys, ...(shape.include ?? [])];
    const definition = definitionOf(kind, shape);
    const bare = tableOf(shape, []);
    const options = kind.check(definition, bare);
    const spaces = (from: number) => Array.from({ length: kind.spaces }, (_, i) => from + i);
    this.index = { ...definition, options, id: 1, spaces: spaces(10) };
    this.twin = { ...definition, options, id: 2, spaces: spaces(30) };
    this.table = { ...bare, indexes: [this.index] };
    this.pages = new RowPages({ rows: 1, long: 2, live: 3 }, rowCodec(columns.map((c) => c.type)), bare.rowPageShift);
  }

  create(writer: PageWriter): void {
    this.pages.create(writer, TABLE_SPACE);
    this.kind.create(this.index, this.table, writer);
  }

  maintain(writer: PageWriter): IndexWriter {
    return this.kind.maintain(this.index, this.table, writer);
  }

  open(reader: PageReader): IndexReader {
    return this.kind.open(this.index, this.table, reader);
  }

  *entries(rows: Rows = this.rows): Iterable<Entry> {
    for (const rowId of [...rows.keys()].sort((a, b) => a - b)) {
      const values = this.entry(rows.get(rowId));
      if (values !== undefined) yield { rowId, values };
    }
  }

  /** What the index holds of a row. */
  private entry(row: Row | undefined): Row | undefined {
    return row === undefined || (this.shape.partial === true && row[0] === null) ? undefined : row;
  }

  private apply(index: IndexWriter, rowId: number, before: Row | undefined, after: Row | undefined): void {
    const [old, now] = [this.entry(before), this.entry(after)];
    if (old !== undefined || now !== undefined) index.apply({ rowId, before: old, after: now });
  }

  makeRow(random: Random): Row {
    const { shape } = this;
    const keys = shape.keys.map((key) => valueOf(key, random, shape.primary !== true));
    return [...keys, ...(shape.include ?? []).map((c) => valueOf(c, random, true))];
  }

  /** One insertion, update or deletion. Unique keys are asked for first, and the answer is held against the rows. */
  change(writer: PageWriter, index: IndexWriter, random: Random, ids: (random: Random) => number): void {
    const kind = random.next();
    const rowId = this.rows.size > 0 && kind < 0.45 ? random.pick([...this.rows.keys()]) : -1;
    if (rowId >= 0 && kind < 0.2) {
      this.remove(writer, index, rowId);
      return;
    }
    const row = this.makeRow(random);
    if (this.isTaken(index, row, rowId)) return;
    if (rowId >= 0 && this.idFor(row, rowId) === rowId) {
      const before = this.rows.get(rowId)!;
      this.pages.update(writer, rowId, row);
      this.apply(index, rowId, before, row);
      this.rows.set(rowId, row);
    } else this.insert(writer, index, this.idFor(row, ids(random)), row);
  }

  insert(writer: PageWriter, index: IndexWriter, rowId: number, row: Row): void {
    if (this.rows.has(rowId)) return;
    this.pages.insert(writer, rowId, row);
    this.apply(index, rowId, undefined, row);
    this.rows.set(rowId, row);
  }

  remove(writer: PageWriter, index: IndexWriter, rowId: number): void {
    this.apply(index, rowId, this.rows.get(rowId), undefined);
    this.pages.remove(writer, rowId);
    this.rows.delete(rowId);
  }

  /** Integer primary keys are row ids where they can be, and the others' row ids are no keys. */
  private idFor(row: Row, wanted: number): number {
    if (this.index.options['direct'] !== true) return wanted;
    const [key] = row;
    if (typeof key === 'number' && key >= 0 && key < 70_000) return key;
    return wanted >= DIRECT_LIMIT ? wanted : wanted + DIRECT_LIMIT;
  }

  private isTaken(index: IndexWriter, row: Row, self: number): boolean {
    if (!this.index.unique) return false;
    const keys = row.slice(0, this.shape.keys.length);
    const holders = [...this.rows]
      .filter(([, other]) => !keys.includes(null) && this.sameKey(keys, other))
      .map(([id]) => id);
    assert.ok(holders.length <= 1, 'the model keeps keys unique');
    const other = holders.find((id) => id !== self);
    if (index.duplicate !== undefined) assert.equal(index.duplicate(row, self), other, 'duplicate');
    else if (!keys.includes(null)) {
      assert.ok(index.candidates !== undefined, 'a unique kind has duplicate or candidates');
      const candidates = index.candidates(row);
      for (const id of holders) assert.ok(candidates.includes(id), 'candidates hold the row with the key');
    }
    return other !== undefined;
  }

  private sameKey(keys: Row, other: Row): boolean {
    return keys.every((key, i) => equalValues(key, other[i]!, this.shape.keys[i]!.type));
  }

  catalog(reader: PageReader): Catalog {
    const { table, rows, kind } = this;
    return {
      version: 1,
      table: () => table,
      view: () => undefined,
      names: () => [table.name],
      rows: () => rows.size,
      statistics: () => undefined,
      index: (index) => kind.statistics(index, reader),
      probe: (index, probe) => kind.open(index, table, reader).quickCount?.(probe),
      estimate: (index, probe) => kind.open(index, table, reader).estimate?.(probe),
    };
  }

  /** Compares everything that the index offers for random predicates with the rows. Returns how many offers were compared. */
  compare(reader: PageReader, random: Random, rounds: number, all: Rows = this.rows, index = this.index): number {
    const rows = new Map([...all].filter(([, row]) => this.entry(row) !== undefined));
    const open = this.kind.open(index, this.table, reader);
    const catalog = { ...this.catalog(reader), rows: () => all.size };
    let compared = this.compareAll(open, index, catalog, rows);
    for (let round = 0; round < rounds; round++) {
      const conditions = predicatesOver(this.shape, index, random).map(toCondition);
      const constraints: Constraint[] = [];
      const conjuncts: Expr[] = [];
      for (const condition of conditions) {
        if (condition.kind !== 'constraint') continue;
        constraints.push(condition.constraint);
        conjuncts.push(condition.conjunct);
      }
      for (const offer of this.kind.offers(index, this.table, constraints, catalog)) {
        if (offer.serves.length === 0) continue;
        const served = offer.serves.map((i) => conjuncts[i]!);
        const whole = offer.serves.every((i) => constraints[i]!.exact);
        this.compareOffer(open, offer, served, whole, rows, random);
        compared++;
      }
    }
    compared += this.compareFacets(open, rows, random);
    return compared;
  }

  private compareOffer(
    open: IndexReader,
    offer: Offer,
    served: readonly Expr[],
    whole: boolean,
    rows: Rows,
    random: Random,
  ): void {
    const wanted = this.select(rows, served);
    const probe = bindProbe(offer.probe, clock);
    const { lo, est, hi } = offer.rows;
    assert.ok(lo >= 0 && lo <= est && est <= hi, `an estimate is in order: ${lo} ${est} ${hi}`);
    assert.ok(offer.cost > 0 && Number.isFinite(offer.cost), 'an offer has a cost');
    if (offer.precision === 'refutes') {
      assert.ok(open.mayContain !== undefined, 'what refutes has mayContain');
      for (const rowId of wanted) assert.ok(open.mayContain(rowId >>> 16, probe), `row ${rowId} is refuted`);
      return;
    }
    const found = open.rowSet(probe).toArray();
    ascending(found);
    const set = new Set(found);
    // A message is written only when it is needed: there are millions of rows.
    const missing = wanted.find((rowId) => !set.has(rowId));
    if (missing !== undefined) assert.fail(`row ${missing} is missing: ${show(probe)}`);
    for (const rowId of found) assert.ok(rows.has(rowId), `row ${rowId} is not in the table`);
    if (offer.precision === 'exact') {
      // All that are wanted are there: as many are the same.
      if (whole && found.length !== wanted.length) assert.deepEqual(found, wanted, `exactly the rows: ${show(probe)}`);
      assert.equal(open.count(probe), found.length, 'count');
      assert.ok(found.length >= lo && found.length <= hi, `${found.length} rows between ${lo} and ${hi}`);
    } else assert.ok(open.count(probe) >= wanted.length, 'count of a superset');
    const restriction = open.restrict?.(probe);
    if (restriction !== undefined) {
      for (const every of [1, 3]) {
        const some = [...rows.keys()].sort((a, b) => a - b).filter((_, i) => i % every === 0);
        const within = rowSets().fromSorted(Uint32Array.from(some));
        const left = found.filter((rowId) => within.has(rowId));
        assert.deepEqual(restriction.rowSet(within).toArray(), left, 'the rows of the probe among given ones');
        assert.equal(restriction.count(within), left.length, 'their number');
      }
    }
    const quick = open.quickCount?.(probe);
    if (quick !== undefined) {
      if (offer.precision === 'exact') assert.equal(quick, found.length, 'quick count');
      else assert.ok(quick >= wanted.length, 'quick count of a superset');
    }
    const expected = open.estimate?.(probe);
    if (expected !== undefined) {
      assert.ok(expected.lo >= 0 && expected.lo <= expected.est && expected.est <= expected.hi, 'an estimate in order');
      if (expected.lo === expected.hi) assert.equal(expected.est, found.length, 'an estimate that is exact');
    }
    if (offer.order !== undefined) this.compareWalk(open, offer, probe, found, rows, random);
  }

  private compareAll(open: IndexReader, index: IndexDef, catalog: Catalog, rows: Rows): number {
    let compared = 0;
    for (const offer of this.kind.offers(index, this.table, [], catalog)) {
      assert.equal(offer.probe.kind, 'all', 'without constraints, only everything is offered');
      const found = open.rowSet({ kind: 'all' }).toArray();
      assert.deepEqual(found, Uint32Array.from([...rows.keys()].sort((a, b) => a - b)), 'all rows');
      assert.equal(open.count({ kind: 'all' }), rows.size);
      if (offer.order !== undefined) this.compareWalk(open, offer, { kind: 'all' }, found, rows, undefined);
      compared++;
    }
    return compared;
  }

  private compareWalk(
    open: IndexReader,
    offer: Offer,
    probe: Probe<Value>,
    found: Uint32Array,
    rows: Rows,
    random: Random | undefined,
  ): void {
    assert.ok(open.walk !== undefined && offer.walkCost !== undefined, 'what has an order can be walked, for a cost');
    const forward: number[] = [];
    for (const batch of open.walk(probe, { reverse: false, covered: true })) {
      assert.ok(batch.count > 0 && batch.count <= 1_024 && batch.rowIds.length === batch.count, 'a batch of a walk');
      for (let i = 0; i < batch.count; i++) {
        const row = rows.get(batch.rowIds[i]!);
        assert.ok(row !== undefined, `row ${batch.rowIds[i]} of a walk is not in the table`);
        for (let k = 0; k < batch.values.length; k++) {
          const value = batch.values[k]![i];
          // Geometries come back as equal objects, whatever made them.
          if (!Object.is(value, row[k])) assert.deepStrictEqual(value, row[k], 'covered values');
        }
        forward.push(batch.rowIds[i]!);
      }
    }
    assert.deepEqual(Uint32Array.from(forward).sort(), found, 'a walk yields the rows of the set');
    const compares = this.shape.keys.map(({ type, desc = false, nullsFirst = desc }) =>
      comparator(type, { desc, nullsFirst }),
    );
    for (let i = 1; i < forward.length; i++) {
      const [a, b] = [rows.get(forward[i - 1]!)!, rows.get(forward[i]!)!];
      let difference = 0;
      compares.forEach((compare, k) => (difference ||= compare(a[k]!, b[k]!)));
      assert.ok(difference <= 0, `rows ${forward[i - 1]} and ${forward[i]} of a walk are out of order`);
    }
    const stop = random === undefined ? Infinity : random.below(forward.length + 10);
    const backward: number[] = [];
    for (const batch of open.walk(probe, { reverse: true, covered: false })) {
      backward.push(...batch.rowIds);
      if (backward.length >= stop) break;
    }
    assert.deepEqual(backward, forward.reverse().slice(0, backward.length), 'a reverse walk');
    if (stop > forward.length) assert.equal(backward.length, forward.length, 'a whole reverse walk');
  }

  private compareFacets(open: IndexReader, rows: Rows, random: Random): number {
    if (open.facets === undefined) return 0;
    const { type } = this.shape.keys[0]!;
    const some = [...rows.keys()].filter(() => random.next() < 0.3).sort((a, b) => a - b);
    for (const within of [undefined, some]) {
      const left = new Set(within ?? rows.keys());
      for (const { value, count } of open.facets(within && rowSets().fromSorted(Uint32Array.from(within)))) {
        let counted = 0;
        for (const rowId of left) {
          const own = rows.get(rowId)![0]!;
          if (value === null ? own !== null : own === null || !equalValues(own, value, type)) continue;
          counted++;
          left.delete(rowId);
        }
        assert.ok(count > 0, 'no facet is empty');
        assert.equal(count, counted, `facet ${String(value)}`);
      }
      assert.equal(left.size, 0, 'every row is in a facet');
    }
    return 1;
  }

  /** Ascending ids of the rows for which all conjuncts are true. */
  private select(rows: Rows, conjuncts: readonly Expr[]): Uint32Array {
    const layout = new Map(this.shape.keys.map((_, i) => [i, i]));
    const tests = conjuncts.map((expr) => compileTest(expr, layout, true));
    const found: number[] = [];
    const cells: Value[][] = this.shape.keys.map(() => [null]);
    for (const [rowId, row] of rows) {
      for (let i = 0; i < cells.length; i++) cells[i]![0] = row[i]!;
      if (tests.every((test) => test(cells, 0, clock))) found.push(rowId);
    }
    return Uint32Array.from(found).sort();
  }

  verify(reader: PageReader, rows: Rows = this.rows, index = this.index): string[] {
    return this.kind.verify(index, this.table, reader, this.entries(rows)).map((problem) => problem.what);
  }
}

function ascending(ids: Uint32Array): void {
  for (let i = 1; i < ids.length; i++) assert.ok(ids[i]! > ids[i - 1]!, 'row ids ascend');
}

function show(probe: Probe<Value>): string {
  return JSON.stringify(probe, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** The definition that a shape makes of a kind, not judged yet. */
export function definitionOf(kind: IndexKind, shape: Shape): Omit<IndexDef, 'id' | 'spaces'> {
  return {
    name: 'places_key',
    table: 'places',
    kind: kind.name,
    keys: shape.keys.map(({ type, desc = false, nullsFirst = desc }, i) => ({
      expr: keyColumn(shape, i),
      text: `k${i}`,
      type,
      desc,
      nullsFirst,
    })),
    include: (shape.include ?? []).map((_, i) => shape.keys.length + i),
    unique: shape.unique ?? false,
    where: shape.partial === true ? { text: 'k0 IS NOT NULL', expr: isNull(keyColumn(shape, 0), true) } : undefined,
    options: {},
    constraint: shape.primary === true ? 'primary' : undefined,
  };
}

export function tableOf(shape: Shape, indexes: readonly IndexDef[]): TableDef {
  const columns = [...shape.keys, ...(shape.include ?? [])].map(({ type }, i): ColumnDef => ({
    name: i < shape.keys.length ? `k${i}` : `c${i}`,
    type,
    notNull: shape.primary === true && i < shape.keys.length,
    maxLength: undefined,
    default: undefined,
    missing: null,
  }));
  return {
    id: 1,
    name: 'places',
    columns,
    primaryKey: shape.primary === true ? shape.keys.map((_, i) => i) : [],
    checks: [],
    foreignKeys: [],
    referencedBy: [],
    builds: [],
    indexes,
    space: TABLE_SPACE,
    spaces: [2, 3],
    rowPageShift: 5,
  };
}
