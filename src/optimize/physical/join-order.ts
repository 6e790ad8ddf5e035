// The order of inner joins: exhaustive dynamic programming over sub-sets while they are few, greedy merging beyond. Outer, semi and anti
// joins below are inputs like any other: they are never moved, so their place stays legal.
// Sources: Selinger et al., "Access path selection" (SIGMOD 1979); Fegaras, "A new heuristic for optimizing large queries" (DEXA 1998).

import type { Estimate } from '../../catalog/statistics.js';
import { and, canRaise, conjuncts, exprKey } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import type { Join, LogicalPlan } from '../../plan/logical.js';
import type { Candidate, Want } from '../candidate.js';
import { expected, prune } from '../candidate.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import { evaluationCost } from '../access/predicates.js';
import { estimate } from '../cardinality/estimate.js';
import { rank } from '../cost.js';
import { outputIds, readsOf } from '../plan-tree.js';
import { bitOf, equalColumns } from './equal-columns.js';
import type { Bits, Edge, EqualColumns } from './equal-columns.js';
import { bestSides, joinOptions, keep, orderOver, sideOf, toCandidate } from './joins.js';
import type { Side } from './joins.js';
import { sidesInOrder } from './merge-joins.js';
import type { Planner } from './planner.js';
import { scanUnder, union } from './planner.js';

/** Relations up to which every sub-set is planned; and up to which bushy trees are tried besides left-deep ones. */
const EXHAUSTIVE = 8;
const BUSHY = 6;

interface Graph {
  /** Of each input, the cheapest plan, and the cheapest in the wanted order. */
  readonly leaves: readonly (readonly Side[])[];
  /** Conditions other than those that `classes` say. */
  readonly edges: readonly Edge[];
  readonly classes: readonly EqualColumns[];
}

export function planInnerJoins(planner: Planner, node: Join, want: Want): Candidate[] {
  const inputs: LogicalPlan[] = [];
  const predicates: Expr[] = [];
  flatten(node, inputs, predicates);
  const safe = predicates.filter((p) => !canRaise(p));
  // What can raise is tested last, on the rows that all other conditions leave.
  const raising = predicates.filter((p) => canRaise(p));

  let columns = want.columns;
  for (const predicate of predicates) columns = union(columns, readsOf(predicate));
  const local: Expr[][] = inputs.map(() => []);
  const edges: Edge[] = [];
  const pinned = pinnedValues(inputs, predicates);
  for (const expr of safe) {
    const relations = relationsOf(expr, inputs);
    const only = relations.length <= 1 ? (relations[0] ?? 0) : undefined;
    if (only === undefined && isPinned(expr, pinned)) continue;
    if (only === undefined) edges.push({ expr, relations: relations.reduce((bits, i) => bits | bitOf(i), 0n) });
    else local[only]?.push(expr);
  }
  const relationOf = (id: ColumnId) => inputs.findIndex((input) => outputIds(input).has(id));
  const { classes, rest, within } = equalColumns(edges, relationOf, (column) => planner.knowledge.domain(column));
  for (const { relation, expr } of within) local[relation]?.push(expr);
  const leaves = inputs.map((input, i) => {
    const own = local[i] ?? [];
    const filtered: LogicalPlan = own.length === 0 ? input : { kind: 'filter', input, predicate: and(own) };
    const wanted = keep(columns, outputIds(input));
    const order = orderOver(want.order, wanted);
    const inOrder = sidesInOrder(planner, filtered, wanted);
    return planner
      .plan(filtered, { columns: wanted, order, rows: undefined })
      .map((candidate) => sideOf(filtered, candidate, wanted, order, inOrder));
  });
  // Joins keep the order of their left side: where no input comes in order none does, and what was planned without a wish stands.
  if (want.order !== undefined && !leaves.some((sides) => sides.some((side) => side.ordered))) {
    const unordered = planner.plan(node, { ...want, order: undefined });
    return unordered.map((candidate) => ({ ...candidate, ordered: false }));
  }
  const graph: Graph = { leaves, edges: rest, classes };
  const order = hintedOrder(planner, inputs);
  const sides =
    order !== undefined
      ? inOrder(planner, graph, order, want.order)
      : leaves.length <= EXHAUSTIVE
        ? exhaustive(planner, graph, want)
        : greedy(planner, graph, want.order);
  const joined = sides.map(toCandidate);
  return prune(raising.length === 0 ? joined : joined.map((c) => testLast(planner, c, raising)), want.rows);
}

