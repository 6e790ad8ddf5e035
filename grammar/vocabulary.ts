// The token types that lexer and parser share. Several are one character or word to the reader and two types here: the
// lexer, which sees the neighbours, tells them apart, so that the parser never needs more than one token of lookahead.

import { createToken, Lexer, type TokenType } from 'chevrotain';
import { FREE, NEEDS_AS, NOT_TABLE_ALIAS, RESERVED } from './words.js';

const types: TokenType[] = [];
const spellings = new Map<TokenType, string>();

function token(name: string, spelling: string, categories: TokenType[] = []): TokenType {
  const type = createToken({ name, pattern: Lexer.NA, categories, label: spelling });
  types.push(type);
  spellings.set(type, spelling);
  return type;
}

/** A column, table or function name. */
export const AnyName = token('AnyName', 'name');
/** An alias of a table without AS. */
export const TableAlias = token('TableAlias', 'tableAlias');
/** An alias of a column without AS. */
export const BareLabel = token('BareLabel', 'bareLabel');
/** What may follow AS or a dot: any word. */
export const Label = token('Label', 'label');

export const Identifier = token('Identifier', 'identifier', [AnyName, TableAlias, BareLabel, Label]);
/** The name before `.*`. */
export const StarTable = token('StarTable', 'starTable');

export const Integer = token('Integer', 'integer');
export const Decimal = token('Decimal', 'number');
export const Text = token('Text', 'string');
export const Blob = token('Blob', 'blob');
export const QuestionMark = token('QuestionMark', '?');
export const NumberedParameter = token('NumberedParameter', 'numberedParameter');
export const NamedParameter = token('NamedParameter', 'namedParameter');

/** DATE, TIME, TIMESTAMP, TIMESTAMPTZ before a string. */
export const TypeBeforeText = token('TypeBeforeText', 'typeBeforeText');
export const IntervalBeforeText = token('IntervalBeforeText', 'INTERVAL');
export const ExtractCall = token('ExtractCall', 'EXTRACT', [AnyName]);
export const SubstringCall = token('SubstringCall', 'SUBSTRING', [AnyName]);
export const PositionCall = token('PositionCall', 'POSITION', [AnyName]);
export const TrimCall = token('TrimCall', 'TRIM', [AnyName]);
export const ExistsCall = token('ExistsCall', 'EXISTS', [AnyName]);
export const RowCall = token('RowCall', 'ROW', [AnyName]);

/** ARRAY before `[`. */
export const ArrayBracket = token('ArrayBracket', 'ARRAY');

export const LParen = token('LParen', '(');
/** The `(` that opens a query. */
export const QueryParen = token('QueryParen', '(');
export const RParen = token('RParen', ')');
export const LBracket = token('LBracket', '[');
export const RBracket = token('RBracket', ']');
export const Comma = token('Comma', ',');
export const Semicolon = token('Semicolon', ';');
export const Dot = token('Dot', '.');
export const DotStar = token('DotStar', '.*');
export const Star = token('Star', '*');
export const Plus = token('Plus', '+');
export const Minus = token('Minus', '-');
export const Equal = token('Equal', '=');
export const Colon = token('Colon', ':');
export const DoubleColon = token('DoubleColon', '::');
/** `<> != < <= > >=`; `=` is its own type, since SET has it too. */
export const Comparison = token('Comparison', 'otherComparison');
/** `/ % ^`, which with `*` bind tighter than `+`. */
export const Multiplicative = token('Multiplicative', 'multiplicative');
/** `|| -> ->> #> #>> #- @> <@`. */
export const OtherOperator = token('OtherOperator', 'otherOperator');
/** A character, or a sequence of them, that means nothing here. */
export const Unknown = token('Unknown', 'unknown');

/** WITH whose common tables stand before a change. */
export const WithOfInsert = token('WithOfInsert', 'WITH');
export const WithOfUpdate = token('WithOfUpdate', 'WITH');
export const WithOfDelete = token('WithOfDelete', 'WITH');

/** NOT before BETWEEN, IN, LIKE, ILIKE. */
export const NotInfix = token('NotInfix', 'NOT');

const keywordTypes = new Map<string, TokenType>();

function camel(word: string): string {
  return 'Kw' + word.replace(/(^|_)([a-z])/g, (_all, _bar: string, letter: string) => letter.toUpperCase());
}

function define(list: readonly string[], categories: TokenType[]): void {
  for (const word of list) keywordTypes.set(word, token(camel(word), word.toUpperCase(), categories));
}
define(RESERVED, [Label]);
define(FREE, [AnyName, TableAlias, BareLabel, Label]);
define(NEEDS_AS, [AnyName, TableAlias, Label]);
define(NOT_TABLE_ALIAS, [AnyName, BareLabel, Label]);

/** The token type of a keyword, which must be one. */
export function keyword(word: string): TokenType {
  const type = keywordTypes.get(word);
  if (type === undefined) throw new Error(`no such keyword: ${word}`);
  return type;
}

export function keywordType(word: string): TokenType | undefined {
  return keywordTypes.get(word);
}

/** Every token type, for the parser. */
export const vocabulary: readonly TokenType[] = types;

/** How people write a token type: `SELECT`, `(`, `name`. */
export function spelling(type: TokenType): string {
  return spellings.get(type) ?? type.name;
}

/** Keywords to which the lexer has given a meaning by their neighbours. */
const SEPARATED: ReadonlySet<TokenType> = new Set([NotInfix, WithOfInsert, WithOfUpdate, WithOfDelete, ArrayBracket]);

export function isKeyword(type: TokenType): boolean {
  return isWord(type) || SEPARATED.has(type);
}

/** Whether it is a keyword by its spelling alone. */
export function isWord(type: TokenType): boolean {
  return type.name.startsWith('Kw');
}
