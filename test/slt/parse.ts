// Reads the sqllogictest format: SQLite's own, and of sqllogictest-rs what costs a line each (`statement count`, `statement error
// PATTERN`, a message of several lines, `query error`, columns of any type (`?`), `control sortmode`, rows on one line). Knows nothing of
// any database.

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
  /** One letter per column: I, R or T; ? is taken as T. */
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
  let usual: SortMode = 'nosort';
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
    if (words[0] === 'statement')
      records.push({ ...common, ...statement(words, head, line, expected), sql: sql.join('\n') });
    else if (words[0] === 'query') records.push(query(words, head, common, sql.join('\n'), expected, usual));
    else if (words[0] === 'control' && words[1] === 'sortmode') usual = sortMode(words[2] ?? '', line);
    else if (words[0] === 'halt') records.push({ ...common, kind: 'halt' });
    else if (words[0] !== 'hash-threshold' && words[0] !== 'subtest') {
      throw new Error(`line ${line}: a record of no known form: ${head}`);
    }
  }
  return records;
}

/** @param message what stands below an error: its message holds it. */
function statement(words: readonly string[], head: string, line: number, message: readonly string[]) {
  const none = { kind: 'statement', pattern: undefined, count: undefined } as const;
  if (message.length > 0) {
    if (words[1] !== 'error' || words.length > 2) throw new Error(`line ${line}: nothing stands below ${head}`);
    const text = message.join('\n').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return { ...none, expect: 'error', pattern: new RegExp(text) } as const;
  }
  if (words[1] === 'ok') return { ...none, expect: 'ok' } as const;
  if (words[1] === 'count') return { ...none, expect: 'ok', count: Number(words[2]) } as const;
  if (words[1] !== 'error') throw new Error(`line ${line}: statement ok, error or count, not ${head}`);
  return { ...none, expect: 'error', pattern: patternOf(head, /^statement\s+error/) } as const;
}

function patternOf(head: string, before: RegExp): RegExp | undefined {
  const rest = head.replace(before, '').trim();
  return rest === '' ? undefined : new RegExp(rest);
}

function sortMode(sort: string, line: number): SortMode {
  if (sort === 'nosort' || sort === 'rowsort' || sort === 'valuesort') return sort;
  throw new Error(`line ${line}: nosort, rowsort or valuesort, not ${sort}`);
}

function query(
  words: readonly string[],
  head: string,
  common: Common,
  sql: string,
  expected: string[],
  usual: SortMode,
): SltRecord {
  if (words[1] === 'error') {
    const asStatement = statement(words, head.replace(/^query/, 'statement'), common.line, expected);
    return { ...common, ...asStatement, sql };
  }
  const [, types = '', sort = usual, label] = words;
  if (!/^[IRT?]+$/.test(types))
    throw new Error(`line ${common.line}: types of columns are I, R, T and ?, not ${types}`);
  const hash = expected.length === 1 ? /^(\d+) values hashing to ([0-9a-f]{32})$/.exec(expected[0]!) : null;
  return {
    ...common,
    kind: 'query',
    sql,
    types: types.replaceAll('?', 'T'),
    sort: sortMode(sort, common.line),
    label,
    expected: hash === null ? expected : [],
    hash: hash === null ? undefined : { values: Number(hash[1]), md5: hash[2]! },
  };
}
