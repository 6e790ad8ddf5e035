// The fingerprint of a statement: its tokens with the literals taken out, so that statements which differ only in literals
// share a plan. Tokens only, no parse.
//
// What is lifted: number, string and blob literals of SELECT, VALUES, TABLE, INSERT, UPDATE, DELETE and WITH. The key keeps a
// literal's class (integer in the safe range, larger integer, decimal, string, blob), since the class decides types.
// A literal stays in the key as it is wherever binding reads its value, or could compare it with another expression:
// - in LIMIT, OFFSET and FETCH;
// - outside WHERE and ON when the statement has GROUP BY, DISTINCT, or a set operation (ordinals; `a + 1` in the select
//   list must equal `a + 1` in GROUP BY), and always in ORDER BY, GROUP BY and HAVING;
// - in a type's arguments (`varchar(20)`), after DATE, TIMESTAMP, INTERVAL, and after ESCAPE;
// - right of `-> ->> #> #>> #-`, in `a['name']`, and as the field of `extract`, where expression indexes are told apart by it.
// A lifted string is to be bound as the untyped literal it was, not as a value of type text: `d = '2020-01-01'`.

import type { TokenType } from 'chevrotain';
import type { Parameter } from './ast.js';
import { integerValue } from './literals.js';
import { isName, lex, type Token } from './tokens.js';
import * as t from './vocabulary.js';

export interface LiftedLiteral {
  /** A string, the bytes of a blob in hexadecimal, or a number. */
  readonly value: string | number | bigint;
  readonly offset: number;
  readonly length: number;
  readonly tokenType: 'integer' | 'decimal' | 'string' | 'blob';
}

export type ShapeParameter = Pick<Parameter, 'style' | 'index' | 'name' | 'offset' | 'length'>;

export interface Shape {
  /** Equal keys: the same statement but for the lifted literals, in their order. */
  readonly key: string;
  readonly literals: readonly LiftedLiteral[];
  /** The parameters that the text itself has, in its order. */
  readonly explicitParameters: readonly ShapeParameter[];
}

const kw = t.keyword;
const FIRST = new Set<TokenType>([
  ...['select', 'values', 'table', 'insert', 'update', 'delete', 'with'].map(kw),
  t.QueryParen,
]);
const COMPARED = new Set(['group', 'distinct', 'union', 'intersect', 'except'].map(kw));
const [WHERE, ON, VALUES, SET] = [kw('where'), kw('on'), kw('values'), kw('set')];
const KEEPS = new Set(['limit', 'offset', 'fetch', 'order', 'group', 'having'].map(kw));
const SELECT = kw('select');
const NEUTRAL = new Set(['from', 'union', 'intersect', 'except', 'returning', 'using', 'join'].map(kw));
const AS = kw('as');
const KEPT_AFTER = new Set<TokenType>([t.TypeBeforeText, t.IntervalBeforeText, kw('escape')]);

/** A stretch of the statement; keywords move from one to the next, parentheses return. */
const PLAIN = 0; // FROM: lifted unless expressions are compared
const ITEMS = 1; // the select list: likewise
const LIFTED = 2; // WHERE, ON, VALUES, SET
const KEPT = 3;
const FROZEN = 4; // kept, up to the closing parenthesis

/** The region that a keyword begins, by its token type's index. */
const NEXT: (number | undefined)[] = [];
for (const type of t.vocabulary) {
  const begins = [WHERE, ON, VALUES, SET].includes(type)
    ? LIFTED
    : type === SELECT
      ? ITEMS
      : KEEPS.has(type)
        ? KEPT
        : NEUTRAL.has(type)
          ? PLAIN
          : undefined;
  NEXT[type.tokenTypeIdx ?? 0] = begins;
}

/**
 * The fingerprint of one statement; undefined for text that is no token, for several statements, and for statements whose
 * plans are not kept.
 *
 * @example shape("SELECT * FROM t WHERE a = 5")?.literals // [{ value: 5, offset: 26, length: 1, tokenType: 'integer' }]
 */
export function shape(text: string): Shape | undefined {
  const { tokens, flaw } = lex(text);
  let count = tokens.length;
  while (count > 0 && tokens[count - 1]?.tokenType === t.Semicolon) count--;
  const first = tokens[0];
  if (flaw !== undefined || first === undefined || count === 0 || !FIRST.has(first.tokenType)) return undefined;
  let compared = false;
  for (let i = 0; i < count; i++) {
    const type = (tokens[i] as Token).tokenType;
    if (type === t.Semicolon) return undefined;
    if (type !== t.Identifier && COMPARED.has(type)) compared = true;
  }
  return collect(tokens, count, compared);
}

