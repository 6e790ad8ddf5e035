// Walking and rebuilding expression trees. Nothing here knows what an expression means, only what it is made of.

import { never } from '../errors.js';
import { and, not, or } from './build.js';
import type { Aggregate, ColumnId, Expr } from './expression.js';

const none: readonly Expr[] = [];

/** The direct sub-expressions, in order of evaluation. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'constant':
    case 'parameter':
    case 'column':
      return none;
    case 'compare':
    case 'distinct':
      return [expr.left, expr.right];
    case 'and':
    case 'or':
    case 'call':
      return expr.args;
    case 'not':
    case 'is-null':
    case 'is-truth':
    case 'cast':
      return [expr.arg];
    case 'in-list':
      return [expr.arg, ...expr.items];
    case 'in-array':
    case 'any-array':
      return [expr.arg, expr.array];
    case 'like':
      return [expr.arg, expr.pattern, expr.escape];
    case 'case':
      return [...expr.branches.flatMap((b) => [b.when, b.then]), expr.otherwise];
    case 'match':
      return [...expr.fields.map((f) => f.text), expr.query];
    case 'subquery':
      return [...expr.args, ...expr.operands];
    default:
      return never(expr, 'expression');
  }
}

function mapAll(args: readonly Expr[], f: (child: Expr) => Expr): readonly Expr[] {
  let changed: Expr[] | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const mapped = f(arg);
    if (mapped !== arg) {
      changed ??= args.slice();
      changed[i] = mapped;
    }
  }
  return changed ?? args;
}

/** The node with its direct sub-expressions replaced; the node itself when nothing changed. `f` must keep types. */
export function mapChildren(expr: Expr, f: (child: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'constant':
    case 'parameter':
    case 'column':
      return expr;
    case 'compare':
    case 'distinct': {
      const left = f(expr.left);
      const right = f(expr.right);
      return left === expr.left && right === expr.right ? expr : { ...expr, left, right };
    }
    case 'and': {
      const args = mapAll(expr.args, f);
      return args === expr.args ? expr : and(args);
    }
    case 'or': {
      const args = mapAll(expr.args, f);
      return args === expr.args ? expr : or(args);
    }
    case 'call': {
      const args = mapAll(expr.args, f);
      return args === expr.args ? expr : { ...expr, args };
    }
    case 'not': {
      const arg = f(expr.arg);
      return arg === expr.arg ? expr : not(arg);
    }
    case 'is-null':
    case 'is-truth':
    case 'cast': {
      const arg = f(expr.arg);
      return arg === expr.arg ? expr : { ...expr, arg };
    }
    case 'in-list': {
      const arg = f(expr.arg);
      const items = mapAll(expr.items, f);
      return arg === expr.arg && items === expr.items ? expr : { ...expr, arg, items };
    }
    case 'in-array':
    case 'any-array': {
      const arg = f(expr.arg);
      const array = f(expr.array);
      return arg === expr.arg && array === expr.array ? expr : { ...expr, arg, array };
    }
    case 'like': {
      const arg = f(expr.arg);
      const pattern = f(expr.pattern);
      const escape = f(expr.escape);
      const same = arg === expr.arg && pattern === expr.pattern && escape === expr.escape;
      return same ? expr : { ...expr, arg, pattern, escape };
    }
    case 'case': {
      let changed = false;
      const branches = expr.branches.map((branch) => {
        const when = f(branch.when);
        const then = f(branch.then);
        if (when === branch.when && then === branch.then) return branch;
        changed = true;
        return { when, then };
      });
      const otherwise = f(expr.otherwise);
      return changed || otherwise !== expr.otherwise ? { ...expr, branches, otherwise } : expr;
    }
    case 'match': {
      let changed = false;
      const fields = expr.fields.map((field) => {
        const text = f(field.text);
        if (text === field.text) return field;
        changed = true;
        return { ...field, text };
      });
      const query = f(expr.query);
      return changed || query !== expr.query ? { ...expr, fields, query } : expr;
    }
    case 'subquery': {
      const args = mapAll(expr.args, f);
      const operands = mapAll(expr.operands, f);
      return args === expr.args && operands === expr.operands ? expr : { ...expr, args, operands };
    }
    default:
      return never(expr, 'expression');
  }
}

/** Visits the expression and all below it, parents first. Return false to leave a node's children out. */
export function walk(expr: Expr, visit: (node: Expr) => boolean | void): void {
  if (visit(expr) === false) return;
  for (const child of children(expr)) walk(child, visit);
}

/** Rebuilds from the leaves up: `f` sees each node with its children already rebuilt. */
export function rewrite(expr: Expr, f: (node: Expr) => Expr): Expr {
  return f(mapChildren(expr, (child) => rewrite(child, f)));
}

/** Whether some node satisfies `test`. */
export function some(expr: Expr, test: (node: Expr) => boolean): boolean {
  return test(expr) || children(expr).some((child) => some(child, test));
}

/** The columns read, including those handed to sub-queries. */
export function columnsOf(expr: Expr, into: Set<ColumnId> = new Set()): Set<ColumnId> {
  if (expr.kind === 'column') into.add(expr.id);
  else for (const child of children(expr)) columnsOf(child, into);
  return into;
}

/** The parameter slots read. Sub-queries read more, in plans that are not seen here. */
export function parametersOf(expr: Expr, into: Set<number> = new Set()): Set<number> {
  if (expr.kind === 'parameter') into.add(expr.index);
  else for (const child of children(expr)) parametersOf(child, into);
  return into;
}

/** Replaces columns; `by` returns the column itself (or undefined) to leave it. */
export function substitute(expr: Expr, by: (column: Extract<Expr, { kind: 'column' }>) => Expr | undefined): Expr {
  return expr.kind === 'column' ? (by(expr) ?? expr) : mapChildren(expr, (child) => substitute(child, by));
}

/** The terms of a conjunction; TRUE has none. */
export function conjuncts(expr: Expr): readonly Expr[] {
  if (expr.kind === 'and') return expr.args;
  return expr.kind === 'constant' && expr.value === true ? none : [expr];
}

/** What an aggregate takes of each row, in this order: its arguments, what they are compared by, the keys of its ORDER BY. */
export function accumulated({ args, keys = [], orderBy = [] }: Aggregate): readonly Expr[] {
  return keys.length + orderBy.length === 0 ? args : [...args, ...keys, ...orderBy.map((key) => key.expr)];
}

/** What an aggregate evaluates: what it takes of each row, and its FILTER. */
export function aggregateExprs(aggregate: Aggregate): readonly Expr[] {
  const taken = accumulated(aggregate);
  return aggregate.filter === undefined ? taken : [...taken, aggregate.filter];
}

/** The aggregate with what it evaluates replaced; the aggregate itself when nothing changed. */
export function mapAggregate(aggregate: Aggregate, f: (expr: Expr) => Expr): Aggregate {
  const args = mapAll(aggregate.args, f);
  const keys = aggregate.keys && mapAll(aggregate.keys, f);
  const filter = aggregate.filter === undefined ? undefined : f(aggregate.filter);
  const order = aggregate.orderBy?.map((key) => {
    const expr = f(key.expr);
    return expr === key.expr ? key : { ...key, expr };
  });
  const orderBy = order?.some((key, i) => key !== aggregate.orderBy?.[i]) ? order : aggregate.orderBy;
  const same =
    args === aggregate.args && keys === aggregate.keys && filter === aggregate.filter && orderBy === aggregate.orderBy;
  return same ? aggregate : { ...aggregate, args, keys, filter, orderBy };
}
