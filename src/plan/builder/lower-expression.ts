// Expressions: columns become ids or slots, every node gets its one static type (see `typing.ts`).

import { aggregateName } from '../../expr/aggregates.js';
import * as build from '../../expr/build.js';
import type { Aggregate, CompareOperator, Expr } from '../../expr/expression.js';
import { functionNames, resolveFunction } from '../../expr/functions.js';
import { suggestion } from '../../text/suggestion.js';
import type { Type } from '../../values/types.js';
import { placeAggregate, typedAggregate } from '../binding/aggregate-call.js';
import { addInterval } from '../binding/interval.js';
import type { AggregateSink } from '../binding/scope.js';
import type { SearchTarget } from '../binding/search.js';
import { excerptArguments } from '../binding/search.js';
import { nullsFirst } from '../binding/select.js';
import type { BoundSubquery } from '../binding/subquery.js';
import { addSubquery, compareSubquery, existsSubquery, scalarSubquery } from '../binding/subquery.js';
import type { RowsComparison } from '../binding/subquery.js';
import type { LowerContext } from './context.js';
import type { AggregateNode, ColumnNode, Node, QueryState } from './node.js';
import type { Scope } from './scope.js';
import { lowerMatch } from './search.js';
import { Typing } from './typing.js';
import type { LoweredPlan } from './lower-select.js';

/** What an expression may use in the clause it stands in. */
export interface Place {
  readonly scope: Scope;
  /** For messages: `where`, `orderBy`. */
  readonly clause: string;
  /** Absent where aggregates are not allowed. */
  readonly aggregates?: AggregateSink | undefined;
  /** Absent where score() cannot stand. */
  readonly search?: () => SearchTarget;
  /** A column of the select list. */
  readonly output?: ((name: string) => Expr) | undefined;
  readonly lowerQuery: (query: QueryState, outer: Scope | undefined) => LoweredPlan;
}

export class ExpressionLowering extends Typing {
  constructor(
    context: LowerContext,
    readonly place: Place,
  ) {
    super(context);
  }

  /** A predicate: BOOLEAN or NULL. */
  condition(node: Node): Expr {
    return this.predicate(this.lower(node), this.place.clause);
  }

  /** An expression whose type is wholly decided. */
  value(node: Node): Expr {
    return this.settle(this.lower(node));
  }

  typedAs(node: Node, type: Type): Expr {
    return this.coerce(this.lower(node), type);
  }

  /** Lowers without deciding the type of values and parameters: `settle` or `coerce` must follow. */
  lower(node: Node): Expr {
    switch (node.kind) {
      case 'value':
        return this.constant(node.value);
      case 'parameter': {
        const { parameters } = this.context;
        const index = parameters.names.indexOf(node.name);
        const type = parameters.typeOf(index);
        return { kind: 'parameter', index, type: type === 'unknown' ? 'null' : type };
      }
      case 'column':
        return this.column(node);
      case 'output':
        if (this.place.output) return this.place.output(node.name);
        throw this.context.error('UNKNOWN_COLUMN', `${this.place.clause} cannot name a column of the select list`);
      case 'clause': {
        const { scope } = this.place;
        const before = scope.clause;
        scope.clause = node.clause;
        try {
          return this.lower(node.node);
        } finally {
          scope.clause = before;
        }
      }
      case 'compare':
        return this.compare(node.operator, node.left, node.right);
      case 'distinct': {
        const { left, right, negated } = node;
        if (left.kind === 'row') return this.distinctRows(this.rowItems(left), this.rowItems(right), negated);
        return build.distinct(...this.comparable(this.lower(left), this.lower(right)), negated);
      }
      case 'and':
        return build.and(node.args.map((arg) => this.condition(arg)));
      case 'or':
        return build.or(node.args.map((arg) => this.condition(arg)));
      case 'not':
        return build.not(this.condition(node.arg));
      case 'is-null':
        return build.and(partsOf(node.arg).map((part) => build.isNull(this.value(part), node.negated)));
      case 'is-truth':
        return build.isTruth(this.condition(node.arg), node.truth, node.negated);
      case 'in-list':
        return this.inList(node.arg, node.items, node.negated);
      case 'in-array':
        return this.inArray(this.lower(node.arg), this.lower(node.array), node.negated);
      case 'in-query':
        return this.inQuery(node);
      case 'like': {
        const { arg, pattern, escape, insensitive, negated } = node;
        const options = { escape: escape && this.typedAs(escape, 'text'), insensitive, negated };
        const nowhere = [undefined, undefined, undefined] as const;
        return this.likeTest(this.lower(arg), this.lower(pattern), options, nowhere);
      }
      case 'case':
        return this.caseOf(node.branches, node.otherwise);
      case 'cast':
        return this.explicitCast(this.lower(node.arg), node.type);
      case 'collate':
        return this.context.collations.collate(this.typedAs(node.arg, 'text'), node.collation);
      case 'call':
        return this.call(
          node.name,
          node.args.map((arg) => this.lower(arg)),
        );
      case 'interval':
        return addInterval(this.moment(this.lower(node.arg)), node.interval, undefined, node.negative);
      case 'aggregate':
        return this.aggregate(node);
      case 'match': {
        const query = this.typedAs(node.query, 'text');
        return lowerMatch(this.context, this.place.scope, node.target, query) ?? this.unknown(node.target);
      }
      case 'score':
        return this.searchTarget('score').score;
      case 'excerpt':
        return this.excerpt(node.name, node.text, node.args);
      case 'row':
      case 'quantifier': {
        const what = node.kind === 'row' ? 'a row' : node.quantifier;
        throw this.context.error('UNSUPPORTED', `${what} is no value`, 'compare with it: column.lt(any(query))');
      }
      case 'exists':
        return existsSubquery(this.subquery(node.query));
      case 'scalar':
        return scalarSubquery(this.context, this.subquery(node.query), undefined);
    }
  }

