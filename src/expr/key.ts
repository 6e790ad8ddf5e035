// A canonical text of an expression: equal texts mean equal structure. Names for people are left out.
// Used to match index expressions and as memo key, never shown or stored.

import { never } from '../errors.js';
import type { Value } from '../values/types.js';
import type { Expr } from './expression.js';
import { typeOf } from './expression.js';

const keys = new WeakMap<Expr, string>();

/** Columns stand by id, constants by type and value. Nodes are immutable, so that a key is made once per node. */
export function exprKey(expr: Expr): string {
  let key = keys.get(expr);
  if (key === undefined) {
    key = makeKey(expr);
    keys.set(expr, key);
  }
  return key;
}

/** Structural equality. */
export function equalExprs(a: Expr, b: Expr): boolean {
  return a === b || (a.kind === b.kind && exprKey(a) === exprKey(b));
}

function list(args: readonly Expr[]): string {
  return args.map(exprKey).join(' ');
}

function makeKey(expr: Expr): string {
  switch (expr.kind) {
    case 'constant':
      return `${expr.type}:${valueKey(expr.value)}`;
    case 'parameter':
      return `$${expr.index}:${expr.type}`;
    case 'column':
      return `#${expr.id}`;
    case 'compare':
      return `(${expr.operator} ${exprKey(expr.left)} ${exprKey(expr.right)})`;
    case 'distinct':
      return `(${expr.negated ? 'not-' : ''}distinct ${exprKey(expr.left)} ${exprKey(expr.right)})`;
    case 'and':
    case 'or':
      return `(${expr.kind} ${list(expr.args)})`;
    case 'not':
      return `(not ${exprKey(expr.arg)})`;
    case 'is-null':
      return `(is${expr.negated ? '-not' : ''}-null ${exprKey(expr.arg)})`;
    case 'is-truth':
      return `(is${expr.negated ? '-not' : ''}-${expr.truth} ${exprKey(expr.arg)})`;
    case 'in-list':
      return `(${expr.negated ? 'not-' : ''}in ${exprKey(expr.arg)} ${list(expr.items)})`;
    case 'in-array':
      return `(${expr.negated ? 'not-' : ''}in-array ${exprKey(expr.arg)} ${exprKey(expr.array)})`;
    case 'any-array':
      return `(${expr.operator}-any ${exprKey(expr.arg)} ${exprKey(expr.array)})`;
    case 'like': {
      const name = `${expr.negated ? 'not-' : ''}${expr.insensitive ? 'i' : ''}like`;
      return `(${name} ${exprKey(expr.arg)} ${exprKey(expr.pattern)} ${exprKey(expr.escape)})`;
    }
    case 'case':
      return `(case:${expr.type} ${list(expr.branches.flatMap((b) => [b.when, b.then]))} ${exprKey(expr.otherwise)})`;
    case 'cast':
      return `(cast:${expr.type} ${exprKey(expr.arg)})`;
    case 'call':
      return `(call ${JSON.stringify(expr.name)}:${expr.type} ${list(expr.args)})`;
    case 'match': {
      const fields = expr.fields.map((f) => `[${JSON.stringify(f.name)} ${exprKey(f.text)} ${f.boost}]`).join(' ');
      return `(match ${expr.index} ${fields} ${JSON.stringify(expr.analysis)} ${exprKey(expr.query)})`;
    }
    case 'subquery': {
      const operands = expr.operands.length === 0 ? '' : ` ${expr.operator} ${list(expr.operands)}`;
      return `(${expr.form} ${expr.id}.${expr.column}:${typeOf(expr)} [${list(expr.args)}] [${expr.slots.join(' ')}]${operands})`;
    }
    default:
      return never(expr, 'expression');
  }
}

/** Tells apart what evaluation can tell apart: -0 from 0, number from bigint; every NaN is one. */
export function valueKey(value: Value): string {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return String(value);
    default:
      if (value === null) return 'null';
      if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
      if (Array.isArray(value)) return `[${(value as readonly Value[]).map(valueKey).join(',')}]`;
      return JSON.stringify(value);
  }
}
