// A film archive of 21 tables, generated: skewed keys, facts that depend on their kind, NULLs, and values that the conditions of
// `queries.txt` ask for. Those 113 queries have the shapes of the Join Order Benchmark (Leis et al., "How Good Are Query Optimizers,
// Really?", PVLDB 9(3), 2015): 4 to 17 tables, up to four conditions a table, cyclic join graphs; names and values are our own.

import { readFileSync } from 'node:fs';
import { Random } from '../differential/random.js';

export interface ArchiveQuery {
  readonly name: string;
  readonly sql: string;
}

export interface ArchiveTable {
  readonly name: string;
  /** Column definitions that both Lightning DB and SQLite read. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
}

/** All 113, in order. Read from the project's folder, in which tests and benches run. */
export function archiveQueries(): ArchiveQuery[] {
  return readFileSync('test/joins/queries.txt', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return { name: line.slice(0, colon), sql: line.slice(colon + 2) };
    });
}

/** Rows at scale 1, about those of the benchmark divided by a hundred: 630,000 in all. */
const SIZES = {
  film: 25_000,
  person: 40_000,
  figure: 28_000,
  company: 2_400,
  tag: 1_300,
  credit: 240_000,
  film_fact: 130_000,
  film_tag: 45_000,
  person_fact: 27_000,
  film_company: 26_000,
  person_alias: 9_000,
  film_score: 38_000,
  film_alias: 4_000,
  film_relation: 3_000,
  coverage: 6_000,
} as const;

const ID = 'id INTEGER PRIMARY KEY';

/** Index definitions: one for each foreign key. */
export function archiveIndexes(tables: readonly ArchiveTable[]): string[] {
  return tables.flatMap(({ name, columns }) =>
    columns
      .map((column) => column.split(' ')[0]!)
      .filter((column) => column.endsWith('_id'))
      .map((column) => `CREATE INDEX ${name}_${column} ON ${name} (${column})`),
  );
}

