// Walking and rebuilding logical plans. Nothing here knows what an operator means, only what it is made of.

import { never } from '../errors.js';
import { aggregateExprs, columnsOf, mapAggregate, walk } from '../expr/build.js';
import type { Column, ColumnId, Expr } from '../expr/expression.js';
import type { LogicalPlan, OutputColumn } from '../plan/logical.js';
import { outputOf } from '../plan/logical.js';

const none: readonly LogicalPlan[] = [];

/** The direct inputs, left to right. */
export function inputsOf(plan: LogicalPlan): readonly LogicalPlan[] {
  switch (plan.kind) {
    case 'scan':
    case 'values':
    case 'common-table':
      return none;
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'distinct':
    case 'distinct-on':
    case 'sort':
    case 'limit':
    case 'update':
    case 'delete':
      return [plan.input];
    case 'join':
    case 'set-operation':
      return [plan.left, plan.right];
    case 'insert':
      return [plan.source];
    default:
      return never(plan, 'logical plan');
  }
}

/** The node with its inputs replaced; the node itself when none changed. */
export function mapInputs(plan: LogicalPlan, f: (input: LogicalPlan) => LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'scan':
    case 'values':
    case 'common-table':
      return plan;
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'distinct':
    case 'distinct-on':
    case 'sort':
    case 'limit':
    case 'update':
    case 'delete': {
      const input = f(plan.input);
      return input === plan.input ? plan : { ...plan, input };
    }
    case 'join':
    case 'set-operation': {
      const left = f(plan.left);
      const right = f(plan.right);
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
    }
    case 'insert': {
      const source = f(plan.source);
      return source === plan.source ? plan : { ...plan, source };
    }
    default:
      return never(plan, 'logical plan');
  }
}

/** The expressions of the node itself (not of its inputs). */
export function exprsOf(plan: LogicalPlan): readonly Expr[] {
  switch (plan.kind) {
    case 'scan':
      return plan.score === undefined ? [] : [plan.score.match];
    case 'values':
      return plan.rows.flat();
    case 'filter':
      return [plan.predicate];
    case 'project':
      return plan.items.map((item) => item.expr);
    case 'join':
      return [plan.condition];
    case 'aggregate':
      return [...plan.groups.map((g) => g.expr), ...plan.aggregates.flatMap((a) => aggregateExprs(a.aggregate))];
    case 'distinct-on':
    case 'sort':
      return plan.keys.map((key) => key.expr);
    case 'limit':
      return [plan.limit, plan.offset].filter((e) => e !== undefined);
    case 'insert': {
      const conflict = plan.onConflict;
      return [
        ...plan.values,
        ...(conflict?.assignments.map((a) => a.expr) ?? []),
        ...(conflict?.where === undefined ? [] : [conflict.where]),
        ...(plan.returning?.items.map((i) => i.expr) ?? []),
      ];
    }
    case 'update':
      return [...plan.assignments.map((a) => a.expr), ...(plan.returning?.items.map((i) => i.expr) ?? [])];
    case 'delete':
      return plan.returning?.items.map((i) => i.expr) ?? [];
    case 'common-table':
    case 'distinct':
    case 'set-operation':
      return [];
    default:
      return never(plan, 'logical plan');
  }
}

