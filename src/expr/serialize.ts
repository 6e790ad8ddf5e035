// Expressions as JSON text, for stored definitions and plan dumps. Everything but values is plain data already; a value that JSON cannot
// say (bigint, NaN, infinities, -0, bytes) is wrapped in an object with one member that names it.

import { LightningError } from '../errors.js';
import type { Value } from '../values/types.js';
import type { Expr } from './expression.js';
import { walk } from './tree.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** @example deserializeExpr(serializeExpr(e)) // equal to e */
export function serializeExpr(expr: Expr): string {
  return JSON.stringify(expr, (_key, part: unknown) =>
    isConstantNode(part) ? { ...part, value: encode(part.value) } : part,
  );
}

/** The expression as a JSON value, to stand within a larger document. */
export function exprToJson(expr: Expr): Json {
  return JSON.parse(serializeExpr(expr)) as Json;
}

/** Errors: CORRUPT when the text is not one that `serializeExpr` made. */
export function deserializeExpr(text: string): Expr {
  try {
    const expr = JSON.parse(text, (_key, part: unknown) => revive(part)) as Expr;
    walk(expr, () => undefined);
    return expr;
  } catch (cause) {
    throw new LightningError('CORRUPT', 'a stored expression cannot be read', { cause });
  }
}

/** The inverse of `exprToJson`. */
export function exprFromJson(json: unknown): Expr {
  return deserializeExpr(JSON.stringify(json));
}

function isConstantNode(part: unknown): part is { readonly kind: 'constant'; readonly value: Value } {
  return typeof part === 'object' && part !== null && 'kind' in part && part.kind === 'constant';
}

function revive(part: unknown): unknown {
  return isConstantNode(part) ? { ...part, value: decode(part.value as Json) } : part;
}

function encode(value: Value): Json {
  switch (typeof value) {
    case 'bigint':
      return { integer: String(value) };
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { real: Object.is(value, -0) ? '-0' : String(value) };
    case 'string':
    case 'boolean':
      return value;
    default:
      if (value === null) return null;
      if (value instanceof Uint8Array) return { blob: Buffer.from(value).toString('base64') };
      if (Array.isArray(value)) return (value as readonly Value[]).map(encode);
      return { geometry: value as unknown as Json };
  }
}

function decode(json: Json): Value {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map(decode);
  const wrapped = json as { readonly [name: string]: Json };
  if ('integer' in wrapped) return BigInt(wrapped['integer'] as string);
  if ('real' in wrapped) return Number(wrapped['real']);
  if ('blob' in wrapped) return Uint8Array.from(Buffer.from(wrapped['blob'] as string, 'base64'));
  return wrapped['geometry'] as unknown as Value;
}
