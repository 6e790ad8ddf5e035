// The definitions as applications and people see them: tables, indexes, and the statements that would make them again.

import type { ForeignKeyDef, IndexDef, TableDef } from '../../catalog/definitions.js';
import { keyOrdinal } from '../../catalog/keys.js';
import { quoteName } from '../../expr/printer.js';
import { kindOf } from '../../index/registry.js';
import { rowsPassed } from '../../tables/index-build.js';
import { referenceOf } from '../../tables/references.js';
import type { IndexInfo, IndexUse, Schema, TableInfo } from '../api.js';
import type { IndexUsage, Usage } from './index-usage.js';
import type { View } from './schema.js';

export function schemaOf(view: View): Schema {
  const tables = parentsFirst(view.schema.tableNames().map((name) => view.table(name)!)).map((table) =>
    tableInfo(table, view),
  );
  const definitions = view.schema.viewNames().map((name) => view.view(name)!);
  const views = definitions.map(({ name, columns, query }) => ({
    name,
    sql: `CREATE VIEW ${quoteName(name)}${columns ? ` (${columns.map(quoteName).join(', ')})` : ''} AS ${query}`,
  }));
  return { tables, views };
}

/** All indexes with their sizes and uses, those that are being made among them. */
export function indexUses(view: View, usage: IndexUsage): IndexUse[] {
  return view.schema.tableNames().flatMap((name) => {
    const { indexes, builds } = view.table(name)!;
    return [
      ...indexes.map((index) => indexUse(index, view, usage.of(index.id), undefined)),
      ...builds.map(({ index, progress }) => indexUse(index, view, undefined, rowsPassed(progress, view.reader))),
    ];
  });
}

function indexUse(
  index: IndexDef,
  view: View,
  used: Readonly<Usage> | undefined,
  building: number | undefined,
): IndexUse {
  const { entries, pages, bytes, falsePositiveRate } =
    building === undefined ? view.index(index) : kindOf(index.kind).statistics(index, view.reader);
  const lastUsed = used && used.uses > 0 ? new Date(used.last) : undefined;
  const { name, table, kind } = index;
  const { refuted = 0, empty = 0 } = used ?? {};
  const measured = refuted + empty === 0 ? undefined : { refuted, empty, falsePositiveRate: empty / (refuted + empty) };
  const rates = { falsePositiveRate, measured };
  return { table, name, kind, entries, pages, bytes, ...rates, uses: used?.uses ?? 0, lastUsed, building };
}

/** By name, but a table after those that its foreign keys name: so its statement can be run. */
function parentsFirst(tables: readonly TableDef[]): TableDef[] {
  const placed = new Set<TableDef>();
  const place = (table: TableDef, within: readonly TableDef[]) => {
    if (placed.has(table) || within.includes(table)) return;
    for (const { parent } of table.foreignKeys) {
      const named = tables.find((other) => other.id === parent);
      if (named) place(named, [...within, table]);
    }
    placed.add(table);
  };
  for (const table of tables) place(table, []);
  return [...placed];
}

function tableInfo(table: TableDef, view: View): TableInfo {
  return {
    name: table.name,
    rows: view.rows(table),
    columns: table.columns.map((column, ordinal) => ({
      name: column.name,
      type: column.type,
      nullable: !column.notNull,
      primaryKey: table.primaryKey.includes(ordinal),
      default: column.default?.text,
    })),
    indexes: table.indexes.map((index) => indexInfo(index, table, view)),
    sql: [
      createTable(table, view),
      ...table.indexes.filter((index) => !index.constraint).map((index) => createIndex(index, table)),
    ]
      .map((statement) => `${statement};`)
      .join('\n'),
  };
}

function indexInfo(index: IndexDef, table: TableDef, view: View): IndexInfo {
  const { entries, bytes } = view.index(index);
  return {
    name: index.name,
    kind: index.kind,
    keys: index.keys.map((key) => key.text),
    include: index.include.map((ordinal) => table.columns[ordinal]!.name),
    unique: index.unique,
    where: index.where?.text,
    options: index.options,
    entries,
    bytes,
  };
}

