// Statistics as the store keeps them: one page for each table, in space 2. Values are written as rows of the table's own types.

import type { PageCodec, PageReader, PageWriter } from '../pages/page.js';
import type { ScalarType, Value } from '../values/types.js';
import { ByteView, rowCodec } from '../values/index.js';
import type { TableDef } from './definitions.js';
import type { ColumnStatistics, TableStatistics } from './statistics.js';

const STATISTICS_SPACE = 2;

export type StoredStatistics = Omit<TableStatistics, 'indexes'>;

/** As JSON; values in base64 by the row codec. */
interface Written {
  readonly analyzedRows: number;
  readonly columns: readonly (Omit<ColumnStatistics, 'common' | 'histogram' | 'min' | 'max'> & {
    readonly values: string;
    readonly fractions: readonly number[];
  })[];
  readonly sample: readonly string[];
}

const pages: PageCodec<Written> = {
  name: 'statistics',
  encode: (page) => Buffer.from(JSON.stringify(page), 'utf8'),
  decode: (body) => JSON.parse(Buffer.from(body).toString('utf8')) as Written,
  copy: (page) => page,
  bytes: (page) => 200 + page.sample.reduce((sum, row) => sum + row.length * 2, 0),
};

function pack(values: readonly Value[], types: readonly ScalarType[]): string {
  return Buffer.from(rowCodec(types, { generate: false }).encode(values)).toString('base64');
}

function unpack(text: string, types: readonly ScalarType[]): Value[] {
  const bytes = Buffer.from(text, 'base64');
  return rowCodec(types, { generate: false }).decode(new ByteView(bytes), 0) as Value[];
}

export function writeStatistics(writer: PageWriter, table: TableDef, statistics: StoredStatistics): void {
  const types = table.columns.map((column) => column.type);
  const columns = statistics.columns.map((column, i) => {
    const { nullFraction, distinct, width, correlation, common, histogram, min, max } = column!;
    const values = [min, max, ...common.map((entry) => entry.value), ...histogram];
    return {
      ...{ nullFraction, distinct, width, correlation },
      fractions: common.map((entry) => entry.fraction),
      values: pack(
        values,
        values.map(() => types[i]!),
      ),
    };
  });
  const sample = statistics.sample.map((row) => pack(row, types));
  writer.put(STATISTICS_SPACE, table.id, pages, { analyzedRows: statistics.analyzedRows, columns, sample });
}

export function readStatistics(reader: PageReader, table: TableDef): StoredStatistics | undefined {
  const written = reader.find(STATISTICS_SPACE, table.id, pages);
  if (written === undefined) return undefined;
  const types = table.columns.map((column) => column.type);
  const columns = written.columns.map(({ values, fractions, ...rest }, i): ColumnStatistics => {
    const one = (count: number) => Array.from({ length: count }, () => types[i]!);
    // A row says how many values it has: the codec may have types for more.
    const [min = null, max = null, ...list] = unpack(values, one(2 + fractions.length + MOST_BOUNDS));
    return {
      ...rest,
      ...{ min, max },
      common: fractions.map((fraction, at) => ({ value: list[at]!, fraction })),
      histogram: list.slice(fractions.length),
    };
  });
  // Columns that came since have no statistics, and one value in all of the sample.
  const missing = table.columns.slice(written.columns.length).map((column) => column.missing);
  const sample = written.sample.map((row) => [...unpack(row, types), ...missing]);
  return { analyzedRows: written.analyzedRows, columns, sample };
}

/** Histogram bounds there can be, at least. */
const MOST_BOUNDS = 256;

export function dropStatistics(writer: PageWriter, table: TableDef): void {
  writer.drop(STATISTICS_SPACE, table.id);
}
