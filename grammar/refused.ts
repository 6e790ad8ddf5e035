// Constructs that other SQL databases know and this language refuses by name, each with another way where there is one.
// Looked at only when a statement does not parse, so none of them costs anything or takes a word away.

import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

export interface RefusedConstruct {
  readonly token: Token;
  readonly message: string;
  readonly hint: string | undefined;
}

/** By the first words of a statement; the longest match wins. */
const STATEMENTS: readonly (readonly [words: string, hint?: string])[] = [
  ['attach', 'open each file as a database of its own'],
  ['call'],
  ['checkpoint'],
  ['cluster'],
  ['comment on'],
  ['copy', 'load files with the command line (.import) or with table.insertMany()'],
  ['create database', 'open() makes a database'],
  ['create function', 'register one with db.function()'],
  ['create materialized view'],
  ['create role'],
  ['create schema', 'all names live in one space'],
  ['create sequence'],
  ['create temp'],
  ['create temporary'],
  ['create trigger'],
  ['create type'],
  ['create user'],
  ['create virtual', 'CREATE INDEX ... USING fulltext searches the text of an ordinary table'],
  ['create extension'],
  ['create domain'],
  ['create unlogged'],
  ['create procedure'],
  ['create assertion'],
  ['declare'],
  ['describe', 'at the prompt, use .schema'],
  ['detach'],
  ['do'],
  ['drop trigger'],
  ['drop schema'],
  ['drop sequence'],
  ['drop database'],
  ['drop function'],
  ['drop type'],
  ['drop role'],
  ['drop user'],
  ['execute', 'prepare statements with db.prepare()'],
  ['deallocate'],
  ['explain query plan', 'write EXPLAIN SELECT ...'],
  ['grant'],
  ['insert or', 'write INSERT ... ON CONFLICT (...) DO UPDATE SET ..., or DO NOTHING'],
  ['listen'],
  ['load'],
  ['lock'],
  ['merge', 'write INSERT ... ON CONFLICT (...) DO UPDATE SET ...'],
  ['notify'],
  ['pragma', 'settings are options of open()'],
  ['prepare', 'use db.prepare()'],
  ['refresh'],
  ['replace', 'write INSERT ... ON CONFLICT (...) DO UPDATE SET ...'],
  ['revoke'],
  ['set', 'settings are options of open()'],
  ['show', 'at the prompt, use .tables or .schema'],
  ['update or'],
  ['use', 'open each file as a database of its own'],
  ['vacuum'],
];