function createTable(table: TableDef, view: View): string {
  const single = table.primaryKey.length === 1 ? table.primaryKey[0] : undefined;
  const [first] = table.indexes;
  const named = first?.constraint === 'primary' && first.name !== `${table.name}_pkey`;
  const primaryName = named ? `CONSTRAINT ${quoteName(first.name)} ` : '';
  const lines = table.columns.map((column, ordinal) => {
    const type = column.maxLength === undefined ? column.type.toUpperCase() : `VARCHAR(${column.maxLength})`;
    const parts = [quoteName(column.name), column.collation === 'nocase' ? `${type} COLLATE NOCASE` : type];
    if (ordinal === single) parts.push(`${primaryName}PRIMARY KEY`);
    else if (column.notNull) parts.push('NOT NULL');
    if (column.default) parts.push(`DEFAULT ${column.default.text}`);
    return parts.join(' ');
  });
  const names = (ordinals: readonly number[]) =>
    ordinals.map((ordinal) => quoteName(table.columns[ordinal]!.name)).join(', ');
  if (table.primaryKey.length > 1) lines.push(`${primaryName}PRIMARY KEY (${names(table.primaryKey)})`);
  for (const index of table.indexes) {
    if (index.constraint !== 'unique') continue;
    const ordinals = index.keys.flatMap((key) => keyOrdinal(table.columns, key) ?? []);
    lines.push(`CONSTRAINT ${quoteName(index.name)} UNIQUE (${names(ordinals)})`);
  }
  for (const check of table.checks) lines.push(`CONSTRAINT ${quoteName(check.name)} CHECK (${check.predicate.text})`);
  for (const foreignKey of table.foreignKeys) lines.push(foreignKeyOf(table, foreignKey, view));
  return `CREATE TABLE ${quoteName(table.name)} (\n  ${lines.join(',\n  ')}\n)`;
}

/** The statement that makes an index. */
export function foreignKeyOf(table: TableDef, foreignKey: ForeignKeyDef, view: View): string {
  const { key, keyColumns: columns, parent } = referenceOf(table, foreignKey, view.reader);
  const names = (of: TableDef, ordinals: readonly number[]) =>
    ordinals.map((ordinal) => quoteName(of.columns[ordinal]!.name)).join(', ');
  const named = key.constraint === 'primary' ? '' : ` (${names(parent, columns)})`;
  const on = [
    foreignKey.onDelete === 'no action' ? '' : ` ON DELETE ${foreignKey.onDelete.toUpperCase()}`,
    foreignKey.onUpdate === 'no action' ? '' : ` ON UPDATE ${foreignKey.onUpdate.toUpperCase()}`,
  ];
  const own = `CONSTRAINT ${quoteName(foreignKey.name)} FOREIGN KEY (${names(table, foreignKey.columns)})`;
  return `${own} REFERENCES ${quoteName(parent.name)}${named}${on.join('')}`;
}

/** The statement that makes an index. */
export function createIndex(index: IndexDef, table: TableDef): string {
  const keys = index.keys.map((key) => {
    const { expr } = key;
    const binary = expr.kind === 'column' && keyOrdinal(table.columns, key) === undefined ? ' COLLATE BINARY' : '';
    const plain = expr.kind === 'column' ? `${quoteName(expr.name)}${binary}` : `(${key.text})`;
    const nulls = key.nullsFirst === key.desc ? '' : key.nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
    return `${plain}${key.desc ? ' DESC' : ''}${nulls}`;
  });
  const options = Object.entries(index.options).map(([name, value]) =>
    typeof value === 'string' ? `${name} = '${value.replaceAll("'", "''")}'` : `${name} = ${value}`,
  );
  return [
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quoteName(index.name)} ON ${quoteName(table.name)} USING ${index.kind} (${keys.join(', ')})`,
    index.include.length > 0
      ? `INCLUDE (${index.include.map((o) => quoteName(table.columns[o]!.name)).join(', ')})`
      : '',
    options.length > 0 ? `WITH (${options.join(', ')})` : '',
    index.where ? `WHERE ${index.where.text}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}
