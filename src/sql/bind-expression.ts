// Expressions: names become columns or slots, every node gets its one static type, literals and parameters take the type their place asks.

import type * as ast from '../../grammar/ast.js';
import type { CompareOperator, Expr } from '../expr/expression.js';
import { typeOf } from '../expr/expression.js';
import * as build from '../expr/build.js';
import { isNumeric } from '../expr/typing.js';
import type { AggregateSink } from '../plan/binding/scope.js';
import type { SearchTarget } from '../plan/binding/search.js';
import type { Draft } from '../plan/binding/set-operation.js';
import type { BoundSubquery, RowsComparison } from '../plan/binding/subquery.js';
import { addSubquery, compareSubquery, existsSubquery, rowSubquery, scalarSubquery } from '../plan/binding/subquery.js';
import type { LogicalPlan, OutputColumn } from '../plan/logical.js';
import { canCast } from '../values/cast.js';
import type { Type } from '../values/types.js';
import { elementType } from '../values/types.js';
import { bindArray, bindSlice, bindSubscript } from './bind-array.js';
import { bindCall, resolve } from './bind-call.js';
import { bindColumn } from './bind-name.js';
import { bindInterval, bindTypedLiteral, isInterval } from './bind-literal.js';
import { Coercion } from './coercion.js';
import type { BindContext } from './context.js';
import type { Scope } from './scope.js';
import { resolveCastType, resolveCollation } from './types.js';

/** A query bound inside an expression. */
export interface BoundQuery {
  readonly plan: LogicalPlan;
  readonly output: readonly OutputColumn[];
  readonly scope: Scope;
}

export type DraftQuery = Draft<BoundQuery>;

/** What an expression may use in the clause it stands in. */
export interface Surroundings {
  readonly scope: Scope;
  /** For messages: `WHERE`, `a CHECK constraint`. */
  readonly clause: string;
  /** Absent where aggregates are not allowed. */
  readonly aggregates?: AggregateSink | undefined;
  /** What `score()`, `highlight` and `snippet` refer to: the MATCH of the query's WHERE. */
  readonly search?: (span: ast.Span) => SearchTarget;
  /** Absent where sub-queries are not allowed (definitions). */
  readonly bindQuery?: (query: ast.Query, outer: Scope) => BoundQuery;
}

export class ExpressionBinder extends Coercion {
  constructor(
    context: BindContext,
    readonly place: Surroundings,
  ) {
    super(context);
  }

  /** A predicate: BOOLEAN or NULL. */
  condition(node: ast.Expr): Expr {
    return this.predicate(this.bind(node), this.place.clause, node);
  }

  /** An expression whose type is wholly decided. */
  value(node: ast.Expr): Expr {
    return this.settle(this.bind(node));
  }

  /** An expression of a type. `assignment` also allows the casts of INSERT and UPDATE. */
  typed(node: ast.Expr, type: Type, assignment = false): Expr {
    return this.coerce(this.bind(node), type, node, { assignment });
  }

