// TRUNCATE: the pages of tables go, not their rows one by one; so what other tables' rows name must go with them.

import { dependent } from './definitions.js';
import type { Definitions } from './definitions.js';
import type { Truncate } from '../../sql/bound.js';
import { truncateTable } from '../../tables/define.js';

export function truncate(on: Definitions, { tables, restartIdentity, cascade }: Truncate): void {
  const going = new Set(tables.map((name) => on.requireTable(name).id));
  for (const id of going) {
    const parent = on.catalog.tableOf(id);
    for (const childId of parent.referencedBy) {
      if (going.has(childId)) continue;
      const child = on.catalog.tableOf(childId);
      // Sets grow while they are walked: what depends on the child is reached too.
      if (cascade) going.add(childId);
      else {
        const hint = `truncate "${child.name}" in the same statement, or write CASCADE`;
        throw dependent(`rows of "${child.name}" may name rows of "${parent.name}"`, hint);
      }
    }
  }
  for (const id of going) truncateTable(on.catalog.tableOf(id), on.tx, restartIdentity);
}
