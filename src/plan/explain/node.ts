// What EXPLAIN says of one physical operator: a title, details in order, and its inputs. All formats are made of it.

import { never } from '../../errors.js';
import { printExpr } from '../../expr/printer.js';
import { formatAggregate, formatCount, formatProbe, formatRowSet, formatSortKey, formatTime } from './format.js';
import type { Limit } from '../logical.js';
import type { Considered, HashAggregate, PhysicalPlan, PhysicalQuery, ScanOutput } from '../physical.js';

export interface ExplainNode {
  readonly title: string;
  readonly details: readonly (readonly [label: string, text: string])[];
  readonly inputs: readonly PhysicalPlan[];
  readonly considered: readonly Considered[];
}

type Details = [string, string][];

export function describeNode(plan: PhysicalPlan): ExplainNode {
  const node = (
    title: string,
    details: Details,
    inputs: readonly PhysicalPlan[] = [],
    considered: readonly Considered[] = [],
  ): ExplainNode => ({
    title,
    details,
    inputs,
    considered,
  });
  switch (plan.kind) {
    case 'table-scan': {
      const refuters = plan.refuters.map((r): [string, string] => [
        'Refuted By',
        `${formatProbe(r.index, r.probe)} [${r.index.kind} ${r.index.name}]`,
      ]);
      return node(
        `Table Scan on ${named(plan.scan)}`,
        [...refuters, ...scanDetails(plan.scan)],
        [],
        plan.scan.considered,
      );
    }
    case 'column-scan': {
      const details: Details = scanDetails(plan.scan);
      if (plan.top !== undefined) {
        details.push([
          'Only First',
          `${plan.scan.table.columns[plan.top.ordinal]?.name ?? '?'}${plan.top.desc ? ' DESC' : ''}`,
        ]);
      }
      return node(`Column Scan on ${named(plan.scan)} using ${plan.index.name}`, details, [], plan.scan.considered);
    }
    case 'column-aggregate':
      return node(
        `Column Aggregate on ${named(plan.scan)} using ${plan.index.name}`,
        [...groupDetails(plan), ...scanDetails(plan.scan)],
        [],
        plan.scan.considered,
      );
    case 'row-set-scan':
      return node(
        `Row Set Scan on ${named(plan.scan)}`,
        [['Index Set', formatRowSet(plan.set)], ...scanDetails(plan.scan)],
        [],
        plan.scan.considered,
      );
    case 'ordered-scan': {
      const title = `${plan.covering ? 'Covering' : 'Ordered'} Scan${plan.reverse ? ' Backward' : ''} using ${plan.index.name} on ${named(plan.scan)}`;
      const details: Details = [
        ['Index Walk', `${formatProbe(plan.index, plan.probe)} [${plan.index.kind} ${plan.index.name}]`],
      ];
      if (plan.within) details.push(['Within', formatRowSet(plan.within)]);
      return node(title, [...details, ...scanDetails(plan.scan)], [], plan.scan.considered);
    }
    case 'nearest-scan': {
      const details: Details = [['Nearest To', printExpr(plan.point)]];
      if (plan.within) details.push(['Within', formatRowSet(plan.within)]);
      return node(
        `Nearest Scan using ${plan.index.name} on ${named(plan.scan)}`,
        [...details, ...limits(plan), ...scanDetails(plan.scan)],
        [],
        plan.scan.considered,
      );
    }
    case 'ranked-scan': {
      const details: Details = [
        [
          'Ranked By',
          `${formatProbe(plan.index, { kind: 'match', field: plan.field, query: plan.query })} [${plan.index.kind} ${plan.index.name}]`,
        ],
      ];
      if (plan.within) details.push(['Within', formatRowSet(plan.within)]);
      return node(
        `Ranked Scan using ${plan.index.name} on ${named(plan.scan)}`,
        [...details, ...limits(plan), ...scanDetails(plan.scan)],
        [],
        plan.scan.considered,
      );
    }
    case 'row-set-count':
      return node(
        `Row Set Count on ${named(plan)}`,
        [['Index Set', plan.set ? formatRowSet(plan.set) : 'all live rows']],
        [],
        plan.considered,
      );
    case 'facet-scan': {
      const details: Details = [
        ['Facets', `${plan.index.keys[0]?.text ?? ''} [${plan.index.kind} ${plan.index.name}]`],
      ];
      if (plan.set) details.push(['Within', formatRowSet(plan.set)]);
      return node(`Facet Scan using ${plan.index.name} on ${named(plan)}`, details, [], plan.considered);
    }
    case 'values':
      return node('Values', [['Rows', formatCount(plan.rows.length)]]);
    case 'common-table':
      return node(`Common Table ${plan.name}`, [['Rows', `of sub-query ${plan.id}, evaluated once`]]);
    case 'filter':
      return node('Filter', [['Filter', printExpr(plan.predicate)]], [plan.input]);
    case 'project':
      return node('Project', [['Output', plan.exprs.map((e) => printExpr(e)).join(', ')]], [plan.input]);
    case 'hash-join':
    case 'merge-join': {
      const keys = plan.leftKeys.map((key, i) => {
        const other = plan.rightKeys[i];
        return `${printExpr(key)} = ${other === undefined ? '?' : printExpr(other)}`;
      });
      const method = plan.kind === 'hash-join' ? 'Hash' : 'Merge';
      const details: Details = [[`${method} Condition`, keys.join(' AND ')]];
      if (plan.residual) details.push(['Join Filter', printExpr(plan.residual)]);
      return node(`${method} ${joinName(plan.type)}`, details, [plan.left, plan.right]);
    }
    case 'lookup-join': {
      const args = plan.args.map((arg, i) => `$${(plan.slots[i] ?? 0) + 1} := ${printExpr(arg)}`);
      const details: Details = [['Lookup', args.join(', ')]];
      if (plan.residual) details.push(['Join Filter', printExpr(plan.residual)]);
      return node(`Lookup ${joinName(plan.type)}`, details, [plan.left, plan.right]);
    }
    case 'nested-loop-join':
      return node(
        `Nested Loop ${joinName(plan.type)}`,
        plan.condition ? [['Join Filter', printExpr(plan.condition)]] : [],
        [plan.left, plan.right],
      );
    case 'facet-count':
      return node('Facet Count', [['Facets', plan.facets.map(({ expr }) => printExpr(expr)).join(', ')]], [plan.input]);
    case 'hash-aggregate':
    case 'sorted-aggregate': {
      const grouped = plan.kind === 'hash-aggregate' ? 'Hash Aggregate' : 'Sorted Aggregate';
      return node(plan.groups.length > 0 ? grouped : 'Aggregate', groupDetails(plan), [plan.input]);
    }
    case 'distinct':
      return node('Distinct', [], [plan.input]);
    case 'sorted-distinct':
      return node('Sorted Distinct', plan.on ? [['On', plan.on.map((e) => printExpr(e)).join(', ')]] : [], [
        plan.input,
      ]);
    case 'sort':
      return node('Sort', [['Sort Key', plan.keys.map(formatSortKey).join(', ')]], [plan.input]);
    case 'partial-sort': {
      const details: Details = [
        ['Sort Key', plan.keys.map(formatSortKey).join(', ')],
        ['Presorted Key', plan.keys.slice(0, plan.presorted).map(formatSortKey).join(', ')],
      ];
      if (plan.tie) details.push(['Ties', `by row id [${plan.tie.index.kind} ${plan.tie.index.name}]`]);
      return node('Partial Sort', [...details, ...limits(plan)], [plan.input]);
    }
    case 'top-n':
      return node('Top-N', [['Sort Key', plan.keys.map(formatSortKey).join(', ')], ...limits(plan)], [plan.input]);
    case 'limit':
      return node('Limit', limits(plan), [plan.input]);
    case 'set-operation':
      return node(
        `${plan.operation[0]?.toUpperCase()}${plan.operation.slice(1)}${plan.all ? ' All' : ''}`,
        plan.by === undefined ? [] : [['Compared Columns', plan.by.map((position) => position + 1).join(', ')]],
        [plan.left, plan.right],
      );
    case 'insert':
      return node(
        `Insert into ${plan.table.name}`,
        plan.onConflict ? [['On Conflict', `do ${plan.onConflict.action}`]] : [],
        [plan.source],
      );
    case 'update': {
      const columns = plan.assignments.map((a) => plan.table.columns[a.ordinal]?.name ?? '?');
      return node(`Update ${plan.table.name}`, [['Set', columns.join(', ')]], [plan.input]);
    }
    case 'delete':
      return node(`Delete from ${plan.table.name}`, [], [plan.input]);
    default:
      return never(plan, 'physical plan');
  }
}

