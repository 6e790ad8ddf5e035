// .verify: checks every page, and every index against the rows.

import type { Command } from './command.js';
import { counted } from '../session.js';
import { findTable, tableNames } from './find-table.js';

export const verify: Command = {
  name: '.verify',
  usage: '[table]',
  summary: 'check every page, and every index against the rows',
  arguments: [0, 1],
  run(session, [name]) {
    const { ok, findings } = session.db.verify(name === undefined ? undefined : findTable(session, name).name);
    if (ok) {
      session.print('all is well\n');
      return true;
    }
    for (const { table, index, what } of findings) {
      session.note(`${index === undefined ? table : `${table}, index ${index}`}: ${what}`);
    }
    session.note(counted(findings.length, 'finding', 'findings'));
    return false;
  },
  complete: (session) => tableNames(session),
};
