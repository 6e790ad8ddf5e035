// Prints a lowered query in the dialect: parsed and bound against the same catalog, the text gives the same plan.
// Expressions go through `expr/printer`; what that cannot know (aggregates, searches, sub-queries, names) is put in as ready text.

import { LightningError } from '../../errors.js';
import { calledName } from '../../expr/aggregates.js';
import * as build from '../../expr/build.js';
import type { Aggregate, Call, Column, ColumnId, Expr, Match } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import { printExpr, quantifierOf, quoteName } from '../../expr/printer.js';
import type { LowerContext } from './context.js';
import { lowerWithParts } from './lower.js';
import type { QueryState } from './node.js';
import type { FromPart, ItemPart, OrderPart, QueryParts, SelectParts, TailParts } from './parts.js';
import type { Relation } from './scope.js';
import type { ViewingCatalog } from './views.js';

/**
 * The query as text. Parameters print as `$name`, constants as literals; hints have no text.
 *
 * @example toSQL(state, catalog) // SELECT name FROM places WHERE population > 1000
 */
export function toSQL(state: QueryState, catalog: ViewingCatalog): string {
  const { parts, context } = lowerWithParts(state, catalog, () => undefined);
  return printQuery(parts, context);
}

function printQuery(parts: QueryParts, context: LowerContext): string {
  if (parts.kind === 'select') return new SelectPrinter(parts, context).print();
  const words = `${parts.operation.toUpperCase()}${parts.all ? ' ALL' : ''}`;
  const text = `(${printQuery(parts.left, context)}) ${words} (${printQuery(parts.right, context)})`;
  return text + printTail(parts, (key) => quoteName(key.output ?? ''), new ExprPrinter(context, undefined));
}

function printTail(tail: TailParts, key: (part: OrderPart) => string, printer: ExprPrinter): string {
  const keys = tail.order.map((part) => directed(key(part), part));
  const order = keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : '';
  const limit = tail.limit ? ` LIMIT ${printer.print(tail.limit)}` : '';
  return order + limit + (tail.offset ? ` OFFSET ${printer.print(tail.offset)}` : '');
}

