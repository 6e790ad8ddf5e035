// Syntax tree -> SQL text that reads back as the same tree. Parentheses stand around every operand that is not a leaf, so
// the printer needs no precedence; `print-expression.ts` has the expressions.

import type * as ast from './ast.js';
import { printExpr, printOrder, printQueryInParens } from './print-expression.js';
import { list, name, names, printType, quoteText } from './print-leaves.js';

type Printable = ast.Statement | ast.Query | ast.Expr;

/**
 * Prints a statement, a query or an expression on one line.
 *
 * @example print(parse('select a from t').statements[0]) // 'SELECT a FROM t'
 */
export function print(node: Printable): string {
  switch (node.kind) {
    case 'query':
      return printQuery(node);
    case 'select-statement':
      return printQuery(node.query);
    case 'insert':
      return printInsert(node);
    case 'update': {
      const target = `${commonTables(node.with)}UPDATE ${name(node.table)}${alias(node.alias)} SET ${list(node.assignments, assignment)}`;
      const from = node.from.length === 0 ? '' : ` FROM ${list(node.from, table)}`;
      return target + from + clause('WHERE', node.where) + returning(node.returning);
    }
    case 'delete':
      return `${commonTables(node.with)}DELETE FROM ${name(node.table)}${alias(node.alias)}${using(node.using)}${clause('WHERE', node.where)}${returning(node.returning)}`;
    case 'create-table': {
      const parts = [...node.columns.map(columnDefinition), ...node.constraints.map(tableConstraint)];
      return `CREATE TABLE ${node.ifNotExists ? 'IF NOT EXISTS ' : ''}${name(node.name)} (${parts.join(', ')})`;
    }
    case 'create-table-as':
      return `CREATE TABLE ${node.ifNotExists ? 'IF NOT EXISTS ' : ''}${name(node.name)}${columnList(node.columns)} AS ${printQuery(node.query)}`;
    case 'drop-table':
      return drop('TABLE', node);
    case 'drop-index':
      return drop('INDEX', node);
    case 'drop-view':
      return drop('VIEW', node);
    case 'alter-table':
      return `ALTER TABLE ${node.ifExists ? 'IF EXISTS ' : ''}${name(node.table)} ${list(node.actions, alterAction)}`;
    case 'rename-relation':
      return `ALTER ${node.what.toUpperCase()} ${node.ifExists ? 'IF EXISTS ' : ''}${name(node.name)} RENAME TO ${name(node.to)}`;
    case 'truncate':
      return `TRUNCATE TABLE ${names(node.tables)}${node.restartIdentity ? ' RESTART IDENTITY' : ''}${node.cascade ? ' CASCADE' : ''}`;
    case 'create-index':
      return printCreateIndex(node);
    case 'create-view':
      return `CREATE ${node.orReplace ? 'OR REPLACE ' : ''}VIEW ${name(node.name)}${columnList(node.columns)} AS ${printQuery(node.query)}`;
    case 'analyze':
      return node.tables.length === 0 ? 'ANALYZE' : `ANALYZE ${names(node.tables)}`;
    case 'reindex':
      return `REINDEX ${node.target === 'either' ? '' : `${node.target.toUpperCase()} `}${name(node.name)}`;
    case 'explain': {
      const options = `${node.memo ? 'MEMO, ' : ''}FORMAT ${node.format}`;
      return `EXPLAIN ${node.analyze ? 'ANALYZE ' : ''}(${options}) ${print(node.statement)}`;
    }
    case 'begin': {
      const modes = [];
      if (node.isolation !== undefined) modes.push(`ISOLATION LEVEL ${node.isolation.toUpperCase()}`);
      if (node.readOnly) modes.push('READ ONLY');
      return ['BEGIN', modes.join(', ')].filter((part) => part !== '').join(' ');
    }
    case 'commit':
      return 'COMMIT';
    case 'rollback':
      return 'ROLLBACK';
    case 'savepoint':
      return `SAVEPOINT ${name(node.name)}`;
    case 'release':
      return `RELEASE SAVEPOINT ${name(node.name)}`;
    case 'rollback-to':
      return `ROLLBACK TO SAVEPOINT ${name(node.name)}`;
    default:
      return printExpr(node);
  }
}

export function printQuery(query: ast.Query): string {
  const order = query.orderBy.length === 0 ? '' : ` ORDER BY ${list(query.orderBy, printOrder)}`;
  const tail = clause('LIMIT', query.limit) + clause('OFFSET', query.skip);
  return `${commonTables(query.with)}${printBody(query.body)}${order}${tail}`;
}

function commonTables(tables: readonly ast.CommonTable[]): string {
  if (tables.length === 0) return '';
  return `WITH ${list(tables, commonTable)} `;
}

