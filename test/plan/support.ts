// A catalog without a store, a runner that records what it is asked, and a form of logical queries in which only meaning is left.

import { parse } from '../../grammar/index.js';
import type { Catalog } from '../../src/catalog/catalog.js';
import { valueKey } from '../../src/expr/key.js';
import type {
  LoweredQuery,
  NamedParameters,
  QueryRunner,
  QuerySource,
  ResultRow,
  ResultValue,
} from '../../src/plan/builder/index.js';
import { from as start } from '../../src/plan/builder/index.js';
import { HandMadeCatalog } from '../optimize/catalog.js';
import { bind } from '../../src/sql/bind.js';
import type { BoundQueryStatement } from '../../src/sql/bound.js';
import type { BindOptions } from '../../src/sql/context.js';
import type { Value } from '../../src/values/types.js';

export const catalog: Catalog = new HandMadeCatalog(`
  CREATE TABLE places (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, country TEXT, population INTEGER, elevation REAL,
    capital BOOLEAN, founded DATE, seen TIMESTAMP, location POINT, area GEOMETRY, about TEXT, data JSON, flag BLOB,
    "Odd name" INTEGER
  );
  CREATE TABLE countries (code TEXT PRIMARY KEY, name TEXT NOT NULL, people INTEGER, about TEXT);
  CREATE TABLE visits (place INTEGER NOT NULL, day DATE NOT NULL, guests INTEGER, PRIMARY KEY (place, day));
  CREATE INDEX places_text ON places USING fulltext (name, about);
  CREATE INDEX places_about ON places USING fulltext (about);
  CREATE INDEX places_lower ON places USING fulltext (lower(name));
  CREATE INDEX countries_about ON countries USING fulltext (about);
`);

export interface Place {
  id: number;
  name: string;
  kind: 'town' | 'village';
  country: string | null;
  population: number | null;
  elevation: number | null;
  capital: boolean | null;
  founded: string | null;
  seen: Date | null;
  location: { type: 'Point'; coordinates: number[] } | null;
  area: object | null;
  about: string | null;
  data: object | null;
  flag: Uint8Array | null;
}

export interface Country {
  code: string;
  name: string;
  people: number | null;
  about: string | null;
}

/** Answers from a list of prepared results (one empty row without any), and remembers the queries. */
export class RecordingRunner implements QueryRunner {
  readonly asked: { readonly source: QuerySource; readonly parameters: NamedParameters }[] = [];
  answers: ResultRow[][] = [];

  catalog(): Catalog {
    return catalog;
  }

  all(source: QuerySource, parameters: NamedParameters): ResultRow[] {
    this.asked.push({ source, parameters });
    return this.answers.shift() ?? [{}];
  }

  values(sources: readonly QuerySource[], parameters: NamedParameters): ResultValue[][][] {
    const rows = (source: QuerySource) => this.all(source, parameters).map((row) => Object.values(row));
    return sources.map((source) => rows(source).filter((row) => row.length > 0));
  }

  iterate(source: QuerySource, parameters: NamedParameters): IterableIterator<ResultRow> {
    return this.all(source, parameters)[Symbol.iterator]();
  }

  explain(source: QuerySource, parameters: NamedParameters): string {
    return `${source.text(catalog)} with ${JSON.stringify(parameters)}`;
  }

  prepare(source: QuerySource) {
    return {
      all: (parameters: NamedParameters = {}) => this.all(source, parameters),
      get: (parameters: NamedParameters = {}) => this.all(source, parameters)[0],
      iterate: (parameters: NamedParameters = {}) => this.iterate(source, parameters),
      values: () => [],
      columns: () => [],
      explain: (parameters: NamedParameters = {}) => this.explain(source, parameters),
    };
  }

  /** The texts of the queries asked. */
  texts(): string[] {
    return this.asked.map(({ source }) => source.text(catalog));
  }
}

export const runner = new RecordingRunner();

export const places = (alias?: string) => start<Place>(runner, 'places', alias);
export const countries = (alias?: string) => start<Country>(runner, 'countries', alias);
export const anyTable = (name: string, alias?: string) => start(runner, name, alias);

export function lowered(query: QuerySource): LoweredQuery {
  return query.lower(catalog);
}

/** A statement with the names of its parameters. */
export type Named = Pick<LoweredQuery, 'query' | 'parameterNames'>;

export function bound(sql: string, options?: BindOptions): BoundQueryStatement {
  const parsed = parse(sql);
  if (!parsed.ok) throw new Error(`${sql}\n${JSON.stringify(parsed.problems)}`);
  const statement = bind(sql, parsed.statements[0]!, catalog, options);
  if (statement.kind !== 'query') throw new Error(`not a query: ${sql}`);
  return statement;
}

/** Ids by order of appearance, tables and parameters by name, no names for people but those of the result: equal texts mean equal queries. */
export function meaning({ query, parameterNames: names }: Named): unknown {
  const ids = new Map<number, number>();
  const slots = new Map<number, number>();
  const rank = (map: Map<number, number>, id: number) => {
    if (!map.has(id)) map.set(id, map.size);
    return map.get(id);
  };
  const own = query.parameters.length;
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (node === null || typeof node !== 'object') return typeof node === 'bigint' ? `${node}n` : node;
    if (node instanceof Uint8Array) return `x${Buffer.from(node).toString('hex')}`;
    const { kind } = node as { readonly kind?: string };
    if (kind === 'constant') {
      const { value, type } = node as { readonly value: Value; readonly type: string };
      return `${type}:${valueKey(value)}`;
    }
    if (kind === 'parameter') {
      const { index, type } = node as { readonly index: number; readonly type: string };
      return index < own ? `$${names[index]}:${type}` : `slot ${rank(slots, index)}:${type}`;
    }
    const made: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (key === 'name' && (kind === 'column' || kind === 'scan' || 'nullable' in node)) continue;
      if (value === undefined) continue;
      if (key === 'table') made[key] = (value as { readonly name: string }).name;
      else if (key === 'id' && kind === 'subquery') made[key] = value;
      else if (key === 'id' && typeof value === 'number') made[key] = rank(ids, value);
      else if (key === 'slots') made[key] = (value as number[]).map((slot) => rank(slots, slot));
      else made[key] = visit(value);
    }
    return made;
  };
  const { plan, output, subqueries, parameters, slots: count } = query;
  return {
    plan: visit(plan),
    output: output.map((column) => ({
      name: column.name,
      type: column.type,
      nullable: column.nullable,
      id: rank(ids, column.id),
    })),
    subqueries: subqueries.map(visit),
    parameters: Object.fromEntries(parameters.map((type, i) => [names[i], type])),
    slots: count,
  };
}
