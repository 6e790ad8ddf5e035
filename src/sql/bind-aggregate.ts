// Calls of aggregates, as text writes them.

import type * as ast from '../../grammar/ast.js';
import type { Aggregate, Expr } from '../expr/expression.js';
import { placeAggregate, typedAggregate } from '../plan/binding/aggregate-call.js';
import { ExpressionBinder } from './bind-expression.js';
import { sortKey } from './bind-query.js';

/** What stands for the call: a column of the aggregation, or the slot of one of a query around. */
export function bindAggregate(binder: ExpressionBinder, call: ast.Call): Expr {
  const { context, place } = binder;
  const { scope, clause, aggregates } = place;
  const bind = () => typed(binder, call);
  return placeAggregate(context, scope, { name: clause, aggregates }, call.name.text, bind, call).expr;
}

function typed({ context, place }: ExpressionBinder, call: ast.Call): Aggregate {
  const name = call.name.text;
  if (call.star && name !== 'count') {
    throw context.error(call, 'TYPE_MISMATCH', `${name}(*) has no meaning`, `name what to take the ${name} of`);
  }
  if (!call.star && name === 'count' && call.args.length === 0) {
    throw context.error(call, 'TYPE_MISMATCH', 'count takes an argument', 'write count(*)');
  }
  const inside = new ExpressionBinder(context, { ...place, clause: `an argument of ${name}`, aggregates: undefined });
  const args = call.args.map((arg) => ({ expr: inside.bind(arg), place: arg }));
  const orderBy = call.orderBy.map((item) => ({ ...sortKey(item, inside.value(item.expression)), place: item }));
  const filter = call.filter && inside.condition(call.filter);
  return typedAggregate(inside, { name, distinct: call.distinct, args, orderBy, filter }, call);
}
