// .indexes: every index, or those of one table, with what they hold.

import type { Command } from './command.js';
import { findTable, tableNames } from './find-table.js';

export const indexes: Command = {
  name: '.indexes',
  usage: '[table]',
  summary: 'list indexes with their kinds, keys and sizes',
  arguments: [0, 1],
  run(session, [name]) {
    const tables = name === undefined ? session.db.schema().tables : [findTable(session, name)];
    session.show({
      columns: [
        { name: 'table', type: 'text' },
        { name: 'index', type: 'text' },
        { name: 'kind', type: 'text' },
        { name: 'keys', type: 'text' },
        { name: 'entries', type: 'integer' },
        { name: 'bytes', type: 'integer' },
      ],
      rows: tables.flatMap((table) =>
        table.indexes.map((index) => [
          table.name,
          index.name,
          index.unique ? `${index.kind} unique` : index.kind,
          described(index),
          index.entries,
          index.bytes,
        ]),
      ),
    });
    return true;
  },
  complete: (session) => tableNames(session),
};

function described(index: { keys: readonly string[]; include: readonly string[]; where: string | undefined }): string {
  const keys = index.keys.join(', ');
  const include = index.include.length === 0 ? '' : ` include ${index.include.join(', ')}`;
  return `${keys}${include}${index.where === undefined ? '' : ` where ${index.where}`}`;
}
