// Row sets out of offers: one probe, unions for OR, complements for NOT, and intersections chosen by what each further term saves.

import type { Offer, RowSetPlan } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import { children } from '../../expr/build.js';
import type { Condition } from '../../expr/constraint.js';
import type { Expr } from '../../expr/expression.js';
import type { Scan } from '../../plan/logical.js';
import { estimate, plus } from '../cardinality/estimate.js';
import type { Mask, TableEstimator } from '../cardinality/table.js';
import type { Planning } from '../planning.js';
import type { Conjunct } from './conditions.js';
import { askedOfCondition } from './conditions.js';
import type { TableOffer } from './offers.js';
import { describeIndex, offersOfIndex, usableIndexes } from './offers.js';

/** A row set that restricts some conjuncts. */
export interface Term {
  readonly set: RowSetPlan;
  readonly mask: Mask;
  readonly exact: Mask;
  readonly rows: Estimate;
  readonly cost: number;
  readonly label: string;
}

interface ArmSet {
  readonly set: RowSetPlan;
  readonly exact: boolean;
  readonly cost: number;
  readonly label: string;
}

/** Index `all` probes of a whole table say nothing; everything else that names row ids is a term. */
export function termOfOffer(item: TableOffer): Term | undefined {
  const { offer, mask, exact, rows } = item;
  if (offer.precision === 'refutes' || mask === 0) return undefined;
  return { set: probeSet(offer, rows), mask, exact, rows, cost: offer.cost, label: describeIndex(offer.index) };
}

function probeSet(offer: Offer, rows: Estimate): RowSetPlan {
  return { kind: 'probe', index: offer.index, probe: offer.probe, precision: offer.precision, rows };
}

/** Terms of conjuncts that are not plain constraints: OR and NOT. */
export function compoundTerms(
  scan: Scan,
  list: readonly Conjunct[],
  estimator: TableEstimator,
  planning: Planning,
): Term[] {
  const premises = list.map((c) => c.local);
  const terms: Term[] = [];
  for (const conjunct of list) {
    const { kind } = conjunct.condition;
    if (kind !== 'or' && kind !== 'not') continue;
    const arm = setOf(conjunct.condition, scan, premises, estimator.rows, planning);
    if (arm === undefined) continue;
    if (arm.exact && arm.set.rows.lo === arm.set.rows.hi) estimator.learn(conjunct.bit, arm.set.rows);
    terms.push({
      set: arm.set,
      mask: conjunct.bit,
      exact: arm.exact ? conjunct.bit : 0,
      rows: arm.set.rows,
      cost: arm.cost,
      label: arm.label,
    });
  }
  return terms;
}

/** The rows for which a condition is true (`exact`), or those and others; undefined when no index can tell. */
function setOf(
  condition: Condition,
  scan: Scan,
  premises: readonly Expr[],
  tableRows: number,
  planning: Planning,
): ArmSet | undefined {
  switch (condition.kind) {
    case 'opaque':
      return undefined;
    case 'or': {
      const arms: ArmSet[] = [];
      for (const arg of condition.args) {
        const arm = setOf(arg, scan, premises, tableRows, planning);
        if (arm === undefined) return undefined;
        arms.push(arm);
      }
      let rows = arms.map((a) => a.set.rows).reduce(plus);
      const largest = Math.max(...arms.map((a) => a.set.rows.lo));
      rows = estimate(
        largest,
        Math.min(rows.est, tableRows),
        Math.min(rows.hi, tableRows),
        rows.source === 'exact' ? 'sum' : rows.source,
      );
      return {
        set: { kind: 'or', args: arms.map((a) => a.set), rows },
        exact: arms.every((a) => a.exact),
        cost: sum(arms) + planning.costs.setOperation * (arms.length - 1) + planning.costs.setPerId * rows.est,
        label: `or(${arms.map((a) => a.label).join(', ')})`,
      };
    }
    case 'not': {
      // The complement of a superset would lose rows; that of an exact set holds the rows for which the inner predicate is false or NULL.
      const inner = setOf(condition.arg, scan, premises, tableRows, planning);
      if (inner === undefined || !inner.exact) return undefined;
      const { lo, est, hi, source } = inner.set.rows;
      const rows = estimate(tableRows - hi, tableRows - est, tableRows - lo, source);
      return {
        set: { kind: 'not', arg: inner.set, rows },
        exact: isTested(condition.arg),
        cost: inner.cost + planning.costs.setOperation + planning.costs.setPerId * tableRows * 0.02,
        label: `not(${inner.label})`,
      };
    }
    case 'constraint':
    case 'and':
      return intersection(condition, scan, premises, tableRows, planning);
  }
}

