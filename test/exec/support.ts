// Operators under test stand on sources made by hand, and are compared with plain loops over rows.

import { workingMemory } from '../../src/db/input/working-memory.js';
import { MemoryBudget } from '../../src/exec/memory/memory.js';
import { FixedSets } from '../../src/exec/row-set/fixed-sets.js';
import { BATCH_ROWS } from '../../src/exec/rows/batch.js';
import type { Batch } from '../../src/exec/rows/batch.js';
import { buildOperator } from '../../src/exec/build.js';
import type { Context, Operator } from '../../src/exec/operator.js';
import { column, nullOf } from '../../src/expr/build.js';
import type { Expr } from '../../src/expr/expression.js';
import type { Expected, PhysicalPlan, ValuesPlan } from '../../src/plan/physical.js';
import type { ScalarType, Value } from '../../src/values/types.js';
import { compareValues } from '../../src/values/index.js';
import type { Random } from '../differential/random.js';

export type Rows = readonly (readonly Value[])[];

export const expected: Expected = { rows: { lo: 0, est: 10, hi: 1e6, source: 'default' }, cost: 1, startup: 1 };

/** A stand-in for any plan: its operator yields the rows, and tells how far it was read. */
export interface Source {
  readonly plan: ValuesPlan;
  readonly rows: Rows;
  readonly types: readonly ScalarType[];
  /** Batches asked for, over all runs; runs begun and ended (early or not). */
  readonly read: { batches: number; begun: number; ended: number };
  readonly operator: Operator;
  /** A column by position. */
  at(i: number): Expr;
}

let nextColumn = 1;

/** @param size rows of a batch; every other row of a batch is hidden behind a selection when `selected` */
export function source(types: readonly ScalarType[], rows: Rows, size = BATCH_ROWS, selected = false): Source {
  const columns = types.map(() => nextColumn++);
  const read = { batches: 0, begun: 0, ended: 0 };
  const operator: Operator = function* () {
    read.begun++;
    try {
      for (let from = 0; from < rows.length; from += size) {
        read.batches++;
        yield batchOf(rows.slice(from, from + size), types.length, selected);
      }
    } finally {
      read.ended++;
    }
  };
  const plan: ValuesPlan = {
    kind: 'values',
    columns,
    expected,
    rows: [types.map(nullOf)],
  };
  return { plan, rows, types, read, operator, at: (i) => column(columns[i]!, `c${i}`, types[i]!, true) };
}

function batchOf(rows: Rows, width: number, selected: boolean): Batch {
  const hidden: Value[] = Array.from({ length: width }, () => 'hidden');
  const all = selected ? rows.flatMap((row) => [hidden, row]) : rows;
  const columns = Array.from({ length: width }, (_, c) => all.map((row) => row[c]!));
  if (!selected) return { columns, length: all.length, selection: undefined, count: all.length };
  const selection = Uint32Array.from(rows, (_, i) => 2 * i + 1);
  return { columns, length: all.length, selection, count: selection.length };
}

/** Builds the operator of a plan over sources; plans between are built as usual. */
export function operatorOver(plan: PhysicalPlan, ...sources: readonly Source[]): Operator {
  return buildOperator(plan, (node, operator) => sources.find((one) => one.plan === node)?.operator ?? operator);
}

export function contextOf(parameters: Value[] = [], memory = new MemoryBudget(workingMemory(), 4)): Context {
  const none = (): never => {
    throw new Error('these operators read no tables');
  };
  return {
    reader: { page: none, find: none, counters: none } as never,
    evaluation: { parameters, now: 0 },
    table: none,
    commonTable: none,
    writer: undefined,
    fixedSets: new FixedSets(0),
    memory,
    changes: { rows: 0 },
    cancelled: undefined,
  };
}

/** All rows; checks that batches keep to the contract. */
export function rowsOf(batches: Iterable<Batch>): Value[][] {
  const out: Value[][] = [];
  for (const { columns, length, selection, count } of batches) {
    if (count === 0 || count > BATCH_ROWS * 2) throw new Error(`a batch of ${count} rows`);
    if (selection ? selection.length < count : count !== length) throw new Error('count and selection do not agree');
    for (let i = 0; i < count; i++) out.push(columns.map((vector) => vector[selection ? selection[i]! : i]!));
  }
  return out;
}

export function run(plan: PhysicalPlan, ...sources: readonly Source[]): Value[][] {
  return rowsOf(operatorOver(plan, ...sources)(contextOf()));
}

/** Random rows of few values, NULLs among them, so that keys meet. */
export function randomRows(random: Random, types: readonly ScalarType[], count: number): Value[][] {
  return Array.from({ length: count }, () => types.map((type) => randomValue(random, type)));
}

function randomValue(random: Random, type: ScalarType): Value {
  if (random.chance(0.15)) return null;
  switch (type) {
    case 'integer':
      return random.chance(0.1) ? 2n ** 60n + BigInt(random.int(0, 2)) : random.int(-3, 8);
    case 'real':
      return random.pick([0, -0, 1.5, NaN, -Infinity, 2]);
    case 'boolean':
      return random.chance(0.5);
    case 'blob':
      return Uint8Array.of(random.int(0, 2));
    default:
      return random.pick(['', 'a', 'b', 'ab', 'a,', ',1:a', 'é', '\u{1f600}']);
  }
}

/** A row as text, for comparing without order: equal as DISTINCT means it. */
export function keyOf(row: readonly Value[]): string {
  return row
    .map((v) =>
      v === null ? 'NULL' : typeof v === 'number' ? `n${v + 0}` : v instanceof Uint8Array ? `b${v}` : `${typeof v}${v}`,
    )
    .join('|');
}

export function unordered(rows: Rows): string[] {
  return rows.map(keyOf).sort();
}

export function equal(a: Value, b: Value, type: ScalarType): boolean {
  return a !== null && b !== null && compareValues(a, b, type) === 0;
}

/** Shapes of input that a batch operator meets: none, one row, many batches, more rows than a batch; with and without selections. */
export const inputs = [
  { rows: 0, size: 64 },
  { rows: 1, size: 64 },
  { rows: 7, size: 1 },
  { rows: 100, size: 7 },
  { rows: 2500, size: 1024 },
].flatMap((shape) => [false, true].map((selected) => ({ ...shape, selected })));
