// Statements that differ only in literals share their plan: the literals named by the text's shape become parameters of the tree.

import type * as ast from '../../../grammar/ast.js';
import type { LiftedLiteral, Shape } from '../../../grammar/shape.js';
import type { Type } from '../../values/types.js';
import type { Lifted } from '../input/bind-values.js';

/** Constructs whose planning reads the literal itself: a LIKE pattern's prefix, a search's words, a shape on the map. */
const READ_BY_PLANNER = /\b(i?like|match|st_[a-z]+|explain)\b/i;

/** Whether the text's literals can be lifted without making its plan worse. */
export function canLift(text: string, shape: Shape): boolean {
  if (shape.literals.length === 0) return false;
  if (shape.explicitParameters.some((parameter) => parameter.style === 'name')) return false;
  if (shape.literals.some((literal) => typeof literal.value === 'bigint')) return false;
  return !READ_BY_PLANNER.test(text);
}

/** Number of the text's own parameters: the lifted ones come after them. */
export function explicitCount(shape: Shape): number {
  return shape.explicitParameters.reduce((most, parameter) => Math.max(most, parameter.index), 0);
}

/** The values of the lifted literals, in order. */
export function liftedValues(literals: readonly LiftedLiteral[]): Lifted[] {
  return literals.map(({ value, tokenType }) => ({
    value: tokenType === 'blob' ? new Uint8Array(Buffer.from(value as string, 'hex')) : value,
    untyped: tokenType === 'string',
  }));
}

/** The type of a lifted literal; undefined for a string, whose place decides. */
export function liftedType({ tokenType }: LiftedLiteral): Type | undefined {
  switch (tokenType) {
    case 'integer':
      return 'integer';
    case 'decimal':
      return 'real';
    case 'blob':
      return 'blob';
    case 'string':
      return undefined;
  }
}

/** The statement with the literals at these places replaced by numbered parameters after the first `explicit`. */
export function lift(statement: ast.Statement, shape: Shape): ast.Statement {
  const first = explicitCount(shape);
  const places = new Map(shape.literals.map((literal, i) => [literal.offset, first + i + 1]));
  // Parts without literals stay the nodes they are.
  const replace = (node: unknown): unknown => {
    if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return node;
    if (Array.isArray(node)) {
      const parts = node.map(replace);
      return parts.some((part, i) => part !== node[i]) ? parts : node;
    }
    const { kind, offset, length } = node as Partial<ast.NumberLiteral | ast.StringLiteral | ast.BlobLiteral>;
    if (kind === 'number' || kind === 'string' || kind === 'blob') {
      const index = places.get(offset!);
      if (index === undefined) return node;
      return { kind: 'parameter', style: 'number', index, name: '', offset, length } satisfies ast.Parameter | object;
    }
    let copy: Record<string, unknown> | undefined;
    for (const key in node) {
      const child = (node as Record<string, unknown>)[key];
      const part = replace(child);
      if (part !== child) (copy ??= { ...node })[key] = part;
    }
    return copy ?? node;
  };
  return replace(statement) as ast.Statement;
}
