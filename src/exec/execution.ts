// An optimized statement made ready to run: operators compiled once, run any number of times over any snapshot.

import type { TableDef } from '../catalog/definitions.js';
import type { LightningError } from '../errors.js';
import type { UserFunctions } from '../expr/user-functions.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import type { PhysicalPlan, PhysicalQuery } from '../plan/physical.js';
import { TableReader } from '../tables/table-reader.js';
import type { Value } from '../values/types.js';
import type { Batch } from './rows/batch.js';
import { buildOperator } from './build.js';
import type { Wrap } from './build.js';
import { FixedSets } from './row-set/fixed-sets.js';
import { MemoryBudget } from './memory/memory.js';
import type { WorkingMemory } from './memory/memory.js';
import type { Meter } from './meter.js';
import type { Context, Operator } from './operator.js';
import { slotsOf } from './slots.js';
import { MaterializedTables } from './subquery/materialized.js';
import { runSubqueries } from './subquery/subqueries.js';
import type { SubqueryOperator } from './subquery/subqueries.js';

export interface RunOptions {
  readonly reader: PageReader;
  /** For INSERT, UPDATE and DELETE. */
  readonly writer?: PageWriter | undefined;
  /** The statement's own parameters. */
  readonly parameters: readonly Value[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What the application registered. */
  readonly functions?: UserFunctions | undefined;
  readonly memory: WorkingMemory;
  readonly cancelled?: (() => LightningError | undefined) | undefined;
  /** Hears what refuting indexes did: see `Context`. */
  readonly refuted?: Context['refuted'];
  /** An opened table that can be shared between executions over the same reader. */
  readonly table?: ((table: TableDef) => TableReader) | undefined;
}

export interface Running {
  readonly batches: Iterable<Batch>;
  /** Counted while the batches are read. */
  readonly changes: { readonly rows: number };
}

export class Executable {
  private readonly root: Operator;
  private readonly subqueries: readonly SubqueryOperator[];
  /** Operators that may hold memory at one time. */
  private readonly holders: number;

  /** @param meter counts rows and time per node, for EXPLAIN ANALYZE */
  constructor(
    readonly query: PhysicalQuery,
    private readonly meter?: Meter,
  ) {
    let nodes = 0;
    const wrap: Wrap = (plan, operator) => {
      if (holdsMemory(plan)) nodes++;
      return meter ? meter.wrap(plan, operator) : operator;
    };
    this.root = watched(buildOperator(query.plan, wrap));
    this.subqueries = query.subqueries.map((plan) => ({
      plan,
      operator: watched(buildOperator(plan, wrap)),
      slots: slotsOf(plan, query.parameters.length),
    }));
    this.holders = nodes + this.subqueries.length;
  }

  run(options: RunOptions): Running {
    const parameters = [...options.parameters];
    while (parameters.length < this.query.slots) parameters.push(null);
    const tables = new Map<number, TableReader>();
    const open = (table: TableDef) => {
      let reader = tables.get(table.id);
      if (reader === undefined) tables.set(table.id, (reader = new TableReader(table, options.reader)));
      return reader;
    };
    const changes = { rows: 0 };
    const materialized = new MaterializedTables(this.subqueries);
    const context: Context = {
      reader: options.reader,
      evaluation: {
        parameters,
        now: options.now,
        functions: options.functions,
        ...(this.subqueries.length > 0 && { subqueries: runSubqueries(this.subqueries, () => context) }),
      },
      table: options.table ?? open,
      writer: options.writer,
      commonTable: (id) => materialized.batches(id, context),
      fixedSets: new FixedSets(this.query.parameters.length),
      memory: new MemoryBudget(
        options.memory,
        this.holders,
        this.meter && ((plan, spent) => this.meter?.spent(plan, spent)),
      ),
      changes,
      chunks: this.meter && ((plan, ...counts) => this.meter?.countChunks(plan, ...counts)),
      refuted: options.refuted,
      cancelled: options.cancelled,
    };
    const batches = this.root(context);
    return { batches: this.subqueries.length > 0 ? closing(batches, materialized) : batches, changes };
  }
}

function holdsMemory(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'hash-join':
    case 'merge-join':
    case 'nested-loop-join':
    case 'hash-aggregate':
    case 'facet-count':
    case 'column-aggregate':
    case 'sorted-aggregate':
    case 'distinct':
    case 'set-operation':
    case 'sort':
    case 'top-n':
      return true;
    default:
      return false;
  }
}

/** The rows, with what was kept for them given back at their end. */
function* closing(batches: Iterable<Batch>, materialized: MaterializedTables): Iterable<Batch> {
  try {
    yield* batches;
  } finally {
    materialized.close();
  }
}

/** Looks for cancellation between batches. */
function watched(operator: Operator): Operator {
  return function* (context) {
    for (const batch of operator(context)) {
      const error = context.cancelled?.();
      if (error) throw error;
      yield batch;
    }
  };
}
