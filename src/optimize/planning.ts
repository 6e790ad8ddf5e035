// What one planning run carries along: the environment, the origin of each column, the counters of slots and columns, and values known
// already. One instance per statement; it is thrown away with the run.

import type { Catalog } from '../catalog/catalog.js';
import type { TableDef } from '../catalog/definitions.js';
import type { ColumnStatistics, TableStatistics } from '../catalog/statistics.js';
import { isConstant, parametersOf } from '../expr/build.js';
import { evaluateConstant } from '../expr/evaluate.js';
import type { Evaluation } from '../expr/evaluation.js';
import type { ColumnId, Expr } from '../expr/expression.js';
import type { CommonTable, Hints, LogicalPlan, LogicalQuery, OutputColumn, Scan } from '../plan/logical.js';
import { outputOf } from '../plan/logical.js';
import type { MemoGroup } from '../plan/physical.js';
import type { Value } from '../values/types.js';
import type { Candidate, Want } from './candidate.js';
import { prune } from './candidate.js';
import type { Sample } from './cardinality/sample.js';
import type { CostModel } from './cost.js';
import { DEFAULT_COSTS } from './cost.js';
import type { OptimizeEnvironment } from './environment.js';
import { Memo } from './memo.js';
import { walkPlan } from './plan-tree.js';

/** The table column that a column of the query is, through every operator that hands it on. */
export interface Origin {
  readonly scan: Scan;
  readonly ordinal: number;
}

export class Planning {
  readonly costs: CostModel;
  readonly hints: Hints;
  /** Bytes of memory that operators share. */
  readonly memoryBudget: number;
  /** Whether what was weighed is told. */
  readonly explains: boolean;
  /** What was weighed, where that is asked for. */
  readonly memo: Memo | undefined;
  /** For what can be evaluated now: constants, peeked parameters, the sample. */
  readonly evaluation: Evaluation;
  /** Exact counts asked of indexes so far, and how many may be asked: a probe costs about a page. */
  probes = 0;
  readonly mostProbes = 24;
  /** Which rows of a sample satisfy a predicate over its ordinals (bit by bit); null where that cannot be judged. */
  readonly sampleHits = new Map<Sample, Map<Expr, Uint32Array | null>>();
  /** What index kinds are given: the catalog, with what it computes at each call computed once. */
  readonly catalog: Catalog;
  private slotCount: number;
  private readonly origins = new Map<ColumnId, Origin>();
  private readonly aliases = new Map<ColumnId, ColumnId>();
  private readonly columns = new Map<ColumnId, OutputColumn>();
  private readonly lookupSlots = new Map<Scan, number[]>();

  constructor(
    readonly query: LogicalQuery,
    readonly environment: OptimizeEnvironment,
  ) {
    this.costs = environment.costs ?? DEFAULT_COSTS;
    this.memoryBudget = environment.memoryBudget ?? Infinity;
    this.explains = environment.explains ?? false;
    this.memo = environment.remembers === true ? new Memo() : undefined;
    this.hints = { ...query.hints, ...environment.hints };
    this.slotCount = query.slots;
    this.catalog = onceOnly(environment.catalog);
    this.evaluation = { parameters: [...(environment.parameters ?? [])], now: environment.now ?? Date.now() };
  }

  /** Whether a way to answer is forbidden by its name. */
  forbids(name: string): boolean {
    return this.hints.disabledRules?.includes(name) ?? false;
  }

  /** The candidates that are worth handing on. */
  choose(part: MemoGroup['part'], candidates: readonly Candidate[], want: Want): Candidate[] {
    const kept = prune(candidates, want.rows);
    this.remember(part, candidates, kept, want);
    return kept;
  }

  remember(part: MemoGroup['part'], candidates: readonly Candidate[], kept: readonly Candidate[], want: Want): void {
    if (this.memo === undefined) return;
    const options = candidates.map((candidate) => ({ ...candidate, candidate, build: () => candidate.plan }));
    this.memo.record(
      part,
      want,
      options,
      options.filter(({ candidate }) => kept.includes(candidate)),
    );
  }

  get slots(): number {
    return this.slotCount;
  }

  /** The n-th slot by which outer values reach a scan that a lookup join runs again. */
  lookupSlot(scan: Scan, n: number): number {
    let slots = this.lookupSlots.get(scan);
    if (slots === undefined) this.lookupSlots.set(scan, (slots = []));
    return (slots[n] ??= this.slotCount++);
  }

