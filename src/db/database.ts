// An open database: the parts of this folder behind the public door.

import { quoteName } from '../expr/printer.js';
import { rowSets } from '../index/row-set/index.js';
import { from, select, values } from '../plan/builder/index.js';
import type { Query, QueryOf, RowOf, Typed, ValuesOf } from '../plan/builder/index.js';
import type { Hints } from '../plan/logical.js';
import { verifyTable } from '../tables/verify.js';
import type { ScalarType } from '../values/types.js';
import { advise } from './advise/advise.js';
import type {
  Advice,
  AdviseOptions,
  AdvisedStatement,
  AggregateOptions,
  BuildOptions,
  Database,
  DatabaseStats,
  ExplainOptions,
  Finding,
  FunctionOptions,
  FunctionValues,
  IndexDefinition,
  Parameters,
  ParameterValue,
  ResultRow,
  Schema,
  Statement,
  Table,
  VerifyResult,
} from './api.js';
import { checkFunction, checkIterable, checkOptions, checkText, limitOf } from './input/arguments.js';
import { givenOf } from './input/bind-values.js';
import { Engine, asObjects } from './statement/engine.js';
import { checkExplain } from './input/explain-options.js';
import type { AnyFunction } from './input/functions.js';
import { checkHints } from './input/hints.js';
import type { KnownText, PlanCache } from './statement/plan-cache.js';
import { indexUses, schemaOf } from './schema/schema-info.js';
import { createIndexText, settingsOf } from './define/index-builds.js';
import { EngineRunner } from './statement/query-runner.js';
import type { Session } from './session/session.js';
import { PreparedStatement } from './statement/statement.js';
import { TableHandle } from './handles/table-handle.js';

export class LightningDatabase implements Database {
  private readonly engine: Engine;
  private readonly runner: EngineRunner;
  private isClosed = false;

  constructor(
    readonly path: string,
    private readonly session: Session,
    private readonly plans: PlanCache,
  ) {
    this.engine = new Engine(session, plans);
    this.runner = new EngineRunner(this.engine);
  }

  get closed(): boolean {
    return this.isClosed;
  }

  exec(sql: string): void {
    checkText(sql, 'the statement');
    this.engine.runAll(sql);
  }

  query<Row = ResultRow>(sql: string, parameters: Parameters = [], options: { readonly hints?: Hints } = {}): Row[] {
    const known = this.statement(sql, 'query()', options);
    return this.engine.run(sql, known, givenOf([parameters]), asObjects).rows as Row[];
  }

  prepare<Row = ResultRow>(sql: string, options: { readonly hints?: Hints } = {}): Statement<Row> {
    return new PreparedStatement<Row>(this.engine, sql, this.statement(sql, 'prepare()', options));
  }

  private statement(sql: string, method: string, options: { readonly hints?: Hints }): KnownText {
    checkText(sql, 'the statement');
    checkOptions(options, method, ['hints']);
    if (options.hints !== undefined) checkHints(options.hints);
    return this.engine.statement(sql, options.hints);
  }

  sql<Row = ResultRow>(text: TemplateStringsArray, ...values: unknown[]): Row[] {
    const joined = text.reduce((all, part, i) => (i === 0 ? part : `${all}$${i}${part}`), '');
    return this.query<Row>(joined, values as Parameters);
  }

  from<Row extends object = ResultRow>(table: string | QueryOf<Row>, alias?: string): Query<[Row], Row> {
    return from<Row>(this.runner, table, alias);
  }

  values<Row extends Readonly<Record<string, unknown>>>(
    rows: readonly Row[],
    alias?: string,
  ): Query<[ValuesOf<Row>], ValuesOf<Row>> {
    return values(this.runner, rows, alias);
  }

  select<S extends Readonly<Record<string, Typed<unknown>>>>(items: S): Query<[], RowOf<S>> {
    return select(this.runner, items);
  }

  get inTransaction(): boolean {
    return this.session.inTransaction;
  }

  function<const A extends readonly ScalarType[]>(
    name: string,
    options: FunctionOptions<A>,
    fn: (...values: FunctionValues<A>) => ParameterValue,
  ): void {
    this.session.mustBeOpen();
    this.session.functions.addFunction(name, options, fn as AnyFunction);
  }

