// Expressions as closures: no code generation, cheap to make. Used for few rows, where code generation is forbidden, and as the
// reference against which generated code is tested.

import { never } from '../../errors.js';
import { castValue } from '../../values/cast.js';
import type { Value } from '../../values/types.js';
import type { Call, Cast, Compare, Distinct, Expr, InArray, InList, Like, Match } from '../expression.js';
import { typeOf } from '../expression.js';
import { isConstant } from '../facts.js';
import { overloadOf } from '../functions.js';
import { anyArrayFunction } from './any-array.js';
import { comparison, inverse, orderOf } from './compare.js';
import type { Layout, RowFunction, RowTest } from './contract.js';
import { matchTest } from './match.js';
import { membership, rememberedMembership } from './membership.js';
import { missing, preparationFor, rememberedLike, rememberedPreparation } from './remember.js';
import { subqueryFunction } from './subquery.js';

/** The value of an expression over the rows of batches in this layout. A column outside the layout is a bug. */
export function compileClosure(expr: Expr, layout: Layout): RowFunction {
  const value = (e: Expr): RowFunction => compileClosure(e, layout);
  switch (expr.kind) {
    case 'constant': {
      const constant = expr.value;
      return () => constant;
    }
    case 'parameter': {
      const { index } = expr;
      return (_columns, _row, evaluation) => evaluation.parameters[index]!;
    }
    case 'column': {
      const slot = layout.get(expr.id) ?? missing(`column ${expr.name} is not in the batch`);
      return (columns, row) => columns[slot]![row]!;
    }
    case 'compare':
      return compareValue(expr, layout);
    case 'distinct':
      return distinctValue(expr, layout);
    case 'and':
    case 'or':
      return junctionValue(expr.args.map(value), expr.kind === 'or');
    case 'not': {
      const arg = value(expr.arg);
      return (columns, row, evaluation) => {
        const truth = arg(columns, row, evaluation);
        return truth === null ? null : truth === false;
      };
    }
    case 'is-null': {
      const arg = value(expr.arg);
      const { negated } = expr;
      return (columns, row, evaluation) => (arg(columns, row, evaluation) === null) !== negated;
    }
    case 'is-truth': {
      const arg = value(expr.arg);
      const { truth, negated } = expr;
      return (columns, row, evaluation) => (arg(columns, row, evaluation) === truth) !== negated;
    }
    case 'in-list':
      return listValue(expr, layout);
    case 'in-array':
      return arrayValue(expr, layout);
    case 'any-array':
      return anyArrayFunction(expr, value(expr.arg), value(expr.array));
    case 'like':
      return likeValue(expr, layout);
    case 'case': {
      const branches = expr.branches.map((b) => ({ when: compileTest(b.when, layout, true), then: value(b.then) }));
      const otherwise = value(expr.otherwise);
      return (columns, row, evaluation) => {
        for (const branch of branches) {
          if (branch.when(columns, row, evaluation)) return branch.then(columns, row, evaluation);
        }
        return otherwise(columns, row, evaluation);
      };
    }
    case 'cast':
      return castRow(expr, layout);
    case 'call':
      return callValue(expr, layout);
    case 'match':
      return matchValue(expr, layout);
    case 'subquery':
      return subqueryFunction(expr, expr.args.map(value), expr.operands.map(value));
    default:
      return never(expr, 'expression');
  }
}

/**
 * Whether a predicate has the wanted truth value (NULL has neither). Terms of AND and OR are judged left to right and only until the
 * answer is known.
 */
export function compileTest(expr: Expr, layout: Layout, wanted: boolean): RowTest {
  switch (expr.kind) {
    case 'not':
      return compileTest(expr.arg, layout, !wanted);
    case 'and':
    case 'or': {
      const tests = expr.args.map((arg) => compileTest(arg, layout, wanted));
      return (expr.kind === 'and') === wanted ? allOf(tests) : anyOf(tests);
    }
    case 'compare': {
      const left = compileClosure(expr.left, layout);
      const right = compileClosure(expr.right, layout);
      const holds = comparison(wanted ? expr.operator : inverse(expr.operator), typeOf(expr.left), typeOf(expr.right));
      return (columns, row, evaluation) => {
        const a = left(columns, row, evaluation);
        if (a === null) return false;
        const b = right(columns, row, evaluation);
        return b !== null && holds(a, b);
      };
    }
    default: {
      const value = compileClosure(expr, layout);
      return (columns, row, evaluation) => value(columns, row, evaluation) === wanted;
    }
  }
}