function testLast(planner: Planner, joined: Candidate, raising: readonly Expr[]): Candidate {
  const input = joined.plan;
  const { rows, cost, startup } = input.expected;
  const predicate = and(raising);
  const added = rows.est * evaluationCost(predicate, planner.costs);
  const kept = estimate(0, rows.est / 3, rows.hi, 'default');
  const plan: PhysicalPlan = {
    kind: 'filter',
    input,
    predicate,
    columns: input.columns,
    expected: expected(kept, cost + added, startup),
  };
  return { ...joined, plan, high: joined.high + added };
}

/** The values that conditions give to columns, as keys. */
function pinnedValues(inputs: readonly LogicalPlan[], predicates: readonly Expr[]): ReadonlyMap<ColumnId, Set<string>> {
  const values = new Map<ColumnId, Set<string>>();
  const given = [...predicates, ...inputs.flatMap((input) => scanUnder(input)?.predicates ?? [])];
  for (const term of given.flatMap((p) => conjuncts(p))) {
    if (term.kind !== 'compare' || term.operator !== '=' || term.left.kind !== 'column') continue;
    const { left, right } = term;
    if ((right.kind !== 'constant' && right.kind !== 'parameter') || right.type !== left.type) continue;
    const known = values.get(left.id);
    if (known === undefined) values.set(left.id, new Set([exprKey(right)]));
    else known.add(exprKey(right));
  }
  return values;
}

/** `a = b` where both equal the same value says nothing more, and would be counted twice. */
function isPinned(expr: Expr, values: ReadonlyMap<ColumnId, Set<string>>): boolean {
  if (expr.kind !== 'compare' || expr.operator !== '=') return false;
  const { left, right } = expr;
  if (left.kind !== 'column' || right.kind !== 'column' || left.type !== right.type) return false;
  const [a, b] = [values.get(left.id), values.get(right.id)];
  return a !== undefined && b !== undefined && [...a].some((value) => b.has(value));
}

function flatten(node: LogicalPlan, inputs: LogicalPlan[], predicates: Expr[]): void {
  if (node.kind === 'join' && node.type === 'inner') {
    flatten(node.left, inputs, predicates);
    flatten(node.right, inputs, predicates);
    predicates.push(...conjuncts(node.condition));
  } else if (node.kind === 'filter' && node.input.kind === 'join' && node.input.type === 'inner') {
    flatten(node.input, inputs, predicates);
    predicates.push(...conjuncts(node.predicate));
  } else inputs.push(node);
}

function relationsOf(expr: Expr, inputs: readonly LogicalPlan[]): number[] {
  const found = new Set<number>();
  for (const id of readsOf(expr)) {
    const at = inputs.findIndex((input) => outputIds(input).has(id));
    if (at !== -1) found.add(at);
  }
  return [...found];
}

/** Inputs by the hint's order of aliases, the others after them; undefined without a hint. */
function hintedOrder(planner: Planner, inputs: readonly LogicalPlan[]): number[] | undefined {
  const names = planner.planning.hints.joinOrder;
  if (names === undefined || names.length === 0) return undefined;
  const place = (input: LogicalPlan) => {
    const at = names.indexOf(scanUnder(input)?.scan.name ?? '');
    return at === -1 ? names.length : at;
  };
  return inputs
    .map((_, i) => i)
    .sort((a, b) => place(inputs[a] as LogicalPlan) - place(inputs[b] as LogicalPlan) || a - b);
}