/** @param scale 1: 630,000 rows; the small tables stay whole */
export function archive(scale: number, seed = 1): ArchiveTable[] {
  const random = new Random(seed);
  const wanted = wantedValues();
  const text = (): string => Array.from({ length: random.int(1, 3) }, () => random.pick(WORDS)).join(' ');
  const size = (name: keyof typeof SIZES): number => Math.max(20, Math.round(SIZES[name] * scale));
  /** Small keys far more often than large ones. */
  const skewed = (rows: number): number => Math.min(rows, 1 + Math.floor(rows ** random.next()));
  const key = (rows: number): number => (random.chance(0.5) ? skewed(rows) : random.int(1, rows));
  /** Fills the wildcards of a pattern that some query asks for. */
  const fill = (pattern: string): string =>
    pattern.replaceAll('%', () => (random.chance(0.5) ? '' : ` ${text()} `)).trim();
  /** With a probability, a value that some query asks of this column. */
  const value = (column: string, probability: number, other: () => string = text): string => {
    const list = wanted.get(column);
    return list !== undefined && random.chance(probability) ? fill(random.pick(list)) : other();
  };
  const maybe = <T>(probability: number, of: () => T): T | null => (random.chance(probability) ? of() : null);
  const table = (
    name: string,
    columns: string[],
    count: number,
    row: () => (number | string | null)[],
  ): ArchiveTable => ({
    name,
    columns: [ID, ...columns],
    rows: Array.from({ length: count }, (_, i) => [i + 1, ...row()]),
  });
  /** One row for each value that is asked of the column, and some more. */
  const list = (name: string, column: string, more: number): ArchiveTable => {
    const exact = [...new Set(wanted.get(`${name}.${column}`) ?? [])].filter((each) => !each.includes('%'));
    const values = [...exact, ...Array.from({ length: more }, (_, i) => `${random.pick(WORDS)} ${i}`)];
    let at = 0;
    return table(name, [`${column} TEXT NOT NULL`], values.length, () => [values[at++]!]);
  };

  const kinds = list('film_kind', 'label', 2);
  const factKinds = list('fact_kind', 'value', 80);
  const roles = list('company_role', 'label', 1);
  const relations = list('relation_kind', 'label', 10);
  const jobs = list('job', 'label', 8);
  const completeness = list('completeness', 'label', 0);
  const tags = list('tag', 'label', size('tag'));
  const sizes = { film: size('film'), person: size('person'), figure: size('figure'), company: size('company') };
  const films = () => key(sizes.film);
  const fact = (owner: string): [kind: number, value: string] => {
    const kind = key(factKinds.rows.length);
    const of = `${owner}.value:${String(factKinds.rows[kind - 1]![1])}`;
    const column = wanted.has(of) ? of : `${owner}.value`;
    return [kind, value(column, 0.6, () => (random.chance(0.5) ? (random.int(10, 99) / 10).toFixed(1) : text()))];
  };
  return [
    kinds,
    factKinds,
    roles,
    relations,
    jobs,
    completeness,
    tags,
    table('company', ['name TEXT NOT NULL', 'country TEXT'], sizes.company, () => [
      value('company.name', 0.15),
      maybe(0.9, () => value('company.country', 0.8, () => `[${random.pick(WORDS).slice(0, 2)}]`)),
    ]),
    table('figure', ['name TEXT NOT NULL'], sizes.figure, () => [value('figure.name', 0.15)]),
    table('person', ['name TEXT NOT NULL', 'gender TEXT', 'sort_code TEXT', 'surname_code TEXT'], sizes.person, () => [
      value('person.name', 0.2),
      maybe(0.8, () => value('person.gender', 1)),
      maybe(0.9, () => String.fromCharCode(65 + random.int(0, 25)) + random.int(1, 999)),
      maybe(0.9, () => String.fromCharCode(65 + random.int(0, 25)) + random.int(1, 99)),
    ]),
    table(
      'film',
      ['title TEXT NOT NULL', 'film_kind_id INTEGER NOT NULL', 'year INTEGER', 'season INTEGER', 'episode INTEGER'],
      sizes.film,
      () => {
        const kind = key(kinds.rows.length);
        // Series are younger than the rest.
        const year = kind % 3 === 0 ? random.int(1985, 2014) : 2014 - Math.floor(100 * random.next() ** 2);
        return [
          value('film.title', 0.1),
          kind,
          maybe(0.95, () => year),
          maybe(0.3, () => random.int(1, 20)),
          maybe(0.3, () => random.int(1, 200)),
        ];
      },
    ),
    table(
      'credit',
      [
        'person_id INTEGER NOT NULL',
        'film_id INTEGER NOT NULL',
        'figure_id INTEGER',
        'note TEXT',
        'job_id INTEGER NOT NULL',
      ],
      size('credit'),
      () => [
        key(sizes.person),
        films(),
        maybe(0.5, () => key(sizes.figure)),
        maybe(0.5, () => value('credit.note', 0.7)),
        key(jobs.rows.length),
      ],
    ),
    table(
      'film_fact',
      ['film_id INTEGER NOT NULL', 'fact_kind_id INTEGER NOT NULL', 'value TEXT NOT NULL', 'note TEXT'],
      size('film_fact'),
      () => [films(), ...fact('film_fact'), maybe(0.5, () => value('film_fact.note', 0.6))],
    ),
    table(
      'film_score',
      ['film_id INTEGER NOT NULL', 'fact_kind_id INTEGER NOT NULL', 'value TEXT NOT NULL'],
      size('film_score'),
      () => [films(), ...fact('film_score')],
    ),
    table(
      'person_fact',
      ['person_id INTEGER NOT NULL', 'fact_kind_id INTEGER NOT NULL', 'value TEXT NOT NULL', 'note TEXT'],
      size('person_fact'),
      () => [key(sizes.person), ...fact('person_fact'), maybe(0.5, () => value('person_fact.note', 0.7))],
    ),
    table('film_tag', ['film_id INTEGER NOT NULL', 'tag_id INTEGER NOT NULL'], size('film_tag'), () => [
      films(),
      key(tags.rows.length),
    ]),
    table(
      'film_company',
      ['film_id INTEGER NOT NULL', 'company_id INTEGER NOT NULL', 'company_role_id INTEGER NOT NULL', 'note TEXT'],
      size('film_company'),
      () => [films(), key(sizes.company), key(roles.rows.length), maybe(0.6, () => value('film_company.note', 0.7))],
    ),
    table('person_alias', ['person_id INTEGER NOT NULL', 'name TEXT NOT NULL'], size('person_alias'), () => [
      key(sizes.person),
      value('person_alias.name', 0.3),
    ]),
    table('film_alias', ['film_id INTEGER NOT NULL', 'title TEXT NOT NULL'], size('film_alias'), () => [
      films(),
      text(),
    ]),
    table(
      'film_relation',
      ['film_id INTEGER NOT NULL', 'other_id INTEGER NOT NULL', 'relation_kind_id INTEGER NOT NULL'],
      size('film_relation'),
      () => [films(), films(), key(relations.rows.length)],
    ),
    table(
      'coverage',
      ['film_id INTEGER', 'subject_id INTEGER NOT NULL', 'status_id INTEGER NOT NULL'],
      size('coverage'),
      () => [maybe(0.98, films), key(completeness.rows.length), key(completeness.rows.length)],
    ),
  ];
}

/**
 * Literals and patterns that the queries ask for, by `table.column`; for the values of facts also by `table.value:kind`, where the same
 * query asks for the kind.
 */
function wantedValues(): Map<string, string[]> {
  const wanted = new Map<string, string[]>();
  const note = (column: string, values: readonly string[]): void => {
    wanted.set(column, [...(wanted.get(column) ?? []), ...values]);
  };
  for (const { sql } of archiveQueries()) {
    const [, from = '', where = ''] = /FROM (.*?) WHERE (.*)/.exec(sql) ?? [];
    const tableOf = new Map(from.split(', ').map((each) => each.split(' ').reverse() as [string, string]));
    const conditions = [
      ...where.matchAll(/(\w+)\.(\w+) (?:=|LIKE|IN|>|<) (\('[^)]*'\)|(?:\([^()]*\([^)]*\)[^)]*\))|'[^']*')/g),
    ].map(([, alias, column, values]) => ({
      alias: alias!,
      column: `${tableOf.get(alias!)!}.${column!}`,
      values: [...values!.matchAll(/'([^']*)'/g)].map(([, literal]) => literal!),
    }));
    for (const { alias, column, values } of conditions) {
      note(column, values);
      const [, kind] = new RegExp(`(\\w+)\\.id = ${alias}\\.fact_kind_id`).exec(where) ?? [];
      const kinds = conditions.filter((each) => each.alias === kind).flatMap((each) => each.values);
      for (const each of kinds) note(`${column}:${each}`, values);
    }
  }
  return wanted;
}

const WORDS =
  'ash birch cedar dale elm fern gorse heath ivy juniper kelp larch moss nettle oak pine quince reed sage thyme umber vale willow yarrow'.split(
    ' ',
  );