  // ---- leaves ----

  private column(node: ColumnNode): Expr {
    const { scope } = this.place;
    const found = scope.findColumn(node);
    if (found.kind !== 'column') return this.unknown(node);
    const expr = scope.read(found, () => this.context.newSlot());
    if (expr.kind === 'parameter') {
      this.context.slotColumns.set(expr.index, { table: found.relation.name, name: found.column.name });
    }
    return this.context.collations.valueOf(found.column.id, expr);
  }

  private unknown(node: ColumnNode): never {
    const { scope } = this.place;
    const found = scope.findColumn(node);
    const alias = node.source?.alias ?? node.table;
    if (found.kind === 'unknown-table') {
      const name = alias ?? '';
      throw this.context.error(
        'UNKNOWN_TABLE',
        `column "${node.name}" is of "${name}", which this query does not read`,
        suggestion(name, scope.relationNames()) ?? 'use the columns that the callback is given',
      );
    }
    if (found.kind === 'ambiguous') {
      const tables = found.relations;
      throw this.context.error(
        'AMBIGUOUS_COLUMN',
        `column "${node.name}" is in more than one table: ${tables.join(', ')}`,
        `use the columns that a callback is given, or column('${tables[0]}.${node.name}')`,
      );
    }
    throw this.context.error(
      'UNKNOWN_COLUMN',
      `unknown column "${node.name}"${alias === undefined ? '' : ` in "${alias}"`}`,
      suggestion(node.name, scope.namesBeside(node)),
    );
  }

  // ---- operators ----

  /** A call of the function table; values and parameters take the types of the overload chosen. */
  private call(name: string, lowered: readonly Expr[]): Expr {
    // Only texts and parameters wait for the overload: other values say themselves what they are.
    const args = lowered.map((arg) => (this.isObject(arg) ? this.settle(arg) : arg));
    const types = args.map((arg) => this.argumentType(arg));
    const { functions } = this.context.catalog;
    const resolution = resolveFunction(name, types, functions);
    if ('problem' in resolution) {
      if (resolution.problem === 'unknown-function') {
        const isAggregate = aggregateName(name) ?? functions?.aggregate(name);
        const hint = isAggregate
          ? `${name} is an aggregate: use agg('${name}', ...)`
          : suggestion(name, [...functionNames(), ...(functions?.names() ?? [])]);
        throw this.context.error('UNKNOWN_FUNCTION', resolution.message, hint);
      }
      const { signatures } = resolution;
      throw this.context.error(
        'TYPE_MISMATCH',
        resolution.message,
        signatures.length > 0 ? `use ${signatures.join(' or ')}` : undefined,
      );
    }
    const typed = args.map((arg, i) => this.argument(arg, resolution, i, undefined));
    return this.comparedCall(name, typed, undefined) ?? build.call(name, typed, functions);
  }

  private compare(operator: CompareOperator, left: Node, right: Node): Expr {
    if (right.kind === 'quantifier') {
      const { quantifier, of } = right;
      if (isQuery(of)) return this.compareQuery({ operator, quantifier }, left, of);
      return build.quantified(operator, ...this.withArray(this.lower(left), this.lower(of)), quantifier === 'all');
    }
    if (left.kind !== 'row') return build.compare(operator, ...this.comparable(this.lower(left), this.lower(right)));
    if (right.kind === 'scalar') return this.compareQuery({ operator, quantifier: 'row' }, left, right.query);
    return this.compareRows(operator, this.rowItems(left), this.rowItems(right));
  }

