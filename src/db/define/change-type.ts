// ALTER COLUMN TYPE: every row is written anew, and every index with it. What is more than a key that compares as the column does, or is
// beyond the table, stands in the way: it was bound to the old type.

import type { IndexDef, IndexKey, TableDef } from '../../catalog/definitions.js';
import { columnKey, comparesKeys, keyOrdinal } from '../../catalog/keys.js';
import { dropStatistics } from '../../catalog/stored-statistics.js';
import * as build from '../../expr/build.js';
import { compileClosure } from '../../expr/evaluate.js';
import { kindOf } from '../../index/registry.js';
import type { BoundAlteration } from '../../sql/bound.js';
import { moveRows } from '../../tables/define.js';
import { withNewSpaces } from './alter-add.js';
import type { Definitions } from './definitions.js';
import { dependent } from './definitions.js';
import { readsColumn } from './drop-column.js';
import { readersOf, withColumns } from './follow.js';

type SetType = Extract<BoundAlteration, { kind: 'set-type' }>;

export function changeType(on: Definitions, table: TableDef, change: SetType): void {
  const { ordinal, type, maxLength, collation, value } = change;
  refuseDependents(on, table, ordinal);
  const columns = table.columns.map((column, i) => {
    return { ...(i === ordinal ? { ...column, type, maxLength, collation } : column), missing: null };
  });
  const typed = withColumns(table, columns);
  const after = withNewSpaces(on, {
    ...typed,
    indexes: table.indexes.map((before, i) => {
      const index = typed.indexes[i]!;
      const keys = index.keys.map((key, k) =>
        isKeyOf(table, ordinal, before, before.keys[k]!) ? { ...key, ...columnKey(columns, ordinal) } : key,
      );
      return { ...index, keys, options: kindOf(index.kind).check({ ...index, keys }, typed) };
    }),
  });
  const layout = new Map(table.columns.map((_, i) => [i, i]));
  const convert = compileClosure(value, layout);
  moveRows(table, after, on.tx, (row) => {
    const cells = row.map((cell) => [cell]);
    const converted = [...row];
    converted[ordinal] = convert(cells, 0, { parameters: [], now: on.now });
    return converted;
  });
  dropStatistics(on.tx, table);
  on.catalog.putTable(after);
}

/** Whether a key compares as the column does, whatever that is. */
function isKeyOf(table: TableDef, ordinal: number, { kind }: IndexDef, key: IndexKey): boolean {
  return comparesKeys(kind) && keyOrdinal(table.columns, key) === ordinal;
}

function refuseDependents(on: Definitions, table: TableDef, ordinal: number): void {
  const { name, default: value } = table.columns[ordinal]!;
  const inTheWay = (what: string) =>
    dependent(`${what} depends on the type of column "${name}"`, 'drop it first, and make it again afterwards');
  for (const reader of readersOf(on, table.name)) {
    if (readsColumn(reader, table, ordinal)) throw inTheWay(`the view "${reader.view.name}"`);
  }
  if (value !== undefined) throw inTheWay(`the default of "${name}"`);
  for (const check of table.checks) {
    if (build.columnsOf(check.predicate.expr).has(ordinal)) throw inTheWay(`the constraint "${check.name}"`);
  }
  for (const index of table.indexes) {
    const { name, keys, where } = index;
    const others = keys.filter((key) => key.expr.kind !== 'column' && !isKeyOf(table, ordinal, index, key));
    const bound = [...others.map(({ expr }) => expr), ...(where ? [where.expr] : [])];
    if (bound.some((expr) => build.columnsOf(expr).has(ordinal))) throw inTheWay(`the index "${name}"`);
  }
  for (const key of table.foreignKeys) {
    if (key.columns.includes(ordinal)) throw inTheWay(`the foreign key "${key.name}"`);
  }
  for (const id of table.referencedBy) {
    for (const { name: foreign, parent, key } of on.catalog.tableOf(id).foreignKeys) {
      const index = parent === table.id ? table.indexes.find((each) => each.id === key) : undefined;
      if (index?.keys.some(({ expr }) => build.columnsOf(expr).has(ordinal)))
        throw inTheWay(`the foreign key "${foreign}"`);
    }
  }
}
