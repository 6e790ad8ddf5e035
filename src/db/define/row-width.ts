// A guess at the width of rows that do not exist yet, from which the number of rows in a page follows.

import type { ColumnDef } from '../../catalog/definitions.js';

const TEXT = 24;
const LONG = 120;

/** Bytes of an average row, about. */
export function rowWidth(columns: readonly ColumnDef[]): number {
  return columns.reduce((sum, column) => {
    switch (column.type) {
      case 'text':
        return sum + 8 + Math.min(column.maxLength ?? TEXT, LONG);
      case 'blob':
      case 'json':
      case 'geometry':
        return sum + 8 + LONG;
      case 'point':
        return sum + 24;
      default:
        return sum + 8;
    }
  }, 8);
}