  /** Learns where the columns of a plan come from. */
  learn(plan: LogicalPlan): void {
    walkPlan(plan, (node) => {
      switch (node.kind) {
        case 'scan':
          node.columns.forEach((column, ordinal) => {
            this.origins.set(column.id, { scan: node, ordinal });
            this.columns.set(column.id, column);
          });
          break;
        case 'project':
          for (const { column, expr } of node.items) this.learnItem(column, expr);
          break;
        case 'aggregate':
          for (const { column, expr } of node.groups) this.learnItem(column, expr);
          for (const { column } of node.aggregates) this.columns.set(column.id, column);
          break;
        case 'common-table':
          this.learnCommonTable(node);
          break;
        case 'values':
        case 'set-operation':
          for (const column of node.columns) this.columns.set(column.id, column);
          break;
        default:
          break;
      }
    });
  }

  /** Its columns are those of its plan. */
  private learnCommonTable({ id, columns }: CommonTable): void {
    const source = outputOf(this.query.subqueries[id]!);
    columns.forEach((column, i) => {
      this.columns.set(column.id, column);
      this.aliases.set(column.id, source[i]!.id);
    });
  }

  private learnItem(column: OutputColumn, expr: Expr): void {
    if (!this.columns.has(column.id)) this.columns.set(column.id, column);
    if (expr.kind === 'column' && expr.id !== column.id) this.aliases.set(column.id, expr.id);
  }

  origin(id: ColumnId): Origin | undefined {
    let at = id;
    for (let depth = 0; depth < 64; depth++) {
      const found = this.origins.get(at);
      if (found !== undefined) return found;
      const next = this.aliases.get(at);
      if (next === undefined) return undefined;
      at = next;
    }
    return undefined;
  }

  columnOf(id: ColumnId): OutputColumn | undefined {
    return this.columns.get(id);
  }

  rows(table: TableDef): number {
    return this.catalog.rows(table);
  }

  statistics(table: TableDef): TableStatistics | undefined {
    return this.catalog.statistics(table);
  }

  columnStatistics(table: TableDef, ordinal: number): ColumnStatistics | undefined {
    return this.statistics(table)?.columns[ordinal];
  }

  /** Distinct keys of the first index whose one key is this expression (over ordinals), from its counters. */
  distinctByIndex(table: TableDef, sameKey: (expr: Expr) => boolean): number | undefined {
    for (const index of table.indexes) {
      const key = index.keys[0];
      if (index.keys.length !== 1 || key === undefined || index.where !== undefined || !sameKey(key.expr)) continue;
      if (index.kind === 'primary' || (index.unique && index.kind === 'btree')) return Math.max(1, this.rows(table));
      const counted = this.catalog.index(index).distinct;
      if (counted !== undefined) return Math.max(1, counted);
    }
    return undefined;
  }

  /** The value of an expression as far as planning can know it. Never decides what is right, only what is cheap. */
  known(expr: Expr): { readonly value: Value } | undefined {
    if (expr.kind === 'constant') return { value: expr.value };
    const parameters = this.environment.parameters;
    if (expr.kind === 'parameter') {
      if (parameters === undefined || expr.index >= this.query.parameters.length) return undefined;
      const value = parameters[expr.index];
      return value === undefined ? undefined : { value };
    }
    if (!isConstant(expr) || !this.hasKnownParameters(expr)) return undefined;
    try {
      return { value: evaluateConstant(expr, this.evaluation) };
    } catch {
      // An error belongs to execution, if it comes to that.
      return undefined;
    }
  }

  hasKnownParameters(expr: Expr): boolean {
    const given = this.environment.parameters?.length ?? 0;
    const own = Math.min(given, this.query.parameters.length);
    for (const index of parametersOf(expr)) if (index >= own) return false;
    return true;
  }

  /** The number that a LIMIT or OFFSET stands for, when known. */
  count(expr: Expr | undefined): number | undefined {
    if (expr === undefined) return undefined;
    const value = this.known(expr)?.value;
    return typeof value === 'number' && value >= 0 ? value : undefined;
  }
}

/** A catalog does not change while a statement is planned, but may make its answers anew at each question. */
function onceOnly(catalog: Catalog): Catalog {
  const rows = new Map<TableDef, number>();
  const statistics = new Map<TableDef, TableStatistics | undefined>();
  return {
    version: catalog.version,
    table: (name) => catalog.table(name),
    view: (name) => catalog.view(name),
    names: () => catalog.names(),
    index: (index) => catalog.index(index),
    probe: (index, probe) => catalog.probe(index, probe),
    estimate: (index, probe) => catalog.estimate(index, probe),
    rows: (table) => {
      let known = rows.get(table);
      if (known === undefined) rows.set(table, (known = catalog.rows(table)));
      return known;
    },
    statistics: (table) => {
      if (!statistics.has(table)) statistics.set(table, catalog.statistics(table));
      return statistics.get(table);
    },
  };
}
