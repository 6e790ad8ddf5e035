// Indexes that might serve a query: each says by its kind and keys which of the query's conditions and orders it is for. Whether one is
// worth anything the planner decides, who is asked with each of them in place.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef, IndexKey, IndexKindName, TableDef } from '../../catalog/definitions.js';
import { LightningError } from '../../errors.js';
import { columnsOf, conjuncts, exprKey, isConstant, isDeterministic, walk } from '../../expr/build.js';
import type { Condition } from '../../expr/constraint.js';
import { typeOf } from '../../expr/expression.js';
import type { Column, ColumnId, Expr } from '../../expr/expression.js';
import { printExpr } from '../../expr/printer.js';
import { kindOf } from '../../index/registry.js';
import { Ordinals } from '../../optimize/access/conditions.js';
import { exprsOf, walkPlan } from '../../optimize/plan-tree.js';
import type { LogicalPlan, LogicalQuery, Scan, SortKey } from '../../plan/logical.js';
import type { ScalarType } from '../../values/types.js';

/** Ids of indexes that exist are small. */
const FIRST_ID = 2 ** 30;
/** Columns of a covering index, at most. */
const MOST_COVERED = 6;
/** Values up to which a bitmap is thought of, and the rows to each that it needs. */
const MOST_VALUES = 20_000;
const LEAST_ROWS = 8;
/** Bytes of a key from which on a hash is thought of. */
const LONG_KEY = 32;

/** What is asked of one scan, over its ordinals. */
interface Wanted {
  readonly scan: Scan;
  /** Compared for equality, most selective first. */
  readonly equal: Expr[];
  /** Bounded, or a prefix. */
  readonly ranges: Expr[];
  readonly spatial: Expr[];
  readonly groups: Expr[];
  readonly order: SortKey[];
  /** Conjuncts that hold of few rows, whatever the parameters. */
  readonly fixed: Expr[];
  /** Ordinals read anywhere. */
  readonly read: Set<number>;
}

type Shape = Pick<IndexDef, 'kind' | 'keys' | 'include' | 'where'>;

/** Candidates by their signature, so that queries share them. */
export class Candidates {
  private readonly bySignature = new Map<string, IndexDef>();

  constructor(private readonly catalog: Catalog) {}

  get all(): readonly IndexDef[] {
    return [...this.bySignature.values()];
  }

  /** @param query rewritten, so that conditions stand above the scans they are about */
  addFor(query: LogicalQuery): void {
    for (const plan of [query.plan, ...query.subqueries]) {
      for (const wanted of wantedOf(plan))
        for (const shape of this.shapes(wanted)) this.add(wanted.scan.table.name, shape);
    }
  }

  /** Makes it known, unless its kind refuses it or there is one like it. */
  add(tableName: string, { kind, keys, include, where }: Shape): IndexDef | undefined {
    const table = this.catalog.table(tableName)!;
    const like = (index: Shape) =>
      JSON.stringify([
        index.kind,
        index.keys.map(keyOf),
        [...index.include].sort(),
        index.where && exprKey(index.where.expr),
      ]);
    const signature = `${tableName} ${like({ kind, keys, include, where })}`;
    const known = this.bySignature.get(signature);
    if (known !== undefined || table.indexes.some((index) => like(index) === signature.slice(tableName.length + 1)))
      return known;
    const name = this.freeName(table, kind, keys, include.length > 0, where !== undefined);
    const definition = {
      ...{ name, table: tableName, kind, keys, include, unique: false, where, options: {}, constraint: undefined },
    };
    try {
      const { check, spaces } = kindOf(kind);
      const options = check(definition, table);
      const id = FIRST_ID + this.bySignature.size;
      const index: IndexDef = { ...definition, options, id, spaces: Array.from({ length: spaces }, (_, i) => id + i) };
      this.bySignature.set(signature, index);
      return index;
    } catch (error) {
      if (error instanceof LightningError && error.kind === 'input') return undefined;
      throw error;
    }
  }

