// What the access paths of one scan with its predicates share, whatever is wanted of them: its conjuncts, what the indexes offered, the terms
// made of the offers, and estimates. Made once per planning run: a join, an aggregate and a limit all ask for paths of the same scan.

import type { IndexDef } from '../../catalog/definitions.js';
import type { Estimate } from '../../catalog/statistics.js';
import { conjuncts, equalExprs, exprKey } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { Scan } from '../../plan/logical.js';
import type { Considered } from '../../plan/physical.js';
import { estimate, exactly, isClose } from '../cardinality/estimate.js';
import type { Mask } from '../cardinality/table.js';
import { TableEstimator } from '../cardinality/table.js';
import type { Planning } from '../planning.js';
import type { Conjunct, Ordinals } from './conditions.js';
import { askedOf, ordinalsOf, toConjuncts } from './conditions.js';
import { noteOf, refusalOf } from './index-notes.js';
import type { TableOffer } from './offers.js';
import { describeIndex, offersOfIndex, usableIndexes } from './offers.js';
import type { Term } from './row-sets.js';
import { compoundTerms, termOfOffer } from './row-sets.js';
import type { RowTest } from './scan-output.js';
import { rowTest } from './scan-output.js';

/** By planning run and scan: the lists of predicates that facts were made for, with them. */
const known = new WeakMap<Planning, Map<Scan, { readonly predicates: readonly Expr[]; readonly facts: ScanFacts }[]>>();

/** @param given predicates over stored columns of the scan alone. */
export function scanFacts(planning: Planning, scan: Scan, given: readonly Expr[]): ScanFacts {
  // Terms keep their identity where the conjunctions around them are made anew.
  const predicates = given.flatMap((p) => conjuncts(p));
  let scans = known.get(planning);
  if (scans === undefined) known.set(planning, (scans = new Map()));
  let list = scans.get(scan);
  if (list === undefined) scans.set(scan, (list = []));
  const found = list.find(
    (entry) => entry.predicates.length === predicates.length && entry.predicates.every((p, i) => p === predicates[i]),
  );
  if (found !== undefined) return found.facts;
  const facts = new ScanFacts(planning, scan, predicates);
  list.push({ predicates, facts });
  return facts;
}

export class ScanFacts {
  readonly ordinals: Ordinals;
  readonly conjuncts: readonly Conjunct[];
  /** All conjuncts. */
  readonly all: Mask;
  readonly estimator: TableEstimator;
  readonly offers: readonly TableOffer[];
  readonly refuters: readonly TableOffer[];
  readonly terms: readonly Term[];
  readonly refused: readonly Considered[];
  /** What there is to say of an index, by its name. */
  readonly notes: ReadonlyMap<string, string>;
  /** Expressions (by `exprKey`) that have one value in all rows that pass. */
  readonly fixed: ReadonlySet<string>;
  /** Whether a unique key has all its values: what else there is need not be weighed. */
  readonly isSingle: boolean;
  /** Indexes that may be used. */
  readonly indexes: readonly IndexDef[];
  private readonly present: readonly Expr[];
  private readonly tests = new Map<Mask, RowTest>();

  constructor(
    readonly planning: Planning,
    readonly scan: Scan,
    predicates: readonly Expr[],
  ) {
    this.ordinals = ordinalsOf(scan);
    this.conjuncts = toConjuncts(predicates, this.ordinals);
    this.all = this.conjuncts.reduce((mask, c) => mask | c.bit, 0);
    const locals = this.conjuncts.map((c) => c.local);
    this.estimator = new TableEstimator(planning, scan, locals);

    const asked = askedOf(this.conjuncts);
    const fixed = new Set<string>();
    const pinned = new Set<string>();
    const present: Expr[] = [];
    for (const { constraint } of asked) {
      const isNull = constraint.kind === 'set' && constraint.set.kind === 'null';
      // A search over several texts names the first, which may be NULL where another matches.
      if (!isNull && constraint.kind !== 'match') present.push(constraint.expr);
      if (constraint.kind !== 'set') continue;
      const isOne = constraint.set.kind === 'values' && constraint.set.values.length === 1;
      if (isNull || isOne) fixed.add(exprKey(constraint.expr));
      if (isOne) pinned.add(exprKey(constraint.expr));
    }
    this.fixed = fixed;
    this.present = present;

    const usable = usableIndexes(scan, locals, planning);
    this.isSingle = usable.indexes.some((index) => isPinned(index, pinned));
    const refused = [...usable.refused];
    this.indexes = usable.indexes.filter((index) => {
      if (!this.isSingle || index.kind === 'fulltext' || isFirstPinned(index, pinned)) return true;
      const reason = 'a unique index finds at most one row';
      if (planning.explains) refused.push({ path: describeIndex(index), verdict: 'rejected', reason, cost: undefined });
      return false;
    });
    const offers: TableOffer[] = [];
    const notes = new Map<string, string>();
    for (const index of this.indexes) {
      const note = planning.explains ? noteOf(index, scan.table, planning) : undefined;
      if (note !== undefined) notes.set(index.name, note);
      const list = offersOfIndex(index, scan, asked, locals, planning);
      offers.push(...list);
      if (planning.explains && list.length === 0 && this.conjuncts.length > 0) {
        refused.push({
          path: describeIndex(index),
          verdict: 'rejected',
          reason: refusalOf(index, asked),
          cost: undefined,
        });
      }
    }
    for (const item of offers) this.learn(item);
    this.offers = offers.map((item) => this.repriced(item));
    this.refuters = offers.filter((o) => o.offer.precision === 'refutes');
    this.refused = refused;
    this.notes = notes;
    const simple = this.offers.map(termOfOffer).filter((t) => t !== undefined);
    const compound = this.isSingle ? [] : compoundTerms(scan, this.conjuncts, this.estimator, planning);
    this.terms = [...simple, ...compound];
  }

