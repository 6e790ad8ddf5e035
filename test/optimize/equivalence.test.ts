// Whatever rules run and whatever indexes are used, a plan gives the rows that the query as bound means.
// `SEED=n npx vitest run test/optimize/equivalence` replays one seed.

import { expect, test } from 'vitest';
import { RULES } from '../../src/optimize/index.js';
import type { Hints } from '../../src/plan/logical.js';
import type { Row, Value } from '../../src/values/types.js';
import { bindQuery, environmentOf, HandMadeCatalog, planOf } from './catalog.js';
import { runLogical, runPhysical } from './interpret.js';
import { rewriteQuery } from '../../src/optimize/index.js';

const DDL = `
CREATE TABLE a (id INTEGER PRIMARY KEY, k INTEGER, s TEXT, b BOOLEAN NOT NULL, n INTEGER NOT NULL, r REAL);
CREATE TABLE c (id INTEGER PRIMARY KEY, k INTEGER, s TEXT NOT NULL, a_id INTEGER);
CREATE TABLE d (x INTEGER, y INTEGER NOT NULL, t TEXT);
CREATE INDEX a_k ON a USING btree (k);
CREATE INDEX a_ks ON a USING btree (k, s) INCLUDE (n);
CREATE INDEX a_s ON a USING bitmap (s);
CREATE INDEX a_n ON a USING bitmap (n);
CREATE INDEX a_h ON a USING hash (s, n);
CREATE INDEX a_part ON a USING btree (n DESC) WHERE b;
CREATE INDEX a_some ON a USING bitmap (k) WHERE n > 2;
CREATE INDEX a_bloom ON a USING bloom (k);
CREATE INDEX c_k ON c USING bitmap (k);
CREATE INDEX c_a ON c USING btree (a_id);
CREATE INDEX c_s ON c USING btree (lower(s));
CREATE INDEX d_xy ON d USING btree (x, y);
CREATE INDEX d_t ON d USING bitmap (t);
`;

class Random {
  constructor(private state: number) {}
  int(below: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * below);
  }
  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }
  chance(share: number): boolean {
    return this.int(1000) < share * 1000;
  }
}

const nullable = (random: Random, value: Value): Value => (random.chance(0.2) ? null : value);

function dataOf(random: Random): Map<string, Row[]> {
  const words = ['x', 'y', 'xy', 'Z', ''];
  const rows = (n: number, make: (i: number) => Row) => Array.from({ length: n }, (_, i) => make(i));
  return new Map([
    [
      'a',
      rows(14, (i) => [
        i,
        nullable(random, random.int(5)),
        nullable(random, random.pick(words)),
        random.chance(0.5),
        random.int(6),
        nullable(random, random.int(8) / 2),
      ]),
    ],
    ['c', rows(10, (i) => [i, nullable(random, random.int(5)), random.pick(words), nullable(random, random.int(14))])],
    ['d', rows(8, () => [nullable(random, random.int(5)), random.int(4), nullable(random, random.pick(words))])],
  ]);
}

type Kind = 'integer' | 'text' | 'boolean' | 'real';
const COLUMNS: Readonly<Record<string, readonly (readonly [string, Kind])[]>> = {
  a: [
    ['id', 'integer'],
    ['k', 'integer'],
    ['s', 'text'],
    ['b', 'boolean'],
    ['n', 'integer'],
    ['r', 'real'],
  ],
  c: [
    ['id', 'integer'],
    ['k', 'integer'],
    ['s', 'text'],
    ['a_id', 'integer'],
  ],
  d: [
    ['x', 'integer'],
    ['y', 'integer'],
    ['t', 'text'],
  ],
};

function literal(random: Random, kind: Kind): string {
  if (random.chance(0.05)) return 'NULL';
  if (kind === 'text') return random.pick(["'x'", "'y'", "'xy'", "'Z'", "''"]);
  if (kind === 'boolean') return random.pick(['TRUE', 'FALSE']);
  return kind === 'real' ? random.pick(['0.5', '1.5', '2.0']) : String(random.int(6));
}

type Scope = readonly string[];

function column(random: Random, scope: Scope, kind?: Kind): { text: string; kind: Kind } {
  const all = scope.flatMap((table) => COLUMNS[table]!.map(([name, of]) => ({ text: `${table}.${name}`, kind: of })));
  const fit = all.filter((c) => kind === undefined || c.kind === kind || (kind === 'integer' && c.kind === 'real'));
  return random.pick(fit.length > 0 ? fit : all);
}

