// A catalog made by hand: definitions in the dialect's own DDL, statistics in a small text form. No store lies behind it.
//
//   CREATE TABLE places (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, population INTEGER);
//   CREATE INDEX places_kind ON places USING bitmap (kind);
//   ROWS places 100000
//   COLUMN places.kind distinct=5 common=town:0.1,village:0.6
//   COLUMN places.population min=0 max=1000000 distinct=40000 nulls=0.1 correlation=0.9
//   PROBE places_kind 1234

import { parse } from '../../grammar/index.js';
import type { Catalog } from '../../src/catalog/catalog.js';
import type { IndexDef, IndexKey, TableDef } from '../../src/catalog/definitions.js';
import type { ColumnStatistics, TableStatistics } from '../../src/catalog/statistics.js';
import { definitionColumn } from '../../src/expr/expression.js';
import type { OptimizeEnvironment } from '../../src/optimize/index.js';
import { optimize, rewriteQuery } from '../../src/optimize/index.js';
import type { Hints, LogicalQuery } from '../../src/plan/logical.js';
import type { PhysicalQuery } from '../../src/plan/physical.js';
import { bind } from '../../src/sql/bind.js';
import type { Row, Value } from '../../src/values/types.js';
import { stubOffers } from './stub-kinds.js';

export class HandMadeCatalog implements Catalog {
  readonly version = 1;
  readonly rowsOf = new Map<string, number>();
  readonly columns = new Map<string, ColumnStatistics>();
  readonly samples = new Map<string, readonly Row[]>();
  readonly probes = new Map<string, number>();
  readonly distinctOf = new Map<string, number>();
  private readonly tables = new Map<string, TableDef>();
  private nextId = 1;

  constructor(text: string) {
    const ddl: string[] = [];
    const facts: string[] = [];
    for (const line of text.split('\n')) (/^\s*(ROWS|COLUMN|PROBE|DISTINCT)\b/.test(line) ? facts : ddl).push(line);
    const parsed = parse(ddl.join('\n'));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    for (const statement of parsed.statements) {
      const bound = bind(ddl.join('\n'), statement, this);
      if (bound.kind === 'create-table') {
        const id = this.nextId++;
        const keyOn = (ordinal: number): IndexKey => {
          const column = bound.columns[ordinal]!;
          return {
            expr: definitionColumn(ordinal, column.name, column.type, !column.notNull),
            text: column.name,
            type: column.type,
            desc: false,
            nullsFirst: false,
          };
        };
        const made = (name: string, kind: IndexDef['kind'], on: readonly number[]): IndexDef => ({
          id: this.nextId++,
          name,
          table: bound.name,
          kind,
          keys: on.map(keyOn),
          include: [],
          unique: true,
          where: undefined,
          options: {},
          spaces: [],
          constraint: kind === 'primary' ? 'primary' : 'unique',
        });
        const { primaryKey, uniques, checks } = bound.constraints;
        const indexes = [
          ...(primaryKey.length > 0 ? [made(`${bound.name}_pkey`, 'primary', primaryKey)] : []),
          ...uniques.map((u) => made(u.name, 'btree', u.columns)),
        ];
        const { name, columns } = bound;
        this.tables.set(name, {
          id,
          name,
          columns,
          primaryKey,
          checks,
          foreignKeys: [],
          referencedBy: [],
          builds: [],
          indexes,
          space: 0,
          spaces: [],
          rowPageShift: 5,
        });
      } else if (bound.kind === 'create-index') {
        const table = this.tables.get(bound.definition.table)!;
        const index: IndexDef = { ...bound.definition, id: this.nextId++, spaces: [] };
        this.tables.set(table.name, { ...table, indexes: [...table.indexes, index] });
      }
    }
    for (const fact of facts) this.learn(fact.trim());
  }

  private learn(fact: string): void {
    const [what = '', name = '', ...rest] = fact.split(/\s+/);
    if (what === 'ROWS') this.rowsOf.set(name, Number(rest[0]));
    else if (what === 'PROBE') this.probes.set(name, Number(rest[0]));
    else if (what === 'DISTINCT') this.distinctOf.set(name, Number(rest[0]));
    else {
      const given = new Map(rest.map((part) => part.split('=') as [string, string]));
      const number = (key: string, otherwise: number) => Number(given.get(key) ?? otherwise);
      const min = given.has('min') ? number('min', 0) : null;
      const max = given.has('max') ? number('max', 0) : null;
      const common = (given.get('common') ?? '').split(',').filter((c) => c !== '');
      this.columns.set(name, {
        nullFraction: number('nulls', 0),
        distinct: number('distinct', 100),
        common: common.map((c) => {
          const [value = '', fraction = '0'] = c.split(':');
          const typed: Value = value === 'true' ? true : /^-?\d+$/.test(value) ? Number(value) : value;
          return { value: typed, fraction: Number(fraction) };
        }),
        histogram:
          min === null || max === null ? [] : Array.from({ length: 11 }, (_, i) => min + ((max - min) * i) / 10),
        min,
        max,
        width: 8,
        correlation: number('correlation', 0),
      });
    }
  }

  table(name: string): TableDef | undefined {
    return this.tables.get(name);
  }

  view(): undefined {
    return undefined;
  }

  names(): readonly string[] {
    return [...this.tables.keys()];
  }

  rows(table: TableDef): number {
    return this.rowsOf.get(table.name) ?? 1_000;
  }

  statistics(table: TableDef): TableStatistics | undefined {
    const columns = table.columns.map((c) => this.columns.get(`${table.name}.${c.name}`));
    const sample = this.samples.get(table.name) ?? [];
    if (columns.every((c) => c === undefined) && sample.length === 0) return undefined;
    return { analyzedRows: this.rows(table), columns, sample, indexes: new Map() };
  }

  index(index: IndexDef) {
    const table = this.tables.get(index.table);
    const entries = table === undefined ? 0 : this.rows(table);
    const key = index.keys[0]?.expr;
    const known =
      key?.kind === 'column' ? this.columns.get(`${index.table}.${table?.columns[key.id]?.name ?? ''}`) : undefined;
    const distinct = this.distinctOf.get(index.name) ?? known?.distinct;
    const held = index.where === undefined ? entries : Math.ceil(entries / 10);
    return { entries: held, distinct, pages: Math.ceil(held / 200), bytes: held * 20 };
  }

  probe(index: IndexDef): number | undefined {
    return this.probes.get(index.name);
  }

  estimate(): undefined {
    return undefined;
  }
}

export function bindQuery(sql: string, catalog: Catalog): LogicalQuery {
  const parsed = parse(sql);
  if (!parsed.ok) throw new Error(`${sql}\n${JSON.stringify(parsed.problems)}`);
  const bound = bind(sql, parsed.statements[0]!, catalog);
  if (bound.kind !== 'query') throw new Error(`not a query: ${sql}`);
  return bound.query;
}

export function environmentOf(
  catalog: Catalog,
  hints?: Hints,
  more: Partial<OptimizeEnvironment> = {},
): OptimizeEnvironment {
  return { catalog, offers: stubOffers, hints, explains: true, ...more };
}

export function planOf(
  sql: string,
  catalog: Catalog,
  hints?: Hints,
  more: Partial<OptimizeEnvironment> = {},
): PhysicalQuery {
  return optimize(bindQuery(sql, catalog), environmentOf(catalog, hints, more));
}

export function rewriteOf(sql: string, catalog: Catalog, hints?: Hints) {
  return rewriteQuery(bindQuery(sql, catalog), environmentOf(catalog, hints));
}