  aggregate<const A extends readonly ScalarType[], State>(name: string, options: AggregateOptions<A, State>): void {
    this.session.mustBeOpen();
    this.session.functions.addAggregate(name, options as unknown as AggregateOptions);
  }

  transaction<T>(fn: () => T): T {
    checkFunction(fn, 'the argument of transaction()');
    return this.session.transaction(fn);
  }

  table<Row = ResultRow>(name: string): Table<Row> {
    checkText(name, 'the name of a table');
    return new TableHandle<Row>(this.session, name);
  }

  explain(sql: string, parameters: Parameters = [], options: ExplainOptions & { readonly hints?: Hints } = {}): string {
    const { hints, ...rest } = checkExplain(options, ['hints']);
    const known = this.statement(sql, 'explain()', hints === undefined ? {} : { hints });
    return this.engine.explain(this.engine.unlifted(sql, known), givenOf([parameters]), rest);
  }

  createIndex(definition: string | IndexDefinition, options: BuildOptions = {}): void {
    this.engine.build(textOf(definition), 'create-index', settingsOf(options, 'createIndex()'));
  }

  async createIndexAsync(definition: string | IndexDefinition, options: BuildOptions = {}): Promise<void> {
    await this.engine.buildLater(textOf(definition), 'create-index', settingsOf(options, 'createIndexAsync()'));
  }

  reindex(name: string, options: BuildOptions = {}): void {
    this.engine.build(reindexText(name), 'reindex', settingsOf(options, 'reindex()'));
  }

  async reindexAsync(name: string, options: BuildOptions = {}): Promise<void> {
    await this.engine.buildLater(reindexText(name), 'reindex', settingsOf(options, 'reindexAsync()'));
  }

  advise(statements: readonly (string | AdvisedStatement)[], options: AdviseOptions = {}): Advice {
    checkIterable(statements, 'the statements of advise()');
    checkOptions(options, 'advise()', ['limit']);
    limitOf(options.limit, 'advise()');
    return this.session.read((view) => advise([...statements], view, this.session.usage, options));
  }

  analyze(table?: string): void {
    if (table !== undefined) checkText(table, 'the name of a table');
    this.exec(table === undefined ? 'ANALYZE' : `ANALYZE ${quoteName(table)}`);
  }

  verify(table?: string): VerifyResult {
    if (table !== undefined) checkText(table, 'the name of a table');
    const findings: Finding[] = this.session.read((view) => {
      const names = table === undefined ? view.schema.tableNames() : [view.requireTable(table).name];
      return names.flatMap((name) => verifyTable(view.requireTable(name), view.reader));
    });
    return { ok: findings.length === 0, findings };
  }

  schema(): Schema {
    return this.session.read(schemaOf);
  }

  stats(): DatabaseStats {
    this.session.mustBeOpen();
    const { pages } = this.session;
    const { hits, misses, hitRate, bytes, budget, evictions, policy, sequence, store } = pages.stats();
    return {
      store: pages.storeName,
      rowSets: rowSets().implementation,
      sequence,
      cache: { policy, hits, misses, hitRate, bytes, budget, evictions },
      plans: this.plans.statistics(),
      fileBytes: this.path === ':memory:' ? undefined : store.bytes,
      memoryBudget: this.session.memory.limit,
      temporary: this.session.memory.files.stats(),
      indexes: this.session.read((view) => indexUses(view, this.session.usage)),
    };
  }

  refresh(): void {
    this.session.mustBeOpen();
    this.session.pages.refresh();
  }

  async flush(): Promise<void> {
    this.session.mustBeOpen();
    await this.session.pages.flush();
  }

  close(): void {
    if (this.isClosed) return;
    this.session.close();
    this.isClosed = true;
    this.plans.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function textOf(definition: string | IndexDefinition): string {
  return typeof definition === 'string' ? definition : createIndexText(definition);
}

function reindexText(name: string): string {
  checkText(name, 'the name of an index or table');
  return `REINDEX ${quoteName(name)}`;
}