function predicate(random: Random, scope: Scope, depth: number, inner = true): string {
  const roll = random.int(inner ? 16 : 13);
  if (depth > 0 && roll < 3)
    return `(${predicate(random, scope, depth - 1, inner)} AND ${predicate(random, scope, depth - 1, inner)})`;
  if (depth > 0 && roll < 5)
    return `(${predicate(random, scope, depth - 1, inner)} OR ${predicate(random, scope, depth - 1, inner)})`;
  if (depth > 0 && roll < 6) return `NOT (${predicate(random, scope, depth - 1, inner)})`;
  const { text, kind } = column(random, scope);
  switch (random.int(inner ? 12 : 9)) {
    case 0:
      return `${text} IS ${random.chance(0.5) ? 'NOT ' : ''}NULL`;
    case 1:
      return `${text} ${random.chance(0.4) ? 'NOT ' : ''}IN (${literal(random, kind)}, ${literal(random, kind)})`;
    case 2:
      return kind === 'text'
        ? `${text} LIKE '${random.pick(['x%', '%y', 'x', 'Z%'])}'`
        : `${text} ${random.pick(['<', '>=', '<>'])} ${literal(random, kind)}`;
    case 3:
      return kind === 'boolean'
        ? text
        : `${text} ${random.pick(['=', '<', '>', '<=', '<>'])} ${column(random, scope, kind).text}`;
    case 4:
      return `${text} IS ${random.chance(0.5) ? 'NOT ' : ''}DISTINCT FROM ${literal(random, kind)}`;
    case 9:
    case 10:
    case 11: {
      const table = random.pick(['a', 'c', 'd'].filter((t) => !scope.includes(t)).concat(['d']));
      if (scope.includes(table)) return `${text} = ${literal(random, kind)}`;
      const own = column(random, [table], kind);
      const link = random.chance(0.6)
        ? `${column(random, [table], 'integer').text} = ${column(random, scope, 'integer').text}`
        : 'TRUE';
      const where = `${link} AND ${predicate(random, [table], 1, false)}`;
      const negated = random.chance(0.4) ? 'NOT ' : '';
      if (random.chance(0.5)) return `${negated}EXISTS (SELECT 1 FROM ${table} WHERE ${where})`;
      if (own.kind !== kind) return `${text} = ${literal(random, kind)}`;
      return `${text} ${negated}IN (SELECT ${own.text} FROM ${table} WHERE ${where})`;
    }
    default:
      return kind === 'boolean'
        ? text
        : `${text} ${random.pick(['=', '=', '=', '<', '>', '>=', '<>'])} ${literal(random, kind)}`;
  }
}

function query(random: Random): string {
  const tables = ['a', 'c', 'd'];
  const first = random.pick(tables);
  const scope = [first];
  let from = first;
  while (scope.length < 3 && random.chance(0.45)) {
    const next = random.pick(tables.filter((t) => !scope.includes(t)));
    const on = random.chance(0.7)
      ? `${column(random, [next], 'integer').text} = ${column(random, scope, 'integer').text}${random.chance(0.4) ? ` AND ${predicate(random, [...scope, next], 1, false)}` : ''}`
      : predicate(random, [...scope, next], 1, false);
    from += random.chance(0.15) ? ` CROSS JOIN ${next}` : ` ${random.chance(0.4) ? 'LEFT ' : ''}JOIN ${next} ON ${on}`;
    scope.push(next);
  }
  const where = random.chance(0.85) ? ` WHERE ${predicate(random, scope, 2)}` : '';
  const shape = random.int(10);
  if (shape === 0) return `SELECT count(*) FROM ${from}${where}`;
  if (shape === 1)
    return `SELECT ${random.pick(['min', 'max', 'sum', 'count'])}(${column(random, scope, 'integer').text}) FROM ${from}${where}`;
  if (shape === 2) {
    const g = column(random, scope).text;
    const having = random.chance(0.4) ? ` HAVING count(*) > 1 AND ${g} IS NOT NULL` : '';
    return `SELECT ${g}, count(*) FROM ${from}${where} GROUP BY ${g}${having}`;
  }
  if (shape === 3) {
    const other = random.pick(tables);
    const operation = random.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT']);
    return `SELECT u.v FROM (SELECT ${column(random, scope, 'text').text} AS v FROM ${from}${where} ${operation} SELECT ${column(random, [other], 'text').text} FROM ${other}) u WHERE u.v ${random.pick(["= 'x'", 'IS NOT NULL', "<> 'y'"])}`;
  }
  const list = Array.from({ length: 1 + random.int(3) }, () => column(random, scope).text);
  if (shape === 4)
    return `SELECT v.w FROM (SELECT ${list[0]!} AS w, ${list[list.length - 1]!} AS z FROM ${from}${where}) v WHERE v.z IS NOT NULL`;
  const distinct = shape === 5 ? 'DISTINCT ' : '';
  const keys = list.map((c) => `${c}${random.chance(0.4) ? ' DESC' : ''}${random.chance(0.2) ? ' NULLS FIRST' : ''}`);
  const order = random.chance(0.6)
    ? ` ORDER BY ${keys.join(', ')}${random.chance(0.5) ? ` LIMIT ${random.int(5)}${random.chance(0.3) ? ' OFFSET 1' : ''}` : ''}`
    : '';
  return `SELECT ${distinct}${list.join(', ')} FROM ${from}${where}${order}`;
}

