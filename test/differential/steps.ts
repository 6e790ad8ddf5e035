// What makes a world, step by step: definitions, rows and writes, each said in every language, replayed into this database or listed for
// the others.

import type { Database } from '../../src/index.js';
import { columnType, DIALECTS, literal, quote } from './dialect.js';
import type { Dialect, Kind, Scalar } from './dialect.js';
import type { Random } from './random.js';
import { CENTRES, haversine } from './schema.js';
import type { RowValues, Table } from './schema.js';

export type Step =
  /** One statement in each language; absent where it has none. */
  | { readonly kind: 'sql'; readonly text: Partial<Record<Dialect, string>> }
  /** The same rows: by `insertMany` in Lightning, by INSERT elsewhere. */
  | { readonly kind: 'bulk'; readonly table: Table; readonly rows: readonly RowValues[] }
  /** All inside one transaction, undone at its end when `undone`; nested ones are savepoints. */
  | { readonly kind: 'transaction'; readonly steps: readonly Step[]; readonly undone: boolean };

export const everywhere = (write: (dialect: Dialect) => string): Step => ({
  kind: 'sql',
  text: Object.fromEntries(DIALECTS.map((d) => [d, write(d)])),
});
/** For this database alone. */
export const here = (text: string): Step => ({ kind: 'sql', text: { lightning: text } });

export function createTable(table: Table, dialect: Dialect): string {
  const columns = table.columns.map(
    (c) => `${c.name} ${columnType(dialect, c.kind)}${c.nulls === 0 ? ' NOT NULL' : ''}`,
  );
  if (table.search && dialect === 'lightning') columns.push('about TEXT', 'loc POINT');
  if (table.search && dialect !== 'lightning') {
    const real = columnType(dialect, 'real');
    columns.push(
      `about ${columnType(dialect, 'text')}`,
      ...searchColumns()
        .slice(1)
        .map((name) => `${name} ${real}`),
    );
  }
  if (table.primaryKey.length > 0) columns.push(`PRIMARY KEY (${table.primaryKey.join(', ')})`);
  return `CREATE TABLE ${table.name} (${columns.join(', ')})`;
}

/** What stands for `about` and `loc` in the other languages. */
export function searchColumns(): string[] {
  return ['about', 'lon', 'lat', ...CENTRES.map((_, i) => `d${i}`)];
}

export function columnNames(table: Table, dialect: Dialect): string[] {
  const names = table.columns.map((c) => c.name);
  if (!table.search) return names;
  return dialect === 'lightning' ? [...names, 'about', 'loc'] : [...names, ...searchColumns()];
}

export function searchValues(row: Pick<RowValues, 'about' | 'loc'>, dialect: Dialect): string[] {
  const { about, loc } = row;
  if (dialect === 'lightning') {
    return [about === null ? 'NULL' : quote(about), loc === null ? 'NULL' : `ST_Point(${loc[0]}, ${loc[1]})`];
  }
  const padded = about === null ? 'NULL' : quote(` ${about} `);
  if (loc === null) return [padded, 'NULL', 'NULL', ...CENTRES.map(() => 'NULL')];
  return [padded, ...[loc[0], loc[1], ...CENTRES.map((centre) => haversine(loc, centre))].map(String)];
}

export function insertText(table: Table, rows: readonly RowValues[], dialect: Dialect): string {
  const tuples = rows.map((row) => {
    const values = row.values.map((value, i) => insertLiteral(dialect, value, table.columns[i]!.kind));
    return `(${[...values, ...(table.search ? searchValues(row, dialect) : [])].join(', ')})`;
  });
  return `INSERT INTO ${table.name} (${columnNames(table, dialect).join(', ')}) VALUES ${tuples.join(', ')}`;
}

/** In VALUES no cast is needed, and a bare NULL takes the column's type. */
function insertLiteral(dialect: Dialect, value: Scalar, kind: Kind): string {
  if (value === null) return 'NULL';
  return kind === 'real' ? String(value) : literal(dialect, value, kind);
}

export function insertSteps(random: Random, table: Table, rows: readonly RowValues[]): Step[] {
  if (rows.length === 0) return [];
  if (random.chance(0.5)) return [{ kind: 'bulk', table, rows }];
  const steps: Step[] = [];
  for (let at = 0; at < rows.length;) {
    const count = random.int(1, 400);
    const part = rows.slice(at, at + count);
    steps.push(everywhere((d) => insertText(table, part, d)));
    at += count;
  }
  return steps;
}

/** Statements for SQLite or PostgreSQL; what is undone leaves no trace. */
export function statementsOf(steps: readonly Step[], dialect: 'sqlite' | 'postgres'): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'bulk') return [insertText(step.table, step.rows, dialect)];
    if (step.kind === 'transaction') return step.undone ? [] : statementsOf(step.steps, dialect);
    const text = step.text[dialect];
    return text === undefined ? [] : [text];
  });
}

class Undone extends Error {}

export function replay(db: Database, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.kind === 'sql') {
      if (step.text.lightning !== undefined) db.exec(step.text.lightning);
    } else if (step.kind === 'bulk') {
      db.table(step.table.name).insertMany(step.rows.map((row) => rowObject(step.table, row)));
    } else {
      try {
        db.transaction(() => {
          replay(db, step.steps);
          if (step.undone) throw new Undone();
        });
      } catch (error) {
        if (!(error instanceof Undone)) throw error;
      }
    }
  }
}

function rowObject(table: Table, row: RowValues): Record<string, unknown> {
  const values = table.columns.map((c, i): [string, unknown] => {
    const value = row.values[i]!;
    return [c.name, c.kind === 'timestamp' && value !== null ? new Date(`${String(value).replace(' ', 'T')}Z`) : value];
  });
  if (table.search) {
    values.push(['about', row.about], ['loc', row.loc === null ? null : { type: 'Point', coordinates: [...row.loc] }]);
  }
  return Object.fromEntries(values);
}

/** As text, for a report: what a person would run. */
export function describeSteps(steps: readonly Step[], indent = ''): string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'sql') return step.text.lightning === undefined ? [] : [`${indent}${step.text.lightning};`];
    if (step.kind === 'bulk')
      return [`${indent}-- insertMany`, `${indent}${insertText(step.table, step.rows, 'lightning')};`];
    return [`${indent}-- transaction${step.undone ? ', undone' : ''}`, ...describeSteps(step.steps, `${indent}  `)];
  });
}
