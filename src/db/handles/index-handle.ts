// Direct lookups through one index: no statement, no plan.

import type { IndexDef, IndexKindName, TableDef } from '../../catalog/definitions.js';
import { foldedValue, folds, keyOrdinal } from '../../catalog/keys.js';
import type { Probe } from '../../catalog/offer.js';
import { LightningError } from '../../errors.js';
import type { IndexReader } from '../../index/kind.js';
import { kindOf } from '../../index/registry.js';
import { trueDistances } from '../../index/true-distances.js';
import { distance, makeEnvelope, within } from '../../geo/index.js';
import type { TableReader } from '../../tables/table-reader.js';
import { codeOf } from '../../tables/table-code.js';
import type { Geometry, Point, Row, Value } from '../../values/types.js';
import { describe, equalValues, toEngine } from '../../values/index.js';
import type { IndexHandle, RangeBounds, ResultRow, Suggestion } from '../api.js';
import { checkOptions, checkText, limitOf, nearest } from '../input/arguments.js';
import type { Session } from '../session/session.js';
import { didYouMean, suggest } from './typed-words.js';
import type { WordSource } from './typed-words.js';

type MakeObject<R> = (table: TableDef, row: Row) => R;

interface Open {
  readonly table: TableDef;
  readonly index: IndexDef;
  readonly rows: TableReader;
  readonly reader: IndexReader;
}

/** Kinds that have no keys, with what to use instead. */
const withoutKeys: Readonly<Partial<Record<IndexKindName, string>>> = {
  rtree: 'use near() or within()',
  fulltext: 'use search()',
  bloom: 'use a statement: a bloom filter only says where a key cannot be',
  columnstore: 'use a statement: a columnstore is read chunk by chunk',
};

export class LookupHandle<R = ResultRow> implements IndexHandle<R> {
  readonly name: string;
  readonly kind: string;

  constructor(
    private readonly session: Session,
    private readonly tableName: string,
    index: IndexDef,
    private readonly object: MakeObject<R>,
  ) {
    this.name = index.name;
    this.kind = index.kind;
  }

  private open<T>(fn: (open: Open) => T): T {
    return this.session.read((view) => {
      const table = view.requireTable(this.tableName);
      const index = table.indexes.find((candidate) => candidate.name === this.name);
      if (index === undefined) {
        const names = table.indexes.map((candidate) => candidate.name);
        const hint = nearest(this.name, names, `the indexes of "${this.tableName}"`);
        throw new LightningError('UNKNOWN_INDEX', `the index "${this.name}" has been dropped`, { hint });
      }
      this.session.usage.use(index.id);
      const rows = view.rowsOf(table);
      return fn({ table, index, rows, reader: rows.index(index) });
    });
  }

  private refuse(what: string, instead: string): LightningError {
    return new LightningError('INVALID_ARGUMENT', `an index of kind ${this.kind} has no ${what}`, { hint: instead });
  }

  private keys({ table, index }: Open, key: readonly unknown[]): Value[] {
    if (key.length === 0 || key.length > index.keys.length) {
      throw new LightningError(
        'INVALID_ARGUMENT',
        `"${index.name}" has ${index.keys.length} keys, ${key.length} values are given`,
        { hint: `its keys: ${index.keys.map((each) => each.text).join(', ')}` },
      );
    }
    return key.map((value, i) => keyValue(table, index, i, value, `key ${index.keys[i]!.text}`));
  }

  /** The ids of rows with these keys, rechecked where the index alone is not sure. */
  private find(open: Open, key: readonly unknown[]): Uint32Array {
    const { table, index, rows, reader } = open;
    const instead = withoutKeys[index.kind];
    if (instead !== undefined) throw this.refuse('keys to look up', instead);
    const values = this.keys(open, key);
    if (index.kind === 'hash' && values.length < index.keys.length) {
      throw this.refuse('prefixes', 'give the values of all its keys');
    }
    const ids = reader.rowSet(probeOf(values)).toArray();
    if (index.kind !== 'hash') return ids;
    const entryOf = codeOf(table).entries.get(index.id)!;
    return ids.filter((rowId) => {
      const entry = entryOf(rows.row(rowId)!);
      return values.every((value, i) => {
        const other = entry?.[i] ?? null;
        return value === null || other === null ? value === other : equalValues(other, value, index.keys[i]!.type);
      });
    });
  }

