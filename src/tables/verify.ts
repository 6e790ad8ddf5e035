// Checks a whole table: its row pages, every index against the rows, and that what foreign keys name is there.

import type { TableDef } from '../catalog/definitions.js';
import { LightningError } from '../errors.js';
import { kindOf } from '../index/registry.js';
import type { PageReader } from '../pages/page.js';
import { valuesOf } from './define.js';
import { entriesOf } from './entries.js';
import { frontierOf } from './index-build.js';
import { danglingError, danglingKeys, referenceOf } from './references.js';
import type { Reference } from './references.js';
import { codeOf } from './table-code.js';

export interface Finding {
  readonly table: string;
  readonly index: string | undefined;
  readonly what: string;
}

/** Empty when all is well. Damaged pages become findings, not errors. */
export function verifyTable(table: TableDef, reader: PageReader): Finding[] {
  const findings: Finding[] = [];
  const check = (index: string | undefined, run: () => Iterable<string>) => {
    try {
      for (const what of run()) findings.push({ table: table.name, index, what });
    } catch (error) {
      if (!(error instanceof LightningError) || error.kind !== 'corrupt') throw error;
      findings.push({ table: table.name, index, what: error.message });
    }
  };
  check(undefined, () => codeOf(table).rows.verify(reader));
  for (const index of table.indexes) {
    check(index.name, () =>
      kindOf(index.kind)
        .verify(index, table, reader, entriesOf(table, index, reader))
        .map((problem) => problem.what),
    );
  }
  for (const { index, progress } of table.builds) {
    check(index.name, () => {
      const passed = entriesOf(table, index, reader, 0, frontierOf(progress, reader));
      return kindOf(index.kind)
        .verify(index, table, reader, passed)
        .map((problem) => problem.what);
    });
  }
  for (const foreignKey of table.foreignKeys) {
    check(undefined, () => danglingRows(referenceOf(table, foreignKey, reader), reader));
  }
  return findings;
}

const MOST = 20;

function* danglingRows(reference: Reference, reader: PageReader): Generator<string> {
  const rows = valuesOf(reference.child, reference.foreignKey.columns, reader);
  let told = 0;
  for (const values of danglingKeys(reference, reader, rows)) {
    yield danglingError(reference, values).message;
    if (++told === MOST) return;
  }
}
