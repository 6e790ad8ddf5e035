// .tables: the tables with their sizes, and the views.

import type { Command } from './command.js';

export const tables: Command = {
  name: '.tables',
  usage: '',
  summary: 'list tables and views',
  arguments: [0, 0],
  run(session) {
    const { tables, views } = session.db.schema();
    session.show({
      columns: [
        { name: 'name', type: 'text' },
        { name: 'kind', type: 'text' },
        { name: 'rows', type: 'integer' },
        { name: 'columns', type: 'integer' },
        { name: 'indexes', type: 'integer' },
      ],
      rows: [
        ...tables.map((table) => [table.name, 'table', table.rows, table.columns.length, table.indexes.length]),
        ...views.map((view) => [view.name, 'view', null, null, null]),
      ],
    });
    return true;
  },
};
