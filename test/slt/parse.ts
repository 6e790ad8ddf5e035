// Reads the sqllogictest format: SQLite's own, and of sqllogictest-rs what costs a line each (`statement count`, `statement error
// PATTERN`, `query error`, rows on one line). Knows nothing of any database.

export type SortMode = 'nosort' | 'rowsort' | 'valuesort';

interface Common {
  /** Line of the record's first word, from 1. */
  readonly line: number;
  /** The lines of the record as they stand in the file, conditions included. */
  readonly source: readonly string[];
  /** Not for this dialect. */
  readonly skipped: boolean;
}

export interface StatementRecord extends Common {
  readonly kind: 'statement';
  readonly sql: string;
  readonly expect: 'ok' | 'error';
  /** For an error: a pattern of the message. */
  readonly pattern: RegExp | undefined;
  /** Changed rows. */
  readonly count: number | undefined;
}

export interface QueryRecord extends Common {
  readonly kind: 'query';
  readonly sql: string;
  /** One letter per column: I, R or T. */
  readonly types: string;
  readonly sort: SortMode;
  readonly label: string | undefined;
  /** Values in order, one per line, or whole rows. */
  readonly expected: readonly string[];
  readonly hash: { readonly values: number; readonly md5: string } | undefined;
}

export interface HaltRecord extends Common {
  readonly kind: 'halt';
}

export type SltRecord = StatementRecord | QueryRecord | HaltRecord;

export const DIALECT = 'postgresql';

/** @throws Error with the line, for a record of no known form: nothing is passed over in silence. */
export function parseSlt(text: string, dialect = DIALECT): SltRecord[] {
  const lines = text.split(/\r?\n/);
  const records: SltRecord[] = [];
  let at = 0;
  const blank = (line: string | undefined) => line === undefined || line.trim() === '';
  while (at < lines.length) {
    if (blank(lines[at]) || lines[at]!.startsWith('#')) {
      at++;
      continue;
    }
    const start = at;
    let skipped = false;
    for (; /^(skipif|onlyif)\s/.test(lines[at] ?? ''); at++) {
      const [word, name] = lines[at]!.split(/\s+/);
      if ((word === 'skipif') === (name === dialect)) skipped = true;
    }
    const line = at + 1;
    const head = (lines[at] ?? '').trim();
    const words = head.replace(/\s#.*$/, '').split(/\s+/);
    at++;
    const sql: string[] = [];
    const expected: string[] = [];
    if (words[0] === 'statement' || words[0] === 'query') {
      for (; !blank(lines[at]) && lines[at] !== '----'; at++) sql.push(lines[at]!);
      if (lines[at] === '----') for (at++; !blank(lines[at]); at++) expected.push(lines[at]!);
    }
    const common = { line, source: lines.slice(start, at), skipped };
    if (words[0] === 'statement') records.push({ ...common, ...statement(words, head, line), sql: sql.join('\n') });
    else if (words[0] === 'query') records.push(query(words, head, common, sql.join('\n'), expected));
    else if (words[0] === 'halt') records.push({ ...common, kind: 'halt' });
    else if (words[0] !== 'hash-threshold' && words[0] !== 'subtest') {
      throw new Error(`line ${line}: a record of no known form: ${head}`);
    }
  }
  return records;
}

function statement(words: readonly string[], head: string, line: number) {
  const none = { kind: 'statement', pattern: undefined, count: undefined } as const;
  if (words[1] === 'ok') return { ...none, expect: 'ok' } as const;
  if (words[1] === 'count') return { ...none, expect: 'ok', count: Number(words[2]) } as const;
  if (words[1] !== 'error') throw new Error(`line ${line}: statement ok, error or count, not ${head}`);
  return { ...none, expect: 'error', pattern: patternOf(head, /^statement\s+error/) } as const;
}

function patternOf(head: string, before: RegExp): RegExp | undefined {
  const rest = head.replace(before, '').trim();
  return rest === '' ? undefined : new RegExp(rest);
}

function query(words: readonly string[], head: string, common: Common, sql: string, expected: string[]): SltRecord {
  if (words[1] === 'error') {
    const pattern = patternOf(head, /^query\s+error/);
    return { ...common, kind: 'statement', sql, expect: 'error', pattern, count: undefined };
  }
  const [, types = '', sort = 'nosort', label] = words;
  if (!/^[IRT]+$/.test(types)) throw new Error(`line ${common.line}: types of columns are I, R and T, not ${types}`);
  if (sort !== 'nosort' && sort !== 'rowsort' && sort !== 'valuesort') {
    throw new Error(`line ${common.line}: nosort, rowsort or valuesort, not ${sort}`);
  }
  const hash = expected.length === 1 ? /^(\d+) values hashing to ([0-9a-f]{32})$/.exec(expected[0]!) : null;
  return {
    ...common,
    kind: 'query',
    sql,
    types,
    sort,
    label,
    expected: hash === null ? expected : [],
    hash: hash === null ? undefined : { values: Number(hash[1]), md5: hash[2]! },
  };
}