function commonTable({ name: own, columns, materialized, query }: ast.CommonTable): string {
  const how = materialized === undefined ? '' : materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
  return `${name(own)}${columnList(columns)} AS ${how}${printQueryInParens(query)}`;
}

function columnList(columns: readonly ast.Name[]): string {
  return columns.length === 0 ? '' : ` (${names(columns)})`;
}

function printBody(body: ast.QueryBody): string {
  switch (body.kind) {
    case 'select':
      return printSelect(body);
    case 'values':
      return `VALUES ${list(body.rows, (row) => `(${list(row.items, value)})`)}`;
    case 'query':
      return printQueryInParens(body);
    case 'set-operation': {
      const operator = `${body.operator.toUpperCase()}${body.all ? ' ALL' : ''}`;
      return `${printArm(body.left)} ${operator} ${printArm(body.right)}`;
    }
  }
}

function printArm(body: ast.QueryBody): string {
  return body.kind === 'set-operation' ? `(${printBody(body)})` : printBody(body);
}

function printSelect(select: ast.Select): string {
  if (select.wholeTable) return `TABLE ${list(select.from, table)}`;
  const from = select.from.length === 0 ? '' : ` FROM ${list(select.from, table)}`;
  const group = select.groupBy.length === 0 ? '' : ` GROUP BY ${list(select.groupBy, printExpr)}`;
  const on = select.distinctOn.length === 0 ? '' : `ON (${list(select.distinctOn, printExpr)}) `;
  const head = `SELECT ${select.distinct ? 'DISTINCT ' : ''}${on}${list(select.items, item)}`;
  return head + from + clause('WHERE', select.where) + group + clause('HAVING', select.having);
}

function clause(word: string, expression: ast.Expr | undefined): string {
  return expression === undefined ? '' : ` ${word} ${printExpr(expression)}`;
}

function alias(node: ast.Name | undefined): string {
  return node === undefined ? '' : ` AS ${name(node)}`;
}

function item(node: ast.SelectItem): string {
  if (node.kind === 'star') return node.table === undefined ? '*' : `${name(node.table)}.*`;
  return printExpr(node.expression) + alias(node.alias);
}

function value(node: ast.Expr | ast.DefaultMarker): string {
  return node.kind === 'default' ? 'DEFAULT' : printExpr(node);
}

function assignment(node: ast.Assignment): string {
  if (node.kind === 'assignment') return `${name(node.column)} = ${value(node.value)}`;
  return `(${names(node.columns)}) = ${printQueryInParens(node.query)}`;
}

function using(tables: readonly ast.TableRef[]): string {
  return tables.length === 0 ? '' : ` USING ${list(tables, table)}`;
}

function returning(items: readonly ast.SelectItem[]): string {
  return items.length === 0 ? '' : ` RETURNING ${list(items, item)}`;
}

function table(node: ast.TableRef): string {
  if (node.kind === 'join') {
    const words = [node.natural ? 'NATURAL' : '', node.type.toUpperCase(), 'JOIN'];
    const right = node.right.kind === 'join' ? `(${table(node.right)})` : table(node.right);
    const using = node.using.length === 0 ? '' : ` USING (${names(node.using)})`;
    return `${table(node.left)} ${words.filter((word) => word !== '').join(' ')} ${right}${clause('ON', node.on)}${using}`;
  }
  const source = node.kind === 'table' ? name(node.name) : printQueryInParens(node.query);
  return source + alias(node.alias) + columnList(node.columns);
}

function printInsert(node: ast.Insert): string {
  const source = node.source === undefined ? 'DEFAULT VALUES' : printQuery(node.source);
  let conflict = '';
  if (node.onConflict !== undefined) {
    const { target, constraint, update, where } = node.onConflict;
    const action = update === undefined ? 'NOTHING' : `UPDATE SET ${list(update, assignment)}${clause('WHERE', where)}`;
    const on = constraint === undefined ? columnList(target) : ` ON CONSTRAINT ${name(constraint)}`;
    conflict = ` ON CONFLICT${on} DO ${action}`;
  }
  return `${commonTables(node.with)}INSERT INTO ${name(node.table)}${alias(node.alias)}${columnList(node.columns)} ${source}${conflict}${returning(node.returning)}`;
}

function drop(what: string, node: ast.DropTable | ast.DropIndex | ast.DropView): string {
  return `DROP ${what} ${node.ifExists ? 'IF EXISTS ' : ''}${names(node.names)}${node.cascade ? ' CASCADE' : ''}`;
}