/** By the words at the error, or just before it. */
const INSIDE: readonly (readonly [words: string, name: string, hint?: string])[] = [
  ['over', 'window functions (OVER)'],
  ['within group', 'WITHIN GROUP'],
  ['recursive', 'WITH RECURSIVE'],
  ['lateral', 'LATERAL'],
  ['window', 'the WINDOW clause'],
  ['collate', 'COLLATE', 'it follows an expression, or the type of a column'],
  ['at time zone', 'AT TIME ZONE', 'timestamps are UTC'],
  ['similar to', 'SIMILAR TO', 'use LIKE, or MATCH with a full-text index'],
  ['glob', 'GLOB', 'use LIKE, with % and _'],
  ['regexp', 'REGEXP', 'use LIKE, or MATCH with a full-text index'],
  ['rlike', 'RLIKE', 'use LIKE, or MATCH with a full-text index'],
  ['overlaps', 'OVERLAPS', 'compare the ends of the ranges'],
  ['tablesample', 'TABLESAMPLE'],
  ['grouping sets', 'GROUPING SETS'],
  ['for update', 'FOR UPDATE', 'transactions see a snapshot; conflicts are found at commit'],
  ['for share', 'FOR SHARE', 'transactions see a snapshot; conflicts are found at commit'],
  ['into', 'SELECT INTO', 'write CREATE TABLE and INSERT INTO ... SELECT'],
  ['autoincrement', 'AUTOINCREMENT', 'an INTEGER PRIMARY KEY numbers rows by itself'],
  ['auto_increment', 'AUTO_INCREMENT', 'an INTEGER PRIMARY KEY numbers rows by itself'],
  ['without rowid', 'WITHOUT ROWID'],
  ['strict', 'STRICT', 'all tables are strict'],
  ['identity', 'identity columns', 'an INTEGER PRIMARY KEY numbers rows by itself'],
  ['inherits', 'INHERITS'],
  ['partition by', 'PARTITION BY'],
  ['tablespace', 'TABLESPACE'],
  ['exclude', 'EXCLUDE constraints'],
  ['deferrable', 'DEFERRABLE', 'constraints are checked at each statement'],
  ['initially', 'DEFERRABLE', 'constraints are checked at each statement'],
  ['match full', 'MATCH FULL'],
  ['match partial', 'MATCH PARTIAL'],
  ['concurrently', 'CONCURRENTLY'],
  ['virtual', 'virtual generated columns', 'write STORED'],
  ['with ties', 'WITH TIES'],
  ['with no data', 'WITH NO DATA', 'put LIMIT 0 after the query'],
  ['with data', 'WITH DATA', 'leave it out: the rows are stored'],
  ['indexed by', 'INDEXED BY', 'the optimizer chooses the index; EXPLAIN shows why'],
  ['not indexed', 'NOT INDEXED', 'the optimizer chooses the index; EXPLAIN shows why'],
  ['on duplicate', 'ON DUPLICATE KEY', 'write ON CONFLICT (...) DO UPDATE SET ...'],
  ['using', 'USING in UPDATE and ORDER BY', 'write UPDATE ... FROM'],
  ['overlay', 'OVERLAY'],
  ['placing', 'OVERLAY'],
  ['current_time', 'CURRENT_TIME', 'use CURRENT_TIMESTAMP'],
  ['respect nulls', 'RESPECT NULLS'],
  ['ignore nulls', 'IGNORE NULLS'],
  ['separator', 'SEPARATOR', "write string_agg(x, ',')"],
  ['div', 'DIV', 'integers divide to integers with /'],
  ['mod', 'MOD between operands', 'write a % b'],
  ['xor', 'XOR', 'write a <> b'],
  ['not valid', 'NOT VALID', 'a constraint holds for all rows'],
  ['and chain', 'AND CHAIN'],
  ['cascade', 'CASCADE here'],
];

/** Words that are first read as a name, so that the error stands after them. */
const READ_AS_NAMES = new Set(['glob', 'regexp', 'rlike', 'tablesample', 'concurrently']);

/** By the first word of the statement and the word at the error. */
const CLAUSES: readonly (readonly [first: string, words: string, name: string, hint?: string])[] = [
  ['update', 'order by', 'ORDER BY in UPDATE', 'write WHERE id IN (SELECT ... ORDER BY ... LIMIT ...)'],
  ['update', '[', 'assigning to a part of a value', "write SET a = jsonb_set(a, '{name}', ...)"],
  ['update', 'limit', 'LIMIT in UPDATE', 'write WHERE id IN (SELECT ... LIMIT ...)'],
  ['delete', 'order by', 'ORDER BY in DELETE', 'write WHERE id IN (SELECT ... ORDER BY ... LIMIT ...)'],
  ['delete', 'limit', 'LIMIT in DELETE', 'write WHERE id IN (SELECT ... LIMIT ...)'],
];

/** Signs, by their image at the error. */
const SIGNS: Readonly<Record<string, readonly [name: string, hint?: string]>> = {
  ':': ['parameters like :name', 'write $name'],
  '@': ['parameters like @name', 'write $name'],
  '==': ['the operator ==', 'write ='],
  '?': ['the operator ?', "write jsonb_exists(document, 'key'), jsonb_exists_any() or jsonb_exists_all()"],
  '&&': ['the operator &&', 'write AND'],
  '|': ['bit operators'],
  '&': ['bit operators'],
  '<<': ['bit operators'],
  '>>': ['bit operators'],
  '#': ['bit operators'],
  '~': ['regular expressions', 'use LIKE, or MATCH with a full-text index'],
  '~*': ['regular expressions', 'use ILIKE, or MATCH with a full-text index'],
  '!~': ['regular expressions', 'use NOT LIKE'],
  '`': ['names in backquotes', 'write names in double quotes'],
};

