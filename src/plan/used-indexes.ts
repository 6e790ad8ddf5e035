// The indexes that a physical plan reads, wherever they stand in it.

import type { IndexDef } from '../catalog/definitions.js';
import type { PhysicalQuery } from './physical.js';

/** Parts of a plan that name indexes which are not read (a table's definition, what was weighed, the key of ON CONFLICT) or none at all. */
const SKIPPED = new Set([
  ...['table', 'considered', 'onConflict', 'expected', 'columns'],
  ...['filter', 'predicate', 'exprs', 'condition', 'groups', 'aggregates', 'rows', 'fetch', 'filterFetch'],
]);

export function usedIndexes(query: PhysicalQuery): IndexDef[] {
  const found = new Map<number, IndexDef>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return;
    if (isIndex(value)) found.set(value.id, value);
    else if (Array.isArray(value)) value.forEach(visit);
    else for (const [name, part] of Object.entries(value)) if (!SKIPPED.has(name)) visit(part);
  };
  visit(query.plan);
  visit(query.subqueries);
  return [...found.values()];
}

function isIndex(value: object): value is IndexDef {
  return 'spaces' in value && 'keys' in value && 'unique' in value;
}
