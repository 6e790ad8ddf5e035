// Expressions as text.

import type * as ast from './ast.js';
import { list, name, printType, quoteText } from './print-leaves.js';
import { printQuery } from './printer.js';

export function printQueryInParens(query: ast.Query): string {
  return `(${printQuery(query)})`;
}

export function printOrder(item: ast.OrderItem): string {
  const nulls = item.nulls === undefined ? '' : ` NULLS ${item.nulls.toUpperCase()}`;
  return `${printExpr(item.expression)}${item.descending ? ' DESC' : ''}${nulls}`;
}

/** An operand: in parentheses unless it is one token, a call, or in parentheses of its own. */
function operand(node: ast.Expr): string {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'blob':
    case 'boolean':
    case 'null':
    case 'parameter':
    case 'column':
    case 'call':
    case 'row':
    case 'array':
    case 'exists':
    case 'scalar-query':
    case 'subscript':
    case 'slice':
      return printExpr(node);
    default:
      return `(${printExpr(node)})`;
  }
}

export function printExpr(node: ast.Expr): string {
  switch (node.kind) {
    case 'number':
      return node.text;
    case 'string':
      return quoteText(node.value);
    case 'blob':
      return `x'${Buffer.from(node.value).toString('hex')}'`;
    case 'boolean':
      return node.value ? 'TRUE' : 'FALSE';
    case 'null':
      return 'NULL';
    case 'typed-literal':
      return `${node.type.name.toUpperCase()} ${quoteText(node.value)}`;
    case 'interval':
      return `INTERVAL ${quoteText(node.value)}${node.unit === undefined ? '' : ` ${node.unit.toUpperCase()}`}`;
    case 'parameter':
      return node.style === 'question' ? '?' : `$${node.style === 'number' ? node.index : node.name}`;
    case 'column':
      return node.table === undefined ? name(node.name) : `${name(node.table)}.${name(node.name)}`;
    case 'unary':
      return `${node.operator}${operand(node.operand)}`;
    case 'not':
      return `NOT ${operand(node.operand)}`;
    case 'and':
      return node.operands.map(operand).join(' AND ');
    case 'or':
      return node.operands.map(operand).join(' OR ');
    case 'binary':
    case 'compare':
      return `${operand(node.left)} ${node.operator} ${operand(node.right)}`;
    case 'quantified': {
      const right = node.right.kind === 'query' ? printQuery(node.right) : printExpr(node.right);
      return `${operand(node.left)} ${node.operator} ${node.quantifier.toUpperCase()} (${right})`;
    }
    case 'is':
      return `${operand(node.operand)} IS ${not(node)}${node.test.toUpperCase()}`;
    case 'distinct-from':
      return `${operand(node.left)} IS ${not(node)}DISTINCT FROM ${operand(node.right)}`;
    case 'between': {
      const range = `${operand(node.low)} AND ${operand(node.high)}`;
      return `${operand(node.operand)} ${not(node)}BETWEEN ${node.symmetric ? 'SYMMETRIC ' : ''}${range}`;
    }
    case 'in-list':
      return `${operand(node.operand)} ${not(node)}IN (${list(node.items, printExpr)})`;
    case 'in-query':
      return `${operand(node.operand)} ${not(node)}IN ${printQueryInParens(node.query)}`;
    case 'in-array':
      return `${operand(node.operand)} ${not(node)}IN ${printExpr(node.array)}`;
    case 'like': {
      const escape = node.escape === undefined ? '' : ` ESCAPE ${operand(node.escape)}`;
      const word = node.insensitive ? 'ILIKE' : 'LIKE';
      return `${operand(node.operand)} ${not(node)}${word} ${operand(node.pattern)}${escape}`;
    }
    case 'case': {
      const branches = node.branches.map((branch) => `WHEN ${printExpr(branch.when)} THEN ${printExpr(branch.then)} `);
      const subject = node.subject === undefined ? '' : `${printExpr(node.subject)} `;
      const otherwise = node.otherwise === undefined ? '' : `ELSE ${printExpr(node.otherwise)} `;
      return `CASE ${subject}${branches.join('')}${otherwise}END`;
    }
    case 'cast':
      return `CAST(${printExpr(node.operand)} AS ${printType(node.type)})`;
    case 'collate':
      return `${operand(node.operand)} COLLATE ${name(node.collation)}`;
    case 'call':
      return printCall(node);
    case 'exists':
      return `EXISTS ${printQueryInParens(node.query)}`;
    case 'scalar-query':
      return printQueryInParens(node.query);
    case 'array':
      return `ARRAY[${list(node.items, printExpr)}]`;
    case 'subscript':
      return `${subscripted(node.operand)}[${printExpr(node.index)}]`;
    case 'slice': {
      const [from, to] = [node.from, node.to].map((bound) => (bound === undefined ? '' : printExpr(bound)));
      return `${subscripted(node.operand)}[${from}:${to}]`;
    }
    case 'row':
      return `ROW(${list(node.items, printExpr)})`;
  }
}

/** As PostgreSQL takes it: columns and parameters as they are. */
function subscripted(node: ast.Expr): string {
  const bare =
    node.kind === 'column' || node.kind === 'parameter' || node.kind === 'subscript' || node.kind === 'slice';
  return bare ? printExpr(node) : `(${printExpr(node)})`;
}

function not(node: { readonly negated: boolean }): string {
  return node.negated ? 'NOT ' : '';
}

function printCall(node: ast.Call): string {
  const { args } = node;
  const function_ = node.name.quoted ? '' : node.name.text;
  const [first, second] = args;
  if (args.length === 0 && /^(current_date|current_timestamp|localtimestamp)$/.test(function_)) return function_;
  if (function_ === 'extract' && first !== undefined && second !== undefined) {
    return `extract(${printExpr(first)} FROM ${printExpr(second)})`;
  }
  if (function_ === 'position' && first !== undefined && second !== undefined) {
    return `position(${operand(first)} IN ${printExpr(second)})`;
  }
  const order = node.orderBy.length === 0 ? '' : ` ORDER BY ${list(node.orderBy, printOrder)}`;
  const inside = node.star ? '*' : `${node.distinct ? 'DISTINCT ' : ''}${list(args, printExpr)}${order}`;
  const filter = node.filter === undefined ? '' : ` FILTER (WHERE ${printExpr(node.filter)})`;
  return `${name(node.name)}(${inside})${filter}`;
}
