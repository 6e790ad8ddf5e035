// The text of a definition after something that it names has changed. The text stays as it was written but for the names: nothing is
// printed anew.

import { parse } from '../../grammar/index.js';
import type * as ast from '../../grammar/ast.js';
import type { Catalog } from '../catalog/catalog.js';
import type { TableDef, ViewDef } from '../catalog/definitions.js';
import { invariant } from '../errors.js';
import { quoteName } from '../expr/printer.js';
import type { OutputColumn } from '../plan/logical.js';
import { QueryBinder } from './bind-query.js';
import { BindContext } from './context.js';
import type { TracedColumn } from './trace.js';
import { Trace } from './trace.js';

/** What happens to a table or view. */
export type Renaming =
  | { readonly kind: 'relation'; readonly from: string; readonly to: string }
  | { readonly kind: 'column'; readonly table: TableDef; readonly ordinal: number; readonly to: string }
  /** A column comes: stars mean what they meant, names stay clear. */
  | { readonly kind: 'new-column'; readonly table: TableDef; readonly name: string };

export interface TracedView {
  readonly trace: Trace;
  readonly query: ast.Query;
  readonly output: readonly OutputColumn[];
}

/** Binds a view's query over the catalog. @throws LightningError of kind `input` when it cannot be bound */
export function traceView(view: ViewDef, catalog: Catalog): TracedView {
  const parsed = parse(view.query);
  const statement = parsed.ok ? parsed.statements[0] : undefined;
  invariant(statement?.kind === 'select-statement', `the view "${view.name}" is no query`);
  const trace = new Trace();
  const context = new BindContext(view.query, catalog, 0, {}, undefined, trace);
  const { output } = new QueryBinder(context).bindQuery(statement.query, undefined);
  return { trace, query: statement.query, output };
}

/** The tables and views that a query's text names; a common table of such a name counts too. */
export function namedRelations({ query }: ViewDef): ReadonlySet<string> {
  const parsed = parse(query);
  const names = new Set<string>();
  if (parsed.ok)
    visit(parsed.statements, ({ kind, name }: Partial<ast.TableName>) => {
      if (kind === 'table' && name !== undefined) names.add(name.text);
    });
  return names;
}

function visit<N extends object>(node: unknown, look: (node: N) => void): void {
  if (Array.isArray(node)) return node.forEach((each) => visit(each, look));
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return;
  look(node as N);
  Object.values(node).forEach((each) => visit(each, look));
}

interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** A view whose text says after the renaming what it said before; undefined where the text cannot: it joins by the name. */
export function followedView(
  view: ViewDef,
  { trace, query, output }: TracedView,
  renaming: Renaming,
): ViewDef | undefined {
  const edits = editsOf(trace, query, renaming);
  if (edits === undefined) return undefined;
  if (edits.length === 0) return view;
  const names = output.map((column, i) => view.columns?.[i] ?? column.name);
  return { ...view, columns: names, query: applied(view.query, edits) };
}

function editsOf(trace: Trace, query: ast.Query, renaming: Renaming): Edit[] | undefined {
  const whole = wholeTables(query);
  if (renaming.kind === 'relation') {
    const nodes = [...trace.relations].filter(({ name }) => name.text === renaming.from);
    return nodes.flatMap((node) => {
      const { name, alias } = node;
      // Columns go on to be named by the old name, which is an alias now.
      const edit = replace(name, renaming.to, alias ? '' : ` AS ${quoteName(renaming.from)}`);
      const word = whole.get(node);
      return word ? [{ ...word, text: 'SELECT * FROM' }, edit] : [edit];
    });
  }
  const { table } = renaming;
  const name = renaming.kind === 'column' ? renaming.to : renaming.name;
  const concerns = (column: TracedColumn) => column.table?.id === table.id;
  const changes = (column: TracedColumn) =>
    renaming.kind === 'column' && concerns(column) && column.ordinal === renaming.ordinal;
  for (const [join, columns] of trace.merges) {
    if (join.natural || columns.some(changes)) return undefined;
  }
  const unnamed = itemsWithoutAlias(query);
  const edits: Edit[] = [];
  for (const [node, column] of trace.columns) {
    // A name that an alias list gives is not the table's.
    if (changes(column) && table.columns[column.ordinal]!.name === node.name.text) {
      edits.push(replace(node.name, name));
      const item = unnamed.get(node);
      if (item) edits.push({ offset: item.offset + item.length, length: 0, text: ` AS ${quoteName(node.name.text)}` });
    } else if (node.name.text === name && node.table === undefined && column.relation !== '') {
      edits.push({ offset: node.offset, length: 0, text: `${quoteName(column.relation)}.` });
    }
  }
  for (const [node, columns] of trace.stars) {
    if (!columns.some(concerns)) continue;
    const items = columns.map((column) => {
      const own = changes(column) && table.columns[column.ordinal]!.name === column.name;
      const text = `${column.relation === '' ? '' : `${quoteName(column.relation)}.`}${quoteName(own ? name : column.name)}`;
      return own ? `${text} AS ${quoteName(column.name)}` : text;
    });
    const list = items.join(', ');
    edits.push({ offset: node.offset, length: node.length, text: whole.has(node) ? `SELECT ${list} FROM` : list });
  }
  return edits;
}

/** The word TABLE of each `TABLE t`, by the star and by the table that it stands for. */
function wholeTables(query: ast.Query): ReadonlyMap<unknown, ast.Span> {
  const found = new Map<unknown, ast.Span>();
  visit(query, ({ wholeTable, items, from }: Partial<ast.Select>) => {
    const star = wholeTable ? items?.[0] : undefined;
    if (star === undefined) return;
    const { offset, length } = star;
    for (const node of [star, ...(from ?? [])]) found.set(node, { offset, length });
  });
  return found;
}

function replace(name: ast.Name, text: string, more = ''): Edit {
  return { offset: name.offset, length: name.length, text: quoteName(text) + more };
}

function applied(text: string, edits: readonly Edit[]): string {
  const inOrder = edits.toSorted((a, b) => b.offset - a.offset);
  return inOrder.reduce(
    (done, { offset, length, text: by }) => done.slice(0, offset) + by + done.slice(offset + length),
    text,
  );
}

/** The columns that name the output column of their select item, with the item's expression. */
function itemsWithoutAlias(query: ast.Query): ReadonlyMap<unknown, ast.Expr> {
  const found = new Map<unknown, ast.Expr>();
  visit(query, ({ kind, alias, expression }: Partial<ast.ExprItem>) => {
    if (kind === 'item' && alias === undefined) found.set(columnIn(expression!), expression!);
  });
  return found;
}

/** As `nameOf` sees it: a cast, a COLLATE, a part of an array is named by its operand. */
function columnIn(node: ast.Expr): ast.Expr {
  const { kind } = node;
  return kind === 'cast' || kind === 'collate' || kind === 'subscript' || kind === 'slice'
    ? columnIn(node.operand)
    : node;
}

/** The text of an expression over one table after a column, or the table, was renamed. */
export function followedText(
  text: string,
  from: { readonly column?: string; readonly table?: string },
  to: string,
): string {
  const before = 'SELECT ';
  const parsed = parse(before + text);
  invariant(parsed.ok, `the expression ${text} cannot be read`);
  const edits: Edit[] = [];
  visit(parsed.statements, ({ kind, table, name }: Partial<ast.ColumnRef>) => {
    if (kind !== 'column') return;
    if (from.column !== undefined && name?.text === from.column) edits.push(replace(name, to));
    if (from.table !== undefined && table?.text === from.table) edits.push(replace(table, to));
  });
  return applied(before + text, edits).slice(before.length);
}