function columnDefinition(node: ast.ColumnDefinition): string {
  return [name(node.name), columnType(node), ...node.constraints.map(columnConstraint)].join(' ');
}

function constraintName(node: ast.Name | undefined): string {
  return node === undefined ? '' : `CONSTRAINT ${name(node)} `;
}

function columnConstraint(node: ast.ColumnConstraint): string {
  const head = constraintName(node.name);
  switch (node.kind) {
    case 'not-null':
      return `${head}NOT NULL`;
    case 'null':
      return `${head}NULL`;
    case 'primary-key':
      return `${head}PRIMARY KEY`;
    case 'unique':
      return `${head}UNIQUE`;
    case 'default':
      return `${head}DEFAULT (${printExpr(node.expression)})`;
    case 'check':
      return `${head}CHECK (${printExpr(node.expression)})`;
    case 'generated':
      return `${head}GENERATED ALWAYS AS (${printExpr(node.expression)}) STORED`;
    case 'references':
      return head + references(node.references);
  }
}

function tableConstraint(node: ast.TableConstraint): string {
  const head = constraintName(node.name);
  switch (node.kind) {
    case 'primary-key':
      return `${head}PRIMARY KEY (${names(node.columns)})`;
    case 'unique':
      return `${head}UNIQUE (${names(node.columns)})`;
    case 'check':
      return `${head}CHECK (${printExpr(node.expression)})`;
    case 'foreign-key':
      return `${head}FOREIGN KEY (${names(node.columns)}) ${references(node.references)}`;
  }
}

function references(node: ast.References): string {
  const onDelete = node.onDelete === undefined ? '' : ` ON DELETE ${node.onDelete.toUpperCase()}`;
  const onUpdate = node.onUpdate === undefined ? '' : ` ON UPDATE ${node.onUpdate.toUpperCase()}`;
  return `REFERENCES ${name(node.table)}${columnList(node.columns)}${onDelete}${onUpdate}`;
}

function alterAction(node: ast.AlterAction): string {
  switch (node.kind) {
    case 'add-column':
      return `ADD COLUMN ${node.ifNotExists ? 'IF NOT EXISTS ' : ''}${columnDefinition(node.column)}`;
    case 'add-constraint':
      return `ADD ${tableConstraint(node.constraint)}`;
    case 'drop-column':
    case 'drop-constraint': {
      const what = node.kind === 'drop-column' ? 'COLUMN' : 'CONSTRAINT';
      return `DROP ${what} ${node.ifExists ? 'IF EXISTS ' : ''}${name(node.name)}${node.cascade ? ' CASCADE' : ''}`;
    }
    case 'alter-column':
      return `ALTER COLUMN ${name(node.column)} ${columnChange(node.change)}`;
    case 'rename-column':
    case 'rename-constraint':
      return `RENAME ${node.kind === 'rename-column' ? 'COLUMN' : 'CONSTRAINT'} ${name(node.name)} TO ${name(node.to)}`;
    case 'rename-table':
      return `RENAME TO ${name(node.to)}`;
  }
}

function columnChange(change: ast.ColumnChange): string {
  switch (change.kind) {
    case 'set-default':
      return `SET DEFAULT ${printExpr(change.expression)}`;
    case 'drop-default':
      return 'DROP DEFAULT';
    case 'set-not-null':
      return 'SET NOT NULL';
    case 'drop-not-null':
      return 'DROP NOT NULL';
    case 'set-type':
      return `TYPE ${columnType(change)}${clause('USING', change.using)}`;
  }
}

function columnType({ type, collate }: Pick<ast.ColumnDefinition, 'type' | 'collate'>): string {
  return collate === undefined ? printType(type) : `${printType(type)} COLLATE ${name(collate.collation)}`;
}

function printCreateIndex(node: ast.CreateIndex): string {
  const words = ['CREATE', node.unique ? 'UNIQUE' : '', 'INDEX', node.ifNotExists ? 'IF NOT EXISTS' : ''];
  if (node.name !== undefined) words.push(name(node.name));
  words.push('ON', name(node.table));
  if (node.using !== undefined) words.push('USING', name(node.using));
  words.push(`(${list(node.keys, printOrder)})`);
  if (node.include.length > 0) words.push(`INCLUDE (${names(node.include)})`);
  if (node.options.length > 0) {
    words.push(`WITH (${list(node.options, (option) => `${name(option.name)} = ${optionValue(option.value)}`)})`);
  }
  return words.filter((word) => word !== '').join(' ') + clause('WHERE', node.where);
}

function optionValue(value: ast.IndexOption['value']): string {
  if (typeof value === 'string') return quoteText(value);
  // A number with an exponent or a point reads back as itself; Number prints the shortest such text.
  return String(value);
}
