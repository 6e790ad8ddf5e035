// Runs statements over a session: plans them, gives reads a snapshot and changes a transaction, and turns batches into rows.

import { setImmediate, setTimeout } from 'node:timers/promises';
import type * as ast from '../../../grammar/ast.js';
import type { Batch } from '../../exec/rows/batch.js';
import { Executable } from '../../exec/execution.js';
import { Meter } from '../../exec/meter.js';
import { explain } from '../../plan/explain/index.js';
import type { QuerySource } from '../../plan/builder/index.js';
import type { Hints } from '../../plan/logical.js';
import { LightningError } from '../../errors.js';
import type { PageTransaction } from '../../pages/index.js';
import type { WatchBuild } from '../../tables/index-build.js';
import { alterSteps } from '../../sql/bind-alter.js';
import type { Value } from '../../values/types.js';
import type { ExplainOptions, ResultRow, ResultValue } from '../api.js';
import type { Given } from '../input/bind-values.js';
import { bindValues, nothingGiven } from '../input/bind-values.js';
import { runDefinition } from '../define/apply.js';
import { Definitions } from '../define/definitions.js';
import type { BuildSettings } from '../define/index-builds.js';
import { STEP_ROWS, beginningsOf, buildInSteps } from '../define/index-steps.js';
import type { Beginning, Change } from '../define/index-steps.js';
import type { CachedStatement, KnownText, PlanCache, Ready } from './plan-cache.js';
import { bindStatement, isQuery, lowerSource, parseAll, parseOne, plan } from './plan-cache.js';
import { HeldRows } from '../session/held-rows.js';
import { RowShape } from './row-objects.js';
import type { View } from '../schema/schema.js';
import { isSessionStatement, runSessionStatement } from '../session/session-statements.js';
import type { Session } from '../session/session.js';

/** What a statement gave: rows as they were asked for, and the number of rows changed. */
export interface Outcome<T> {
  readonly rows: T[];
  readonly changes: number;
}

type BuildKind = 'create-index' | 'reindex';

type Collect<T> = (shape: RowShape, batch: Batch, into: T[]) => void;

export const asObjects: Collect<ResultRow> = (shape, batch, into) => shape.objects(batch, into);
export const asArrays: Collect<ResultValue[]> = (shape, batch, into) => shape.arrays(batch, into);

export class Engine {
  constructor(
    readonly session: Session,
    readonly plans: PlanCache,
  ) {}

  /** The statement of a text, parsed. */
  statement(text: string, hints?: Hints): KnownText {
    this.session.mustBeOpen();
    return this.plans.statement(text, hints);
  }

  /** Runs a statement to its end. */
  run<T>(text: string, known: KnownText, given: Given, collect: Collect<T>): Outcome<T> {
    const { tree } = known.statement;
    if (tree.kind === 'select-statement')
      return this.session.read((view) => this.execute(text, known, given, collect, view));
    if (isQuery(tree)) {
      return this.session.change((view, tx) => this.execute(text, known, given, collect, view, tx));
    }
    if (tree.kind === 'explain') return this.explained(known.statement, given, collect);
    if (isSessionStatement(tree)) {
      const bound = this.session.read((view) => bindStatement(known.statement, given, view));
      runSessionStatement(this.session, bound);
      return { rows: [], changes: 0 };
    }
    return { rows: [], changes: this.define(known.statement, given) };
  }

  /** Runs one CREATE INDEX or REINDEX, which can be watched. @throws LightningError INVALID_ARGUMENT for another statement */
  build(text: string, kind: BuildKind, how: BuildSettings): void {
    this.define(this.buildStatement(text, kind), nothingGiven, how);
  }

  /** As `build`, with a turn of the event loop after each step. Transactions that begin meanwhile are waited for. */
  async buildLater(text: string, kind: BuildKind, how: BuildSettings): Promise<void> {
    const steps = this.steps(this.buildStatement(text, kind), how);
    do {
      await setImmediate();
      while (this.session.inTransaction) await setTimeout(1);
    } while (steps.next().done !== true);
  }

  private buildStatement(text: string, kind: BuildKind): CachedStatement {
    this.session.mustBeOpen();
    const tree = parseOne(text);
    if (tree.kind !== kind) {
      throw new LightningError('INVALID_ARGUMENT', `the statement is a ${tree.kind}`, {
        hint: 'pass one CREATE INDEX statement; others are for exec()',
      });
    }
    return { text, tree, lifted: undefined, hints: undefined, bindings: [] };
  }

  /**
   * Runs all statements of a text, as one transaction when there is more than one. A text that begins or ends transactions itself is run
   * statement by statement; when one fails, a transaction that the text began is undone.
   */
  runAll(text: string): void {
    this.session.mustBeOpen();
    const trees = parseAll(text);
    const runOne = (tree: CachedStatement['tree']) => {
      const statement: CachedStatement = { text, tree, lifted: undefined, hints: undefined, bindings: [] };
      this.run(text, { statement, literals: [] }, nothingGiven, () => undefined);
    };
    const [first, second] = trees;
    if (first === undefined) return;
    if (second === undefined) runOne(first);
    else if (trees.some(isSessionStatement)) this.runSession(trees, runOne);
    else this.session.transaction(() => trees.forEach(runOne));
  }

