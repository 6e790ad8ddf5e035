// .import: rows of a CSV or NDJSON file into a table that exists, all or none.

import { LightningError } from '../../errors.js';
import { counted } from '../session.js';
import { csvRows } from '../import/csv-rows.js';
import { ndjsonRows } from '../import/ndjson-rows.js';
import { isNdjson, portions } from '../import/source.js';
import type { ImportedRow } from '../import/source.js';
import { ImportProgress } from '../import/progress.js';
import type { Command } from './command.js';
import { findTable, tableNames } from './find-table.js';

export const importFile: Command = {
  name: '.import',
  usage: 'FILE TABLE',
  summary: 'load a CSV file with a header, or an NDJSON file, into a table: all rows or none',
  arguments: [2, 2],
  run(session, [path = '', name = '']) {
    const table = findTable(session, name);
    const file = portions(path);
    const rows = isNdjson(path)
      ? ndjsonRows(file, table.columns)
      : csvRows(file, table.columns, path.endsWith('.tsv') ? '\t' : ',');
    const progress = new ImportProgress(session.streams.stderr, path, file.bytes);
    let line = 1;
    let count = 0;
    function* fed(all: Iterable<ImportedRow>): Generator<object> {
      for (const row of all) {
        line = row.line;
        count++;
        if ((count & 1_023) === 0) progress.update(file.read, count);
        yield row.values;
      }
    }
    try {
      const inserted = session.db.table(table.name).insertMany(fed(rows));
      progress.stop();
      session.note(`${counted(inserted, 'row', 'rows')} imported into ${table.name}`);
      return true;
    } catch (error) {
      progress.stop();
      if (!(error instanceof LightningError) || error.message.startsWith(path)) throw error;
      throw new LightningError(
        error.code,
        `${path}, row ${count} (line ${line}): ${error.message}; nothing was imported`,
        { hint: error.hint, cause: error },
      );
    } finally {
      file.close();
    }
  },
  complete: (session, place) => (place === 1 ? tableNames(session) : []),
};
