// Columns that the conditions of a join graph make equal, as classes: `a = b AND b = c` also joins a with c, and once a and b are joined
// one of them is enough to join c. Without this, `a = c` would be counted a second time, as if it were independent, and every join of a
// cyclic graph would seem to leave no rows.
// Wrong between types: integer 1 equals real 1.0, and 2^53 + 1 equals a real that another integer equals too; only equal types are taken.

import { compare } from '../../expr/build.js';
import type { Column, ColumnId, Expr } from '../../expr/expression.js';

/** Sets of relations as bits; bigint, so that the greedy search has no bound. */
export type Bits = bigint;

export function bitOf(relation: number): Bits {
  return 1n << BigInt(relation);
}

/** A condition and the relations that it needs. */
export interface Edge {
  readonly expr: Expr;
  readonly relations: Bits;
}

interface Member {
  readonly column: Column;
  readonly bit: Bits;
}

/** One class. Each relation has one member; that others of the same relation equal it is a condition on that relation alone. */
export class EqualColumns {
  readonly relations: Bits;
  private readonly equalities = new Map<string, Expr>();

  /**
   * @param members those with the fewest distinct values first: they say what is left of a class once it is joined
   * @param stated equalities that the query states, to be used as they are
   */
  constructor(
    private readonly members: readonly Member[],
    stated: readonly Expr[],
  ) {
    this.relations = members.reduce((bits, { bit }) => bits | bit, 0n);
    for (const expr of stated) {
      const pair = equalPair(expr);
      if (pair !== undefined) this.equalities.set(pairKey(...pair), expr);
    }
  }

  /** The one equality that joins two disjoint sets of relations; the same object each time it is asked for. */
  between(a: Bits, b: Bits): Expr | undefined {
    const left = this.members.find(({ bit }) => (bit & a) !== 0n);
    const right = this.members.find(({ bit }) => (bit & b) !== 0n);
    if (left === undefined || right === undefined) return undefined;
    const key = pairKey(left.column, right.column);
    let expr = this.equalities.get(key);
    if (expr === undefined) this.equalities.set(key, (expr = compare('=', left.column, right.column)));
    return expr;
  }
}

function pairKey(a: Column, b: Column): string {
  return a.id < b.id ? `${a.id} ${b.id}` : `${b.id} ${a.id}`;
}

export interface Classified {
  readonly classes: readonly EqualColumns[];
  /** Edges that are no equality of columns. */
  readonly rest: readonly Edge[];
  /** What follows for single relations: two of their columns are equal to a third elsewhere. */
  readonly within: readonly { readonly relation: number; readonly expr: Expr }[];
}

/**
 * @param relationOf the relation of a column
 * @param domain the distinct values of a column, if they are known
 */
export function equalColumns(
  edges: readonly Edge[],
  relationOf: (id: ColumnId) => number,
  domain: (column: Column) => number | undefined,
): Classified {
  const rest: Edge[] = [];
  const classOf = new Map<ColumnId, Column[]>();
  for (const edge of edges) {
    const pair = equalPair(edge.expr);
    if (pair === undefined) {
      rest.push(edge);
      continue;
    }
    const [a, b] = pair.map((column) => classOf.get(column.id) ?? [column]) as [Column[], Column[]];
    const joined = a === b ? a : [...a, ...b];
    for (const column of joined) classOf.set(column.id, joined);
  }
  const classes: EqualColumns[] = [];
  const within: { relation: number; expr: Expr }[] = [];
  for (const columns of new Set(classOf.values())) {
    const members = new Map<number, Column>();
    for (const column of columns) {
      const relation = relationOf(column.id);
      const known = members.get(relation);
      if (known === undefined) members.set(relation, column);
      else within.push({ relation, expr: compare('=', known, column) });
    }
    const sized = [...members].map(([relation, column]) => ({
      member: { column, bit: bitOf(relation) },
      values: domain(column) ?? Infinity,
    }));
    sized.sort((x, y) => x.values - y.values || (x.member.bit < y.member.bit ? -1 : 1));
    const ids = new Set(columns.map(({ id }) => id));
    const stated = edges.map(({ expr }) => expr).filter((expr) => ids.has(equalPair(expr)?.[0].id ?? -1));
    classes.push(
      new EqualColumns(
        sized.map(({ member }) => member),
        stated,
      ),
    );
  }
  return { classes, rest, within };
}

function equalPair(expr: Expr): readonly [Column, Column] | undefined {
  if (expr.kind !== 'compare' || expr.operator !== '=') return undefined;
  const { left, right } = expr;
  return left.kind === 'column' && right.kind === 'column' && left.type === right.type ? [left, right] : undefined;
}
