// A failed parse -> a problem that helps: where, what was expected, and what to write instead. Works by trial: the same parser
// reads the statement again with one token changed, and what gets it further is what was meant. Runs only after an error.

import { EOF, type IRecognitionException, type IToken, type TokenType } from 'chevrotain';
import type { Problem } from './ast.js';
import { locate } from './locate.js';
import type { Parser } from './parser.js';
import { refused } from './refused.js';
import { Refusal } from './refusal.js';
import { clip } from './scan.js';
import { Token, type Flaw } from './tokens.js';
import * as t from './vocabulary.js';

export function locateFlaw(text: string, flaw: Flaw): Problem {
  const { line, column } = locate(text, flaw.offset);
  return { ...flaw, line, column };
}

/** Trials cost a parse each: none beyond this many tokens before the error. */
const TRIAL_BOUND = 400;

export function diagnose(parser: Parser, tokens: readonly Token[], text: string, error: IRecognitionException): Flaw {
  const at = errorIndex(tokens, error.token);
  const refusal = refused(tokens, at);
  if (refusal !== undefined) {
    const { token, message, hint } = refusal;
    const span = { offset: token.startOffset, length: token.image.length };
    return { code: 'UNSUPPORTED', message, ...span, ...(hint === undefined ? {} : { hint }) };
  }
  const trial = new Trial(parser, tokens, text, at);
  const hint = at <= TRIAL_BOUND ? (misspelt(trial) ?? missing(trial)) : undefined;
  const place = hint?.at ?? at;
  const found = tokens[place];
  const expected = place === at && at <= TRIAL_BOUND ? expectedHere(trial) : [];
  const last = tokens[tokens.length - 1];
  const end = last === undefined ? text.length : last.endOffset + 1;
  const what = found === undefined ? 'the statement ends too early' : `unexpected ${describe(found)}`;
  return {
    code: 'SYNTAX',
    message: expected.length === 0 || expected.length > 4 ? what : `${what}, expected ${orList(expected)}`,
    offset: found?.startOffset ?? end,
    length: found?.image.length ?? 0,
    ...(expected.length === 0 ? {} : { expected: expected.slice(0, 8) }),
    ...(hint === undefined ? {} : { hint: hint.text }),
  };
}

function errorIndex(tokens: readonly Token[], token: IToken): number {
  if (token.tokenType === EOF) return tokens.length;
  const at = tokens.findIndex((candidate) => candidate.startOffset === token.startOffset);
  return at < 0 ? tokens.length : at;
}

function describe(token: Token): string {
  if (t.isKeyword(token.tokenType)) return token.image.toUpperCase();
  if (token.tokenType === t.Text) return `string ${clip(token.image)}`;
  return token.tokenType === t.Identifier ? `"${clip(token.value)}"` : `"${clip(token.image)}"`;
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Reads changed versions of one statement. */
class Trial {
  constructor(
    private readonly parser: Parser,
    readonly tokens: readonly Token[],
    private readonly text: string,
    readonly at: number,
  ) {}

  /** How many tokens are read without an error; one more than there are when all is well. */
  reach(tokens: Token[]): number {
    const count = tokens.length;
    const { parser } = this;
    // Most trials fail, and a stack trace is most of what a failure costs.
    const traces = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      parser.start(tokens, this.text);
      parser.statement();
    } catch (error) {
      if (error instanceof Refusal || error instanceof RangeError) return count;
      throw error;
    } finally {
      Error.stackTraceLimit = traces;
    }
    const error = parser.errors[0];
    if (error === undefined) return count + 1;
    if (error.token.tokenType === EOF) return count;
    const at = tokens.indexOf(error.token as Token);
    return at < 0 ? count : at;
  }

  /** The statement with `count` tokens from `at` on replaced. */
  replaced(at: number, count: number, ...by: Token[]): Token[] {
    return [...this.tokens.slice(0, at), ...by, ...this.tokens.slice(at + count)];
  }
}

/** Literals must mean something to the actions. */
const SAMPLES = new Map<TokenType, string>([
  [t.Integer, '1'],
  [t.Decimal, '1.5'],
  [t.Blob, ''],
  [t.NumberedParameter, '1'],
]);

function made(type: TokenType, offset: number): Token {
  const text = SAMPLES.get(type) ?? t.spelling(type);
  return new Token(type, text, text.toLowerCase(), offset, offset);
}

interface Advice {
  readonly at: number;
  readonly text: string;
}

