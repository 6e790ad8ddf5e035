// Two slow interpreters over rows in memory: one of logical plans, as they are defined, and one of physical plans, as their contract says.
// What the optimizer does is right when both give the same rows.

import type { IndexDef, TableDef } from '../../src/catalog/definitions.js';
import type { Probe, RowSetPlan } from '../../src/catalog/offer.js';
import type { Bound, ValueSet } from '../../src/expr/constraint.js';
import { compileClosure, evaluateConstant } from '../../src/expr/evaluate.js';
import type { Evaluation } from '../../src/expr/evaluation.js';
import type { Aggregate, ColumnId, Expr } from '../../src/expr/expression.js';
import { typeOf } from '../../src/expr/expression.js';
import type { LogicalPlan, LogicalQuery, SortKey } from '../../src/plan/logical.js';
import { outputOf } from '../../src/plan/logical.js';
import type { PhysicalPlan, PhysicalQuery, ScanOutput } from '../../src/plan/physical.js';
import { comparator, compareValues } from '../../src/values/order.js';
import type { Row, Value } from '../../src/values/types.js';

export type Data = ReadonlyMap<string, readonly Row[]>;

/** Rows with the ids of their columns. */
interface Rows {
  readonly ids: readonly ColumnId[];
  readonly rows: readonly Row[];
}

function evaluator(expr: Expr, ids: readonly ColumnId[], evaluation: Evaluation): (row: Row) => Value {
  const run = compileClosure(expr, new Map(ids.map((id, i) => [id, i])));
  return (row) =>
    run(
      row.map((v) => [v]),
      0,
      evaluation,
    );
}

const textOf = (row: readonly Value[]) => JSON.stringify(row, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));

function sortRows(input: Rows, keys: readonly SortKey[], evaluation: Evaluation): Rows {
  const made = keys.map((key) => ({
    of: evaluator(key.expr, input.ids, evaluation),
    by: comparator(typeOf(key.expr), key),
  }));
  const rows = input.rows.map((row) => ({ row, keys: made.map((k) => k.of(row)) }));
  rows.sort((a, b) => {
    for (let i = 0; i < made.length; i++) {
      const order = made[i]!.by(a.keys[i]!, b.keys[i]!);
      if (order !== 0) return order;
    }
    return 0;
  });
  return { ids: input.ids, rows: rows.map((r) => r.row) };
}

function aggregateOf(
  aggregate: Aggregate,
  ids: readonly ColumnId[],
  rows: readonly Row[],
  evaluation: Evaluation,
): Value {
  const filter = aggregate.filter && evaluator(aggregate.filter, ids, evaluation);
  const kept = filter ? rows.filter((r) => filter(r) === true) : rows;
  const arg = aggregate.args[0];
  if (arg === undefined) return kept.length;
  const of = evaluator(arg, ids, evaluation);
  let values = kept.map(of).filter((v) => v !== null);
  if (aggregate.distinct) values = [...new Map(values.map((v) => [textOf([v]), v])).values()];
  if (aggregate.name === 'count') return values.length;
  if (values.length === 0) return null;
  const type = typeOf(arg);
  const numbers = values.map(Number);
  switch (aggregate.name) {
    case 'sum':
      return numbers.reduce((a, b) => a + b);
    case 'min':
      return values.reduce((a, b) => (compareValues(a, b, type) <= 0 ? a : b));
    case 'max':
      return values.reduce((a, b) => (compareValues(a, b, type) >= 0 ? a : b));
    default:
      throw new Error(`not interpreted: ${aggregate.name}`);
  }
}

function group(
  input: Rows,
  groups: readonly Expr[],
  aggregates: readonly Aggregate[],
  ids: readonly ColumnId[],
  evaluation: Evaluation,
): Rows {
  const keys = groups.map((g) => evaluator(g, input.ids, evaluation));
  const found = new Map<string, { key: Row; rows: Row[] }>();
  if (groups.length === 0) found.set('[]', { key: [], rows: [...input.rows] });
  else {
    for (const row of input.rows) {
      const key = keys.map((k) => k(row));
      const text = textOf(key);
      const entry = found.get(text) ?? { key, rows: [] };
      entry.rows.push(row);
      found.set(text, entry);
    }
  }
  const rows = [...found.values()].map((g) => [
    ...g.key,
    ...aggregates.map((a) => aggregateOf(a, input.ids, g.rows, evaluation)),
  ]);
  return { ids, rows };
}