  private freeName(
    table: TableDef,
    kind: IndexKindName,
    keys: readonly IndexKey[],
    covers: boolean,
    partial: boolean,
  ): string {
    const words = keys.map(({ text }) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^_|_$/g, ''),
    );
    const ending = [kind === 'btree' ? '' : `_${kind}`, covers ? '_covering' : '', partial ? '_partial' : ''].join('');
    const base = `${table.name}_${words.join('_')}`.slice(0, 48) + ending;
    const taken = new Set([...table.indexes, ...this.all].map((index) => index.name));
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    return name;
  }

  private *shapes(wanted: Wanted): Generator<Shape> {
    const { scan, equal, ranges, order, spatial, groups, fixed } = wanted;
    const { table } = scan;
    const single = (kind: IndexKindName, expr: Expr): Shape => ({
      kind,
      keys: [key(expr)],
      include: [],
      where: undefined,
    });
    for (const expr of spatial) yield single('rtree', expr);
    for (const expr of [...equal, ...groups]) if (this.hasFewValues(table, expr)) yield single('bitmap', expr);
    for (const expr of equal) if (this.widthOf(table, expr) >= LONG_KEY) yield single('hash', expr);
    if (equal.length > 1) yield { kind: 'hash', keys: equal.map((expr) => key(expr)), include: [], where: undefined };
    const ordered: IndexKey[][] = [...equal, ...ranges].map((expr) => [key(expr)]);
    const prefix = equal.map((expr) => key(expr));
    for (const expr of ranges) ordered.push([...prefix, key(expr)]);
    if (equal.length > 1) ordered.push(prefix);
    const sorted = order.map(({ expr, desc, nullsFirst }) => key(expr, desc, nullsFirst));
    if (sorted.length > 0)
      ordered.push(sorted, [...prefix.filter((one) => !sorted.some((other) => same(one, other))), ...sorted]);
    if (groups.length > 0) ordered.push(groups.map((expr) => key(expr)));
    for (const keys of ordered) {
      yield { kind: 'btree', keys, include: [], where: undefined };
      const include = coverOf(wanted, keys);
      if (include !== undefined) yield { kind: 'btree', keys, include, where: undefined };
      for (const expr of fixed) {
        const own = new Set(columnsOf(expr));
        const rest = keys.filter((each) => ![...columnsOf(each.expr)].some((ordinal) => own.has(ordinal)));
        if (rest.length > 0) yield { kind: 'btree', keys: rest, include: [], where: { text: printExpr(expr), expr } };
      }
    }
  }

  private hasFewValues(table: TableDef, expr: Expr): boolean {
    const rows = this.catalog.rows(table);
    const distinct = expr.kind === 'column' ? this.catalog.statistics(table)?.columns[expr.id]?.distinct : undefined;
    return distinct === undefined ? typeOf(expr) === 'boolean' : distinct <= Math.min(MOST_VALUES, rows / LEAST_ROWS);
  }

  private widthOf(table: TableDef, expr: Expr): number {
    const type = typeOf(expr);
    if (type !== 'text' && type !== 'blob') return 0;
    return (expr.kind === 'column' ? this.catalog.statistics(table)?.columns[expr.id]?.width : undefined) ?? 0;
  }
}

function key(expr: Expr, desc = false, nullsFirst = desc): IndexKey {
  return { expr, text: printExpr(expr), type: typeOf(expr) as ScalarType, desc, nullsFirst };
}

function keyOf({ expr, desc, nullsFirst }: IndexKey): string {
  return `${exprKey(expr)} ${desc} ${nullsFirst}`;
}

function same(a: IndexKey, b: IndexKey): boolean {
  return exprKey(a.expr) === exprKey(b.expr);
}

/** The columns that a covering index would have beside its keys; undefined when none are missing, or too many. */
function coverOf({ scan, read }: Wanted, keys: readonly IndexKey[]): number[] | undefined {
  const held = new Set(keys.flatMap(({ expr }) => (expr.kind === 'column' ? [expr.id] : [])));
  const missing = [...read].filter((ordinal) => !held.has(ordinal)).sort((a, b) => a - b);
  if (missing.length === 0 || missing.length + keys.length > MOST_COVERED) return undefined;
  const wide = missing.some((ordinal) => ['json', 'blob', 'geometry'].includes(scan.table.columns[ordinal]!.type));
  return wide ? undefined : missing;
}

