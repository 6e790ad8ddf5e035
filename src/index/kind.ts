// The contract of an index kind: one file or folder, one line in the registry, and the conformance suite tests it unasked.

import type { Catalog } from '../catalog/catalog.js';
import type { IndexDef, IndexKindName, OptionValue, TableDef } from '../catalog/definitions.js';
import type { Offer, Probe } from '../catalog/offer.js';
import type { Estimate, IndexStatistics } from '../catalog/statistics.js';
import type { Constraint } from '../expr/constraint.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import type { Analyzer } from '../text/analysis.js';
import type { Row, Value } from '../values/types.js';
import type { ColumnReader } from './columnstore/chunk.js';
import type { RowSet } from './row-set/row-set.js';

/** One row's change as an index sees it; the table has already decided membership (partial) and evaluated the keys. */
export interface EntryChange {
  readonly rowId: number;
  /** Key values, one per `IndexDef.keys`, then one per `include`; undefined when the index does not hold that version of the row. */
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** An entry for a bulk build, in row-id order. */
export interface Entry {
  readonly rowId: number;
  readonly values: Row;
}

/** A batch of an ordered walk: parallel arrays, `count` entries. `values[i]` is the vector of the i-th of (keys..., include...), when asked for. */
export interface WalkBatch {
  readonly count: number;
  readonly rowIds: Uint32Array;
  readonly values: readonly (readonly Value[])[];
}

/** A match of a ranked search, best first. */
export interface Scored {
  readonly rowId: number;
  readonly score: number;
}

/** A row near a point, nearest first; `metres` is exact for points, and a lower bound otherwise (then `exact` is false). */
export interface Near {
  readonly rowId: number;
  readonly metres: number;
  readonly exact: boolean;
}

/** A term of a full-text index with the number of live documents that hold it. */
export interface TermCount {
  readonly term: string;
  readonly documents: number;
}

/** The terms of a full-text index, over one snapshot. */
export interface Vocabulary {
  readonly analyzer: Analyzer;
  /** Documents that hold a term. */
  documents(term: string): number;
  /** Terms that the words beginning with `prefix` become, those of most documents first; none when it is not one word. */
  completions(prefix: string): readonly TermCount[];
  /** Terms within so many edits of a term, those of most documents first. */
  resembling(term: string, distance: 1 | 2): readonly TermCount[];
  /** Up to `most` rows that hold a term, from all over the table. */
  holders(term: string, most: number): readonly number[];
}

/** What a probe leaves of given rows. */
export interface Restriction {
  rowSet(within: RowSet): RowSet;
  /** How many rows that set has, without making it where the kind can. */
  count(within: RowSet): number;
}

/** An index over one snapshot (or transaction). Methods a kind does not have are absent: the planner learns it from offers. */
export interface IndexReader {
  /** Row ids the probe yields; exact or superset as the offer said. */
  rowSet(probe: Probe<Value>): RowSet;
  /** The rows of a probe among given ones, where that is made without the probe's whole set; undefined where it is not. */
  restrict?(probe: Probe<Value>): Restriction | undefined;
  /** Exact number for exact probes, without making row ids where the kind can. */
  count(probe: Probe<Value>): number;
  /** As `count`, when that costs about a page or less (for superset kinds an upper bound of the rows); else undefined. For planning. */
  quickCount?(probe: Probe<Value>): number | undefined;
  /**
   * How many rows a probe yields, for kinds that know it without looking at all of them. A probe that asks for less never gets more. Where
   * it is exact, `lo`, `est` and `hi` are one number.
   */
  estimate?(probe: Probe<Value>): Omit<Estimate, 'source'> | undefined;
  /** Entries of a 'keys' or 'all' probe in key order (or its reverse); `values` only when `covered` is true. */
  walk?(probe: Probe<Value>, options: { readonly reverse: boolean; readonly covered: boolean }): Iterable<WalkBatch>;
  /**
   * As `walk`, of these rows alone: where the kind goes from row to row without visiting the others; undefined where it cannot.
   * @param within row ids, descending where the walk is in reverse
   */
  walkWithin?(
    probe: Probe<Value>,
    within: Iterable<Uint32Array>,
    options: { readonly reverse: boolean; readonly covered: boolean },
  ): Iterable<WalkBatch> | undefined;
  /** Distinct values of the first key with the number of rows of `within` (all rows when undefined) that have it; NULL included. */
  facets?(within: RowSet | undefined): Iterable<{ readonly value: Value; readonly count: number }>;
  /** Best `limit` matches of the query, among `within` when given; ties by row id ascending. `limit` Infinity gives all. */
  search?(query: Value, field: string | undefined, limit: number, within: RowSet | undefined): readonly Scored[];
  /** The score of given rows (ascending ids), 0 for rows that do not match. */
  scores?(query: Value, field: string | undefined, rowIds: Uint32Array): Float64Array;
  /** What is indexed, word by word. */
  vocabulary?(): Vocabulary;
  /** Rows by distance from a point, nearest first, without end until the index is exhausted. Filters are applied by the caller on the way. */
  nearest?(point: Value, within: RowSet | undefined): Iterable<Near>;
  /** Whether every key is the id of its row now (primary keys that may be row ids). */
  keysAreRowIds?(): boolean;
  /** For each 65,536-row chunk number: can it hold a row for the 'keys' probe? */
  mayContain?(chunk: number, probe: Probe<Value>): boolean;
  /** The keys of all entries, column by column, as they are now. */
  columns?(): ColumnReader;
}

/** Changes an index inside a transaction. */
export interface IndexWriter {
  apply(change: EntryChange): void;
  /** The row id other than `rowId` under the same unique key, if any. NULL in any key: never a duplicate. */
  duplicate?(values: Row, rowId: number): number | undefined;
  /**
   * For unique kinds that cannot compare the values themselves (hash): all row ids that may have this key, ascending, the asking row's
   * own among them. The table reads those rows and compares. Not to be asked with a NULL among the keys.
   */
  candidates?(values: Row): number[];
  /** Many changes follow, and then `settle`: what is cheaper done together may wait. Readers find all the same at any time. */
  postpone?(): void;
  settle?(): void;
  /**
   * Adds entries in bulk: sorts and packs. They come in row-id order, and lie in chunks of 65,536 row ids above those of all that the
   * index holds. `progress` is called with the number of entries done.
   */
  build(entries: Iterable<Entry>, progress?: (done: number) => void): void;
  /**
   * For kinds that can be unique: the row ids, two and more at a time, that stand under one key, or may (hash: one hash). Rows with NULL
   * in a key may be among them; the table reads the rows and compares.
   */
  repeated?(): Iterable<readonly number[]>;
}

export interface VerifyProblem {
  readonly what: string;
}

export interface IndexKind {
  readonly name: IndexKindName;
  /** Page spaces an index of this kind needs. */
  readonly spaces: number;
  /** Judges a definition (before ids and spaces are known) and returns its options, completed; an error of kind `input` otherwise. */
  check(definition: Omit<IndexDef, 'id' | 'spaces'>, table: TableDef): Readonly<Record<string, OptionValue>>;
  /** Offers for any of the constraints (all are conjuncts of one WHERE, over this table's ordinals). Sees catalog types only. */
  offers(index: IndexDef, table: TableDef, constraints: readonly Constraint[], catalog: Catalog): Offer[];
  statistics(index: IndexDef, reader: PageReader): IndexStatistics;
  create(index: IndexDef, table: TableDef, writer: PageWriter): void;
  open(index: IndexDef, table: TableDef, reader: PageReader): IndexReader;
  maintain(index: IndexDef, table: TableDef, writer: PageWriter): IndexWriter;
  /** Compares the index with what it should hold (row-id order) and checks its own structure. */
  verify(index: IndexDef, table: TableDef, reader: PageReader, entries: Iterable<Entry>): VerifyProblem[];
}