function joinRows(
  type: string,
  left: Rows,
  rightIds: readonly ColumnId[],
  matches: (row: Row) => readonly Row[],
  right: readonly Row[] = [],
): Rows {
  const rows: Row[] = [];
  const met = new Set<Row>();
  for (const row of left.rows) {
    const found = matches(row);
    if (type === 'semi' || type === 'anti') {
      if (found.length > 0 === (type === 'semi')) rows.push(row);
    } else if (found.length > 0) for (const r of found) rows.push([...row, ...r]);
    else if (type === 'left' || type === 'full') rows.push([...row, ...rightIds.map(() => null)]);
    for (const r of found) met.add(r);
  }
  if (type === 'full') for (const r of right) if (!met.has(r)) rows.push([...left.ids.map(() => null), ...r]);
  return { ids: type === 'semi' || type === 'anti' ? left.ids : [...left.ids, ...rightIds], rows };
}

/** Ascending, NULLs last. */
function requireOrder(input: Rows, keys: readonly Expr[], evaluation: Evaluation): void {
  const sortKeys = keys.map((expr) => ({ expr, desc: false, nullsFirst: false }));
  const sorted = sortRows(input, sortKeys, evaluation);
  if (sorted.rows.some((row, i) => row !== input.rows[i])) throw new Error('merged rows are not sorted');
}

function requireTogether(input: Rows, groups: readonly Expr[], evaluation: Evaluation): void {
  const of = groups.map((expr) => evaluator(expr, input.ids, evaluation));
  const runs = runsOf(input.rows.map((row) => of.map((f) => f(row))));
  if (new Set(runs).size !== runs.length) throw new Error('rows of a group come apart');
}

/** Texts of the runs of equal rows. */
function runsOf(rows: readonly Row[]): string[] {
  return rows.map(textOf).filter((text, i, all) => text !== all[i - 1]);
}

function firstOfEach(input: Rows, on: readonly Expr[], evaluation: Evaluation): Rows {
  const of = on.map((expr) => evaluator(expr, input.ids, evaluation));
  const first = new Map<string, Row>();
  for (const row of input.rows) {
    const key = textOf(of.map((f) => f(row)));
    if (!first.has(key)) first.set(key, row);
  }
  return { ids: input.ids, rows: [...first.values()] };
}

function distinctRows(input: Rows): Rows {
  return { ids: input.ids, rows: [...new Map(input.rows.map((r) => [textOf(r), r])).values()] };
}

function setRows(operation: string, all: boolean, left: readonly Row[], right: readonly Row[]): Row[] {
  if (operation === 'union') {
    const both = [...left, ...right];
    return all ? both : [...new Map(both.map((r) => [textOf(r), r])).values()];
  }
  const counts = new Map<string, number>();
  for (const row of right) counts.set(textOf(row), (counts.get(textOf(row)) ?? 0) + 1);
  const kept: Row[] = [];
  const seen = new Set<string>();
  for (const row of left) {
    const text = textOf(row);
    const count = counts.get(text) ?? 0;
    if (!all) {
      if (count > 0 === (operation === 'intersect') && !seen.has(text)) kept.push(row);
      seen.add(text);
      continue;
    }
    if (count > 0) counts.set(text, count - 1);
    if (count > 0 === (operation === 'intersect')) kept.push(row);
  }
  return kept;
}

function bounds(limit: Expr | undefined, offset: Expr | undefined, evaluation: Evaluation): [number, number] {
  const value = (e: Expr | undefined) => (e === undefined ? null : evaluateConstant(e, evaluation));
  const from = Number(value(offset) ?? 0);
  const most = value(limit);
  return [from, most === null ? Infinity : from + Number(most)];
}