function named(scan: { readonly table: { readonly name: string }; readonly name: string }): string {
  return scan.name === scan.table.name ? scan.name : `${scan.table.name} ${scan.name}`;
}

function groupDetails({ groups, aggregates }: Pick<HashAggregate, 'groups' | 'aggregates'>): Details {
  const details: Details = [];
  if (groups.length > 0) details.push(['Group By', groups.map((g) => printExpr(g)).join(', ')]);
  if (aggregates.length > 0) details.push(['Aggregates', aggregates.map(formatAggregate).join(', ')]);
  return details;
}

function scanDetails(scan: ScanOutput): Details {
  return scan.filter === undefined ? [] : [['Filter', printExpr(scan.filter)]];
}

function limits(plan: Pick<Limit, 'limit' | 'offset'>): Details {
  const details: Details = [];
  if (plan.limit) details.push(['Limit', printExpr(plan.limit)]);
  if (plan.offset) details.push(['Offset', printExpr(plan.offset)]);
  return details;
}

function joinName(type: string): string {
  return type === 'inner' ? 'Join' : `${type[0]?.toUpperCase()}${type.slice(1)} Join`;
}

/** A sub-query that the rules have taken into the plan is left behind as an empty VALUES. */
export function isUnused(plan: PhysicalPlan): boolean {
  return plan.kind === 'values' && plan.rows.length === 0;
}

/** The rules that fired: `a, b x2`. */
export function firedRules({ trace }: PhysicalQuery): string {
  return trace.map(({ rule, count }) => (count === 1 ? rule : `${rule} x${count}`)).join(', ');
}

/** One line for a path that was weighed. */
export function describeConsidered(item: Considered): string {
  const cost = item.cost === undefined ? '' : ` (${formatTime(item.cost)})`;
  return `${item.verdict === 'chosen' ? '+' : '-'} ${item.path}${cost}: ${item.reason}`;
}
