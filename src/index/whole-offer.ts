// The offer of all of an index: every row, or for a partial index those of its predicate.

import type { IndexDef } from '../catalog/definitions.js';
import type { Offer, OrderKey } from '../catalog/offer.js';
import { PROBE } from './costs.js';

/**
 * @param perEntry cost of an entry, in nanoseconds
 * @param walk the order in which entries can be walked and what one costs, for kinds that have an order
 */
export function wholeOffer(
  index: IndexDef,
  entries: number,
  perEntry: number,
  walk?: { readonly order: readonly OrderKey[]; readonly cost: number },
): Offer {
  return {
    index,
    probe: { kind: 'all' },
    serves: [],
    precision: 'exact',
    rows: { lo: entries, est: entries, hi: entries, source: 'exact' },
    cost: PROBE + entries * perEntry,
    order: walk?.order,
    walkCost: walk?.cost,
  };
}