function wantedOf(plan: LogicalPlan): Wanted[] {
  const scans: Scan[] = [];
  walkPlan(plan, (node) => node.kind === 'scan' && scans.push(node));
  return scans.map((scan) => {
    const ordinals = new Ordinals(scan);
    const wanted: Wanted = {
      scan,
      equal: [],
      ranges: [],
      spatial: [],
      groups: [],
      order: [],
      fixed: [],
      read: new Set(),
    };
    walkPlan(plan, (node) => {
      for (const expr of exprsOf(node)) note(expr, wanted, ordinals);
      if (node.kind === 'filter') conjuncts(node.predicate).forEach((each) => judge(each, wanted, ordinals));
      if (node.kind === 'join') conjuncts(node.condition).forEach((each) => judge(each, wanted, ordinals));
      const local = (expr: Expr) => (isOwn(expr, ordinals) ? ordinals.toLocal(expr) : undefined);
      if (node.kind === 'sort' && wanted.order.length === 0) {
        const keys = node.keys.map(({ expr, ...how }) => ({ ...how, expr: local(expr) }));
        for (const { expr, ...how } of keys) {
          if (expr === undefined || !isIndexable(expr)) break;
          wanted.order.push({ ...how, expr });
        }
      }
      if (node.kind === 'aggregate') {
        const groups = node.groups.map(({ expr }) => local(expr));
        if (groups.every((expr) => expr !== undefined && isIndexable(expr))) wanted.groups.push(...(groups as Expr[]));
      }
    });
    return wanted;
  });
}

function isOwn(expr: Expr, ordinals: Ordinals): boolean {
  return columnsOf(expr).size > 0 && ordinals.isStored(expr);
}

function isIndexable(expr: Expr): boolean {
  const hasOrder = !['json', 'geometry', 'point'].includes(typeOf(expr));
  return expr.kind !== 'constant' && hasOrder && isDeterministic(expr);
}

/** Columns that are read, and places that a spatial function is asked of. */
function note(expr: Expr, wanted: Wanted, ordinals: Ordinals): void {
  const own = (id: ColumnId) => ordinals.ordinal(id);
  walk(expr, (node) => {
    if (node.kind === 'column') {
      const ordinal = own(node.id);
      if (ordinal !== undefined && ordinal >= 0) wanted.read.add(ordinal);
    }
    if (node.kind === 'call' && node.name.startsWith('st_')) {
      for (const arg of node.args) {
        if (arg.kind === 'column' && own(arg.id) !== undefined && (arg.type === 'point' || arg.type === 'geometry')) {
          push(wanted.spatial, ordinals.toLocal(arg));
        }
      }
    }
    return true;
  });
}

/** One conjunct: what it says of the scan's columns. */
function judge(conjunct: Expr, wanted: Wanted, ordinals: Ordinals): void {
  if (conjunct.kind === 'compare' && conjunct.operator === '=') {
    // An equality with another relation is a key to look up.
    for (const [side, other] of [
      [conjunct.left, conjunct.right],
      [conjunct.right, conjunct.left],
    ] as const) {
      if (side.kind === 'column' && isOwn(side, ordinals) && !reads(other, ordinals) && columnsOf(other).size > 0) {
        push(wanted.equal, ordinals.toLocal(side));
      }
    }
  }
  if (!isOwn(conjunct, ordinals)) return;
  const { local, condition } = ordinals.localised(conjunct);
  gather(condition, wanted);
  if (isFixed(local)) push(wanted.fixed, local);
}

function reads(expr: Expr, ordinals: Ordinals): boolean {
  return [...columnsOf(expr)].some((id) => ordinals.ordinal(id) !== undefined);
}

/** Whether a conjunct is a comparison of one column with a constant: a predicate for a partial index. */
function isFixed(local: Expr): boolean {
  if (local.kind === 'is-null') return local.arg.kind === 'column';
  if (local.kind !== 'compare' || local.operator !== '=') return false;
  const column = (expr: Expr): expr is Column => expr.kind === 'column';
  const literal = (expr: Expr) => expr.kind === 'constant' && isConstant(expr);
  return (column(local.left) && literal(local.right)) || (column(local.right) && literal(local.left));
}

function gather(condition: Condition, wanted: Wanted): void {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.args.forEach((arg) => gather(arg, wanted));
    case 'not':
      return gather(condition.arg, wanted);
    case 'opaque':
      return;
    case 'constraint': {
      const { constraint } = condition;
      const { expr } = constraint;
      if (constraint.kind === 'spatial') return push(wanted.spatial, expr);
      if (!isIndexable(expr)) return;
      if (constraint.kind === 'set') push(wanted.equal, expr);
      else if (constraint.kind === 'range' || constraint.kind === 'prefix') push(wanted.ranges, expr);
    }
  }
}

function push(list: Expr[], expr: Expr): void {
  if (!list.some((other) => exprKey(other) === exprKey(expr))) list.push(expr);
}
