// A table by the name that was typed.

import type { TableInfo } from '../../db/api.js';
import { LightningError } from '../../errors.js';
import { closest } from '../../text/edit-distance.js';
import type { Session } from '../session.js';

export function findTable(session: Session, name: string): TableInfo {
  const { tables } = session.db.schema();
  const found =
    tables.find((table) => table.name === name) ?? tables.find((table) => table.name === name.toLowerCase());
  if (found !== undefined) return found;
  const near = closest(
    name,
    tables.map((table) => table.name),
  );
  throw new LightningError('UNKNOWN_TABLE', `there is no table "${name}"`, {
    hint: near === undefined ? 'type .tables for the list' : `did you mean "${near}"?`,
  });
}

export function tableNames(session: Session): string[] {
  return session.db.schema().tables.map((table) => table.name);
}
