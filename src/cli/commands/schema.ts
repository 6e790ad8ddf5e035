// .schema: the statements that would make the tables, indexes and views again.

import type { Command } from './command.js';
import { findTable, tableNames } from './find-table.js';

export const schema: Command = {
  name: '.schema',
  usage: '[name]',
  summary: 'print the statements that make the tables, indexes and views, or one table',
  arguments: [0, 1],
  run(session, [name]) {
    const { tables, views } = session.db.schema();
    const view = views.find((one) => one.name === name);
    const texts =
      name === undefined
        ? [...tables, ...views].map((one) => one.sql)
        : [view === undefined ? findTable(session, name).sql : view.sql];
    session.print(texts.map((text) => `${text.trimEnd()}\n`).join('\n'));
    return true;
  },
  complete: (session) => [...tableNames(session), ...session.db.schema().views.map((view) => view.name)],
};
