// CREATE INDEX and REINDEX of tables with many rows, as transactions one after another: the first writes the build down in the table's
// definition, each further one passes some rows, the last puts the index in its place. Whoever finds a build that a kill has cut short
// goes on with it, also while another process is at it: each step begins where the last one ended, whosesoever it was.

import type { IndexBuild, IndexDef, TableDef } from '../../catalog/definitions.js';
import { LightningError, invariant } from '../../errors.js';
import type { Definition } from '../../index/options.js';
import type { BoundStatement, CreateIndex } from '../../sql/bound.js';
import { createBuild, dropBuild, dropIndex } from '../../tables/define.js';
import { buildIndex, rebuildIndex, stepBuild } from '../../tables/index-build.js';
import { codeOf } from '../../tables/table-code.js';
import type { Definitions } from './definitions.js';

/** Rows of a step. */
export const STEP_ROWS = 1_048_576;

/** Begins a build, or does it at once: then, and when there is nothing to do, it gives undefined. */
export type Beginning = (on: Definitions, stepRows: number) => IndexDef | undefined;

/** Runs `fn` as a transaction of its own. */
export type Change = <T>(fn: (on: Definitions) => T) => T;

/** CREATE INDEX, at its beginning. @throws LightningError ALREADY_EXISTS */
export function beginIndex({ definition, ifNotExists }: CreateIndex): Beginning {
  return (on, stepRows) => {
    const begun = on.findBuild(definition.name);
    if (begun !== undefined && isNew(begun)) {
      const { options } = on.check(begun.table, definition);
      if (alike(begun.build.index, { ...definition, options })) return begun.build.index;
    }
    if (!on.free(definition.name, 'index', ifNotExists)) return undefined;
    const table = on.requireTable(definition.table);
    const index = on.complete(table, definition);
    if (rowsOf(table, on) > stepRows) return begin(on, table, index);
    const extended: TableDef = { ...table, indexes: [...table.indexes, index] };
    buildIndex(extended, index, on.tx, on.watch);
    on.catalog.putTable(extended);
    return undefined;
  };
}

/** REINDEX of one index, at its beginning; of one that was never finished it goes on with that. */
export function beginAgain(tableName: string, indexName: string): Beginning {
  return (on, stepRows) => {
    const table = on.requireTable(tableName);
    const begun = table.builds.find(({ index }) => index.name === indexName);
    if (begun !== undefined) return begun.index;
    const index = table.indexes.find(({ name }) => name === indexName);
    if (index === undefined) return undefined;
    if (rowsOf(table, on) > stepRows) return begin(on, table, on.elsewhere(index));
    rebuildIndex(table, index, on.tx, on.watch);
    on.catalog.touch();
    return undefined;
  };
}

/** Of a statement: one for each index that it makes. */
export function beginningsOf(bound: BoundStatement): Beginning[] {
  if (bound.kind === 'create-index') return [beginIndex(bound)];
  invariant(bound.kind === 'reindex', `a ${bound.kind} builds no index`);
  return bound.indexes.map(({ table, index }) => beginAgain(table, index));
}

function begin(on: Definitions, table: TableDef, index: IndexDef): IndexDef {
  const build: IndexBuild = { index, progress: on.catalog.newSpaces(1)[0]! };
  createBuild(table, build, on.tx);
  on.catalog.putTable({ ...table, builds: [...table.builds, build] });
  return index;
}

function rowsOf(table: TableDef, on: Definitions): number {
  return codeOf(table).rows.count(on.tx);
}

/** A build that will be an index of its own. */
function isNew({ table, build }: { readonly table: TableDef; readonly build: IndexBuild }): boolean {
  return !table.indexes.some(({ id }) => id === build.index.id);
}

function alike(a: Definition, b: Definition): boolean {
  return described(a) === described(b);
}

function described({ table, kind, keys, include, unique, where, options }: Definition): string {
  const parts = keys.map(({ text, type, desc, nullsFirst }) => [text, type, desc, nullsFirst]);
  const settings = Object.entries(options).sort(([x], [y]) => (x < y ? -1 : 1));
  return JSON.stringify([table, kind, parts, include, unique, where?.text, settings]);
}

/** The rest of a build in this transaction. */
export function finish(on: Definitions, index: IndexDef): void {
  while (!step(on, index, Infinity));
}

/** One step of a build; true when the index is in its place. @throws LightningError CONFLICT when the build is gone */
function step(on: Definitions, index: IndexDef, rows: number): boolean {
  const found = locate(on, index);
  if (found === undefined) {
    if (on.catalog.tables().some(({ indexes }) => indexes.some(({ spaces }) => spaces[0] === index.spaces[0])))
      return true;
    throw new LightningError('CONFLICT', `the build of index "${index.name}" was given up meanwhile`, {
      hint: 'its table was altered or dropped, or the index was; run the statement again',
    });
  }
  const { table, build } = found;
  if (!stepBuild(table, build, on.tx, rows, on.watch)) return false;
  const old = table.indexes.find(({ id }) => id === index.id);
  if (old !== undefined) dropIndex(old, on.tx);
  on.tx.dropSpace(build.progress);
  const indexes =
    old === undefined
      ? [...table.indexes, build.index]
      : table.indexes.map((each) => (each === old ? { ...old, spaces: build.index.spaces } : each));
  on.catalog.putTable({ ...table, indexes, builds: table.builds.filter((each) => each !== build) });
  return true;
}

function locate(on: Definitions, { spaces }: IndexDef): { table: TableDef; build: IndexBuild } | undefined {
  for (const table of on.catalog.tables()) {
    const build = table.builds.find(({ index }) => index.spaces[0] === spaces[0]);
    if (build) return { table, build };
  }
  return undefined;
}

/** Removes builds of a table. */
export function giveUp(on: Definitions, table: TableDef, going: (build: IndexBuild) => boolean = () => true): TableDef {
  const gone = table.builds.filter(going);
  if (gone.length === 0) return table;
  for (const build of gone) dropBuild(build, on.tx);
  const left = { ...table, builds: table.builds.filter((build) => !gone.includes(build)) };
  on.catalog.putTable(left);
  return left;
}

/** Whether a failure says nothing against the build: it may be gone on with. */
function isPassing(error: unknown): boolean {
  return error instanceof LightningError && (error.kind === 'io' || error.code === 'CLOSED' || error.code === 'BUSY');
}

/** Carries builds through, a transaction at each step. What fails is undone, unless the failure is a passing one. */
export function* buildInSteps(change: Change, beginnings: readonly Beginning[], stepRows: number): Generator<void> {
  for (const beginning of beginnings) {
    const index = change((on) => beginning(on, stepRows));
    yield;
    if (index === undefined) continue;
    try {
      while (!change((on) => step(on, index, stepRows))) yield;
    } catch (error) {
      if (!isPassing(error)) undo(change, index);
      throw error;
    }
  }
}

/** Where that fails, too (a full disk), the half stays: it can be dropped or finished later. */
function undo(change: Change, index: IndexDef): void {
  try {
    change((on) => {
      const found = locate(on, index);
      if (found) giveUp(on, found.table, (build) => build === found.build);
    });
  } catch (error) {
    if (!(error instanceof LightningError) || error.kind === 'bug') throw error;
  }
}