function directed(key: string, order: { readonly desc: boolean; readonly nullsFirst: boolean }): string {
  const nulls = order.nullsFirst === order.desc ? '' : order.nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${key}${order.desc ? ' DESC' : ''}${nulls}`;
}

class SelectPrinter {
  private readonly printer: ExprPrinter;

  constructor(
    private readonly parts: SelectParts,
    private readonly context: LowerContext,
  ) {
    this.printer = new ExprPrinter(context, parts);
  }

  print(): string {
    const { parts, printer } = this;
    const clauses = [
      `SELECT ${parts.distinct ? 'DISTINCT ' : ''}${this.distinctOn()}${parts.items.map((item) => this.item(item)).join(', ')}`,
      ...(parts.from === undefined ? [] : [`FROM ${this.from(parts.from)}`]),
    ];
    if (parts.where) clauses.push(`WHERE ${printer.print(parts.where)}`);
    if (parts.groups.length > 0)
      clauses.push(`GROUP BY ${parts.groups.map((group) => this.position(group)).join(', ')}`);
    if (parts.having) clauses.push(`HAVING ${printer.print(parts.having)}`);
    return clauses.join(' ') + printTail(parts, (key) => this.orderKey(key), printer);
  }

  private distinctOn(): string {
    const { distinctOn } = this.parts;
    return distinctOn.length === 0 ? '' : `ON (${distinctOn.map((key) => this.orderKey(key)).join(', ')}) `;
  }

  private item(item: ItemPart): string {
    if (item.kind === 'star') return '*';
    const { expr, name } = item;
    const bare = expr.kind === 'column' && this.context.collations.written(expr) === undefined;
    const same = bare && this.printer.columnName(expr.id) === name;
    const text = this.printer.print(expr);
    return same ? text : `${text} AS ${quoteName(name)}`;
  }

  private from(part: FromPart): string {
    switch (part.kind) {
      case 'table':
        return part.table === part.name ? quoteName(part.table) : `${quoteName(part.table)} ${quoteName(part.name)}`;
      case 'query':
        return `(${printQuery(part.query, this.context)}) ${quoteName(part.name)}`;
      case 'values': {
        const rows = part.rows.map((row) => `(${row.map((expr) => this.printer.print(expr)).join(', ')})`);
        return `(VALUES ${rows.join(', ')}) ${quoteName(part.name)} (${part.columns.map(quoteName).join(', ')})`;
      }
      case 'join': {
        const sides = [this.from(part.left), this.from(part.right)];
        if (part.on === undefined) return sides.join(' CROSS JOIN ');
        const words = part.type === 'inner' ? ' JOIN ' : ` ${part.type.toUpperCase()} JOIN `;
        return `${sides.join(words)} ON ${this.printer.print(part.on)}`;
      }
    }
  }

  /** A key of GROUP BY or ORDER BY: a bare number there would be a position of the select list. */
  private position(expr: Expr, qualified = false): string {
    const text = this.printer.print(expr, qualified);
    return /^\d+$/.test(text) ? `CAST(${text} AS INTEGER)` : text;
  }

  /** ORDER BY reads a bare name as a column of the select list first. */
  private orderKey(key: OrderPart): string {
    const { items } = this.parts;
    const named = items.filter((item) => item.kind === 'item').map((item) => item.name);
    if (key.output !== undefined && named.filter((name) => name === key.output).length === 1 && !items.some(isStar)) {
      return quoteName(key.output);
    }
    const hidden = key.expr.kind === 'column' && named.includes(this.printer.columnName(key.expr.id) ?? '');
    return this.position(key.expr, hidden);
  }
}

function isStar(item: ItemPart): boolean {
  return item.kind === 'star';
}

/** Prints expressions of one query. */
class ExprPrinter {
  /** Ready text, by the id of the column that stands for it in what `printExpr` is given. */
  private readonly ready = new Map<ColumnId, string>();
  private free: ColumnId = -1;

  constructor(
    private readonly context: LowerContext,
    private readonly parts: SelectParts | undefined,
  ) {}

  print(expr: Expr, qualified = false): string {
    return printExpr(this.prepare(expr), { column: (column) => this.column(column, qualified) });
  }

  /** The column's own name, for a column of a relation. */
  columnName(id: ColumnId): string | undefined {
    return this.find(id)?.name;
  }

  private find(id: ColumnId): { readonly relation: Relation; readonly name: string } | undefined {
    for (const relation of this.parts?.relations ?? []) {
      const column = relation.columns.find((each) => each.id === id);
      if (column) return { relation, name: column.name };
    }
    return undefined;
  }

  private column(column: Column, qualified: boolean): string {
    const ready = this.ready.get(column.id);
    if (ready !== undefined) return ready;
    if (column.id === this.parts?.score) return 'score()';
    const aggregate = this.parts?.aggregates.get(column.id);
    if (aggregate) return this.aggregate(aggregate);
    const found = this.find(column.id);
    if (!found) throw new LightningError('BUG', `no name for the column ${column.name}`);
    return this.name(found.relation.name, found.name, qualified);
  }

  private name(table: string, name: string, qualified = false): string {
    const short = this.context.relationCount === 1 && !qualified;
    return short ? quoteName(name) : `${quoteName(table)}.${quoteName(name)}`;
  }

  private aggregate(aggregate: Aggregate): string {
    const { args, distinct, filter, orderBy = [] } = aggregate;
    const keys = orderBy.map((key) => directed(this.print(key.expr), key)).join(', ');
    const order = keys === '' ? '' : ` ORDER BY ${keys}`;
    const inside = args.length === 0 ? '*' : args.map((arg) => this.print(arg)).join(', ');
    const where = filter ? ` FILTER (WHERE ${this.print(filter)})` : '';
    return `${calledName(aggregate)}(${distinct ? 'DISTINCT ' : ''}${inside}${order})${where}`;
  }

  /** The expression with everything that has a text of its own replaced by a column that stands for it. */
  private prepare(expr: Expr): Expr {
    const collated = this.context.collations.written(expr);
    if (collated?.collation !== undefined)
      return this.instead(expr, `${this.operand(collated.expr)} COLLATE ${collated.collation.toUpperCase()}`);
    if (collated) return this.prepare(collated.expr);
    switch (expr.kind) {
      case 'parameter': {
        const name = this.context.parameters.names[expr.index];
        if (name !== undefined) return this.instead(expr, `$${name}`);
        const aggregate = this.context.slotAggregates.get(expr.index);
        if (aggregate) return this.instead(expr, this.aggregate(aggregate));
        const outer = this.context.slotColumns.get(expr.index);
        if (!outer) throw new LightningError('BUG', `no name for slot ${expr.index}`);
        return this.instead(expr, this.name(outer.table, outer.name));
      }
      case 'match':
        return this.instead(expr, `MATCH(${this.searched(expr)}, ${this.print(expr.query)})`);
      case 'subquery': {
        const parts = this.context.subqueryParts[expr.id];
        if (!parts) throw new LightningError('BUG', `no parts of sub-query ${expr.id}`);
        const text = `(${printQuery(parts, this.context)})`;
        if (expr.form === 'scalar') return this.instead(expr, text);
        if (expr.form === 'exists') return this.instead(expr, `EXISTS ${text}`);
        return this.instead(expr, `(${this.operands(expr.operands)} ${quantifierOf(expr)} ${text})`);
      }
      case 'call':
        if (expr.name === 'highlight' || expr.name === 'snippet') return this.excerpt(expr.name, expr.args, expr);
        if (expr.name === 'greatest_nocase') return this.choice('greatest', expr);
        if (expr.name === 'least_nocase') return this.choice('least', expr);
        return build.mapChildren(expr, (child) => this.prepare(child));
      default:
        return build.mapChildren(expr, (child) => this.prepare(child));
    }
  }

  private operands(items: readonly Expr[]): string {
    const [only] = items;
    if (items.length === 1 && only) return this.operand(only);
    return `(${items.map((item) => this.print(item)).join(', ')})`;
  }

  private operand(expr: Expr): string {
    const text = this.print(expr);
    return expr.kind === 'column' || expr.kind === 'constant' || expr.kind === 'parameter' ? text : `(${text})`;
  }

  private instead(expr: Expr, text: string): Column {
    const id = this.free--;
    this.ready.set(id, text);
    return build.column(id, text, typeOf(expr), true);
  }

  /** That it compares by NOCASE follows from its arguments. */
  private choice(name: string, call: Call): Column {
    return this.instead(call, `${name}(${call.args.map((arg) => this.print(arg)).join(', ')})`);
  }

  /** Query and analysis come back from the search itself. */
  private excerpt(name: 'highlight' | 'snippet', args: readonly Expr[], expr: Expr): Column {
    const [text, , , ...rest] = args;
    const own = rest.slice(0, name === 'highlight' ? 2 : 1);
    const printed = [...(text ? [text] : []), ...own].map((arg) => this.print(arg));
    return this.instead(expr, `${name}(${printed.join(', ')})`);
  }

  /** The column searched; the index, when a column would mean another one or less of it. */
  private searched(match: Match): string {
    const [field] = match.fields;
    const read = field && [...build.columnsOf(field.text)][0];
    const found = read === undefined ? undefined : this.find(read);
    const indexes = found?.relation.table?.indexes.filter((each) => each.kind === 'fulltext') ?? [];
    const index = indexes.find((each) => each.id === match.index);
    if (!field || !found || !index) throw new LightningError('BUG', `no table for the search in index ${match.index}`);
    const ordinal = found.relation.columns.findIndex((column) => column.id === read);
    const first = indexes.find((each) =>
      each.keys.some((key) => key.expr.kind === 'column' && key.expr.id === ordinal),
    );
    const byColumn = field.text.kind === 'column' && first === index && match.fields.length === 1;
    return this.name(found.relation.name, byColumn ? found.name : index.name);
  }
}