  private learn(item: TableOffer): void {
    const { offer, mask, exact, rows } = item;
    if (offer.precision === 'refutes' || mask === 0) return;
    if (exact === mask && isClose(rows)) this.estimator.learn(mask, rows);
    else if (rows.lo === rows.hi || rows.source === 'index')
      this.estimator.learn(mask, { lo: 0, est: rows.est, hi: rows.hi, source: rows.source });
    else if (rows.source !== 'default' && this.estimator.of(mask).source === 'default') {
      this.estimator.learn(mask, { lo: 0, est: rows.est, hi: rows.hi, source: rows.source });
    }
  }

  /** A kind sees neither parameters nor the sample: where the planner knows better how many entries there are, the price follows. */
  private repriced(item: TableOffer): TableOffer {
    const { offer, mask, exact } = item;
    if (offer.precision !== 'exact' || mask === 0 || exact !== mask || offer.rows.lo === offer.rows.hi) return item;
    const better = this.estimator.of(mask);
    const skips = offer.probe.kind === 'keys' && offer.probe.skip === true;
    if (offer.index.kind === 'bitmap' || skips) return { ...item, rows: better };
    const factor = Math.min(100, Math.max(0.01, better.est / Math.max(1, offer.rows.est)));
    // A seek is paid whatever is found.
    const seek = Math.min(offer.cost, this.planning.costs.seek);
    return { ...item, rows: better, offer: { ...offer, cost: seek + (offer.cost - seek) * factor } };
  }

  /** Rows that pass all conjuncts. */
  get rows(): Estimate {
    return this.estimator.of(this.all);
  }

  get tableRows(): number {
    return this.estimator.rows;
  }

  conjunctsOutside(mask: Mask): Conjunct[] {
    return this.conjuncts.filter((c) => (c.bit & mask) === 0);
  }

  /** The test of a row by the conjuncts outside a mask. */
  testOutside(mask: Mask): RowTest {
    const key = this.all & ~mask;
    let test = this.tests.get(key);
    if (test === undefined) {
      test = rowTest(this.scan, this.conjunctsOutside(mask), this.ordinals, this.planning);
      this.tests.set(key, test);
    }
    return test;
  }

  /** Whether an expression over ordinals is never NULL in a row that passes the conjuncts. */
  nonNull(expr: Expr): boolean {
    if (expr.kind === 'column' && !expr.nullable) return true;
    return this.present.some((p) => equalExprs(p, expr));
  }

  /** Rows of the intersection of terms: what satisfies their conjuncts, and what supersets let through besides. */
  rowsOf(terms: readonly Term[]): Estimate {
    if (terms.length === 0) return exactly(this.tableRows);
    const mask = terms.reduce((m, t) => m | t.mask, 0);
    const rows = this.estimator.of(mask);
    let surplus = 1;
    let least = Infinity;
    let most = Infinity;
    for (const term of terms) {
      least = Math.min(least, term.rows.est);
      most = Math.min(most, term.rows.hi);
      if (term.exact === term.mask) continue;
      surplus *= Math.max(1, term.rows.est / Math.max(1, this.estimator.of(term.mask).est));
    }
    if (terms.length === 1 && terms[0] !== undefined && surplus > 1) return terms[0].rows;
    const est = Math.min(rows.est * surplus, least);
    return estimate(
      Math.min(rows.lo, est),
      est,
      Math.min(Math.max(est, rows.hi * surplus), Math.max(est, most)),
      rows.source,
    );
  }
}

/** Whether each key of a unique index is given one value: at most one row. */
function isPinned(index: IndexDef, pinned: ReadonlySet<string>): boolean {
  if (!index.unique && index.kind !== 'primary') return false;
  return index.keys.length > 0 && index.keys.every(({ expr }) => pinned.has(exprKey(expr)));
}

function isFirstPinned({ keys: [first] }: IndexDef, pinned: ReadonlySet<string>): boolean {
  return first !== undefined && pinned.has(exprKey(first.expr));
}