  private runSession(trees: readonly CachedStatement['tree'][], runOne: (tree: CachedStatement['tree']) => void): void {
    let began = false;
    try {
      for (const tree of trees) {
        runOne(tree);
        if (tree.kind === 'begin') began = true;
      }
    } catch (error) {
      if (began && this.session.inTransaction) this.session.rollback();
      throw error;
    }
  }

  ready(text: string, known: KnownText, given: Given, view: View): Ready {
    return this.plans.ready(text, known, given, view, !this.session.changedSchema);
  }

  private execute<T>(
    text: string,
    known: KnownText,
    given: Given,
    collect: Collect<T>,
    view: View,
    writer?: PageTransaction,
  ): Outcome<T> {
    const ready = this.ready(text, known, given, view);
    const rows: T[] = [];
    const run = (stable: View) => {
      const { batches, changes } = this.start(ready.executable, ready.values, stable, writer);
      for (const batch of batches) collect(ready.shape, batch, rows);
      return { rows, changes: changes.rows };
    };
    // Sub-queries of RETURNING and DO UPDATE run between writes: they see the state before the statement.
    if (writer === undefined || ready.executable.query.subqueries.length === 0) return run(view);
    const held = this.session.hold();
    try {
      return run(held.view);
    } finally {
      held.close();
    }
  }

  private start(executable: Executable, parameters: readonly Value[], view: View, writer?: PageTransaction) {
    this.session.usage.run(executable);
    return executable.run({
      reader: view.reader,
      writer,
      parameters,
      now: this.session.now(),
      functions: this.session.functions,
      table: view.rowsOf,
      memory: this.session.memory,
      refuted: (index, chunks, empty) => this.session.usage.refuted(index.id, chunks, empty),
    });
  }

  /** Rows one by one over the view of this moment; ending or leaving the iterator gives the view back. */
  iterate(text: string, known: KnownText, given: Given): IterableIterator<ResultRow> {
    if (known.statement.tree.kind !== 'select-statement') {
      return this.run(text, known, given, asObjects).rows[Symbol.iterator]();
    }
    return this.stream((view) => this.ready(text, known, given, view));
  }

  private stream(prepare: (view: View) => Ready): IterableIterator<ResultRow> {
    const held = this.session.hold();
    try {
      return new HeldRows(this.objects(prepare(held.view), held.view), held);
    } catch (error) {
      held.close();
      throw error;
    }
  }

  private *objects(ready: Ready, view: View): IterableIterator<ResultRow> {
    for (const batch of this.start(ready.executable, ready.values, view).batches) {
      const rows: ResultRow[] = [];
      ready.shape.objects(batch, rows);
      yield* rows;
    }
  }

  // ---- built queries ----

  private readyBuilt(source: QuerySource, given: Given, view: View): Ready {
    return this.plans.readyBuilt(source, given, view, !this.session.changedSchema);
  }

  runBuilt<T>(source: QuerySource, given: Given, collect: Collect<T>): T[] {
    return this.runAllBuilt([source], given, collect)[0]!;
  }

  /** Over one state. */
  runAllBuilt<T>(sources: readonly QuerySource[], given: Given, collect: Collect<T>): T[][] {
    return this.session.read((view) =>
      sources.map((source) => {
        const { executable, values, shape } = this.readyBuilt(source, given, view);
        const rows: T[] = [];
        for (const batch of this.start(executable, values, view).batches) collect(shape, batch, rows);
        return rows;
      }),
    );
  }

  iterateBuilt(source: QuerySource, given: Given): IterableIterator<ResultRow> {
    return this.stream((view) => this.readyBuilt(source, given, view));
  }

  explainBuilt(source: QuerySource, given: Given, options: ExplainOptions): string {
    return this.session.read((view) => {
      const bound = lowerSource(source, given, view);
      const values = options.analyze || givenAny(given) ? bindValues(bound, given) : [];
      const physical = plan(bound.query, view, bound.query.hints, values, this.explaining(options));
      return this.describe(physical, values, view, options, undefined);
    });
  }

  /** The statement as its own text has it, literals in place: what EXPLAIN shows. */
  unlifted(text: string, known: KnownText): CachedStatement {
    const { statement } = known;
    return statement.lifted ? { ...statement, text, tree: parseOne(text), lifted: undefined, bindings: [] } : statement;
  }

  // ---- EXPLAIN ----

  private explaining({ memo }: ExplainOptions) {
    return { memoryBudget: this.plans.memoryBudget, explains: true, remembers: memo };
  }

