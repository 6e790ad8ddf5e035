// Every index kind that there is, by name. A kind is one line here; the conformance suite runs whatever is listed.

import type { Catalog } from '../catalog/catalog.js';
import type { IndexDef, IndexKindName, TableDef } from '../catalog/definitions.js';
import type { Offer } from '../catalog/offer.js';
import { LightningError } from '../errors.js';
import type { Constraint } from '../expr/constraint.js';
import { bitmap } from './bitmap/index.js';
import { bloom } from './bloom/index.js';
import { btree } from './btree/index.js';
import { columnstore } from './columnstore/index.js';
import { fulltext } from './fulltext/index.js';
import { hash } from './hash.js';
import type { IndexKind } from './kind.js';
import { primary } from './primary/index.js';
import { rtree } from './rtree/index.js';

/** In the order in which documentation and error messages list them. */
const KINDS: readonly IndexKind[] = [primary, btree, hash, bitmap, rtree, fulltext, bloom, columnstore];

const byName = new Map<string, IndexKind>(KINDS.map((kind) => [kind.name, kind]));

export function kinds(): readonly IndexKind[] {
  return KINDS;
}

/** @throws LightningError UNSUPPORTED for a kind that is not built */
export function kindOf(name: IndexKindName): IndexKind {
  const kind = byName.get(name);
  if (kind !== undefined) return kind;
  const built = KINDS.filter((k) => k.name !== 'primary').map((k) => k.name);
  throw new LightningError('UNSUPPORTED', `there is no index kind '${name}'`, {
    hint: `use one of ${built.join(', ')}`,
  });
}

/** What an index can do for constraints over its table's ordinals: what the optimizer is given as `OffersOf`. */
export function offersOf(
  index: IndexDef,
  table: TableDef,
  constraints: readonly Constraint[],
  catalog: Catalog,
): Offer[] {
  return kindOf(index.kind).offers(index, table, constraints, catalog);
}