function equalRows(a: readonly Value[], b: readonly Value[]): boolean | null {
  const truths = a.map((value, i) => (value === null || b[i] === null ? null : textOf([value]) === textOf([b[i]!])));
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}

/** Sub-queries of an evaluation, each run by `run`. */
function withSubqueries(parameters: Value[], run: (id: number, evaluation: Evaluation) => readonly Row[]): Evaluation {
  const evaluation: Evaluation = {
    parameters,
    now: 0,
    subqueries: {
      scalar: (id) => run(id, evaluation)[0]?.[0] ?? null,
      exists: (id) => run(id, evaluation).length > 0,
      any: ({ id, operator }, operands) => {
        if (operator !== '=') throw new Error(`not interpreted: ${operator} ANY`);
        const truths = run(id, evaluation).map((row) => equalRows(row, operands));
        if (truths.includes(true)) return true;
        return truths.includes(null) ? null : false;
      },
      row: ({ operator }) => {
        throw new Error(`not interpreted: row ${operator}`);
      },
    },
  };
  return evaluation;
}

export function runLogical(query: LogicalQuery, data: Data, parameters: readonly Value[] = []): Row[] {
  const slots = [...parameters, ...new Array<Value>(query.slots).fill(null)];
  const evaluation = withSubqueries(slots, (id, e) => logical(query.subqueries[id]!, data, e).rows);
  return inOrder(
    logical(query.plan, data, evaluation),
    query.output.map((c) => c.id),
  );
}

function inOrder(result: Rows, ids: readonly ColumnId[]): Row[] {
  const at = ids.map((id) => result.ids.indexOf(id));
  return result.rows.map((row) => at.map((i) => row[i]!));
}

function logical(plan: LogicalPlan, data: Data, evaluation: Evaluation): Rows {
  const run = (p: LogicalPlan) => logical(p, data, evaluation);
  switch (plan.kind) {
    case 'scan':
      return { ids: plan.columns.map((c) => c.id), rows: data.get(plan.table.name)! };
    case 'values': {
      const rows = plan.rows.map((row) => row.map((e) => evaluator(e, [], evaluation)([])));
      return { ids: plan.columns.map((c) => c.id), rows };
    }
    case 'filter': {
      const input = run(plan.input);
      const test = evaluator(plan.predicate, input.ids, evaluation);
      return { ids: input.ids, rows: input.rows.filter((r) => test(r) === true) };
    }
    case 'project': {
      const input = run(plan.input);
      const items = plan.items.map((i) => evaluator(i.expr, input.ids, evaluation));
      return { ids: plan.items.map((i) => i.column.id), rows: input.rows.map((r) => items.map((f) => f(r))) };
    }
    case 'join': {
      const left = run(plan.left);
      const right = run(plan.right);
      const test = evaluator(plan.condition, [...left.ids, ...right.ids], evaluation);
      const matches = (l: Row) => right.rows.filter((r) => test([...l, ...r]) === true);
      return joinRows(plan.type, left, right.ids, matches, right.rows);
    }
    case 'aggregate':
      return group(
        run(plan.input),
        plan.groups.map((g) => g.expr),
        plan.aggregates.map((a) => a.aggregate),
        outputOf(plan).map((c) => c.id),
        evaluation,
      );
    case 'distinct':
      return distinctRows(run(plan.input));
    case 'distinct-on': {
      const on = plan.keys.slice(0, plan.on).map(({ expr }) => expr);
      return firstOfEach(sortRows(run(plan.input), plan.keys, evaluation), on, evaluation);
    }
    case 'sort':
      return sortRows(run(plan.input), plan.keys, evaluation);
    case 'limit': {
      const input = run(plan.input);
      return { ids: input.ids, rows: input.rows.slice(...bounds(plan.limit, plan.offset, evaluation)) };
    }
    case 'set-operation': {
      const rows = setRows(plan.operation, plan.all, run(plan.left).rows, run(plan.right).rows);
      return { ids: plan.columns.map((c) => c.id), rows };
    }
    default:
      throw new Error(`not interpreted: ${plan.kind}`);
  }
}