/** A name at the error, or shortly before it where it passed for an alias, that a keyword in its place would mend. */
function misspelt(trial: Trial): Advice | undefined {
  for (const at of [trial.at, trial.at - 1, trial.at - 2]) {
    const token = trial.tokens[at];
    if (token?.tokenType !== t.Identifier || token.image.startsWith('"')) continue;
    let best: { word: string; distance: number; reach: number } | undefined;
    for (const type of t.vocabulary) {
      if (!t.isWord(type)) continue;
      const word = t.spelling(type).toLowerCase();
      const distance = editDistance(token.value, word);
      if (distance > (word.length < 5 ? 1 : 2) && !(distance === 2 && transposed(token.value, word))) continue;
      const reach = trial.reach(trial.replaced(at, 1, made(type, token.startOffset)));
      if (reach <= Math.max(trial.at, at + 1) && reach <= trial.tokens.length) continue;
      if (best === undefined || distance < best.distance || (distance === best.distance && reach > best.reach)) {
        best = { word, distance, reach };
      }
    }
    if (best !== undefined) return { at, text: `did you mean ${best.word.toUpperCase()}?` };
  }
  return undefined;
}

/** One sign too few or too many. */
function missing(trial: Trial): Advice | undefined {
  const { at, tokens } = trial;
  const offset = tokens[at]?.startOffset ?? 0;
  for (const type of [t.Comma, t.RParen, t.LParen]) {
    const better = trial.reach(trial.replaced(at, 0, made(type, offset)));
    // The sign itself and what follows must be read.
    const enough = at === tokens.length ? better > at + 1 : better > at + 2;
    if (enough)
      return {
        at,
        text: type === t.Comma ? 'is a comma missing before this?' : `is a "${t.spelling(type)}" missing before this?`,
      };
  }
  const before = tokens[at - 1];
  if (before !== undefined && before.tokenType === t.Comma) {
    if (trial.reach(trial.replaced(at - 1, 1)) > at) return { at: at - 1, text: 'take away this comma' };
  }
  const token = tokens[at];
  if (token !== undefined && t.isKeyword(token.tokenType) && token.tokenType.CATEGORIES?.includes(t.AnyName) !== true) {
    const quoted = new Token(t.Identifier, `"${token.value}"`, token.value, token.startOffset, token.endOffset);
    if (trial.reach(trial.replaced(at, 1, quoted)) > at + 1) {
      return { at, text: `${token.value.toUpperCase()} is a reserved word; as a name, write "${token.value}"` };
    }
  }
  if (token !== undefined && token.tokenType === t.Unknown && token.image === '==') {
    return { at, text: 'write = to compare' };
  }
  return undefined;
}

/** Named first among what was expected. */
const LIKELY =
  `select insert update delete create drop from where and or as on join group order limit set values into by`
    .split(' ')
    .map(t.keyword);

/** What could stand at the error: tried, every kind of token. */
function expectedHere(trial: Trial): string[] {
  const { at, tokens } = trial;
  const before = tokens.slice(0, at);
  const offset = tokens[at]?.startOffset ?? 0;
  const fits = (type: TokenType): boolean => trial.reach([...before, made(type, offset)]) > at;
  const words: string[] = [];
  const expression = fits(t.Integer) && fits(t.LParen);
  if (expression) words.push(fits(t.Star) ? 'an expression or *' : 'an expression');
  else {
    if (fits(t.Identifier)) words.push('a name');
    if (fits(t.Text)) words.push('a string');
    if (fits(t.Integer)) words.push('a number');
  }
  if (trial.reach([...before]) > before.length) words.push('the end of the statement');
  for (const type of [t.RParen, t.Comma, t.LParen, t.QueryParen, t.Equal, t.Dot]) {
    if (expression && (type === t.LParen || type === t.QueryParen)) continue;
    const sign = `"${t.spelling(type)}"`;
    if (!words.includes(sign) && fits(type)) words.push(sign);
  }
  if (expression) return words;
  for (const type of [...LIKELY, ...t.vocabulary.filter((type) => !LIKELY.includes(type))]) {
    if (!t.isWord(type)) continue;
    if (words.includes('a name') && type.CATEGORIES?.includes(t.AnyName) === true) continue;
    if (fits(type)) words.push(t.spelling(type));
  }
  return words;
}

function transposed(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
}

/** Levenshtein's distance; words are short. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 3;
}