/** A planned sub-set. */
interface Entry {
  /** The first is the cheapest. */
  readonly sides: readonly Side[];
  readonly bits: Bits;
}

/** Joins two disjoint sub-sets; the condition is every edge that they complete. */
function combine(planner: Planner, a: Entry, b: Entry, edges: readonly Expr[], rows: Estimate): Side[] {
  return a.sides.flatMap((side) => joinOptions(planner, 'inner', side, cheapestOf(b), edges, rows));
}

function cheapestOf(entry: Entry): Side {
  return entry.sides[0] as Side;
}

function edgesBetween(graph: Graph, a: Bits, b: Bits): Expr[] {
  const both = a | b;
  const result = graph.classes.flatMap((columns) => columns.between(a, b) ?? []);
  for (const { expr, relations } of graph.edges) {
    if ((relations & ~both) === 0n && (relations & a) !== 0n && (relations & b) !== 0n) result.push(expr);
  }
  return result;
}

/** Rows of joining two sub-sets. What joins a whole unique key of one relation never multiplies the other side. */
function rowsOf(planner: Planner, a: Entry, b: Entry, edges: readonly Expr[]): Estimate {
  const left = cheapestOf(a);
  const right = cheapestOf(b);
  let rows = planner.knowledge.join('inner', left.rows, right.rows, edges);
  if (isUniqueJoin(right, edges)) rows = bound(rows, left.rows);
  if (isUniqueJoin(left, edges)) rows = bound(rows, right.rows);
  return rows;
}

function bound(rows: Estimate, most: Estimate): Estimate {
  return {
    lo: Math.min(rows.lo, most.lo),
    est: Math.min(rows.est, most.est),
    hi: Math.min(rows.hi, most.hi),
    source: rows.source,
  };
}

function isUniqueJoin(side: Side, edges: readonly Expr[]): boolean {
  const scan = side.lookup?.scan;
  if (scan === undefined) return false;
  const joined = new Set<ColumnId>();
  for (const edge of edges) {
    if (edge.kind !== 'compare' || edge.operator !== '=') continue;
    if (edge.left.kind === 'column') joined.add(edge.left.id);
    if (edge.right.kind === 'column') joined.add(edge.right.id);
  }
  if (joined.size === 0) return false;
  return scan.table.indexes.some(
    (index) =>
      (index.unique || index.kind === 'primary') &&
      index.where === undefined &&
      index.keys.length > 0 &&
      index.keys.every((key) => {
        const column = key.expr.kind === 'column' ? scan.columns[key.expr.id] : undefined;
        return column !== undefined && joined.has(column.id);
      }),
  );
}

function exhaustive(planner: Planner, graph: Graph, { order, rows: wanted }: Want): readonly Side[] {
  const n = graph.leaves.length;
  const full = (1 << n) - 1;
  const entries: (Entry | undefined)[] = new Array<Entry | undefined>(full + 1).fill(undefined);
  graph.leaves.forEach((sides, i) => (entries[1 << i] = { sides, bits: bitOf(i) }));
  const neighbours = graph.leaves.map((_, i) => {
    const near = (bits: Bits, { relations }: { readonly relations: Bits }) =>
      (relations & bitOf(i)) === 0n ? bits : bits | relations;
    return Number(graph.classes.reduce(near, graph.edges.reduce(near, 0n))) & ~(1 << i);
  });
  connect(neighbours);
  const linked = (a: number, b: number) => {
    for (let i = 0; i < n; i++) if (a & (1 << i) && (neighbours[i] as number) & b) return true;
    return false;
  };
  for (let set = 1; set <= full; set++) {
    if ((set & (set - 1)) === 0) continue;
    let rows: Estimate | undefined;
    const options: Side[] = [];
    for (let a = (set - 1) & set; a > 0; a = (a - 1) & set) {
      const b = set & ~a;
      const deep = (a & (a - 1)) === 0 || (b & (b - 1)) === 0;
      if (!deep && n > BUSHY) continue;
      const left = entries[a];
      const right = entries[b];
      if (left === undefined || right === undefined || !linked(a, b)) continue;
      const edges = edgesBetween(graph, left.bits, right.bits);
      rows ??= rowsOf(planner, left, right, edges);
      options.push(...combine(planner, left, right, edges, rows));
    }
    if (options.length > 0) {
      const wish = { order, rows: set === full ? wanted : undefined };
      entries[set] = { sides: bestSides(planner.planning, options, wish), bits: BigInt(set) };
    }
  }
  return (entries[full] as Entry).sides;
}

