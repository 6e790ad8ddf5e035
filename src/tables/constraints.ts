// What a row must satisfy by itself, before any index is asked.

import type { ColumnDef, TableDef } from '../catalog/definitions.js';
import { LightningError } from '../errors.js';
import type { Row } from '../values/types.js';
import type { TableCode } from './table-code.js';

/** @throws LightningError NOT_NULL, VALUE_TOO_LONG, CHECK */
export function checkRow(table: TableDef, code: TableCode, row: Row): void {
  const { columns } = table;
  for (let i = 0; i < columns.length; i++) {
    const { notNull, maxLength } = columns[i]!;
    const value = row[i]!;
    if (value === null) {
      if (notNull) throw notNullError(table, columns[i]!);
    } else if (maxLength !== undefined && typeof value === 'string' && value.length > maxLength) {
      checkLength(columns[i]!, maxLength, value);
    }
  }
  for (const check of code.checks) {
    if (!check.fails(row)) continue;
    const text = table.checks.find((definition) => definition.name === check.name)?.predicate.text;
    throw new LightningError('CHECK', `the row breaks "${check.name}" of "${table.name}": CHECK (${text})`);
  }
}

function notNullError(table: TableDef, column: ColumnDef): LightningError {
  return new LightningError('NOT_NULL', `column "${column.name}" of "${table.name}" must not be NULL`, {
    hint: 'give a value, or define a DEFAULT',
  });
}

/** Length counts characters, of which a string may have fewer than code units. */
function checkLength(column: ColumnDef, maxLength: number, value: string): void {
  const length = [...value].length;
  if (length <= maxLength) return;
  const message = `column "${column.name}" holds at most ${maxLength} characters, this has ${length}`;
  throw new LightningError('VALUE_TOO_LONG', message);
}
