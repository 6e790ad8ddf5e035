// The conjuncts over one scan, in the form in which indexes are asked: over the table's ordinals, as constraints where one is understood.

import { conjuncts, equalExprs, exprKey, substitute } from '../../expr/build.js';
import type { Condition, Constraint } from '../../expr/constraint.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { rowBoundOf, toCondition } from '../../expr/extract.js';
import type { Scan } from '../../plan/logical.js';
import type { Mask } from '../cardinality/table.js';
import { MOST_CONJUNCTS } from '../cardinality/table.js';
import { readsOf } from '../plan-tree.js';

/** Stand-ins for what a scan yields besides table columns; no table has such an ordinal. */
export const ROW_ID_ORDINAL = -1;
export const SCORE_ORDINAL = -2;

export interface Conjunct {
  /** Over column ids of the query. */
  readonly expr: Expr;
  /** Over the table's ordinals. */
  readonly local: Expr;
  readonly condition: Condition;
  readonly bit: Mask;
}

/** A constraint put to the indexes, with the conjuncts that it stands for. */
export interface Asked {
  readonly constraint: Constraint;
  /** Conjuncts that restrict no less than the constraint. */
  readonly mask: Mask;
  /** Of these, the ones for which the constraint says all. */
  readonly exact: Mask;
}

/** Column id -> ordinal and back for one scan. */
export class Ordinals {
  private readonly byId = new Map<ColumnId, number>();
  private readonly locals = new WeakMap<Expr, { readonly local: Expr; readonly condition: Condition }>();

  constructor(private readonly scan: Scan) {
    scan.columns.forEach((column, ordinal) => this.byId.set(column.id, ordinal));
    if (scan.rowId !== undefined) this.byId.set(scan.rowId, ROW_ID_ORDINAL);
    if (scan.score !== undefined) this.byId.set(scan.score.id, SCORE_ORDINAL);
  }

  ordinal(id: ColumnId): number | undefined {
    return this.byId.get(id);
  }

  id(ordinal: number): ColumnId {
    return (this.scan.columns[ordinal] as { id: ColumnId }).id;
  }

  /** A conjunct as the indexes are asked; made once per expression. */
  localised(expr: Expr): { readonly local: Expr; readonly condition: Condition } {
    let known = this.locals.get(expr);
    if (known === undefined) {
      const local = this.toLocal(expr);
      this.locals.set(expr, (known = { local, condition: toCondition(local) }));
    }
    return known;
  }

  /** Over ordinals; columns of other relations must have become parameters before. */
  toLocal(expr: Expr): Expr {
    return substitute(expr, (column) => {
      const ordinal = this.byId.get(column.id);
      return ordinal === undefined ? undefined : { ...column, id: ordinal };
    });
  }

  /** Whether all columns read are stored ones of this table. */
  isStored(expr: Expr): boolean {
    for (const id of readsOf(expr)) {
      const ordinal = this.byId.get(id);
      if (ordinal === undefined || ordinal < 0) return false;
    }
    return true;
  }
}

const ordinals = new WeakMap<Scan, Ordinals>();

export function ordinalsOf(scan: Scan): Ordinals {
  let known = ordinals.get(scan);
  if (known === undefined) ordinals.set(scan, (known = new Ordinals(scan)));
  return known;
}

/** Splits predicates into conjuncts, each once; a list too long for a mask keeps its tail as one. */
export function toConjuncts(predicates: readonly Expr[], ordinals: Ordinals): Conjunct[] {
  const unique: Expr[] = [];
  for (const expr of predicates.flatMap((p) => conjuncts(p))) {
    if (!unique.some((other) => equalExprs(other, expr))) unique.push(expr);
  }
  if (unique.length > MOST_CONJUNCTS) {
    const tail = unique.splice(MOST_CONJUNCTS - 1);
    unique.push({ kind: 'and', args: tail });
  }
  return unique.map((expr, i) => ({ expr, ...ordinals.localised(expr), bit: 1 << i }));
}

/** The constraints of the conjuncts; a lower and an upper bound of one expression become one range. */
export function askedOf(list: readonly Conjunct[]): Asked[] {
  const asked: Asked[] = [];
  for (const conjunct of list) collect(conjunct.condition, conjunct.bit, true, asked);
  return mergeBounds(asked);
}

/** Constraints that all must hold for a condition to be true (an arm of OR); `mask` and `exact` count its own terms. */
export function askedOfCondition(condition: Condition): { asked: Asked[]; terms: readonly Condition[] } {
  const terms = condition.kind === 'and' ? condition.args : [condition];
  const asked: Asked[] = [];
  terms.slice(0, MOST_CONJUNCTS).forEach((term, i) => collect(term, 1 << i, true, asked));
  return { asked: mergeBounds(asked), terms };
}

function collect(condition: Condition, bit: Mask, whole: boolean, into: Asked[]): void {
  if (condition.kind === 'constraint') {
    const { constraint } = condition;
    into.push({ constraint, mask: bit, exact: whole && constraint.exact ? bit : 0 });
  } else if (condition.kind === 'and') {
    for (const arg of condition.args) collect(arg, bit, false, into);
  } else {
    const constraint = rowBoundOf(condition);
    if (constraint !== undefined) into.push({ constraint, mask: bit, exact: 0 });
  }
}

type Range = Extract<Constraint, { kind: 'range' }>;

const ranges = new WeakMap<Range, WeakMap<Range, Range>>();

/** A lower and an upper bound as one constraint; one object per pair, so that offers for it are asked once. */
function merged(a: Range, b: Range): Range {
  let partners = ranges.get(a);
  if (partners === undefined) ranges.set(a, (partners = new WeakMap()));
  let range = partners.get(b);
  if (range === undefined) {
    range = { ...a, low: a.low ?? b.low, high: a.high ?? b.high, exact: a.exact && b.exact };
    partners.set(b, range);
  }
  return range;
}

function mergeBounds(list: readonly Asked[]): Asked[] {
  const result: Asked[] = [];
  const open = new Map<string, number>();
  for (const item of list) {
    const { constraint } = item;
    if (constraint.kind !== 'range' || (constraint.low !== undefined && constraint.high !== undefined)) {
      result.push(item);
      continue;
    }
    const side = constraint.low === undefined ? 'high' : 'low';
    const key = exprKey(constraint.expr);
    const partner = open.get(`${key} ${side === 'low' ? 'high' : 'low'}`);
    if (partner === undefined) {
      open.set(`${key} ${side}`, result.length);
      result.push(item);
      continue;
    }
    open.delete(`${key} ${side === 'low' ? 'high' : 'low'}`);
    const other = result[partner] as Asked;
    if (other.constraint.kind !== 'range') continue;
    result[partner] = {
      constraint: merged(constraint, other.constraint),
      mask: item.mask | other.mask,
      exact: item.exact | other.exact,
    };
  }
  return result;
}