  /** Binds without deciding the type of literals and parameters: `settle` or `coerce` must follow. */
  bind(node: ast.Expr): Expr {
    switch (node.kind) {
      case 'number':
        return this.number(node);
      case 'string': {
        const literal: Expr = { kind: 'constant', value: this.wellFormed(node, node.value), type: 'text' };
        this.literals.set(literal, node);
        return literal;
      }
      case 'blob':
        return build.constant(node.value, 'blob');
      case 'boolean':
        return build.constant(node.value, 'boolean');
      case 'null':
        return build.nullOf('null');
      case 'typed-literal':
        return bindTypedLiteral(this.context, node);
      case 'interval':
        throw this.context.error(
          node,
          'UNSUPPORTED',
          'an INTERVAL can only be added to or subtracted from a date or timestamp',
          "write column + INTERVAL '1' DAY",
        );
      case 'parameter':
        return this.parameter(node);
      case 'column':
        return bindColumn(this.context, this.place.scope, node);
      case 'unary':
        return this.unary(node);
      case 'not':
        return build.not(this.condition(node.operand));
      case 'and':
        return build.and(node.operands.map((operand) => this.condition(operand)));
      case 'or':
        return build.or(node.operands.map((operand) => this.condition(operand)));
      case 'binary':
        return this.binary(node);
      case 'compare':
        return this.compareNodes(node, node.operator, node.left, node.right);
      case 'quantified':
        return this.quantified(node);
      case 'is':
        return this.isTest(node);
      case 'distinct-from': {
        const { left, right } = node;
        if (left.kind === 'row' || right.kind === 'row') {
          return this.distinctRows(this.rowItems(node, left), this.rowItems(node, right), node.negated, node);
        }
        return build.distinct(...this.comparable(this.bind(left), this.bind(right), node), node.negated);
      }
      case 'between':
        return this.between(node);
      case 'in-list':
        return this.inList(node);
      case 'in-query':
        return this.inQuery(node);
      case 'in-array':
        return this.inArray(this.bind(node.operand), this.bind(node.array), node.negated, node, node.array);
      case 'like': {
        const { operand, pattern, escape, insensitive, negated } = node;
        const options = { escape: escape && this.typed(escape, 'text'), insensitive, negated };
        return this.likeTest(this.bind(operand), this.bind(pattern), options, [operand, pattern, node]);
      }
      case 'case':
        return this.caseOf(node);
      case 'cast':
        return this.castOf(node);
      case 'collate':
        if (this.place.clause !== 'DEFAULT') {
          return this.context.collations.collate(
            this.typed(node.operand, 'text'),
            resolveCollation(this.context.text, node),
          );
        }
        throw this.context.unsupported(node, 'COLLATE in a DEFAULT', "write the column's COLLATE before its DEFAULT");
      case 'call':
        return bindCall(this, node);
      case 'exists':
        return existsSubquery(this.subquery(node, node.query));
      case 'scalar-query':
        return scalarSubquery(this.context, this.subquery(node, node.query), node);
      case 'array':
        return bindArray(this, node);
      case 'subscript':
        return bindSubscript(this, node);
      case 'slice':
        return bindSlice(this, node);
      case 'row':
        throw this.context.unsupported(node, 'a row value here', 'row values can be compared, and tested with IN');
    }
  }

  // ---- leaves ----

  private wellFormed(span: ast.Span, text: string): string {
    if (text.isWellFormed()) return text;
    throw this.context.error(span, 'INVALID_TEXT', 'the text has a lone surrogate', 'use well-formed Unicode');
  }

  private number(node: ast.NumberLiteral, negative = false): Expr {
    if (!node.integer) return build.constant(negative ? -Number(node.value) : Number(node.value), 'real');
    const value = negative ? -BigInt(node.value) : BigInt(node.value);
    if (value > 9223372036854775807n || value < -9223372036854775808n) {
      return build.constant(Number(value), 'real');
    }
    const small = Number(value);
    return build.constant(Number.isSafeInteger(small) ? small : value, 'integer');
  }

  private parameter(node: ast.Parameter): Expr {
    const index = this.context.parameters.index(node);
    if (index === undefined) {
      throw this.context.error(node, 'PARAMETER', 'named and positional parameters are mixed', 'use one form');
    }
    const type = this.context.parameters.typeOf(index);
    return { kind: 'parameter', index, type: type === 'unknown' ? 'null' : type };
  }

  // ---- operators ----

  private unary(node: ast.Unary): Expr {
    if (node.operator === '-' && node.operand.kind === 'number') return this.number(node.operand, true);
    const operand = this.bind(node.operand);
    const type = this.argumentType(operand);
    const typed = type === 'unknown' ? this.coerce(operand, this.suggestedNumber(operand), node) : operand;
    if (!isNumeric(typeOf(typed)) && typeOf(typed) !== 'null') {
      throw this.context.error(node, 'TYPE_MISMATCH', `${node.operator} needs a number, this is ${type.toUpperCase()}`);
    }
    return node.operator === '-'
      ? build.call('negate', [build.cast(typed, typeOf(typed) === 'null' ? 'integer' : typeOf(typed))])
      : typed;
  }

