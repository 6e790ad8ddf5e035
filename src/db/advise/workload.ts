// The statements that advice is asked for, and what the planner expects of each under a catalog.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef } from '../../catalog/definitions.js';
import { LightningError } from '../../errors.js';
import { offersOf } from '../../index/registry.js';
import { optimize, rewriteQuery } from '../../optimize/index.js';
import { walkPlan } from '../../optimize/plan-tree.js';
import type { LogicalQuery } from '../../plan/logical.js';
import { usedIndexes } from '../../plan/used-indexes.js';
import type { BoundQueryStatement } from '../../sql/bound.js';
import type { AdvisedStatement } from '../api.js';
import { checkOptions, checkText } from '../input/arguments.js';
import { bindValues, givenOf } from '../input/bind-values.js';
import type { Given } from '../input/bind-values.js';
import { bindStatement, isQuery, parseOne } from '../statement/plan-cache.js';
import type { CachedStatement } from '../statement/plan-cache.js';

/** What a plan is expected to take, and the indexes that it reads. */
export interface Judged {
  /** Nanoseconds. */
  readonly cost: number;
  readonly uses: readonly IndexDef[];
}

export class WorkloadStatement {
  readonly sql: string;
  readonly weight: number;
  private readonly statement: CachedStatement;
  private readonly given: Given;

  /** @throws LightningError INVALID_ARGUMENT, SYNTAX */
  constructor(input: string | AdvisedStatement) {
    const stated: AdvisedStatement = typeof input === 'string' ? { sql: input } : input;
    checkOptions(stated, 'a statement of advise()', ['sql', 'params', 'weight']);
    checkText(stated.sql, 'the text of a statement');
    const { sql, params = [], weight = 1 } = stated;
    if (typeof weight !== 'number' || !(weight > 0 && weight < Infinity)) {
      throw new LightningError('INVALID_ARGUMENT', `the weight of a statement is ${String(weight)}`, {
        hint: 'give how often it runs, a number above 0',
      });
    }
    let tree = parseOne(sql);
    if (tree.kind === 'explain') tree = tree.statement;
    if (!isQuery(tree)) {
      throw new LightningError('INVALID_ARGUMENT', `no advice can be given for a statement of the kind ${tree.kind}`, {
        hint: 'give SELECT, INSERT, UPDATE and DELETE statements',
      });
    }
    this.sql = sql;
    this.weight = weight;
    this.given = givenOf([params]);
    this.statement = { text: sql, tree, lifted: undefined, hints: undefined, bindings: [] };
  }

  /** @throws LightningError NO_INDEX when it searches a column that has no full-text index, and what else binding raises */
  bind(catalog: Catalog): BoundQueryStatement {
    const bound = bindStatement(this.statement, this.given, catalog);
    if (bound.kind !== 'query') throw new LightningError('BUG', `a ${bound.kind} is no query`);
    return bound;
  }

  /** Tables are those of the catalog, conditions above the scans they are about. */
  rewritten(catalog: Catalog): LogicalQuery {
    return rewriteQuery(this.bind(catalog).query, { catalog, offers: offersOf }).rewritten;
  }

  /** Names of the tables that it reads. */
  tables(catalog: Catalog): Set<string> {
    const names = new Set<string>();
    const { plan, subqueries } = this.bind(catalog).query;
    for (const each of [plan, ...subqueries]) {
      walkPlan(each, (node) => node.kind === 'scan' && names.add(node.table.name));
    }
    return names;
  }

  judge(catalog: Catalog): Judged {
    const bound = this.bind(catalog);
    const parameters = this.hasValues ? bindValues(bound, this.given) : undefined;
    const physical = optimize(bound.query, { catalog, offers: offersOf, parameters });
    const plans = [physical.plan, ...physical.subqueries];
    return { cost: plans.reduce((sum, plan) => sum + plan.expected.cost, 0), uses: usedIndexes(physical) };
  }

  private get hasValues(): boolean {
    const { given } = this;
    return given.kind === 'positional' ? given.values.length > 0 : Object.keys(given.values).length > 0;
  }
}
