// Asks one index for offers: once per planning run for the same constraints, with parameters that are known already put in for estimates, and
// with exact counts in place of guesses where a probe is cheap.

import type { IndexDef } from '../../catalog/definitions.js';
import { mapProbe } from '../../catalog/map-probe.js';
import type { Offer, Probe } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import { mapValueSet } from '../../expr/constraint.js';
import type { Bound, Constraint } from '../../expr/constraint.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { Scan } from '../../plan/logical.js';
import type { Value } from '../../values/types.js';
import { atMost, exactly } from '../cardinality/estimate.js';
import type { Planning } from '../planning.js';
import { readsAny, readsOf } from '../plan-tree.js';

export interface Answer {
  readonly offer: Offer;
  /** Rows the probe yields, as far as it is known now. */
  readonly rows: Estimate;
}

const columns = new WeakMap<IndexDef, ReadonlySet<ColumnId>>();

/** Whether an index could make anything of a constraint: they share a column, or the index was named. */
export function concerns(index: IndexDef, constraint: Constraint): boolean {
  if (constraint.kind === 'match') return constraint.index === index.id;
  let own = columns.get(index);
  if (own === undefined) {
    own = new Set(index.keys.flatMap((key) => [...readsOf(key.expr)]));
    columns.set(index, own);
  }
  return readsAny(constraint.expr, own);
}

const asked = new WeakMap<
  Planning,
  Map<Scan, Map<IndexDef, { readonly constraints: readonly Constraint[]; readonly answers: readonly Answer[] }[]>>
>();

/** Offers for constraints over the table's ordinals; `serves` counts in this list. */
export function askIndex(
  index: IndexDef,
  scan: Scan,
  constraints: readonly Constraint[],
  planning: Planning,
): readonly Answer[] {
  let scans = asked.get(planning);
  if (scans === undefined) asked.set(planning, (scans = new Map()));
  let indexes = scans.get(scan);
  if (indexes === undefined) scans.set(scan, (indexes = new Map()));
  let list = indexes.get(index);
  if (list === undefined) indexes.set(index, (list = []));
  const known = list.find(
    (entry) =>
      entry.constraints.length === constraints.length && entry.constraints.every((c, i) => c === constraints[i]),
  );
  if (known !== undefined) return known.answers;
  const entries = index.where === undefined ? undefined : planning.catalog.index(index).entries;
  const answers = offersFor(index, scan, constraints, planning).map((offer): Answer => {
    const rows = entries === undefined ? offer.rows : atMost(offer.rows, exactly(entries, 'index'));
    const counted = countProbe(index, offer.probe, rows, planning);
    if (counted === undefined) return { offer, rows };
    if (offer.precision === 'exact') return { offer, rows: exactly(counted) };
    const { lo, est } = rows;
    return {
      offer,
      rows: { lo: Math.min(lo, counted), est: Math.min(est, counted), hi: counted, source: 'index' },
    };
  });
  list.push({ constraints, answers });
  return answers;
}

/** What may be done is asked with the expressions as they are; how much it costs, with the values they have now. */
function offersFor(
  index: IndexDef,
  scan: Scan,
  constraints: readonly Constraint[],
  planning: Planning,
): readonly Offer[] {
  const ask = (list: readonly Constraint[]) => planning.environment.offers(index, scan.table, list, planning.catalog);
  const offers = ask(constraints);
  if (offers.length === 0 || constraints.length === 0) return offers;
  const valued = constraints.map((constraint) => withValues(constraint, planning));
  if (valued.every((constraint, i) => constraint === constraints[i])) return offers;
  const better = ask(valued);
  return offers.map((offer, i) => {
    const other = better[i];
    const same =
      other !== undefined &&
      better.length === offers.length &&
      other.probe.kind === offer.probe.kind &&
      other.serves.join() === offer.serves.join();
    return same ? { ...offer, rows: other.rows, cost: other.cost, walkCost: other.walkCost } : offer;
  });
}

/** The constraint with what is known of its values; itself when nothing more is. */
function withValues(constraint: Constraint, planning: Planning): Constraint {
  let changed = false;
  const value = (expr: Expr): Expr => {
    if (expr.kind === 'constant') return expr;
    const found = planning.known(expr);
    if (found === undefined) return expr;
    changed = true;
    return { kind: 'constant', value: found.value, type: typeOf(expr) };
  };
  const bound = (b: Bound<Expr> | undefined) => b && { ...b, value: value(b.value) };
  const result = ((): Constraint => {
    switch (constraint.kind) {
      case 'set':
      case 'not-set':
        return { ...constraint, set: mapValueSet(constraint.set, value) };
      case 'range':
        return { ...constraint, low: bound(constraint.low), high: bound(constraint.high) };
      case 'prefix':
        return { ...constraint, prefix: value(constraint.prefix) };
      case 'beyond':
        return { ...constraint, parts: constraint.parts.map((part) => ({ ...part, value: value(part.value) })) };
      case 'match':
        return { ...constraint, query: value(constraint.query) };
      case 'spatial':
        return {
          ...constraint,
          shape: value(constraint.shape),
          metres: constraint.metres && value(constraint.metres),
        };
    }
  })();
  return changed ? result : constraint;
}

/** The exact number when values are known and the budget of probes is not spent; small tables are not worth one. */
function countProbe(index: IndexDef, probe: Probe<Expr>, rows: Estimate, planning: Planning): number | undefined {
  if (rows.lo === rows.hi || rows.hi <= 8 || probe.kind === 'all') return undefined;
  if (planning.probes >= planning.mostProbes) return undefined;
  const bound = bindProbe(probe, (expr) => planning.known(expr));
  if (bound === undefined) return undefined;
  planning.probes++;
  return planning.catalog.probe(index, bound);
}

type Lookup = (expr: Expr) => { readonly value: Value } | undefined;

/** The probe over values; undefined when one of them is not known yet. */
function bindProbe(probe: Probe<Expr>, lookup: Lookup): Probe<Value> | undefined {
  let missing = false;
  const value = (expr: Expr): Value => {
    const known = lookup(expr);
    if (known === undefined) {
      missing = true;
      return null;
    }
    return known.value;
  };
  const result = mapProbe(probe, value);
  return missing ? undefined : result;
}