  rowIds(...key: unknown[]): Uint32Array {
    return this.open((open) => this.find(open, key));
  }

  get(...key: unknown[]): R[] {
    return this.open((open) => this.rowsOf(open, this.find(open, key)));
  }

  private rowsOf({ table, rows }: Open, ids: Iterable<number>): R[] {
    return Array.from(ids, (rowId) => this.object(table, rows.row(rowId)!));
  }

  count(...key: unknown[]): number {
    return this.open((open) => {
      if (key.length === 0) return kindOf(open.index.kind).statistics(open.index, open.rows.reader).entries;
      if (open.index.kind === 'hash' || withoutKeys[open.index.kind] !== undefined) return this.find(open, key).length;
      return open.reader.count(probeOf(this.keys(open, key)));
    });
  }

  range(bounds: RangeBounds): R[] {
    checkOptions(bounds, 'range()', ['gte', 'gt', 'lte', 'lt', 'reverse', 'limit']);
    const limit = limitOf(bounds.limit, 'range()');
    return this.open((open) => {
      if (open.reader.walk === undefined) throw this.refuse('order', 'use a btree index');
      const bound = (inclusive: unknown, exclusive: unknown) => {
        if (inclusive !== undefined && exclusive !== undefined) {
          throw new LightningError('INVALID_ARGUMENT', 'range() has two bounds on one side', {
            hint: 'pass gte or gt, and lte or lt',
          });
        }
        const given = inclusive === undefined ? exclusive : inclusive;
        if (given === undefined) return undefined;
        if (given === null) {
          throw new LightningError('INVALID_ARGUMENT', 'a bound of range() is null, which compares with nothing', {
            hint: 'leave the bound out; get(null) finds the rows without a key',
          });
        }
        const what = `bound of ${open.index.keys[0]!.text}`;
        return { value: keyValue(open.table, open.index, 0, given, what), inclusive: inclusive !== undefined };
      };
      const range = { low: bound(bounds.gte, bounds.gt), high: bound(bounds.lte, bounds.lt) };
      const probe: Probe<Value> =
        range.low || range.high ? { kind: 'keys', sets: [], range, prefix: undefined } : { kind: 'all' };
      const found: R[] = [];
      for (const { rowIds, count } of open.reader.walk(probe, { reverse: bounds.reverse ?? false, covered: false })) {
        for (const row of this.rowsOf(open, rowIds.subarray(0, Math.min(count, limit - found.length)))) found.push(row);
        if (found.length >= limit) break;
      }
      return found;
    });
  }

  near(
    point: unknown,
    options: { readonly limit?: number; readonly metres?: number } = {},
  ): (R & { readonly distance: number })[] {
    checkOptions(options, 'near()', ['limit', 'metres']);
    const limit = limitOf(options.limit, 'near()');
    const { metres = Infinity } = options;
    if (typeof metres !== 'number' || !(metres >= 0)) {
      throw new LightningError('INVALID_ARGUMENT', `metres of near() is ${describe(metres)}`, {
        hint: 'pass a number, 0 or more',
      });
    }
    return this.open((open) => {
      const { reader, rows, table, index } = open;
      if (reader.nearest === undefined) throw this.refuse('distances', 'use an rtree index');
      const centre = toEngine(asPoint(point), 'point', 'the point') as Point;
      if (limit === 0) return [];
      const entryOf = codeOf(table).entries.get(index.id)!;
      const shapeOf = (rowId: number) => entryOf(rows.row(rowId)!)?.[0];
      const found: (R & { readonly distance: number })[] = [];
      for (const { rowId, metres: far } of trueDistances(reader.nearest(centre, undefined), (rowId) =>
        trueDistance(shapeOf(rowId), centre),
      )) {
        if (far > metres) break;
        found.push({ ...this.object(table, rows.row(rowId)!), distance: far });
        if (found.length === limit) break;
      }
      return found;
    });
  }

