// Column names in expressions.

import type * as ast from '../../grammar/ast.js';
import type { Expr } from '../expr/expression.js';
import { suggestion } from '../text/suggestion.js';
import type { BindContext } from './context.js';
import type { Scope } from './scope.js';

/** The column that a name means: of this query, or a parameter slot for one of a query around it. */
export function bindColumn(context: BindContext, scope: Scope, node: ast.ColumnRef): Expr {
  const found = scope.find(node.table?.text, node.name.text);
  switch (found.kind) {
    case 'column':
      context.trace?.column(node, found.relation, found.column);
      return context.collations.valueOf(
        found.column.id,
        scope.read(found, () => context.newSlot()),
      );
    case 'ambiguous': {
      const [first] = found.relations;
      throw context.error(
        node,
        'AMBIGUOUS_COLUMN',
        `column "${node.name.text}" is in more than one table: ${found.relations.join(', ')}`,
        `write ${first}.${node.name.text}, for example`,
      );
    }
    case 'unknown-table': {
      const name = node.table?.text ?? '';
      throw context.error(
        node.table ?? node,
        'UNKNOWN_TABLE',
        `no table or alias "${name}" in FROM`,
        suggestion(name, scope.relationNames(), 'in FROM') ?? 'there is no FROM',
      );
    }
    case 'unknown-column': {
      const { text } = node.name;
      const of = node.table ? ` in "${node.table.text}"` : '';
      const quoted = node.name.quoted ? `write '${text}' for a text; double quotes are for names` : undefined;
      throw context.error(
        node.name,
        'UNKNOWN_COLUMN',
        `unknown column "${text}"${of}`,
        suggestion(text, scope.columnNames(node.table?.text), quoted ? undefined : 'columns') ?? quoted,
      );
    }
  }
}