export function runPhysical(query: PhysicalQuery, data: Data, parameters: readonly Value[] = []): Row[] {
  const slots = [...parameters, ...new Array<Value>(query.slots).fill(null)];
  const evaluation = withSubqueries(slots, (id, e) => physical(query.subqueries[id]!, data, e).rows);
  return inOrder(
    physical(query.plan, data, evaluation),
    query.output.map((c) => c.id),
  );
}

function physical(plan: PhysicalPlan, data: Data, evaluation: Evaluation): Rows {
  const result = operate(plan, data, evaluation);
  if (result.ids.join() !== plan.columns.join())
    throw new Error(`${plan.kind} yields ${result.ids.join()}, says ${plan.columns.join()}`);
  return result;
}

function operate(plan: PhysicalPlan, data: Data, evaluation: Evaluation): Rows {
  const run = (p: PhysicalPlan) => physical(p, data, evaluation);
  const ids = plan.columns;
  switch (plan.kind) {
    case 'table-scan':
      return fetch(plan.scan, allIds(plan.scan.table, data), data, evaluation);
    case 'row-set-scan':
      return fetch(
        plan.scan,
        [...setOf(plan.set, plan.scan.table, data, evaluation)].sort((a, b) => a - b),
        data,
        evaluation,
      );
    case 'ordered-scan': {
      const rows = data.get(plan.scan.table.name)!;
      const held = probeRows(plan.index, plan.probe, rows, evaluation);
      const within = plan.within && setOf(plan.within, plan.scan.table, data, evaluation);
      const keys = plan.index.keys.map((k) => ({
        of: evaluator(k.expr, ordinals(rows), evaluation),
        by: comparator(k.type, k),
      }));
      const walked = [...held].filter((id) => within === undefined || within.has(id));
      walked.sort((a, b) => {
        for (const key of keys) {
          const order = key.by(key.of(rows[a]!), key.of(rows[b]!));
          if (order !== 0) return order;
        }
        return a - b;
      });
      if (plan.reverse) walked.reverse();
      return fetch(plan.scan, walked, data, evaluation);
    }
    case 'row-set-count': {
      const size = plan.set ? setOf(plan.set, plan.table, data, evaluation).size : data.get(plan.table.name)!.length;
      return { ids, rows: [[size]] };
    }
    case 'facet-scan': {
      const rows = data.get(plan.table.name)!;
      const set = plan.set ? setOf(plan.set, plan.table, data, evaluation) : new Set(rows.keys());
      const of = evaluator(plan.index.keys[0]!.expr, ordinals(rows), evaluation);
      const counts = new Map<Value, number>();
      for (const id of set) counts.set(of(rows[id]!), (counts.get(of(rows[id]!)) ?? 0) + 1);
      return { ids, rows: [...counts].map(([value, count]) => [value, count]) };
    }
    case 'values':
      return { ids, rows: plan.rows.map((row) => row.map((e) => evaluator(e, [], evaluation)([]))) };
    case 'filter': {
      const input = run(plan.input);
      const test = evaluator(plan.predicate, input.ids, evaluation);
      return { ids: input.ids, rows: input.rows.filter((r) => test(r) === true) };
    }
    case 'project': {
      const input = run(plan.input);
      const items = plan.exprs.map((e) => evaluator(e, input.ids, evaluation));
      return { ids, rows: input.rows.map((r) => items.map((f) => f(r))) };
    }
    case 'merge-join':
    case 'hash-join': {
      const left = run(plan.left);
      const right = run(plan.right);
      if (plan.kind === 'merge-join') {
        requireOrder(left, plan.leftKeys, evaluation);
        requireOrder(right, plan.rightKeys, evaluation);
      }
      const leftKeys = plan.leftKeys.map((k) => evaluator(k, left.ids, evaluation));
      const rightKeys = plan.rightKeys.map((k) => evaluator(k, right.ids, evaluation));
      plan.leftKeys.forEach((k, i) => {
        if (typeOf(k) !== typeOf(plan.rightKeys[i]!)) throw new Error('hash keys differ in type');
      });
      const residual = plan.residual && evaluator(plan.residual, [...left.ids, ...right.ids], evaluation);
      return joinRows(
        plan.type,
        left,
        right.ids,
        (l) => {
          const key = leftKeys.map((k) => k(l));
          if (key.some((v) => v === null)) return [];
          return right.rows.filter(
            (r) => textOf(rightKeys.map((k) => k(r))) === textOf(key) && (!residual || residual([...l, ...r]) === true),
          );
        },
        right.rows,
      );
    }
    case 'lookup-join': {
      const left = run(plan.left);
      const args = plan.args.map((a) => evaluator(a, left.ids, evaluation));
      const rightIds = plan.right.columns;
      const residual = plan.residual && evaluator(plan.residual, [...left.ids, ...rightIds], evaluation);
      return joinRows(plan.type, left, rightIds, (l) => {
        const values = args.map((a) => a(l));
        plan.slots.forEach((slot, i) => (evaluation.parameters[slot] = values[i]!));
        return run(plan.right).rows.filter((r) => !residual || residual([...l, ...r]) === true);
      });
    }
    case 'nested-loop-join': {
      const left = run(plan.left);
      const right = run(plan.right);
      const test = plan.condition && evaluator(plan.condition, [...left.ids, ...right.ids], evaluation);
      return joinRows(
        plan.type,
        left,
        right.ids,
        (l) => right.rows.filter((r) => !test || test([...l, ...r]) === true),
        right.rows,
      );
    }
    case 'hash-aggregate':
      return group(run(plan.input), plan.groups, plan.aggregates, ids, evaluation);
    case 'sorted-aggregate': {
      const input = run(plan.input);
      requireTogether(input, plan.groups, evaluation);
      return group(input, plan.groups, plan.aggregates, ids, evaluation);
    }
    case 'sorted-distinct': {
      const input = run(plan.input);
      if (plan.on !== undefined) {
        requireTogether(input, plan.on, evaluation);
        return firstOfEach(input, plan.on, evaluation);
      }
      if (distinctRows(input).rows.length !== runsOf(input.rows).length) throw new Error('equal rows come apart');
      return distinctRows(input);
    }
    case 'distinct':
      return distinctRows(run(plan.input));
    case 'sort':
      return sortRows(run(plan.input), plan.keys, evaluation);
    case 'partial-sort': {
      const input = run(plan.input);
      const inOrder = sortRows(input, plan.keys.slice(0, plan.presorted), evaluation);
      if (inOrder.rows.some((row, i) => row !== input.rows[i])) throw new Error('a partial sort over unsorted rows');
      const sorted = sortRows(input, plan.keys, evaluation);
      return { ids, rows: sorted.rows.slice(...bounds(plan.limit, plan.offset, evaluation)) };
    }
    case 'top-n': {
      const sorted = sortRows(run(plan.input), plan.keys, evaluation);
      return { ids, rows: sorted.rows.slice(...bounds(plan.limit, plan.offset, evaluation)) };
    }
    case 'limit': {
      const input = run(plan.input);
      return { ids, rows: input.rows.slice(...bounds(plan.limit, plan.offset, evaluation)) };
    }
    case 'set-operation':
      return { ids, rows: setRows(plan.operation, plan.all, run(plan.left).rows, run(plan.right).rows) };
    default:
      throw new Error(`not interpreted: ${plan.kind}`);
  }
}