  private suggestedNumber(expr: Expr): Type {
    if (expr.kind !== 'parameter') return 'real';
    return this.context.parameters.suggested(expr.index) === 'integer' ? 'integer' : 'real';
  }

  private binary(node: ast.Binary): Expr {
    if (isInterval(node.right) || isInterval(node.left)) return this.withInterval(node);
    const [left, right] = [this.bind(node.left), this.bind(node.right)];
    if (node.operator === '||')
      return this.call(node, '||', [this.besideText(left, right), this.besideText(right, left)]);
    return this.call(node, node.operator, [left, right]);
  }

  /** What `||` joins to a text becomes text. */
  private besideText(expr: Expr, other: Expr): Expr {
    const [own, beside] = [this.argumentType(expr), this.argumentType(other)];
    const text = beside === 'text' || (beside === 'unknown' && own !== 'json');
    if (!text || own === 'text' || own === 'unknown' || own === 'null' || elementType(own)) return expr;
    return canCast(own, 'text') === undefined ? expr : build.cast(this.settle(expr), 'text');
  }

  private withInterval(node: ast.Binary): Expr {
    const [value, interval] = isInterval(node.right) ? [node.left, node.right] : [node.right, node.left];
    const negative = node.operator === '-';
    if ((node.operator !== '+' && !negative) || !isInterval(interval) || (negative && interval !== node.right)) {
      throw this.context.unsupported(
        node,
        `${node.operator} with an INTERVAL`,
        'intervals can be added and subtracted',
      );
    }
    return bindInterval(this.context, this.moment(this.bind(value), value), interval, negative);
  }

  /** A call of the function table; literals and parameters take the types of the overload chosen. */
  call(node: ast.Span, name: string, args: readonly Expr[], spans: readonly ast.Span[] = []): Expr {
    const resolved = resolve(
      this.context,
      node,
      name,
      args.map((arg) => this.argumentType(arg)),
    );
    const typed = args.map((arg, i) => this.argument(arg, resolved, i, spans[i] ?? node));
    // A parameter that took REAL for its value may have changed the overload: type the call once more.
    const call = () => build.call(name, typed, this.context.catalog.functions);
    return this.comparedCall(name, typed, node) ?? this.evaluated(node, call);
  }

  private compareNodes(span: ast.Span, operator: CompareOperator, left: ast.Expr, right: ast.Expr): Expr {
    if (left.kind === 'row' && right.kind === 'scalar-query') {
      return this.compareQuery(span, { operator, quantifier: 'row' }, left, right.query);
    }
    if (left.kind === 'row' || right.kind === 'row') {
      return this.compareRows(operator, this.rowItems(span, left), this.rowItems(span, right), span);
    }
    return build.compare(operator, ...this.comparable(this.bind(left), this.bind(right), span));
  }

  private rowItems(span: ast.Span, node: ast.Expr): Expr[] {
    if (node.kind === 'row') return node.items.map((item) => this.bind(item));
    throw this.context.error(span, 'TYPE_MISMATCH', 'a row can be compared with a row of the same length only');
  }

  private isTest(node: ast.IsTest): Expr {
    if (node.test === 'null') {
      // A row is NULL when all its values are, and NOT NULL when none is.
      const { operand } = node;
      const parts = operand.kind === 'row' ? operand.items : [operand];
      return build.and(parts.map((part) => build.isNull(this.value(part), node.negated)));
    }
    const operand = this.condition(node.operand);
    return node.test === 'unknown'
      ? build.isNull(operand, node.negated)
      : build.isTruth(operand, node.test === 'true', node.negated);
  }

  private between(node: ast.Between): Expr {
    const within = (low: ast.Expr, high: ast.Expr) =>
      build.and([this.compareNodes(node, '>=', node.operand, low), this.compareNodes(node, '<=', node.operand, high)]);
    const inside = within(node.low, node.high);
    const either = node.symmetric ? build.or([inside, within(node.high, node.low)]) : inside;
    return node.negated ? build.not(either) : either;
  }

