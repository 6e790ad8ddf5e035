// Rows as keys of a `Map`: equal rows give equal keys, as DISTINCT and GROUP BY mean it (NULL equals NULL, -0 equals 0, NaN equals NaN).

import type { Type, Value } from '../../values/types.js';
import { valueKey } from '../../expr/key.js';

/** Makes the key of row `row` of the columns. */
export type RowKey = (columns: readonly ArrayLike<Value>[], row: number) => unknown;

const primitive: ReadonlySet<Type> = new Set<Type>([
  'integer',
  'real',
  'text',
  'boolean',
  'timestamp',
  'date',
  'null',
  'json',
]);

/** One primitive column is its own key: `Map` compares as SQL does, and keeps numbers apart from bigints, which are never equal here. */
export function rowKey(types: readonly Type[]): RowKey {
  if (types.length === 1 && primitive.has(types[0]!)) return (columns, row) => columns[0]![row];
  return (columns, row) => {
    let key = '';
    for (let i = 0; i < columns.length; i++) key += `${part(columns[i]![row]!)},`;
    return key;
  };
}

function part(value: Value): string {
  if (value === null) return 'n';
  if (typeof value === 'number') return String(value === 0 ? 0 : value);
  if (typeof value === 'string') return `${value.length}:${value}`;
  return valueKey(value);
}