function allOf(tests: readonly RowTest[]): RowTest {
  const [a, b] = tests;
  if (tests.length === 2 && a !== undefined && b !== undefined) {
    return (columns, row, evaluation) => a(columns, row, evaluation) && b(columns, row, evaluation);
  }
  return (columns, row, evaluation) => {
    for (const test of tests) if (!test(columns, row, evaluation)) return false;
    return true;
  };
}

function anyOf(tests: readonly RowTest[]): RowTest {
  return (columns, row, evaluation) => {
    for (const test of tests) if (test(columns, row, evaluation)) return true;
    return false;
  };
}

/** AND (`decisive` false) and OR (`decisive` true) as a value. */
function junctionValue(args: readonly RowFunction[], decisive: boolean): RowFunction {
  return (columns, row, evaluation) => {
    let unknown = false;
    for (const arg of args) {
      const truth = arg(columns, row, evaluation);
      if (truth === decisive) return decisive;
      if (truth === null) unknown = true;
    }
    return unknown ? null : !decisive;
  };
}

function compareValue(expr: Compare, layout: Layout): RowFunction {
  const left = compileClosure(expr.left, layout);
  const right = compileClosure(expr.right, layout);
  const holds = comparison(expr.operator, typeOf(expr.left), typeOf(expr.right));
  return (columns, row, evaluation) => {
    const a = left(columns, row, evaluation);
    if (a === null) return null;
    const b = right(columns, row, evaluation);
    return b === null ? null : holds(a, b);
  };
}

function distinctValue(expr: Distinct, layout: Layout): RowFunction {
  const left = compileClosure(expr.left, layout);
  const right = compileClosure(expr.right, layout);
  const order = orderOf(typeOf(expr.left), typeOf(expr.right));
  const { negated } = expr;
  return (columns, row, evaluation) => {
    const a = left(columns, row, evaluation);
    const b = right(columns, row, evaluation);
    const same = a === null || b === null ? a === b : order(a, b) === 0;
    return same === negated;
  };
}

/** The membership of IN: found once for literals, per list of values for parameters; undefined when items depend on the row. */
export function membershipOf(expr: InList | InArray, layout: Layout): RowFunction | undefined {
  const argument = typeOf(expr.arg);
  const arg = compileClosure(expr.arg, layout);
  if (expr.kind === 'in-list') {
    if (!expr.items.every(isConstant)) return undefined;
    if (expr.items.every((item) => item.kind === 'constant')) {
      const contains = membership(
        expr.items.map((item) => item.value),
        argument,
      );
      return (columns, row, evaluation) => contains(arg(columns, row, evaluation));
    }
    const items = expr.items.map((item) => compileClosure(item, layout));
    const find = rememberedMembership(argument);
    return (columns, row, evaluation) =>
      find(items.map((item) => item(columns, row, evaluation)))(arg(columns, row, evaluation));
  }
  const array = compileClosure(expr.array, layout);
  const find = rememberedMembership(argument);
  return (columns, row, evaluation) =>
    find(array(columns, row, evaluation) as readonly Value[] | null)(arg(columns, row, evaluation));
}

function negatable(value: RowFunction, negated: boolean): RowFunction {
  if (!negated) return value;
  return (columns, row, evaluation) => {
    const truth = value(columns, row, evaluation);
    return truth === null ? null : truth === false;
  };
}

