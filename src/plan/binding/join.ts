// A join of two parts of a FROM: its operator, what its columns are called, and which of them USING and NATURAL merge.

import * as build from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { commonType } from '../../expr/typing.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import { outputOf } from '../logical.js';
import type { BindingContext } from './context.js';
import type { Relation } from './scope.js';
import { columnExpr, nullable } from './scope.js';

/** A FROM, or a part of one. */
export interface FromPlan<R extends Relation = Relation> {
  readonly plan: LogicalPlan;
  readonly relations: readonly R[];
  /** What `*` means, in order: columns that USING merged come first, once. */
  readonly star: readonly ColumnId[];
}

/** A join as it is written. */
export type WrittenJoin = 'inner' | 'left' | 'right' | 'full';

/** Two columns of one name, one of each side, that are one column of the join. */
export interface MergedPair {
  readonly left: OutputColumn;
  readonly right: OutputColumn;
}

/** The columns that a part of a FROM shows under their bare names. */
export function visibleColumns(relations: readonly Relation[]): OutputColumn[] {
  return relations.flatMap((relation) => relation.columns.filter((column) => !relation.merged.has(column.id)));
}

/** The names that both sides show: what NATURAL joins by. */
export function commonNames(left: readonly Relation[], right: readonly Relation[]): string[] {
  const names = new Set(visibleColumns(right).map((column) => column.name));
  return visibleColumns(left).flatMap((column) => (names.has(column.name) ? [column.name] : []));
}

/**
 * @param pairs equal by the condition; empty unless the join is by USING or NATURAL
 * @param relationOf a relation without a name, for merged columns that neither side has as they are
 */
export function joinFrom<R extends Relation, Place>(
  context: BindingContext<Place>,
  type: WrittenJoin,
  left: FromPlan<R>,
  right: FromPlan<R>,
  condition: Expr,
  pairs: readonly MergedPair[],
  relationOf: (columns: readonly OutputColumn[]) => R,
): FromPlan<R> {
  const plan = joinPlan(type, left.plan, right.plan, condition);
  const lefts = type === 'right' || type === 'full' ? left.relations.map(nullable) : left.relations;
  const rights = type === 'left' || type === 'full' ? right.relations.map(nullable) : right.relations;
  if (pairs.length === 0) {
    return { plan, relations: [...lefts, ...rights], star: [...left.star, ...right.star] };
  }
  const computed: { readonly column: OutputColumn; readonly expr: Expr }[] = [];
  const kept = pairs.map((pair) => {
    const expr = mergedExpr(type, pair);
    if (expr.kind === 'column') return expr.id;
    const column = context.newColumn(pair.left.name, commonTypeOf(pair), pair.left.nullable || pair.right.nullable);
    for (const side of [pair.left, pair.right]) context.collations.like(column.id, columnExpr(side));
    computed.push({ column, expr });
    return column.id;
  });
  const used = new Set(pairs.flatMap((pair) => [pair.left.id, pair.right.id]));
  const hidden = [...used].filter((id) => !kept.includes(id));
  const relations = [...lefts, ...rights].map((r) => ({ ...r, merged: new Set([...r.merged, ...hidden]) }));
  const star = [...kept, ...[...left.star, ...right.star].filter((id) => !used.has(id))];
  if (computed.length === 0) return { plan, relations, star };
  const own = outputOf(plan).map((column) => ({ column, expr: columnExpr(column) }));
  return {
    plan: { kind: 'project', input: plan, items: [...own, ...computed] },
    relations: [relationOf(computed.map((item) => item.column)), ...relations],
    star,
  };
}

function joinPlan(type: WrittenJoin, left: LogicalPlan, right: LogicalPlan, condition: Expr): LogicalPlan {
  if (type === 'right') return { kind: 'join', type: 'left', left: right, right: left, condition };
  return { kind: 'join', type, left, right, condition };
}

function commonTypeOf({ left, right }: MergedPair) {
  return commonType([left.type, right.type]) ?? left.type;
}

/** The preserved side's column; of an inner join the one whose type is common to both; of a full join whichever is there. */
function mergedExpr(type: WrittenJoin, pair: MergedPair): Expr {
  const common = commonTypeOf(pair);
  const [left, right] = [pair.left, pair.right].map((column) => build.cast(columnExpr(column), common)) as [Expr, Expr];
  switch (type) {
    case 'inner':
      return left.kind === 'column' ? left : right;
    case 'left':
      return left;
    case 'right':
      return right;
    case 'full':
      return build.call('coalesce', [left, right]);
  }
}