  private explained<T>(statement: CachedStatement, given: Given, collect: Collect<T>): Outcome<T> {
    const { tree } = statement;
    const options: ExplainOptions =
      tree.kind === 'explain' ? { analyze: tree.analyze, format: tree.format, memo: tree.memo } : {};
    const text = this.explain(statement, given, options);
    const rows: T[] = [];
    const lines = (options.format ?? 'text') === 'text' ? text.split('\n') : [text];
    collect(planShape, { columns: [lines], length: lines.length, selection: undefined, count: lines.length }, rows);
    return { rows, changes: 0 };
  }

  /** The plan of a statement, with actual rows and times when `analyze` runs it. Changes that it makes then are kept. */
  explain(statement: CachedStatement, given: Given, options: ExplainOptions): string {
    const { tree } = statement;
    const writes =
      tree.kind === 'explain' ? tree.statement.kind !== 'select-statement' : tree.kind !== 'select-statement';
    const show = (view: View, writer?: PageTransaction) => {
      const bound = bindStatement(statement, given, view);
      const query = bound.kind === 'explain' ? bound.statement : bound;
      if (query.kind !== 'query') throw this.notExplained(query.kind);
      const values = options.analyze || givenAny(given) ? bindValues(query, given) : [];
      return this.describe(
        plan(query.query, view, statement.hints, values, this.explaining(options)),
        values,
        view,
        options,
        writer,
      );
    };
    if (writes && options.analyze) return this.session.change((view, tx) => show(view, tx));
    return this.session.read((view) => show(view));
  }

  private describe(
    physical: ReturnType<typeof plan>,
    values: readonly Value[],
    view: View,
    options: ExplainOptions,
    writer: PageTransaction | undefined,
  ): string {
    let meter: Meter | undefined;
    if (options.analyze) {
      meter = new Meter();
      const { batches } = this.start(new Executable(physical, meter), values, view, writer);
      for (const batch of batches) void batch;
    }
    return explain(physical, options.format ?? 'text', meter?.actual);
  }

  private notExplained(kind: string): LightningError {
    return new LightningError('UNSUPPORTED', `a ${kind.replace('-', ' ')} statement has no plan`, {
      hint: 'explain a SELECT, INSERT, UPDATE or DELETE',
    });
  }

  // ---- definitions ----

  private define(statement: CachedStatement, given: Given, how: BuildSettings = {}): number {
    const { tree } = statement;
    if ((tree.kind === 'create-index' || tree.kind === 'reindex') && !this.session.inTransaction) {
      for (const _ of this.steps(statement, how));
      return 0;
    }
    if (tree.kind !== 'alter-table') return this.defineOne(statement, given, how.watch);
    const steps = alterSteps(tree).map((step): CachedStatement => ({ ...statement, tree: step }));
    return this.session.transaction(() => steps.reduce((sum, step) => sum + this.defineOne(step, given), 0));
  }

  /** CREATE INDEX or REINDEX outside a transaction: each `next()` is one of its own. */
  private *steps(statement: CachedStatement, { watch, stepRows = STEP_ROWS }: BuildSettings): Generator<void> {
    const { session } = this;
    const bind = (view: View) => bindStatement(statement, nothingGiven, view);
    // A definition is bound in the transaction that writes it down.
    const beginnings: readonly Beginning[] =
      statement.tree.kind === 'create-index'
        ? [(on, rows) => beginningsOf(bind(on.view()))[0]!(on, rows)]
        : beginningsOf(session.read(bind));
    const change: Change = (fn) =>
      session.change((_, tx) => fn(new Definitions(tx, session.now(), session.functions, watch)));
    yield* buildInSteps(change, beginnings, stepRows);
  }

  /** Gives the number of rows that it wrote as INSERT would: those of CREATE TABLE AS. */
  private defineOne(statement: CachedStatement, given: Given, watch?: WatchBuild): number {
    return this.session.transaction(() => {
      const { tree } = statement;
      const there = this.session.change((view, tx) => {
        const bound = bindStatement(statement, nothingGiven, view);
        runDefinition(bound, tx, this.session.now(), this.session.functions, () => this.session.redefined(), watch);
        return tree.kind === 'create-table-as' && view.table(tree.name.text) !== undefined;
      });
      return tree.kind === 'create-table-as' && !there ? this.fill(statement, tree, given) : 0;
    });
  }

  private fill(statement: CachedStatement, tree: ast.CreateTableAs, given: Given): number {
    const { name: table, query: source, text, offset, length } = tree;
    const rest = { with: [], alias: undefined, columns: [], onConflict: undefined, returning: [] };
    const insert: ast.Insert = { kind: 'insert', table, source, ...rest, text, offset, length };
    const known = { statement: { ...statement, tree: insert, bindings: [] }, literals: [] };
    return this.run(statement.text, known, given, () => undefined).changes;
  }
}

function givenAny(given: Given): boolean {
  return given.kind === 'positional' ? given.values.length > 0 : Object.keys(given.values).length > 0;
}

const planShape = new RowShape([{ id: 1, name: 'plan', type: 'text', nullable: false }]);