const catalogOf = (random: Random, data: Map<string, Row[]>): HandMadeCatalog => {
  const catalog = new HandMadeCatalog(DDL);
  // Any statistics must do: the plan may be bad, never wrong.
  for (const name of ['a', 'c', 'd']) catalog.rowsOf.set(name, random.pick([3, 40, 5_000, 1_000_000]));
  if (random.chance(0.5)) for (const name of ['a', 'c', 'd']) catalog.samples.set(name, data.get(name)!);
  if (random.chance(0.4))
    for (const index of ['a_k', 'a_s', 'a_ks', 'c_k', 'c_a']) catalog.probes.set(index, random.int(2_000));
  return catalog;
};

const hintsOf = (random: Random): Hints => ({
  disabledRules: RULES.map((r) => r.name).filter(() => random.chance(0.15)),
  ...(random.chance(0.1) ? { noIndexes: true } : {}),
  ...(random.chance(0.3) ? { join: random.pick(['hash', 'lookup', 'nested-loop'] as const) } : {}),
  ...(random.chance(0.2) ? { joinOrder: ['d', 'c', 'a'] } : {}),
});

const sorted = (rows: readonly Row[]) => rows.map((r) => JSON.stringify(r)).sort();

test('plans of random queries give the rows that the query means', () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));
  const cases = Number(process.env['CASES'] ?? 400);
  const kinds = new Map<string, number>();
  let nonEmpty = 0;
  for (let i = 0; i < cases; i++) {
    const random = new Random((seed + i * 7919) >>> 0);
    random.int(2);
    const data = dataOf(random);
    const catalog = catalogOf(random, data);
    const sql = query(random);
    const hints = hintsOf(random);
    const bound = bindQuery(sql, catalog);
    const expected = runLogical(bound, data);
    if (expected.length > 0) nonEmpty++;
    const where = `seed ${seed + i * 7919}: ${sql}\n${JSON.stringify(hints)}`;
    const { rewritten, trace } = rewriteQuery(bound, environmentOf(catalog, hints));
    expect(sorted(runLogical(rewritten, data)), `rules [${[...trace.keys()].join()}] ${where}`).toEqual(
      sorted(expected),
    );
    const plan = planOf(sql, catalog, hints);
    const got = runPhysical(plan, data);
    expect(sorted(got), where).toEqual(sorted(expected));
    if (/ORDER BY/.test(sql)) expect(got, where).toEqual(expected);
    JSON.stringify(plan, (key, value: unknown) => {
      if (key === 'kind' && typeof value === 'string') kinds.set(value, (kinds.get(value) ?? 0) + 1);
      return typeof value === 'bigint' ? String(value) : value;
    });
  }
  for (const kind of [
    'row-set-scan',
    'ordered-scan',
    'table-scan',
    'lookup-join',
    'hash-join',
    'nested-loop-join',
    'row-set-count',
    'top-n',
    'and',
    'or',
    'distinct',
  ]) {
    expect(kinds.get(kind) ?? 0, `plans with ${kind}, seed ${seed}`).toBeGreaterThan(0);
  }
  expect(nonEmpty).toBeGreaterThan(cases * 0.4);
});
