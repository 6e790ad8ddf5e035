// From a place in the text to an error that a person can act on: position, drawing, hint. The one maker of positioned errors.

import type { Problem, Span } from '../../grammar/ast.js';
import type { ErrorCode, Position } from '../errors.js';
import { LightningError } from '../errors.js';

const WIDEST_LINE = 160;

/** Line and column (from 1) of a span of the text. */
export function positionOf(text: string, span: Span): Position {
  const offset = Math.min(span.offset, text.length);
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  return { offset, length: span.length, line, column };
}

/** The line of the text with carets under the span. Long lines are cut around it. */
export function drawing(text: string, position: Position): string {
  const start = position.offset - (position.column - 1);
  const newline = text.indexOf('\n', start);
  const whole = text.slice(start, newline < 0 ? text.length : newline).replaceAll('\t', ' ');
  const from = Math.max(0, Math.min(position.column - 1 - WIDEST_LINE / 2, whole.length - WIDEST_LINE));
  const line = whole.slice(from, from + WIDEST_LINE);
  const at = position.column - 1 - from;
  const carets = '^'.repeat(Math.max(1, Math.min(position.length, line.length - at)));
  const margin = `${position.line} | `;
  return `  ${margin}${line}\n  ${' '.repeat(margin.length)}${' '.repeat(at)}${carets}`;
}

/** An error at a place in the statement's text. */
export function errorAt(
  text: string,
  span: Span,
  code: ErrorCode,
  message: string,
  hint?: string,
  cause?: unknown,
): LightningError {
  const position = positionOf(text, span);
  const lines = [message, drawing(text, position)];
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return new LightningError(code, lines.join('\n'), { position, hint, cause });
}

/** A problem of the grammar as an error. */
export function errorOfProblem(text: string, problem: Problem): LightningError {
  const expected = problem.expected?.length ? `; expected ${problem.expected.join(' or ')}` : '';
  return errorAt(text, problem, problem.code, `${problem.message}${expected}`, problem.hint);
}