  within(area: unknown, options: { readonly limit?: number } = {}): R[] {
    checkOptions(options, 'within()', ['limit']);
    const limit = limitOf(options.limit, 'within()');
    return this.open((open) => {
      const { reader, rows, table, index } = open;
      if (index.kind !== 'rtree') throw this.refuse('places', 'use an rtree index');
      const shape = asArea(area);
      const probe = { kind: 'spatial', relation: 'within', shape, metres: undefined } as const;
      const ids = reader.rowSet(probe).toArray();
      if (index.keys[0]!.type === 'point') return this.rowsOf(open, ids.subarray(0, limit));
      const entryOf = codeOf(table).entries.get(index.id)!;
      const found: R[] = [];
      for (const rowId of ids) {
        if (found.length >= limit) break;
        const row = rows.row(rowId)!;
        if (within(entryOf(row)![0] as Geometry, shape)) found.push(this.object(table, row));
      }
      return found;
    });
  }

  search(query: string, options: { readonly limit?: number } = {}): (R & { readonly score: number })[] {
    checkText(query, 'the query of search()');
    checkOptions(options, 'search()', ['limit']);
    const limit = limitOf(options.limit, 'search()');
    return this.open((open) => {
      const { reader, rows, table } = open;
      if (reader.search === undefined) throw this.refuse('words', 'use a fulltext index');
      const text = toEngine(query, 'text', 'the query');
      return reader
        .search(text, undefined, limit, undefined)
        .map(({ rowId, score }) => ({ ...this.object(table, rows.row(rowId)!), score }));
    });
  }

  suggest(text: string, options: { readonly limit?: number } = {}): Suggestion[] {
    checkText(text, 'the text of suggest()');
    checkOptions(options, 'suggest()', ['limit']);
    const limit = options.limit === undefined ? 10 : limitOf(options.limit, 'suggest()');
    return this.words((source) => suggest(source, toEngine(text, 'text', 'the text') as string, limit));
  }

  didYouMean(query: string): string | undefined {
    checkText(query, 'the query of didYouMean()');
    return this.words((source) => didYouMean(source, toEngine(query, 'text', 'the query') as string));
  }

  private words<T>(fn: (source: WordSource) => T): T {
    return this.open(({ reader, rows, table, index }) => {
      if (reader.vocabulary === undefined) throw this.refuse('words', 'use a fulltext index');
      const entryOf = codeOf(table).entries.get(index.id)!;
      const texts = (rowId: number) => (entryOf(rows.row(rowId)!) ?? []).filter((text) => typeof text === 'string');
      return fn({ vocabulary: reader.vocabulary(), texts });
    });
  }
}

/** The value of a key: of a NOCASE column, what the index holds for its text. */
function keyValue({ columns }: TableDef, { keys }: IndexDef, i: number, value: unknown, what: string): Value {
  const key = keys[i]!;
  const given = toEngine(value, key.type, what);
  const ordinal = keyOrdinal(columns, key);
  return ordinal !== undefined && folds(columns[ordinal]!) ? foldedValue(given) : given;
}

function probeOf(values: readonly Value[]): Probe<Value> {
  const sets = values.map((value) =>
    value === null ? ({ kind: 'null' } as const) : ({ kind: 'values', values: [value] } as const),
  );
  return { kind: 'keys', sets, range: undefined, prefix: undefined };
}

function trueDistance(shape: Value | undefined, point: Point): number | undefined {
  if (shape === null || shape === undefined) return undefined;
  return distance(shape as Geometry, point);
}

/** GeoJSON, or [west, south, east, north]. */
function asArea(area: unknown): Geometry {
  if (!Array.isArray(area)) return toEngine(area, 'geometry', 'the area') as Geometry;
  const sides = area.map((side, i) => toEngine(side, 'real', `side ${i + 1} of the area`));
  if (sides.length !== 4 || sides.includes(null)) {
    throw new LightningError('INVALID_ARGUMENT', `the area has ${sides.length} sides, or one that is null`, {
      hint: 'pass [west, south, east, north], or GeoJSON',
    });
  }
  return makeEnvelope(...(sides as [number, number, number, number]));
}

/** GeoJSON, or [lon, lat]. */
function asPoint(point: unknown): unknown {
  return Array.isArray(point) ? { type: 'Point', coordinates: point } : point;
}
