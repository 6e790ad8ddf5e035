// Expressions as SQL text, for EXPLAIN and stored definitions. Sub-expressions get parentheses wherever precedence leaves a doubt; the
// text reads back as the same expression, except for sub-queries, which have no text of their own.

import { never } from '../errors.js';
import { arrayToText } from '../values/array-text.js';
import { formatValue } from '../values/cast.js';
import { typeName } from '../values/describe.js';
import type { Value } from '../values/types.js';
import { elementType } from '../values/types.js';
import type { Call, Column, Constant, Expr, Subquery } from './expression.js';
import { TO_THE_END } from './functions/array.js';

export interface PrintOptions {
  /** How to write a column; default: its name, quoted where needed. */
  readonly column?: (column: Column) => string;
}

/** How tightly a construct binds; operands of weaker ones get parentheses. */
const OR = 1;
const AND = 2;
const NOT = 3;
const TEST = 4; // comparison, IS, IN, LIKE
const OTHER = 5; // ||, ->, @>
const SUM = 6;
const PRODUCT = 7;
const POWER = 8;
const SIGN = 9;
const ATOM = 10;

const infix: Readonly<Record<string, number>> = {
  '||': OTHER,
  '->': OTHER,
  '->>': OTHER,
  '#>': OTHER,
  '#>>': OTHER,
  '#-': OTHER,
  '@>': OTHER,
  '<@': OTHER,
  '+': SUM,
  '-': SUM,
  '*': PRODUCT,
  '/': PRODUCT,
  '%': PRODUCT,
  '^': POWER,
};

/** @example printExpr(and([compare('>', a, constant(1, 'integer')), isNull(b)])) // a > 1 AND b IS NULL */
export function printExpr(expr: Expr, options: PrintOptions = {}): string {
  return new Printer(options).print(expr, 0);
}

class Printer {
  readonly #column: (column: Column) => string;

  constructor(options: PrintOptions) {
    this.#column = options.column ?? ((column) => column.name.split('.').map(quoteName).join('.'));
  }

  /** The text, in parentheses when it binds less than `least`. */
  print(expr: Expr, least: number): string {
    const [text, binding] = this.#text(expr);
    return binding < least ? `(${text})` : text;
  }

  #text(expr: Expr): readonly [text: string, binding: number] {
    switch (expr.kind) {
      case 'constant':
        return literal(expr);
      case 'parameter':
        return [`$${expr.index + 1}`, ATOM];
      case 'column':
        return [this.#column(expr), ATOM];
      case 'compare':
        return [`${this.#operand(expr.left)} ${expr.operator} ${this.#operand(expr.right)}`, TEST];
      case 'distinct': {
        const operator = expr.negated ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM';
        return [`${this.#operand(expr.left)} ${operator} ${this.#operand(expr.right)}`, TEST];
      }
      case 'and':
        return [expr.args.map((arg) => this.print(arg, NOT)).join(' AND '), AND];
      case 'or':
        return [expr.args.map((arg) => this.print(arg, AND)).join(' OR '), OR];
      case 'not':
        return [`NOT ${this.print(expr.arg, ATOM)}`, NOT];
      case 'is-null':
        return [`${this.#operand(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}NULL`, TEST];
      case 'is-truth':
        return [`${this.#operand(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}${expr.truth ? 'TRUE' : 'FALSE'}`, TEST];
      case 'in-list':
        return [`${this.#operand(expr.arg)} ${expr.negated ? 'NOT ' : ''}IN (${this.#list(expr.items)})`, TEST];
      case 'in-array':
        return [`${this.#operand(expr.arg)} ${expr.negated ? 'NOT ' : ''}IN ${this.print(expr.array, ATOM)}`, TEST];
      case 'any-array':
        return [`${this.#operand(expr.arg)} ${expr.operator} ANY (${this.print(expr.array, 0)})`, TEST];
      case 'like': {
        const operator = `${expr.negated ? 'NOT ' : ''}${expr.insensitive ? 'ILIKE' : 'LIKE'}`;
        const usual = expr.escape.kind === 'constant' && expr.escape.value === '\\';
        const escape = usual ? '' : ` ESCAPE ${this.#operand(expr.escape)}`;
        return [`${this.#operand(expr.arg)} ${operator} ${this.#operand(expr.pattern)}${escape}`, TEST];
      }
      case 'case': {
        const branches = expr.branches.map((b) => `WHEN ${this.print(b.when, 0)} THEN ${this.print(b.then, 0)} `);
        return [`CASE ${branches.join('')}ELSE ${this.print(expr.otherwise, 0)} END`, ATOM];
      }
      case 'cast':
        return [`CAST(${this.print(expr.arg, 0)} AS ${typeName(expr.type)})`, ATOM];
      case 'call':
        return this.#call(expr);
      case 'match':
        return [`MATCH(${this.#list([...expr.fields.map((field) => field.text), expr.query])})`, ATOM];
      case 'subquery': {
        const outer = expr.args.length === 0 ? '' : ` of ${this.#list(expr.args)}`;
        const query = `(subquery ${expr.id}${outer})${expr.column > 0 ? `.${expr.column + 1}` : ''}`;
        return expr.operands.length === 0
          ? [`${expr.form === 'exists' ? 'EXISTS ' : ''}${query}`, ATOM]
          : [`${this.#row(expr.operands)} ${quantifierOf(expr)} ${query}`, TEST];
      }
      default:
        return never(expr, 'expression');
    }
  }