/** A conjunction inside OR or NOT: the smallest set, intersected with others while exactness or a third of the rows is won. */
function intersection(
  condition: Condition,
  scan: Scan,
  premises: readonly Expr[],
  tableRows: number,
  planning: Planning,
): ArmSet | undefined {
  const { asked, terms } = askedOfCondition(condition);
  const locals = terms.map((t) => t.conjunct);
  const found: Term[] = [];
  for (const index of usableIndexes(scan, [...premises, ...locals], planning).indexes) {
    for (const item of offersOfIndex(index, scan, asked, locals, planning)) {
      const term = termOfOffer(item);
      if (term !== undefined) found.push(term);
    }
  }
  terms.forEach((term, i) => {
    if (term.kind !== 'or' && term.kind !== 'not') return;
    const arm = setOf(term, scan, premises, tableRows, planning);
    if (arm === undefined) return;
    const bit = 1 << i;
    found.push({
      set: arm.set,
      mask: bit,
      exact: arm.exact ? bit : 0,
      rows: arm.set.rows,
      cost: arm.cost,
      label: arm.label,
    });
  });
  const weight = (t: Term) => t.cost + t.rows.est * planning.costs.rowFetch - bits(t.exact);
  found.sort((a, b) => weight(a) - weight(b));
  const first = found[0];
  if (first === undefined) return undefined;
  const all = (1 << Math.min(terms.length, 24)) - 1;
  const chosen = [first];
  let exact = first.exact;
  let mask = first.mask;
  for (const term of found.slice(1)) {
    if ((term.exact & ~exact) === 0 && (term.mask & ~mask) === 0) continue;
    chosen.push(term);
    exact |= term.exact;
    mask |= term.mask;
    if (exact === all) break;
  }
  const set = andSet(chosen, undefined);
  return {
    set,
    exact: exact === all && terms.length <= 24,
    cost: sum(chosen) + planning.costs.setOperation * (chosen.length - 1),
    label: labelOf(chosen),
  };
}

/** The intersection of terms as a plan; `rows` when the caller knows better than the smallest term. */
export function andSet(terms: readonly Term[], rows: Estimate | undefined): RowSetPlan {
  const sorted = [...terms].sort((a, b) => a.rows.est - b.rows.est);
  const first = sorted[0] as Term;
  if (sorted.length === 1) return first.set;
  const least = rows ?? estimate(0, first.rows.est, first.rows.hi, 'product');
  return { kind: 'and', args: sorted.map((t) => t.set), rows: least };
}

export function labelOf(terms: readonly Term[]): string {
  return terms.length === 1 ? (terms[0] as Term).label : `and(${terms.map((t) => t.label).join(', ')})`;
}

function sum(list: readonly { readonly cost: number }[]): number {
  return list.reduce((total, item) => total + item.cost, 0);
}

function bits(mask: Mask): number {
  let count = 0;
  for (let m = mask; m !== 0; m &= m - 1) count++;
  return count;
}

/** Whether a negated condition leaves out no row for a NULL: what it tests is never NULL, and its values are literals. */
function isTested(inner: Condition): boolean {
  if (inner.kind !== 'constraint' || inner.conjunct.kind === 'match') return neverNull(inner.conjunct);
  // `toCondition` negates only constraints whose values are literals other than NULL.
  return neverNull(inner.constraint.expr);
}

/** Whether a predicate over stored columns is true or false for every row, whatever the parameters. Errs towards no. */
export function neverNull(expr: Expr): boolean {
  switch (expr.kind) {
    case 'column':
      return !expr.nullable;
    case 'constant':
      return expr.value !== null;
    case 'compare':
    case 'and':
    case 'or':
    case 'not':
    case 'in-list':
    case 'like':
      return children(expr).every(neverNull);
    case 'is-null':
    case 'is-truth':
    case 'distinct':
      return true;
    case 'match':
      return expr.query.kind === 'constant' && expr.query.value !== null && expr.fields.every((f) => neverNull(f.text));
    case 'parameter':
    case 'in-array':
    case 'any-array':
    case 'case':
    case 'cast':
    case 'call':
    case 'subquery':
      return false;
  }
}