  private rowItems(node: Node): Expr[] {
    if (node.kind === 'row') return node.items.map((item) => this.lower(item));
    throw this.context.error('TYPE_MISMATCH', 'a row can be compared with a row of the same length only');
  }

  private inList(arg: Node, items: readonly Node[], negated: boolean): Expr {
    if (arg.kind === 'row') {
      const found = build.or(items.map((item) => this.compare('=', arg, item)));
      return negated ? build.not(found) : found;
    }
    const operand = this.lower(arg);
    if (items.length === 0) {
      this.settle(operand);
      return build.constant(negated, 'boolean');
    }
    const [first, ...rest] = this.comparableList([operand, ...items.map((item) => this.lower(item))], 'in');
    return build.inList(first ?? operand, rest, negated);
  }

  private caseOf(branches: readonly { readonly when: Node; readonly then: Node }[], otherwise: Node | undefined): Expr {
    const whens = branches.map((branch) => this.condition(branch.when));
    const results = branches.map((branch) => this.lower(branch.then));
    results.push(otherwise ? this.lower(otherwise) : build.nullOf('null'));
    const { exprs } = this.unify(results, 'caseWhen');
    return build.caseWhen(
      whens.map((when, i) => ({ when, then: exprs[i]! })),
      exprs[exprs.length - 1],
    );
  }

  // ---- aggregates ----

  /** A column of the aggregation, or the slot of one of a query around. */
  private aggregate(node: AggregateNode): Expr {
    const { scope, clause, aggregates } = this.place;
    const bind = () => this.aggregateCall(node);
    const placed = placeAggregate(this.context, scope, { name: clause, aggregates }, node.name, bind, undefined);
    if (placed.expr.kind === 'parameter') this.context.slotAggregates.set(placed.expr.index, placed.aggregate);
    return placed.expr;
  }

  private aggregateCall({ name, distinct, args, orderBy, filter }: AggregateNode): Aggregate {
    const place: Place = { ...this.place, clause: `an argument of ${name}`, aggregates: undefined, output: undefined };
    const inside = new ExpressionLowering(this.context, place);
    const call = {
      name,
      distinct,
      args: args.map((arg) => ({ expr: inside.lower(arg), place: undefined })),
      orderBy: orderBy.map((key) => ({
        expr: inside.value(key.node),
        desc: key.desc,
        nullsFirst: nullsFirst(key.nulls, key.desc),
        place: undefined,
      })),
      filter: filter && inside.condition(filter),
    };
    return typedAggregate(inside, call, undefined);
  }

  // ---- search ----

  private searchTarget(what: string): SearchTarget {
    if (this.place.search) return this.place.search();
    throw this.context.error(
      'NO_INDEX',
      `${what}() cannot stand in ${this.place.clause}`,
      'it belongs in select or orderBy, with a search among the conditions',
    );
  }

  private excerpt(name: 'highlight' | 'snippet', node: Node, args: readonly Node[]): Expr {
    const { match } = this.searchTarget(name);
    const text = this.typedAs(node, 'text');
    const rest = args.map((arg) => this.lower(arg));
    return this.call(name, excerptArguments(match, text, rest, true));
  }

  // ---- sub-queries ----

  private inQuery({ arg, query, negated }: Extract<Node, { kind: 'in-query' }>): Expr {
    const found = this.compareQuery({ operator: '=', quantifier: 'any' }, arg, query);
    return negated ? build.not(found) : found;
  }

  private compareQuery(comparison: RowsComparison, left: Node, query: QueryState): Expr {
    const operands = () => partsOf(left).map((part) => this.lower(part));
    return compareSubquery(this, this.subquery(query), comparison, operands, undefined);
  }

  private subquery(query: QueryState): BoundSubquery {
    const { scope, clause, aggregates, lowerQuery } = this.place;
    const lower = () => scope.within({ name: clause, aggregates }, () => lowerQuery(query, scope));
    const lowered = this.context.nested(lower);
    const bound = addSubquery(this.context, scope, lowered);
    this.context.subqueryParts[bound.id] = lowered.parts;
    return bound;
  }
}

/** The values of a row, or the one value. */
function partsOf(node: Node): readonly Node[] {
  return node.kind === 'row' ? node.items : [node];
}

function isQuery(of: QueryState | Node): of is QueryState {
  return of.kind === 'select' || of.kind === 'set';
}