function ordinals(rows: readonly Row[]): number[] {
  return (rows[0] ?? []).map((_, i) => i);
}

function allIds(table: TableDef, data: Data): number[] {
  return [...data.get(table.name)!.keys()];
}

/** Yields exactly the fetched columns: what is not in `fetch` and `filterFetch` cannot be read. */
function fetch(scan: ScanOutput, rowIds: readonly number[], data: Data, evaluation: Evaluation): Rows {
  const rows = data.get(scan.table.name)!;
  const read = [...scan.filterFetch];
  const test =
    scan.filter &&
    evaluator(
      scan.filter,
      read.map((f) => f.id),
      evaluation,
    );
  const kept = rowIds.filter((id) => test === undefined || test(read.map((f) => rows[id]![f.ordinal]!)) === true);
  const ids = scan.fetch.map((f) => f.id);
  if (scan.rowId !== undefined) ids.push(scan.rowId);
  return {
    ids,
    rows: kept.map((id) => [
      ...scan.fetch.map((f) => rows[id]![f.ordinal]!),
      ...(scan.rowId === undefined ? [] : [id]),
    ]),
  };
}

function setOf(set: RowSetPlan, table: TableDef, data: Data, evaluation: Evaluation): ReadonlySet<number> {
  const rows = data.get(table.name)!;
  switch (set.kind) {
    case 'probe':
      return probeRows(set.index, set.probe, rows, evaluation);
    case 'and':
      return set.args
        .map((a) => setOf(a, table, data, evaluation))
        .reduce((a, b) => new Set([...a].filter((id) => b.has(id))));
    case 'or':
      return new Set(set.args.flatMap((a) => [...setOf(a, table, data, evaluation)]));
    case 'not': {
      const inner = setOf(set.arg, table, data, evaluation);
      return new Set([...rows.keys()].filter((id) => !inner.has(id)));
    }
  }
}

