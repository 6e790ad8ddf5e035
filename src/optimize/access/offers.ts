// What each index of a table can do for a list of constraints, in terms of the conjuncts that they stand for.

import type { IndexDef } from '../../catalog/definitions.js';
import type { Offer } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import { conjuncts, equalExprs } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import { implies } from '../../expr/imply.js';
import { simplify } from '../../expr/simplify.js';
import type { Scan } from '../../plan/logical.js';
import type { Considered } from '../../plan/physical.js';
import type { Mask } from '../cardinality/table.js';
import type { Planning } from '../planning.js';
import { readsAny, readsOf } from '../plan-tree.js';
import type { Asked } from './conditions.js';
import { askIndex, concerns } from './ask-index.js';

/** An offer in terms of the conjuncts it was asked for. */
export interface TableOffer {
  readonly offer: Offer;
  /** Conjuncts that restrict the rows of the probe. */
  readonly mask: Mask;
  /** Of these, the ones that need no recheck. */
  readonly exact: Mask;
  /** Rows the probe yields. */
  readonly rows: Estimate;
}

/** The indexes of a table that may be used at all, and why others may not. */
export interface UsableIndexes {
  readonly indexes: readonly IndexDef[];
  readonly refused: readonly Considered[];
}

export function usableIndexes(scan: Scan, premises: readonly Expr[], planning: Planning): UsableIndexes {
  const { hints } = planning;
  const named = hints.indexes?.[scan.name];
  const indexes: IndexDef[] = [];
  const refused: Considered[] = [];
  const refuse = (index: IndexDef, reason: string) =>
    refused.push({ path: describeIndex(index), verdict: 'rejected', reason, cost: undefined });
  for (const index of scan.table.indexes) {
    if (index.kind !== 'primary' && hints.noIndexes === true) refuse(index, 'disabled by the hint noIndexes');
    else if (hints.withoutKinds?.includes(index.kind)) refuse(index, `kind ${index.kind} is disabled by a hint`);
    else if (named !== undefined && !named.includes(index.name)) refuse(index, 'disabled by the hint indexes');
    else if (
      index.where !== undefined &&
      !(mayImply(premises, index.where.expr) && implies(premises, index.where.expr))
    ) {
      refuse(index, `the query does not imply the index's predicate ${index.where.text}`);
    } else indexes.push(index);
  }
  return { indexes, refused };
}

/** What says nothing of any column that a predicate reads hardly implies it: spares most proofs. */
function mayImply(premises: readonly Expr[], where: Expr): boolean {
  const wanted = readsOf(where);
  return wanted.size === 0 || premises.some((premise) => readsAny(premise, wanted));
}

export function describeIndex(index: IndexDef): string {
  return `${index.name} (${index.kind})`;
}

/**
 * Offers of one index.
 * @param locals conjuncts over ordinals, by bit: a partial index answers those that its own predicate states.
 */
export function offersOfIndex(
  index: IndexDef,
  scan: Scan,
  asked: readonly Asked[],
  locals: readonly Expr[],
  planning: Planning,
): TableOffer[] {
  const implied = index.where === undefined ? 0 : statedBy(index.where.expr, locals);
  const relevant = asked.filter((a) => concerns(index, a.constraint));
  const answers = askIndex(
    index,
    scan,
    relevant.map((a) => a.constraint),
    planning,
  );
  return answers.map(({ offer, rows }) => {
    let mask = implied;
    let exact = offer.precision === 'refutes' ? 0 : implied;
    for (const position of offer.serves) {
      const item = relevant[position];
      if (item === undefined) continue;
      mask |= item.mask;
      if (offer.precision === 'exact') exact |= item.exact;
    }
    return { offer, mask, exact, rows };
  });
}

const statedTerms = new WeakMap<Expr, readonly Expr[]>();

/** Conjuncts that are, word for word, part of a partial index's predicate: true for every row it holds. */
function statedBy(where: Expr, locals: readonly Expr[]): Mask {
  let stated = statedTerms.get(where);
  if (stated === undefined) statedTerms.set(where, (stated = conjuncts(simplify(where))));
  const terms = stated;
  let mask = 0;
  locals.forEach((local, i) => {
    if (terms.some((s) => equalExprs(s, local))) mask |= 1 << i;
  });
  return mask;
}
