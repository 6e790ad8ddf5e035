// A logical plan as a few short lines: one operator a line, inputs indented below. Slots of correlated values print as `$n` behind the
// statement's own parameters; sub-queries follow by number.

import { printExpr } from '../../src/expr/printer.js';
import type { Expr } from '../../src/expr/expression.js';
import type { LogicalPlan, LogicalQuery, OutputColumn, Returning, SortKey } from '../../src/plan/logical.js';

export function printQuery(query: LogicalQuery): string {
  const output = query.output.map(typed).join(', ');
  const parameters = query.parameters.map((type, i) => `$${i + 1} ${type}`).join(', ');
  return [
    `output: ${output || 'nothing'}${parameters && `; parameters: ${parameters}`}`,
    ...lines(query.plan, 0),
    ...query.subqueries.flatMap((plan, id) => [`sub-query ${id}:`, ...lines(plan, 1)]),
  ].join('\n');
}

function typed(column: OutputColumn): string {
  return `${column.name} ${column.type}${column.nullable ? '' : '!'}`;
}

function lines(plan: LogicalPlan, depth: number): string[] {
  const [head, ...inputs] = describe(plan);
  return [`${'  '.repeat(depth)}${head}`, ...inputs.flatMap((input) => lines(input, depth + 1))];
}

function describe(plan: LogicalPlan): readonly [string, ...LogicalPlan[]] {
  switch (plan.kind) {
    case 'scan': {
      const alias = plan.name === plan.table.name ? '' : ` as ${plan.name}`;
      return [
        `scan ${plan.table.name}${alias}${plan.rowId === undefined ? '' : ' +rowid'}${plan.score ? ' +score' : ''}`,
      ];
    }
    case 'values':
      return [`values ${plan.rows.map((row) => `(${row.map(shown).join(', ')})`).join(' ')}`];
    case 'common-table':
      return [`common table ${plan.name}, sub-query ${plan.id}`];
    case 'filter':
      return [`filter ${shown(plan.predicate)}`, plan.input];
    case 'project':
      return [`project ${plan.items.map(({ column, expr }) => named(column, expr)).join(', ')}`, plan.input];
    case 'join':
      return [`${plan.type} join ${shown(plan.condition)}`, plan.left, plan.right];
    case 'aggregate': {
      const aggregates = plan.aggregates.map(({ aggregate: { name, args, distinct, filter } }) => {
        const inside = args.length === 0 ? '*' : `${distinct ? 'distinct ' : ''}${args.map(shown).join(', ')}`;
        return `${name}(${inside})${filter ? ` filter ${shown(filter)}` : ''}`;
      });
      return [
        `aggregate by (${plan.groups.map(({ expr }) => shown(expr)).join(', ')}): ${aggregates.join(', ')}`,
        plan.input,
      ];
    }
    case 'distinct':
      return ['distinct', plan.input];
    case 'distinct-on':
      return [`distinct on ${plan.on} of ${sortKeys(plan.keys)}`, plan.input];
    case 'sort':
      return [`sort ${sortKeys(plan.keys)}`, plan.input];
    case 'limit':
      return [
        `limit ${plan.limit ? shown(plan.limit) : 'all'}${plan.offset ? ` offset ${shown(plan.offset)}` : ''}`,
        plan.input,
      ];
    case 'set-operation':
      return [`${plan.operation}${plan.all ? ' all' : ''}`, plan.left, plan.right];
    case 'insert': {
      const conflict = plan.onConflict;
      const target = conflict?.target ? ` (${conflict.target.name})` : '';
      const set = conflict?.assignments.map(
        ({ ordinal, expr }) => `${plan.table.columns[ordinal]!.name} = ${shown(expr)}`,
      );
      const where = conflict?.where ? ` where ${shown(conflict.where)}` : '';
      const done = conflict?.action === 'update' ? `update ${set?.join(', ')}` : 'nothing';
      const what = conflict ? ` on conflict${target} ${done}${where}` : '';
      return [
        `insert ${plan.table.name} (${plan.values.map(shown).join(', ')})${what}${returning(plan.returning)}`,
        plan.source,
      ];
    }
    case 'update': {
      const set = plan.assignments.map(({ ordinal, expr }) => `${plan.table.columns[ordinal]!.name} = ${shown(expr)}`);
      return [`update ${plan.table.name} set ${set.join(', ')}${returning(plan.returning)}`, plan.input];
    }
    case 'delete':
      return [`delete ${plan.table.name}${returning(plan.returning)}`, plan.input];
  }
}

function named(column: OutputColumn, expr: Expr): string {
  const text = shown(expr);
  return text.split('.').at(-1) === column.name ? text : `${text} as ${column.name}`;
}

function returning(of: Returning | undefined): string {
  return of ? ` returning ${of.items.map(({ column, expr }) => named(column, expr)).join(', ')}` : '';
}

function shown(expr: Expr): string {
  return printExpr(expr);
}

function sortKeys(keys: readonly SortKey[]): string {
  return keys
    .map(
      ({ expr, desc, nullsFirst }) =>
        `${shown(expr)}${desc ? ' desc' : ''}${nullsFirst === desc ? '' : nullsFirst ? ' nulls first' : ' nulls last'}`,
    )
    .join(', ');
}
