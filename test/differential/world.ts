// A world: tables, indexes, rows and writes as a list of steps, which can be replayed into each engine, whole or in part.

import type { Database } from '../../src/index.js';
import { columnType, DIALECTS, literal, quote } from './dialect.js';
import type { Dialect, Kind, Scalar } from './dialect.js';
import { Expressions, favouritesOf, visible } from './generate-expression.js';
import type { Scope } from './generate-expression.js';
import type { Favourites, QueryTable } from './generate-query.js';
import { makeIndexes } from './indexes.js';
import type { IndexInfo } from './indexes.js';
import { Writer } from './node.js';
import type { Node } from './node.js';
import { Random } from './random.js';
import { CENTRES, drawAbout, drawPlace, drawRow, drawValue, haversine, makeTables } from './schema.js';
import type { Column, RowValues, Table } from './schema.js';

export type Step =
  /** One statement in each language; absent where it has none. */
  | { readonly kind: 'sql'; readonly text: Partial<Record<Dialect, string>> }
  /** The same rows: by `insertMany` in Lightning, by INSERT elsewhere. */
  | { readonly kind: 'bulk'; readonly table: Table; readonly rows: readonly RowValues[] }
  /** All inside one transaction, undone at its end when `undone`; nested ones are savepoints. */
  | { readonly kind: 'transaction'; readonly steps: readonly Step[]; readonly undone: boolean };

export interface World {
  readonly seed: number;
  readonly tables: readonly QueryTable[];
  readonly indexes: readonly IndexInfo[];
  readonly steps: readonly Step[];
  /** Of `makeLargeWorld`: queries are mostly filters. */
  readonly large?: boolean;
}

const everywhere = (write: (dialect: Dialect) => string): Step => ({
  kind: 'sql',
  text: Object.fromEntries(DIALECTS.map((d) => [d, write(d)])),
});
const here = (text: string): Step => ({ kind: 'sql', text: { lightning: text } });

export function makeWorld(seed: number): World {
  const random = new Random(seed);
  const tables = makeTables(random);
  const steps: Step[] = tables.map((table) => everywhere((d) => createTable(table, d)));
  const indexes: IndexInfo[] = [];
  const queryTables: QueryTable[] = [];
  for (const table of tables) {
    const favourites = favouritesOf(random, table);
    const own = makeIndexes(random, table, favourites);
    indexes.push(...own);
    queryTables.push({
      table,
      favourites,
      match: own.some((index) => index.kind === 'fulltext'),
      bitmaps: own
        .filter((index) => index.kind === 'bitmap' && !index.partial && !index.expression)
        .map((index) => index.key),
      indexed: table.columns.map((c) => c.name).filter((name) => own.some((index) => index.key === name)),
    });
    const early = own.filter(() => random.chance(0.3));
    steps.push(...early.map((index) => here(index.sql)));
    const ids = random.sample(table.id.pool, table.rows);
    const rows = ids.map((id) => drawRow(random, table, id));
    const cut = random.chance(0.3) ? random.int(0, rows.length) : rows.length;
    steps.push(...insertSteps(random, table, rows.slice(0, cut)));
    steps.push(...own.filter((index) => !early.includes(index)).map((index) => here(index.sql)));
    steps.push(...insertSteps(random, table, rows.slice(cut)));
    if (random.chance(0.5)) steps.push(here(`ANALYZE ${table.name}`));
  }
  for (const table of tables) {
    if (random.chance(0.6)) steps.push(...new Writes(random, table).some());
  }
  if (random.chance(0.3)) steps.push(here('ANALYZE'));
  return { seed, tables: queryTables, indexes, steps };
}

/** One table of more rows than a bloom filter serves, so that whole chunks can be refuted; few other indexes stand in the way. */
export function makeLargeWorld(seed: number): World {
  const random = new Random(seed);
  const rows = 70_000;
  const plain = { skewed: false, nulls: 0, arithmetic: true, ascii: true } as const;
  const numbers = Array.from({ length: rows * 2 }, (_, i) => i);
  const id: Column = { ...plain, name: 'id', kind: 'integer', pool: numbers };
  const columns: Column[] = [
    id,
    { ...plain, name: 'c0', kind: 'integer', pool: numbers, nulls: 0.02 },
    { ...plain, name: 'c1', kind: 'text', pool: numbers.map((i) => `code ${i}`), nulls: 0.02 },
    { ...plain, name: 'c2', kind: 'integer', pool: [0, 1, 2, 3] },
  ];
  const table: Table = { name: 't0', columns, id, primaryKey: ['id'], search: false, rows };
  const steps: Step[] = [everywhere((d) => createTable(table, d))];
  const data = Array.from({ length: rows }, (_, i) => drawRow(random, table, i));
  for (let at = 0; at < rows; at += 10_000) steps.push({ kind: 'bulk', table, rows: data.slice(at, at + 10_000) });
  const shape = { table: 't0', partial: false, expression: false, covering: false };
  const indexes: IndexInfo[] = ['c0', 'c1'].map((key, i) => ({
    ...shape,
    name: `t0_i${i}`,
    kind: 'bloom',
    key,
    sql: `CREATE INDEX t0_i${i} ON t0 USING bloom (${key})`,
  }));
  steps.splice(4, 0, ...indexes.map((index) => here(index.sql)));
  steps.push(here('ANALYZE'), ...new Writes(random, table).some());
  const favourites: Favourites = { expressions: () => [], predicates: () => [] };
  return {
    seed,
    tables: [{ table, favourites, match: false, indexed: ['c0', 'c1'], bitmaps: [] }],
    indexes,
    steps,
    large: true,
  };
}