function listValue(expr: InList, layout: Layout): RowFunction {
  const contains = membershipOf(expr, layout);
  if (contains !== undefined) return negatable(contains, expr.negated);
  const arg = compileClosure(expr.arg, layout);
  const items = expr.items.map((item) => ({
    value: compileClosure(item, layout),
    equal: comparison('=', typeOf(expr.arg), typeOf(item)),
  }));
  const inList: RowFunction = (columns, row, evaluation) => {
    const value = arg(columns, row, evaluation);
    if (value === null) return null;
    let unknown = false;
    for (const item of items) {
      const other = item.value(columns, row, evaluation);
      if (other === null) unknown = true;
      else if (item.equal(value, other)) return true;
    }
    return unknown ? null : false;
  };
  return negatable(inList, expr.negated);
}

function arrayValue(expr: InArray, layout: Layout): RowFunction {
  return negatable(membershipOf(expr, layout) as RowFunction, expr.negated);
}

function likeValue(expr: Like, layout: Layout): RowFunction {
  const arg = compileClosure(expr.arg, layout);
  const pattern = compileClosure(expr.pattern, layout);
  const escape = compileClosure(expr.escape, layout);
  const test = rememberedLike(expr.insensitive);
  const { negated } = expr;
  return (columns, row, evaluation) => {
    const text = arg(columns, row, evaluation);
    if (text === null) return null;
    const p = pattern(columns, row, evaluation);
    if (p === null) return null;
    const e = escape(columns, row, evaluation);
    return e === null ? null : test(p as string, e as string)(text as string) !== negated;
  };
}

function castRow(expr: Cast, layout: Layout): RowFunction {
  const arg = compileClosure(expr.arg, layout);
  const from = typeOf(expr.arg);
  const to = expr.type;
  return (columns, row, evaluation) => castValue(arg(columns, row, evaluation), from, to);
}

function matchValue(expr: Match, layout: Layout): RowFunction {
  const texts = expr.fields.map((field) => compileClosure(field.text, layout));
  const query = compileClosure(expr.query, layout);
  const test = matchTest(expr);
  return (columns, row, evaluation) =>
    test(
      query(columns, row, evaluation),
      texts.map((text) => text(columns, row, evaluation)),
    );
}

function callValue(expr: Call, layout: Layout): RowFunction {
  const overload = overloadOf(expr);
  const args = expr.args.map((arg) => compileClosure(arg, layout));
  if (overload.lazy === true) {
    return (columns, row, evaluation) => {
      for (const arg of args) {
        const value = arg(columns, row, evaluation);
        if (value !== null) return value;
      }
      return null;
    };
  }
  const preparation = preparationFor(overload, expr.args);
  if (preparation !== undefined) {
    const prepare = rememberedPreparation(preparation);
    const at = preparation.argument;
    return strictly(args, (values) => {
      const rest = values.slice();
      rest.splice(at, 1);
      return prepare(values[at]!)(...rest);
    });
  }
  if (overload.context === true) {
    const inContext = overload.evaluate;
    return (columns, row, evaluation) => {
      const values = args.map((arg) => arg(columns, row, evaluation));
      return overload.strict && values.includes(null) ? null : inContext(evaluation, ...values);
    };
  }
  const { evaluate } = overload;
  const [first, second] = args;
  if (overload.strict && args.length === 1 && first !== undefined) {
    return (columns, row, evaluation) => {
      const a = first(columns, row, evaluation);
      return a === null ? null : evaluate(a);
    };
  }
  if (overload.strict && args.length === 2 && first !== undefined && second !== undefined) {
    return (columns, row, evaluation) => {
      const a = first(columns, row, evaluation);
      if (a === null) return null;
      const b = second(columns, row, evaluation);
      return b === null ? null : evaluate(a, b);
    };
  }
  if (overload.strict) return strictly(args, (values) => evaluate(...values));
  return (columns, row, evaluation) => evaluate(...args.map((arg) => arg(columns, row, evaluation)));
}

/** Evaluates arguments in turn; the first NULL ends it. */
function strictly(args: readonly RowFunction[], evaluate: (values: Value[]) => Value): RowFunction {
  return (columns, row, evaluation) => {
    const values: Value[] = [];
    for (const arg of args) {
      const value = arg(columns, row, evaluation);
      if (value === null) return null;
      values.push(value);
    }
    return evaluate(values);
  };
}
