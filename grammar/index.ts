// The door of this floor: text -> syntax tree, or problems with positions. Never throws on any text.

import type { ParseResult, Problem, Statement } from './ast.js';
import { diagnose, locateFlaw } from './diagnose.js';
import { tooHigh } from './height.js';
import { Parser } from './parser.js';
import { Refusal } from './refusal.js';
import { lex, type Flaw, type Token } from './tokens.js';
import { Semicolon } from './vocabulary.js';

export type * from './ast.js';
export { locate } from './locate.js';
export { print } from './printer.js';
export { shape, type LiftedLiteral, type Shape, type ShapeParameter } from './shape.js';
export { keywords } from './words.js';

let parser: Parser | undefined;

/** As many problems are reported for one text. */
const MAX_PROBLEMS = 20;

/** Statements of fewer tokens cannot be too high. */
const SURELY_LOW = 250;

/**
 * Reads all statements of a text, separated by semicolons; empty ones leave no trace. On failure one problem for each
 * statement at fault (the first 20), in the order of the text; text that is no token at all is reported alone.
 *
 * @example
 * const result = parse('SELECT 1; SELECT 2');
 * if (result.ok) result.statements.length; // 2
 */
export function parse(text: string): ParseResult {
  const { tokens, flaw } = lex(text);
  if (flaw !== undefined) return { ok: false, problems: [locateFlaw(text, flaw)] };
  const statements: Statement[] = [];
  const problems: Problem[] = [];
  let from = 0;
  for (let at = 0; at <= tokens.length; at++) {
    if (at < tokens.length && tokens[at]?.tokenType !== Semicolon) continue;
    if (at > from) {
      const part = from === 0 && at === tokens.length ? tokens : tokens.slice(from, at);
      const statement = parseStatement(part, text);
      if (statement !== undefined && 'kind' in statement) statements.push(statement);
      else problems.push(locateFlaw(text, statement));
      if (problems.length >= MAX_PROBLEMS) break;
    }
    from = at + 1;
  }
  return problems.length === 0 ? { ok: true, statements } : { ok: false, problems };
}

function parseStatement(tokens: Token[], text: string): Statement | Flaw {
  const count = tokens.length;
  parser ??= new Parser();
  try {
    parser.start(tokens, text);
    const statement = parser.statement();
    const error = parser.errors[0];
    if (error === undefined) {
      const high = count < SURELY_LOW ? undefined : tooHigh(statement);
      return high === undefined ? statement : tooComplex(high.offset, 1);
    }
    return diagnose(parser, tokens.slice(0, count), text, error);
  } catch (error) {
    if (error instanceof Refusal) {
      const { code, message, offset, length, hint } = error;
      return { code, message, offset, length, ...(hint === undefined ? {} : { hint }) };
    }
    // The caller's own stack was nearly used up, or the bounds of the lexer were too wide for it.
    if (error instanceof RangeError) return tooComplex(tokens[0]?.startOffset ?? 0, tokens[0]?.image.length ?? 0);
    throw error;
  }
}

function tooComplex(offset: number, length: number): Flaw {
  const hint = 'split it into several statements, or into common tables (WITH)';
  return { code: 'TOO_COMPLEX', message: 'the statement is nested or chained too deeply', offset, length, hint };
}
