// Calls: scalar functions, aggregates, and the search functions, which need the full-text index behind a column.

import type * as ast from '../../grammar/ast.js';
import { functionNames, resolveFunction } from '../expr/functions.js';
import type { Resolution } from '../expr/functions.js';
import { aggregateName, aggregateNames } from '../expr/aggregates.js';
import type { Expr } from '../expr/expression.js';
import type { ArgumentType } from '../expr/typing.js';
import { excerptArguments, findTextIndex, matchOf } from '../plan/binding/search.js';
import { suggestion } from '../text/suggestion.js';
import { bindAggregate } from './bind-aggregate.js';
import type { ExpressionBinder } from './bind-expression.js';
import type { BindContext } from './context.js';

export function bindCall(binder: ExpressionBinder, node: ast.Call): Expr {
  const name = node.name.text;
  if (name === 'match') return bindMatch(binder, node);
  if (name === 'score') return bindScore(binder, node);
  if (name === 'highlight' || name === 'snippet') return bindExcerpt(binder, node);
  const functions = binder.context.catalog.functions;
  if (aggregateName(name) !== undefined || functions?.aggregate(name)) return bindAggregate(binder, node);
  if (node.star || node.distinct || node.filter || node.orderBy.length > 0) {
    throw binder.context.error(node, 'UNKNOWN_FUNCTION', `${name} is not an aggregate`, aggregateHint(name));
  }
  return binder.call(
    node,
    name,
    node.args.map((arg) => binder.bind(arg)),
    node.args,
  );
}

/** Chooses the overload; an error names what there is. */
export function resolve(
  context: BindContext,
  span: ast.Span,
  name: string,
  types: readonly ArgumentType[],
): Resolution {
  const resolution = resolveFunction(name, types, context.catalog.functions);
  if (!('problem' in resolution)) return resolution;
  if (resolution.problem === 'unknown-function') {
    throw context.error(
      span,
      'UNKNOWN_FUNCTION',
      resolution.message,
      suggestion(name, [...functionNames(), ...aggregateNames(), ...(context.catalog.functions?.names() ?? [])]),
    );
  }
  const given = types.map((type) => (type === 'null' || type === 'unknown' ? type : type.toUpperCase())).join(' and ');
  const message = /^[a-z]/.test(name) ? resolution.message : `${name} does not take ${given}`;
  const hint = resolution.signatures.length > 0 ? `use ${resolution.signatures.join(' or ')}` : undefined;
  throw context.error(span, 'TYPE_MISMATCH', message, hint);
}

function aggregateHint(name: string): string | undefined {
  return suggestion(name, aggregateNames());
}

/** `MATCH(column | index, query)`. */
function bindMatch(binder: ExpressionBinder, node: ast.Call): Expr {
  const { context } = binder;
  const [target, query] = node.args;
  if (target === undefined || query === undefined || node.args.length > 2 || target.kind !== 'column') {
    const hint = "write MATCH(about, 'harbour'), for example";
    throw context.error(node, 'TYPE_MISMATCH', 'MATCH takes a column (or a full-text index) and a query', hint);
  }
  const { scope } = binder.place;
  const found = scope.find(target.table?.text, target.name.text);
  const relations = scope.relations.filter((relation) => !target.table || relation.name === target.table.text);
  const searched = findTextIndex(context, scope, found, { name: target.name.text, relations }, target);
  // The name is neither a column nor an index: binding it raises what is wrong with it.
  return searched ? matchOf(searched, binder.typed(query, 'text')) : binder.bind(target);
}

function bindScore(binder: ExpressionBinder, node: ast.Call): Expr {
  if (node.args.length > 0) {
    throw binder.context.error(node, 'TYPE_MISMATCH', 'score() takes no arguments: it belongs to the MATCH in WHERE');
  }
  return searchTarget(binder, node).score;
}

/** `highlight(column, open, close)` and `snippet(column, words)`: the function table takes the query and the analysis after the text. */
function bindExcerpt(binder: ExpressionBinder, node: ast.Call): Expr {
  const name = node.name.text;
  const [text, ...rest] = node.args;
  if (text === undefined) {
    const hint = name === 'highlight' ? "write highlight(about, '<b>', '</b>')" : 'write snippet(about, 12)';
    throw binder.context.error(node, 'TYPE_MISMATCH', `${name} takes a text column first`, hint);
  }
  const { match } = searchTarget(binder, node);
  const bound = binder.typed(text, 'text');
  const whole = rest.length === (name === 'highlight' ? 2 : 1);
  const args = excerptArguments(
    match,
    bound,
    rest.map((arg) => binder.bind(arg)),
    whole,
  );
  return binder.call(node, name, args, [text, node, node, ...rest]);
}

function searchTarget(binder: ExpressionBinder, node: ast.Call) {
  const { search, clause } = binder.place;
  if (search) return search(node);
  const message = `${node.name.text}() cannot stand in ${clause}`;
  throw binder.context.error(node, 'NO_INDEX', message, 'it belongs in SELECT or ORDER BY, with a MATCH in WHERE');
}