/** Where no condition connects two parts of the graph a cross product must: every relation of the one may meet every one of the other. */
function connect(neighbours: number[]): void {
  const full = (1 << neighbours.length) - 1;
  let rest = full;
  const parts: number[] = [];
  while (rest !== 0) {
    const part = reachable(rest & -rest, neighbours);
    parts.push(part);
    rest &= ~part;
  }
  if (parts.length === 1) return;
  for (const part of parts) {
    for (let i = 0; i < neighbours.length; i++)
      if (part & (1 << i)) neighbours[i] = (neighbours[i] as number) | (full & ~part);
  }
}

function reachable(start: number, neighbours: readonly number[]): number {
  let reached = start;
  for (;;) {
    let next = reached;
    neighbours.forEach((near, i) => {
      if (reached & (1 << i)) next |= near;
    });
    if (next === reached) return reached;
    reached = next;
  }
}

/** Merges, again and again, the two sub-sets whose join is smallest for its cost; connected ones first. */
function greedy(planner: Planner, graph: Graph, order: Want['order']): readonly Side[] {
  let forest: Entry[] = graph.leaves.map((sides, i) => ({ sides, bits: bitOf(i) }));
  const known = new Map<Entry, Map<Entry, { readonly rows: Estimate; readonly edges: readonly Expr[] }>>();
  const look = (a: Entry, b: Entry) => {
    let row = known.get(a);
    if (row === undefined) known.set(a, (row = new Map()));
    let found = row.get(b);
    if (found === undefined) {
      const edges = edgesBetween(graph, a.bits, b.bits);
      found = { rows: rowsOf(planner, a, b, edges), edges };
      row.set(b, found);
    }
    return found;
  };
  while (forest.length > 1) {
    let pick: { a: Entry; b: Entry; edges: readonly Expr[]; rows: Estimate; value: number } | undefined;
    for (let i = 0; i < forest.length; i++) {
      for (let j = i + 1; j < forest.length; j++) {
        const a = forest[i] as Entry;
        const b = forest[j] as Entry;
        const { rows, edges } = look(a, b);
        const value = rank(rows.est, rows.hi) + (edges.length > 0 ? 0 : 1e15);
        if (pick === undefined || value < pick.value) pick = { a, b, edges, rows, value };
      }
    }
    if (pick === undefined) break;
    const { a, b, edges, rows } = pick;
    const options = [...combine(planner, a, b, edges, rows), ...combine(planner, b, a, edges, rows)];
    const sides = bestSides(planner.planning, options, { order, rows: undefined });
    const merged: Entry = { sides, bits: a.bits | b.bits };
    forest = [...forest.filter((e) => e !== a && e !== b), merged];
  }
  return (forest[0] as Entry).sides;
}

function inOrder(planner: Planner, graph: Graph, relations: readonly number[], order: Want['order']): readonly Side[] {
  const entries = relations.map((i): Entry => ({ sides: graph.leaves[i] as Side[], bits: bitOf(i) }));
  let left = entries[0] as Entry;
  for (const right of entries.slice(1)) {
    const edges = edgesBetween(graph, left.bits, right.bits);
    const rows = rowsOf(planner, left, right, edges);
    const options = combine(planner, left, right, edges, rows);
    left = { sides: bestSides(planner.planning, options, { order, rows: undefined }), bits: left.bits | right.bits };
  }
  return left.sides;
}