function createTable(table: Table, dialect: Dialect): string {
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
function searchColumns(): string[] {
  return ['about', 'lon', 'lat', ...CENTRES.map((_, i) => `d${i}`)];
}

function columnNames(table: Table, dialect: Dialect): string[] {
  const names = table.columns.map((c) => c.name);
  if (!table.search) return names;
  return dialect === 'lightning' ? [...names, 'about', 'loc'] : [...names, ...searchColumns()];
}

function searchValues(row: Pick<RowValues, 'about' | 'loc'>, dialect: Dialect): string[] {
  const { about, loc } = row;
  if (dialect === 'lightning') {
    return [about === null ? 'NULL' : quote(about), loc === null ? 'NULL' : `ST_Point(${loc[0]}, ${loc[1]})`];
  }
  const padded = about === null ? 'NULL' : quote(` ${about} `);
  if (loc === null) return [padded, 'NULL', 'NULL', ...CENTRES.map(() => 'NULL')];
  return [padded, ...[loc[0], loc[1], ...CENTRES.map((centre) => haversine(loc, centre))].map(String)];
}

function insertText(table: Table, rows: readonly RowValues[], dialect: Dialect): string {
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

function insertSteps(random: Random, table: Table, rows: readonly RowValues[]): Step[] {
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

class Writes {
  private readonly expressions: Expressions;
  private readonly scope: Scope;
  private spare: Scalar[];

  constructor(
    private readonly random: Random,
    private readonly table: Table,
  ) {
    this.expressions = new Expressions(random, false);
    this.scope = {
      columns: table.columns.map((c) => visible(table.name, c)),
      search: [],
      favourites: [],
      subquery: undefined,
    };
    const { kind } = table.id;
    this.spare = Array.from({ length: 40 }, (_, i) => (kind === 'text' ? `new${i}` : table.id.pool.length + 10 + i));
  }

  some(): Step[] {
    return Array.from({ length: this.random.int(1, 8) }, () => this.step(0));
  }

  private step(depth: number): Step {
    const { random } = this;
    if (depth < 2 && random.chance(0.3)) {
      const steps = Array.from({ length: random.int(1, 4) }, () => this.step(depth + 1));
      return { kind: 'transaction', steps, undone: random.chance(0.5) };
    }
    return random.weighted<() => Step>([
      [4, () => this.update()],
      [1.5, () => this.remove()],
      [2, () => this.insert()],
      [this.table.primaryKey.length === 1 ? 1 : 0, () => this.upsert()],
    ])();
  }

  private text(node: Node, dialect: Dialect): string {
    return new Writer(dialect, () => '').node(node);
  }

  private predicate(): Node {
    return this.expressions.predicate(
      this.scope,
      this.random.weighted([
        [5, 0],
        [2, 1],
      ]),
    );
  }

  private update(): Step {
    const { random, table } = this;
    const where = this.predicate();
    if (table.search && random.chance(0.3)) {
      const row = { about: drawAbout(random), loc: drawPlace(random) };
      return everywhere((d) => {
        const names = d === 'lightning' ? ['about', 'loc'] : searchColumns();
        const values = searchValues(row, d);
        return `UPDATE ${table.name} SET ${names.map((name, i) => `${name} = ${values[i]}`).join(', ')} WHERE ${this.text(where, d)}`;
      });
    }
    const columns = table.columns.filter((c) => c !== table.id);
    const changed = random.sample(columns, random.int(1, 2)).map((column) => {
      const kept = column.nulls > 0 || column.kind === 'integer';
      if (kept && column.arithmetic && random.chance(0.4)) {
        const node = this.expressions.scalar(column.kind, this.scope, 1);
        const whole: Node = {
          kind: column.kind,
          kids: [node],
          write: (d, [a]) => `coalesce(${a}, ${literal(d, column.pool[0]!, column.kind)})`,
        };
        return { column, node: column.nulls > 0 ? node : whole };
      }
      const scalar = drawValue(random, column);
      return {
        column,
        node: { kind: column.kind, kids: [], write: (d) => literal(d, scalar, column.kind) } satisfies Node,
      };
    });
    return everywhere(
      (d) =>
        `UPDATE ${table.name} SET ${changed.map(({ column, node }) => `${column.name} = ${this.text(node, d)}`).join(', ')} WHERE ${this.text(where, d)}`,
    );
  }

  private remove(): Step {
    const where = this.expressions.predicate(this.scope, 0);
    return everywhere((d) => `DELETE FROM ${this.table.name} WHERE ${this.text(where, d)}`);
  }

  private fresh(): RowValues[] {
    const ids = this.spare.splice(0, this.random.int(1, 4));
    return ids.map((id) => drawRow(this.random, this.table, id));
  }

  private insert(): Step {
    const rows = this.fresh();
    if (rows.length === 0) return this.update();
    return everywhere((d) => insertText(this.table, rows, d));
  }

  private upsert(): Step {
    const { random, table } = this;
    const known = random.sample(table.id.pool, random.int(1, 5));
    const rows = known.map((id) => drawRow(random, table, id));
    return everywhere((d) => {
      const names = columnNames(table, d).filter((name) => name !== 'id');
      const sets = names.map((name) => `${name} = excluded.${name}`).join(', ');
      return `${insertText(table, rows, d)} ON CONFLICT (id) DO UPDATE SET ${sets}`;
    });
  }
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
