// The access paths of one scan as they are wanted now: what is read above, in which order, how many rows. The rest is `scan-facts.ts`.

import type { IndexDef } from '../../catalog/definitions.js';
import type { Offer } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import type { Expr } from '../../expr/expression.js';
import type { Scan, SortKey } from '../../plan/logical.js';
import type { Considered } from '../../plan/physical.js';
import type { Mask, TableEstimator } from '../cardinality/table.js';
import type { Candidate, Want } from '../candidate.js';
import type { Planning } from '../planning.js';
import type { Conjunct, Ordinals } from './conditions.js';
import type { TableOffer } from './offers.js';
import type { Term } from './row-sets.js';
import { scanFacts } from './scan-facts.js';
import type { ScanFacts } from './scan-facts.js';
import type { Needed, RowTest } from './scan-output.js';
import { neededOf } from './scan-output.js';

/** A way to read the table, with its name for EXPLAIN. */
export interface Path {
  readonly label: () => string;
  readonly candidate: Candidate;
  /** Names of the indexes it uses. */
  readonly uses: readonly string[];
}

export class ScanContext {
  readonly needed: Needed;
  /** The wanted order over ordinals. */
  readonly order: readonly SortKey[] | undefined;
  private readonly facts: ScanFacts;

  /** @param predicates over stored columns of the scan alone. */
  constructor(
    readonly planning: Planning,
    readonly scan: Scan,
    predicates: readonly Expr[],
    readonly want: Want,
  ) {
    this.facts = scanFacts(planning, scan, predicates);
    this.needed = neededOf(scan, want.columns, planning);
    this.order = want.order?.map((key) => ({ ...key, expr: this.ordinals.toLocal(key.expr) }));
  }

  get ordinals(): Ordinals {
    return this.facts.ordinals;
  }

  get conjuncts(): readonly Conjunct[] {
    return this.facts.conjuncts;
  }

  /** All conjuncts. */
  get all(): Mask {
    return this.facts.all;
  }

  get estimator(): TableEstimator {
    return this.facts.estimator;
  }

  get offers(): readonly TableOffer[] {
    return this.facts.offers;
  }

  get refuters(): readonly TableOffer[] {
    return this.facts.refuters;
  }

  get terms(): readonly Term[] {
    return this.facts.terms;
  }

  get refused(): readonly Considered[] {
    return this.facts.refused;
  }

  /** What there is to say of an index, by its name. */
  get notes(): ReadonlyMap<string, string> {
    return this.facts.notes;
  }

  /** Expressions (by `exprKey`) that have one value in all rows that pass. */
  get fixed(): ReadonlySet<string> {
    return this.facts.fixed;
  }

  /** Whether a unique key has all its values. */
  get isSingle(): boolean {
    return this.facts.isSingle;
  }

  /** Indexes that may be used. */
  get indexes(): readonly IndexDef[] {
    return this.facts.indexes;
  }

  /** Rows that pass all conjuncts. */
  get rows(): Estimate {
    return this.facts.rows;
  }

  get tableRows(): number {
    return this.facts.tableRows;
  }

  conjunctsOutside(mask: Mask): Conjunct[] {
    return this.facts.conjunctsOutside(mask);
  }

  /** The test of a row by the conjuncts outside a mask. */
  testOutside(mask: Mask): RowTest {
    return this.facts.testOutside(mask);
  }

  /** Whether an expression over ordinals is never NULL in a row that passes the conjuncts. */
  nonNull(expr: Expr): boolean {
    return this.facts.nonNull(expr);
  }

  rowsOf(terms: readonly Term[]): Estimate {
    return this.facts.rowsOf(terms);
  }
}

/** The parts of a scan node that do not depend on the path; `considered` is filled in when the choice is made. */
export function scanNode(context: ScanContext, test: { filter: Expr | undefined; fetch: Needed['fetch'] }) {
  const { scan, needed } = context;
  return {
    table: scan.table,
    name: scan.name,
    fetch: needed.fetch,
    rowId: needed.rowId,
    score: needed.score,
    filter: test.filter,
    filterFetch: test.fetch,
    considered: [] as Considered[],
  };
}

export function isOrdered(offer: Offer): boolean {
  return offer.order !== undefined && offer.precision !== 'refutes';
}
