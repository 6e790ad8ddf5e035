// What EXPLAIN (MEMO) adds: every part of the query that was planned on its own, with the ways to answer it, the cheapest first.

import type { MemoGroup, PhysicalPlan, PhysicalQuery } from '../physical.js';
import { formatCount, formatEstimate, formatSortKey, formatTime } from './format.js';
import { describeNode } from './node.js';

export interface DescribedGroup {
  /** `join of o, c, ordered by o.placed, first 10 rows`. */
  readonly title: string;
  readonly options: readonly DescribedOption[];
}

export interface DescribedOption {
  /** The operators on one line: `Hash Join(Table Scan on orders o, Table Scan on customers c)`. */
  readonly way: string;
  /** `chosen`: part of the plan. `kept`: handed on to the operator above, which took another. `dropped`: dearer and no better ordered. */
  readonly verdict: 'chosen' | 'kept' | 'dropped';
  readonly plan: PhysicalPlan;
  readonly ordered: boolean;
}

/** Details of a leaf that say how its rows are found. */
const FOUND_BY = new Set(['Index Set', 'Index Walk', 'Within', 'Nearest To', 'Ranked By', 'Refuted By', 'Facets']);
const SIGNS = { chosen: '+', kept: '~', dropped: '-' } as const;
/** Options of a group that the formats for people show. */
const SHOWN = 12;

/** The groups in the order in which they were planned, inner ones first; none unless the planner was told to remember. */
export function describeMemo({ memo = [], plan, subqueries }: PhysicalQuery): DescribedGroup[] {
  const chosen = new Set<string>();
  for (const tree of [plan, ...subqueries]) addWays(tree, chosen);
  return memo.map((group) => ({
    title: titleOf(group),
    options: group.options
      .map(({ plan: option, ordered, kept }): DescribedOption => {
        const way = wayOf(option);
        return { way, verdict: !kept ? 'dropped' : chosen.has(way) ? 'chosen' : 'kept', plan: option, ordered };
      })
      .sort((a, b) => a.plan.expected.cost - b.plan.expected.cost),
  }));
}

/** A group's options as lines, the dearest of many left out. */
export function memoLines({ options }: DescribedGroup): string[] {
  const shown = options.filter(({ verdict }, i) => i < SHOWN || verdict !== 'dropped');
  const lines = shown.map(({ way, verdict, plan, ordered }) => {
    const { rows, cost } = plan.expected;
    return `${SIGNS[verdict]} ${way}  rows=${formatEstimate(rows)}  cost=${formatTime(cost)}${ordered ? '  in order' : ''}`;
  });
  const rest = options.length - shown.length;
  return rest === 0 ? lines : [...lines, `- ${formatCount(rest)} dearer`];
}

function titleOf({ part, order, rows, options }: MemoGroup): string {
  const relations = new Set<string>();
  const [first] = options;
  if (first !== undefined) addRelations(first.plan, relations);
  const over =
    relations.size === 0
      ? ''
      : `${part === 'scan' || part === 'join' ? ' of' : ' over'} ${[...relations].sort().join(', ')}`;
  const inOrder =
    order === undefined || order.length === 0 ? '' : `, ordered by ${order.map(formatSortKey).join(', ')}`;
  return `${part}${over}${inOrder}${rows === undefined ? '' : `, first ${formatCount(rows)} rows`}`;
}

function addRelations(plan: PhysicalPlan, found: Set<string>): void {
  if ('scan' in plan) found.add(plan.scan.name);
  else if ('name' in plan) found.add(plan.name);
  for (const input of describeNode(plan).inputs) addRelations(input, found);
}

/** Adds the ways of a plan and of everything below it. */
function addWays(plan: PhysicalPlan, ways: Set<string>): void {
  ways.add(wayOf(plan));
  for (const input of describeNode(plan).inputs) addWays(input, ways);
}

function wayOf(plan: PhysicalPlan): string {
  const { title, details, inputs } = describeNode(plan);
  const foundBy = details.filter(([label]) => FOUND_BY.has(label)).map(([, text]) => text);
  const own = foundBy.length === 0 ? title : `${title}: ${foundBy.join(' within ')}`;
  return inputs.length === 0 ? own : `${own}(${inputs.map(wayOf).join(', ')})`;
}