  private inList(node: ast.InList): Expr {
    if (node.operand.kind === 'row') {
      const equal = build.or(node.items.map((item) => this.compareNodes(node, '=', node.operand, item)));
      return node.negated ? build.not(equal) : equal;
    }
    const all = [node.operand, ...node.items].map((item) => this.bind(item));
    const [arg, ...items] = this.comparableList(all, 'IN', node);
    return build.inList(arg!, items, node.negated);
  }

  private quantified(node: ast.Quantified): Expr {
    const { operator, quantifier, left, right } = node;
    if (right.kind === 'query') return this.compareQuery(node, { operator, quantifier }, left, right);
    if (right.kind === 'array') return this.quantifiedList(node, right.items);
    const [arg, array] = this.withArray(this.bind(left), this.bind(right), node, right);
    return build.quantified(operator, arg, array, quantifier === 'all');
  }

  /** What is compared with a list of values: `= ANY` is IN, `<> ALL` is NOT IN. */
  private quantifiedList(node: ast.Quantified, items: readonly ast.Expr[]): Expr {
    const { operator, quantifier, left, offset, length } = node;
    const any = quantifier === 'any';
    if (operator === (any ? '=' : '<>')) {
      return this.inList({ kind: 'in-list', operand: left, items, negated: !any, offset, length });
    }
    const each = items.map((item) => this.compareNodes(node, operator, left, item));
    return any ? build.or(each) : build.and(each);
  }

  private caseOf(node: ast.Case): Expr {
    const { subject } = node;
    const whens = node.branches.map((branch) =>
      subject ? this.compareNodes(branch, '=', subject, branch.when) : this.condition(branch.when),
    );
    const results = node.branches.map((branch) => this.bind(branch.then));
    results.push(node.otherwise ? this.bind(node.otherwise) : build.nullOf('null'));
    const { exprs } = this.unify(results, 'CASE', node);
    const branches = whens.map((when, i) => ({ when, then: exprs[i]! }));
    return build.caseWhen(branches, exprs[exprs.length - 1]);
  }

  /** A cast to VARCHAR(n) cuts the text, as in PostgreSQL. */
  private castOf(node: ast.Cast): Expr {
    const { type, maxLength } = resolveCastType(this.context.text, node.type);
    const cast = this.explicitCast(this.bind(node.operand), type, node);
    if (maxLength === undefined) return cast;
    return this.call(node, 'left', [cast, build.constant(maxLength, 'integer')]);
  }

  // ---- sub-queries ----

  private inQuery(node: ast.InQuery): Expr {
    const found = this.compareQuery(node, { operator: '=', quantifier: 'any' }, node.operand, node.query);
    return node.negated ? build.not(found) : found;
  }

  /** The columns of a query's one row, as what is assigned to columns of these types. */
  columnsOf(span: ast.Span, query: ast.Query, types: readonly Type[]): Expr[] {
    const bound = this.subquery(span, query);
    return rowSubquery(this.context, bound, types.length, span).map((expr, i) =>
      this.coerce(expr, types[i]!, span, { assignment: true }),
    );
  }

  private compareQuery(span: ast.Span, comparison: RowsComparison, left: ast.Expr, query: ast.Query): Expr {
    const operands = () => (left.kind === 'row' ? left.items : [left]).map((item) => this.bind(item));
    return compareSubquery(this, this.subquery(span, query), comparison, operands, span);
  }

  private subquery(span: ast.Span, query: ast.Query): BoundSubquery {
    const { bindQuery, scope, clause, aggregates } = this.place;
    if (bindQuery === undefined) throw this.context.unsupported(span, `a sub-query in ${clause}`);
    const bind = () => scope.within({ name: clause, aggregates }, () => bindQuery(query, scope));
    const bound = this.context.nested(bind, span);
    return addSubquery(this.context, scope, { ...bound, correlations: bound.scope.correlations });
  }
}
