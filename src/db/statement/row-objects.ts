// From batches to what an application gets: objects of one fixed shape per statement, or arrays.

import type { TableDef } from '../../catalog/definitions.js';
import { canGenerate } from '../../expr/evaluate.js';
import type { Batch } from '../../exec/rows/batch.js';
import type { OutputColumn } from '../../plan/logical.js';
import type { Row, Type, Value } from '../../values/types.js';
import { isSameInApp, toApp } from '../../values/index.js';
import type { ResultRow, ResultValue } from '../api.js';

type Vectors = readonly ArrayLike<unknown>[];
type MakeRow = (columns: Vectors, row: number) => ResultRow;

/** Rows from which a statement has its own code to make them. */
const GENERATED_FROM = 256;

export class RowShape {
  private readonly converts: readonly (OutputColumn | undefined)[];
  private readonly names: readonly string[];
  private made = 0;
  private generated: MakeRow | undefined;

  constructor(readonly output: readonly OutputColumn[]) {
    this.converts = output.map((column) => (isSameInApp(column.type) ? undefined : column));
    this.names = output.map((column) => column.name);
  }

  /** Code is generated for statements that yield many rows: making it takes as long as some hundred rows without it. */
  private maker(rows: number): MakeRow {
    this.made += rows;
    if (this.made < GENERATED_FROM) return loop(this.names);
    return (this.generated ??= rowMaker(this.names));
  }

  /** Values of the batch as the application sees them, still column by column. */
  private vectors(batch: Batch): Vectors {
    return this.converts.map((column, i) => {
      const vector = batch.columns[i]!;
      if (column === undefined) return vector;
      const out = new Array<unknown>(batch.length);
      for (let r = 0; r < batch.count; r++) {
        const row = batch.selection === undefined ? r : batch.selection[r]!;
        out[row] = toApp(vector[row]!, column.type);
      }
      return out;
    });
  }

  objects(batch: Batch, into: ResultRow[]): void {
    const vectors = this.vectors(batch);
    const { selection, count } = batch;
    const make = this.maker(count);
    for (let r = 0; r < count; r++) into.push(make(vectors, selection === undefined ? r : selection[r]!));
  }

  arrays(batch: Batch, into: ResultValue[][]): void {
    const vectors = this.vectors(batch);
    const { selection, count } = batch;
    for (let r = 0; r < count; r++) {
      const row = selection === undefined ? r : selection[r]!;
      into.push(vectors.map((vector) => vector[row] as ResultValue));
    }
  }
}

/**
 * Makes objects with these names. Generated code gives every row the same hidden class; where that is forbidden, a loop gives the same rows.
 */
function rowMaker(names: readonly string[]): MakeRow {
  if (!canGenerate()) return loop(names);
  // A repeated name keeps its last value. Names are written as JSON strings, "__proto__" as a computed one: a plain one would set it.
  return new Function(
    'columns',
    'row',
    literal(names, (i) => `columns[${i}][row]`),
  ) as MakeRow;
}

function loop(names: readonly string[]): MakeRow {
  return (columns, row) => objectOf(names, (i) => columns[i]![row]);
}

/** Where a column of an object comes from: the place of its value in a row of the table, and its type there. */
export interface ObjectColumn {
  readonly name: string;
  readonly ordinal: number;
  readonly type: Type;
}

/** Makes objects from whole rows of a table. The object is the caller's own; geometries in it are shared and frozen. */
export function objectMaker(columns: readonly ObjectColumn[]): (row: Row) => ResultRow {
  const names = columns.map((column) => column.name);
  const converts = columns.map(
    ({ type }) =>
      (value: Value) =>
        toApp(value, type),
  );
  const isSame = columns.map(({ type }) => isSameInApp(type));
  if (!canGenerate()) {
    return (row) => objectOf(names, (i) => converts[i]!(row[columns[i]!.ordinal]!));
  }
  const body = literal(names, (i) => {
    const value = `row[${columns[i]!.ordinal}]`;
    return isSame[i] ? value : `converts[${i}](${value})`;
  });
  return new Function('converts', `return (row) => { ${body} };`)(converts) as (row: Row) => ResultRow;
}

/** The columns of a table, in order, under their own names. */
export function columnsOf(table: TableDef): ObjectColumn[] {
  return table.columns.map(({ name, type }, ordinal) => ({ name, type, ordinal }));
}

function literal(names: readonly string[], value: (i: number) => string): string {
  const parts = names.map((name, i) => {
    const key = JSON.stringify(name);
    return `${name === '__proto__' ? `[${key}]` : key}: ${value(i)}`;
  });
  return `return { ${parts.join(', ')} };`;
}

function objectOf(names: readonly string[], value: (i: number) => unknown): ResultRow {
  const object: ResultRow = {};
  names.forEach((name, i) => define(object, name, value(i) as ResultValue));
  return object;
}

function define(object: ResultRow, name: string, value: ResultValue): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