function probeRows(
  index: IndexDef,
  probe: Probe<Expr>,
  rows: readonly Row[],
  evaluation: Evaluation,
): ReadonlySet<number> {
  const at = ordinals(rows);
  const where = index.where && evaluator(index.where.expr, at, evaluation);
  const keys = index.keys.map((k) => evaluator(k.expr, at, evaluation));
  const types = index.keys.map((k) => k.type);
  const same = (a: Value, b: Value, i: number) => a !== null && b !== null && compareValues(a, b, types[i]!) === 0;
  const values = (set: ValueSet<Expr>): readonly Value[] | 'null' => {
    if (set.kind === 'null') return 'null';
    if (set.kind === 'values') return set.values.map((v) => evaluateConstant(v, evaluation));
    return (evaluateConstant(set.array, evaluation) ?? []) as readonly Value[];
  };
  const inSet = (v: Value, set: ValueSet<Expr>, i: number) => {
    const members = values(set);
    return members === 'null' ? v === null : members.some((m) => same(v, m, i));
  };
  const beyond = (v: Value, bound: Bound<Expr> | undefined, sign: number, i: number) => {
    if (bound === undefined) return v !== null;
    const limit = evaluateConstant(bound.value, evaluation);
    if (v === null || limit === null) return false;
    const order = compareValues(v, limit, types[i]!) * sign;
    return bound.inclusive ? order >= 0 : order > 0;
  };
  const holds = (key: Row): boolean => {
    switch (probe.kind) {
      case 'all':
        return true;
      case 'keys': {
        const n = probe.sets.length;
        if (!probe.sets.every((set, i) => inSet(key[i]!, set, i))) return false;
        if (probe.range && !(beyond(key[n]!, probe.range.low, 1, n) && beyond(key[n]!, probe.range.high, -1, n)))
          return false;
        if (probe.prefix === undefined) return true;
        const prefix = evaluateConstant(probe.prefix, evaluation);
        return typeof key[n] === 'string' && typeof prefix === 'string' && key[n].startsWith(prefix);
      }
      case 'not-keys': {
        const members = values(probe.set);
        if (key[0] === null) return false;
        return members === 'null' || !(members.includes(null) || members.some((m) => same(key[0]!, m, 0)));
      }
      default:
        throw new Error(`not interpreted: ${probe.kind}`);
    }
  };
  const result = new Set<number>();
  rows.forEach((row, id) => {
    if (where && where(row) !== true) return;
    if (holds(keys.map((k) => k(row)))) result.add(id);
  });
  return result;
}
