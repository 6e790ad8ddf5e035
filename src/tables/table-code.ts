// What a table's definition compiles to, once: its row pages, and for each index the values of an entry from a row.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import { FUNCTIONS } from '../catalog/definitions.js';
import { compileClosure, compileTest } from '../expr/evaluate.js';
import type { Evaluation } from '../expr/evaluation.js';
import type { Expr } from '../expr/expression.js';
import { RowPages } from '../pages/row-pages.js';
import type { Row, Value } from '../values/types.js';
import { rowCodec } from '../values/index.js';

/** Page spaces of a table beside its row pages: long values, live rows. */
export const TABLE_SPACES = 2;

/** Keys then included columns of the row's entry; undefined when the (partial) index does not hold the row. */
export type EntryOf = (row: Row) => Row | undefined;

export interface TableCode {
  readonly rows: RowPages;
  /** By index id. */
  readonly entries: ReadonlyMap<number, EntryOf>;
  readonly checks: readonly { readonly name: string; readonly fails: (row: Row) => boolean }[];
}

const made = new WeakMap<TableDef, TableCode>();

export function codeOf(table: TableDef): TableCode {
  let code = made.get(table);
  if (code === undefined) {
    code = {
      rows: new RowPages(
        { rows: table.space, long: table.spaces[0]!, live: table.spaces[1]! },
        rowCodec(table.columns.map((column) => column.type)),
        table.rowPageShift,
        table.columns.map((column) => column.missing),
      ),
      entries: new Map(
        [...table.builds.map((build) => build.index), ...table.indexes].map((index) => [
          index.id,
          entryOf(table, index),
        ]),
      ),
      checks: table.checks.map(({ name, predicate }) => {
        const isFalse = overRow(table, (layout) => compileTest(predicate.expr, layout, false));
        return { name, fails: isFalse };
      }),
    };
    made.set(table, code);
  }
  return code;
}

/** Definitions are deterministic: no parameters, no clock. What the application registered may come to the definition later. */
function evaluationOf(table: TableDef): Evaluation {
  return {
    parameters: [],
    now: 0,
    get functions() {
      return table[FUNCTIONS];
    },
  };
}

type Cells = Value[][];

/** Runs a function over batches for one row: the row's values stand in batches of one. */
function overRow<T>(
  table: TableDef,
  compile: (layout: ReadonlyMap<number, number>) => (columns: Cells, row: number, evaluation: Evaluation) => T,
): (row: Row) => T {
  const layout = new Map(table.columns.map((_, ordinal) => [ordinal, ordinal]));
  const evaluate = compile(layout);
  const cells: Cells = table.columns.map(() => [null]);
  const evaluation = evaluationOf(table);
  return (row) => {
    for (let i = 0; i < cells.length; i++) cells[i]![0] = row[i] ?? null;
    return evaluate(cells, 0, evaluation);
  };
}

/** The entry-maker of one index. */
export function entryOf(table: TableDef, index: IndexDef): EntryOf {
  const parts: ((row: Row) => Value)[] = [
    ...index.keys.map((key) => valueOf(table, key.expr)),
    ...index.include.map((ordinal) => (row: Row) => row[ordinal] ?? null),
  ];
  const make = gather(parts);
  if (index.where === undefined) return make;
  const { expr } = index.where;
  const holds = overRow(table, (layout) => compileTest(expr, layout, true));
  return (row) => (holds(row) ? make(row) : undefined);
}

/** Most entries have one value or two: those are written out. */
function gather(parts: readonly ((row: Row) => Value)[]): EntryOf {
  const [first, second] = parts;
  if (first && parts.length === 1) return (row) => [first(row)];
  if (first && second && parts.length === 2) return (row) => [first(row), second(row)];
  return (row) => parts.map((part) => part(row));
}

function valueOf(table: TableDef, expr: Expr): (row: Row) => Value {
  if (expr.kind === 'column') {
    const ordinal = expr.id;
    return (row) => row[ordinal] ?? null;
  }
  return overRow(table, (layout) => compileClosure(expr, layout));
}