/** The node with its own expressions rewritten where a rule may do so: predicates, items, groups, aggregates, sort keys, values. */
export function mapExprs(plan: LogicalPlan, f: (expr: Expr) => Expr): LogicalPlan {
  switch (plan.kind) {
    case 'filter': {
      const predicate = f(plan.predicate);
      return predicate === plan.predicate ? plan : { ...plan, predicate };
    }
    case 'join': {
      const condition = f(plan.condition);
      return condition === plan.condition ? plan : { ...plan, condition };
    }
    case 'project': {
      const items = mapList(plan.items, (item) => {
        const expr = f(item.expr);
        return expr === item.expr ? item : { ...item, expr };
      });
      return items === plan.items ? plan : { ...plan, items };
    }
    case 'aggregate': {
      const groups = mapList(plan.groups, (group) => {
        const expr = f(group.expr);
        return expr === group.expr ? group : { ...group, expr };
      });
      const aggregates = mapList(plan.aggregates, (item) => {
        const aggregate = mapAggregate(item.aggregate, f);
        return aggregate === item.aggregate ? item : { ...item, aggregate };
      });
      return groups === plan.groups && aggregates === plan.aggregates ? plan : { ...plan, groups, aggregates };
    }
    case 'distinct-on':
    case 'sort': {
      const keys = mapList(plan.keys, (key) => {
        const expr = f(key.expr);
        return expr === key.expr ? key : { ...key, expr };
      });
      return keys === plan.keys ? plan : { ...plan, keys };
    }
    case 'values': {
      const rows = mapList(plan.rows, (row) => mapList(row, f));
      return rows === plan.rows ? plan : { ...plan, rows };
    }
    case 'insert': {
      const values = mapList(plan.values, f);
      return values === plan.values ? plan : { ...plan, values };
    }
    case 'update': {
      const assignments = mapList(plan.assignments, (a) => {
        const expr = f(a.expr);
        return expr === a.expr ? a : { ...a, expr };
      });
      return assignments === plan.assignments ? plan : { ...plan, assignments };
    }
    case 'scan':
    case 'common-table':
    case 'distinct':
    case 'limit':
    case 'set-operation':
    case 'delete':
      return plan;
    default:
      return never(plan, 'logical plan');
  }
}

/** `list.map(f)`, but the list itself when nothing changed. */
export function mapList<T>(list: readonly T[], f: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const before = list[i] as T;
    const after = f(before);
    if (after !== before) {
      changed ??= list.slice();
      changed[i] = after;
    }
  }
  return changed ?? list;
}

const outputs = new WeakMap<LogicalPlan, ReadonlySet<ColumnId>>();

/** The ids an operator yields. Plans are immutable, so that the answer is kept. */
export function outputIds(plan: LogicalPlan): ReadonlySet<ColumnId> {
  let ids = outputs.get(plan);
  if (ids === undefined) {
    ids = new Set(outputOf(plan).map((column) => column.id));
    outputs.set(plan, ids);
  }
  return ids;
}

/** An operator's column as an expression of the operators above. */
export function columnOf({ id, name, type, nullable }: OutputColumn): Column {
  return { kind: 'column', id, name, type, nullable };
}

const reads = new WeakMap<Expr, ReadonlySet<ColumnId>>();

/** The columns an expression reads, kept per node. */
export function readsOf(expr: Expr): ReadonlySet<ColumnId> {
  let ids = reads.get(expr);
  if (ids === undefined) {
    ids = columnsOf(expr);
    reads.set(expr, ids);
  }
  return ids;
}

/** Whether every column the expression reads is among `ids`. */
export function readsOnly(expr: Expr, ids: ReadonlySet<ColumnId>): boolean {
  for (const id of readsOf(expr)) if (!ids.has(id)) return false;
  return true;
}

export function readsAny(expr: Expr, ids: ReadonlySet<ColumnId>): boolean {
  for (const id of readsOf(expr)) if (ids.has(id)) return true;
  return false;
}

/** Visits a plan and all below it, parents first. */
export function walkPlan(plan: LogicalPlan, visit: (node: LogicalPlan) => void): void {
  visit(plan);
  for (const input of inputsOf(plan)) walkPlan(input, visit);
}

/** Whether the plan, or the plan of a sub-query within it, reads one of the parameter slots. */
export function readsSlots(plan: LogicalPlan, slots: ReadonlySet<number>, subqueries: readonly LogicalPlan[]): boolean {
  let found = false;
  walkPlan(plan, (node) => {
    if (!found) found = exprsOf(node).some((expr) => exprReadsSlots(expr, slots, subqueries));
  });
  return found;
}

/** The same for one expression. */
export function exprReadsSlots(expr: Expr, slots: ReadonlySet<number>, subqueries: readonly LogicalPlan[]): boolean {
  if (slots.size === 0) return false;
  let found = false;
  walk(expr, (node) => {
    if (found) return false;
    if (node.kind === 'parameter') found = slots.has(node.index);
    else if (node.kind === 'subquery') {
      const plan = subqueries[node.id];
      if (plan !== undefined) found = readsSlots(plan, slots, subqueries);
    }
    return !found;
  });
  return found;
}