export function refused(tokens: readonly Token[], at: number): RefusedConstruct | undefined {
  const inside = construct(tokens, at);
  // A statement that began well is judged by what stands at the error; another by its first words.
  if (inside !== undefined && at > 2) return inside;
  let longest: { token: Token; length: number; hint: string | undefined; words: string } | undefined;
  for (const [words, hint] of STATEMENTS) {
    const parts = words.split(' ');
    const token = tokens[0];
    if (token === undefined || !startsWith(tokens, 0, parts) || parts.length < at) continue;
    if (longest === undefined || parts.length > longest.length) longest = { token, length: parts.length, hint, words };
  }
  if (longest === undefined) return inside;
  return { token: longest.token, message: `${longest.words.toUpperCase()} is not supported`, hint: longest.hint };
}

function construct(tokens: readonly Token[], at: number): RefusedConstruct | undefined {
  const here = tokens[at];
  const before = tokens[at - 1];
  if (before?.image.toLowerCase() === 'recursive' && tokens[at - 2]?.value === 'with') {
    return { token: before, message: 'WITH RECURSIVE is not supported', hint: undefined };
  }
  if (here !== undefined) {
    const sign = here.tokenType === t.Text || here.image.startsWith('"') ? undefined : SIGNS[here.image];
    if (sign !== undefined) return { token: here, message: `${sign[0]} ${verb(sign[0])} not supported`, hint: sign[1] };
    if (here.tokenType === t.Dot || here.tokenType === t.DotStar) {
      if (tokens[at - 1] !== undefined && tokens[at - 1]?.tokenType !== t.Integer) {
        return { token: here, message: 'schemas are not supported', hint: 'write the name alone' };
      }
    }
    if (here.tokenType === t.Comma && limitBefore(tokens, at)) {
      return {
        token: here,
        message: 'LIMIT with two numbers is not supported',
        hint: 'write LIMIT count OFFSET start',
      };
    }
    if (
      here.tokenType === t.LParen &&
      tokens[at - 1]?.tokenType === t.Identifier &&
      /^(from|join)$/.test(tokens[at - 2]?.value ?? '')
    ) {
      return { token: here, message: 'functions in FROM are not supported', hint: undefined };
    }
  }
  for (const [first, words, name, hint] of CLAUSES) {
    if (here === undefined || tokens[0]?.value !== first || !startsWith(tokens, at, words.split(' '))) continue;
    return { token: here, message: `${name} is not supported`, hint };
  }
  const next = tokens[at + 1];
  if (here?.tokenType === t.LParen && before?.value === 'as' && /^(insert|update|delete)$/.test(next?.value ?? '')) {
    return {
      token: next!,
      message: `${next!.value.toUpperCase()} as a common table is not supported`,
      hint: undefined,
    };
  }
  for (const start of [at, at - 1]) {
    for (const [words, name, hint] of INSIDE) {
      const parts = words.split(' ');
      // One step back only for two words, of which the second is where it failed, and for words that were taken for a name.
      const token = tokens[start];
      if (token === undefined || (start < at && parts.length < 2 && !READ_AS_NAMES.has(words))) continue;
      if (!startsWith(tokens, start, parts)) continue;
      return { token, message: `${name} ${verb(name)} not supported`, hint };
    }
  }
  return undefined;
}

function verb(name: string): 'is' | 'are' {
  return /[a-z]s\b/.test(name) ? 'are' : 'is';
}

function limitBefore(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 2]?.value === 'limit' && tokens[at - 2]?.tokenType !== t.Text;
}

function startsWith(tokens: readonly Token[], start: number, words: readonly string[]): boolean {
  return words.every((word, i) => {
    const token = tokens[start + i];
    return token !== undefined && token.value === word && token.tokenType !== t.Text && !token.image.startsWith('"');
  });
}