function collect(tokens: readonly Token[], count: number, compared: boolean): Shape {
  const literals: LiftedLiteral[] = [];
  const explicitParameters: ShapeParameter[] = [];
  const outer: number[] = [];
  let region = PLAIN;
  let questions = 0;
  let key = '';
  for (let i = 0; i < count; i++) {
    const token = tokens[i] as Token;
    const type = token.tokenType;
    switch (type) {
      case t.Integer:
      case t.Decimal:
      case t.Text:
      case t.Blob: {
        const lifted = region === LIFTED || (region < LIFTED && !compared);
        const literal = lifted && !staysPut(tokens, i) ? lift(token) : undefined;
        if (literal === undefined) key += `${token.image} `;
        else {
          key += `${mark(literal)} `;
          literals.push(literal);
        }
        break;
      }
      case t.QuestionMark:
        explicitParameters.push(parameter(token, 'question', ++questions));
        key += '? ';
        break;
      case t.NumberedParameter:
        explicitParameters.push(parameter(token, 'number', Number(token.value)));
        key += `${token.image} `;
        break;
      case t.NamedParameter:
        explicitParameters.push(parameter(token, 'name', 0));
        key += `${token.image} `;
        break;
      case t.LParen:
      case t.QueryParen:
        outer.push(region);
        if (region >= KEPT || (region === ITEMS && compared)) region = FROZEN;
        else if (type === t.QueryParen) region = PLAIN;
        key += '( ';
        break;
      case t.RParen:
        region = outer.pop() ?? PLAIN;
        key += ') ';
        break;
      default:
        if (token.image.charCodeAt(0) === 0x22) key += `${token.image} `;
        else if (type === t.DotStar) key += '.* ';
        else key += `${token.value} `;
        if (region !== FROZEN) region = NEXT[token.tokenTypeIdx] ?? region;
    }
  }
  return { key, literals, explicitParameters };
}

function mark(literal: LiftedLiteral): string {
  switch (literal.tokenType) {
    case 'integer':
      if (typeof literal.value !== 'bigint') return '#i';
      return BigInt.asIntN(64, literal.value) === literal.value ? '#b' : '#n';
    case 'decimal':
      return '#d';
    case 'string':
      return '#s';
    case 'blob':
      return '#x';
  }
}

function lift(token: Token): LiftedLiteral | undefined {
  const { startOffset: offset, image, value } = token;
  const length = image.length;
  switch (token.tokenType) {
    case t.Integer:
      return length > 40 ? undefined : { value: integerValue(image), offset, length, tokenType: 'integer' };
    case t.Decimal: {
      const number = Number(image.replaceAll('_', ''));
      return Number.isFinite(number) ? { value: number, offset, length, tokenType: 'decimal' } : undefined;
    }
    case t.Text:
      return { value, offset, length, tokenType: 'string' };
    default:
      return { value, offset, length, tokenType: 'blob' };
  }
}

function parameter(token: Token, style: Parameter['style'], index: number): ShapeParameter {
  const { startOffset: offset, image, value } = token;
  return { style, index, name: style === 'name' ? value : '', offset, length: image.length };
}

/** Whether the neighbours say that the value itself matters. */
function staysPut(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  if (before === undefined) return false;
  if (KEPT_AFTER.has(before.tokenType)) return true;
  if (before.tokenType === t.OtherOperator) return before.image.startsWith('-') || before.image.startsWith('#');
  if (before.tokenType === t.LBracket) return tokens[i - 2]?.tokenType !== t.ArrayBracket;
  if (before.tokenType !== t.LParen && before.tokenType !== t.Comma) return false;
  if (tokens[i - 2]?.tokenType === t.ExtractCall) return true;
  // `:: name (1, 2)` and `AS name (1, 2)`: back over the numbers to the type's name, and what is before it.
  let at = i - 1;
  while (tokens[at]?.tokenType === t.Comma && tokens[at - 1]?.tokenType === t.Integer) at -= 2;
  if (tokens[at]?.tokenType !== t.LParen) return false;
  for (let back = at - 1; back >= at - 2; back--) {
    const name = tokens[back];
    if (name === undefined || !isName(name)) return false;
    const lead = tokens[back - 1]?.tokenType;
    if (lead === t.DoubleColon || lead === AS) return true;
  }
  return false;
}
