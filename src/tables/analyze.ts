// One pass over a table for its statistics.

import { StatisticsCollector } from '../catalog/collect.js';
import type { TableDef } from '../catalog/definitions.js';
import type { TableStatistics } from '../catalog/statistics.js';
import type { PageReader } from '../pages/page.js';
import { codeOf } from './table-code.js';

/** Statistics of the rows; those of indexes are kept by the indexes themselves. */
export function analyzeTable(table: TableDef, reader: PageReader): Omit<TableStatistics, 'indexes'> {
  const collector = new StatisticsCollector(table.columns);
  const ordinals = table.columns.map((_, ordinal) => ordinal);
  for (const { rowIds, columns, count } of codeOf(table).rows.scanPages(reader, ordinals)) {
    collector.add(rowIds, columns, count);
  }
  return collector.finish();
}