  /** One side of a comparison or test. */
  #operand(expr: Expr): string {
    return this.print(expr, OTHER);
  }

  #row(items: readonly Expr[]): string {
    const [only] = items;
    return items.length === 1 && only !== undefined ? this.#operand(only) : `(${this.#list(items)})`;
  }

  #list(args: readonly Expr[]): string {
    return args.map((arg) => this.print(arg, 0)).join(', ');
  }

  #call(expr: Call): readonly [string, number] {
    const { name, args } = expr;
    const [first, second] = args;
    const binding = infix[name];
    if (binding !== undefined && first !== undefined && second !== undefined) {
      return [`${this.print(first, binding)} ${name} ${this.print(second, binding + 1)}`, binding];
    }
    if (name === 'negate' && first !== undefined) {
      // -5 is a literal, -(5) the operator.
      return [first.kind === 'constant' ? `-(${this.print(first, 0)})` : `-${this.print(first, ATOM)}`, SIGN];
    }
    if (name === 'add_interval' && first !== undefined) {
      const interval = intervalText(args.slice(1));
      if (interval !== undefined) return [`${this.print(first, SUM)} + INTERVAL '${interval}'`, SUM];
    }
    if ((name === 'extract' || name === 'date_part') && first?.kind === 'constant' && second !== undefined) {
      if (/^[a-z]+$/.test(String(first.value)))
        return [`extract(${String(first.value)} FROM ${this.print(second, 0)})`, ATOM];
    }
    if (name === 'position' && first !== undefined && second !== undefined) {
      return [`position(${this.print(first, OTHER)} IN ${this.print(second, OTHER)})`, ATOM];
    }
    if ((name === 'array_element' || name === 'array_slice') && first !== undefined && second !== undefined) {
      const text = this.print(first, 0);
      const array = /^[\w$".]+$/.test(text) ? text : `(${text})`;
      const [, , to] = args;
      const end = to === undefined ? '' : isToTheEnd(to) ? ':' : `:${this.print(to, 0)}`;
      return [`${array}[${this.print(second, 0)}${end}]`, ATOM];
    }
    if (name === 'array') return [`ARRAY[${this.#list(args)}]`, ATOM];
    if (args.length === 0 && /^(current_|localtimestamp$)/.test(name)) return [name, ATOM];
    return [`${name}(${this.#list(args)})`, ATOM];
  }
}

/** What stands between operands and a sub-query. */
export function quantifierOf({ form, operator }: Subquery): string {
  if (form === 'row') return operator;
  return operator === '=' ? 'IN' : `${operator} ANY`;
}

function isToTheEnd(bound: Expr): boolean {
  return bound.kind === 'constant' && bound.value === TO_THE_END;
}

function intervalText(parts: readonly Expr[]): string | undefined {
  const numbers = parts.map((part) => (part.kind === 'constant' && typeof part.value === 'number' ? part.value : NaN));
  const [months = NaN, days = NaN, milliseconds = NaN] = numbers;
  if (Number.isNaN(months + days + milliseconds)) return undefined;
  const words = [];
  if (months !== 0) words.push(`${months} months`);
  if (days !== 0) words.push(`${days} days`);
  if (milliseconds !== 0 || words.length === 0) words.push(`${milliseconds} milliseconds`);
  return words.join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function literal(expr: Constant): readonly [string, number] {
  const { value, type } = expr;
  if (value === null) return type === 'null' ? ['NULL', ATOM] : [`CAST(NULL AS ${typeName(type)})`, ATOM];
  switch (type) {
    case 'integer':
      return [String(value), (value as number) < 0 ? SIGN : ATOM];
    case 'real':
      return realLiteral(value as number);
    case 'text':
      return [quoted(value as string), ATOM];
    case 'boolean':
      return [value === true ? 'TRUE' : 'FALSE', ATOM];
    case 'timestamp':
      return [`TIMESTAMP ${quoted(formatValue(value, type))}`, ATOM];
    case 'date':
      return [`DATE ${quoted(formatValue(value, type))}`, ATOM];
    default: {
      const element = elementType(type);
      const text = element ? arrayToText(value as readonly Value[], element) : formatValue(value, type);
      return [`CAST(${quoted(text)} AS ${typeName(type)})`, ATOM];
    }
  }
}

/** A point or an exponent makes it a REAL; what has neither digits nor sign of its own is cast from text. */
function realLiteral(value: number): readonly [string, number] {
  if (!Number.isFinite(value) || Object.is(value, -0)) {
    return [`CAST('${Object.is(value, -0) ? '-0' : value}' AS REAL)`, ATOM];
  }
  const text = String(value);
  return [/[.e]/.test(text) ? text : `${text}.0`, value < 0 ? SIGN : ATOM];
}

/** Words of the grammar that cannot stand for a column without quotes. */
const reserved = new Set(
  `all analyze and any as asc between both by case cast check collate column constraint create cross current_date current_timestamp
  default delete desc distinct do else end except exists false fetch for foreign from full group having ilike in inner insert
  intersect interval into is isnull join lateral leading left like limit localtimestamp match natural not notnull null offset on only or order
  outer primary references returning right select set some symmetric table then to trailing true union unique update using values
  when where window with`
    .trim()
    .split(/\s+/),
);

/** A name as it must be written: folded names stand as they are, all others in double quotes. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
