// What the cases reached: counted from the queries and from the plans that were chosen for them.

import type { IndexInfo } from './indexes.js';
import type { Query } from './query.js';
import { walkQuery } from './query.js';

interface PlanNode {
  readonly operator: string;
  readonly title: string;
  readonly details: Readonly<Record<string, string>>;
  readonly inputs: readonly PlanNode[];
}

/** Each of these must be reached by at least 1 % of the cases. */
export const REQUIRED = [
  'index btree',
  'index hash',
  'index bitmap',
  'index bloom',
  'index rtree',
  'index fulltext',
  'index partial',
  'index expression',
  'index covering',
  'set and',
  'set or',
  'set not',
  'where and',
  'where or',
  'where not',
  'where and+or',
  'where and+not',
  'where or+not',
  'where and+or+not',
  'null in the answer',
  'empty answer',
  'join inner',
  'join left',
  'sub-query',
  'set operation',
  'grouped',
  'having',
  'distinct',
  'limit',
  'parameters',
] as const;

export class Coverage {
  cases = 0;
  withRows = 0;
  /** Worlds whose database was verified. */
  verified = 0;
  readonly counts = new Map<string, number>();
  /** The slowest answer, and where the time of all went, milliseconds. */
  slowest = { ms: 0, what: '' };
  readonly spent = { building: 0, oracles: 0, answering: 0, verifying: 0 };

  private add(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  answered(ms: number, what: () => string): void {
    this.spent.answering += ms;
    if (ms > this.slowest.ms) this.slowest = { ms, what: what() };
  }

  query(query: Query, rows: readonly string[], parameters: number): void {
    this.cases++;
    if (rows.length > 0) this.withRows++;
    const found = new Set<string>([rows.length > 0 ? 'rows' : 'empty answer']);
    if (rows.some((row) => /(^|\| )NULL( \||$)/.test(row))) found.add('null in the answer');
    if (parameters > 0) found.add('parameters');
    const operators = new Set<string>();
    walkQuery(
      query,
      (node) => {
        if (node.what !== undefined) found.add(`uses ${node.what}`);
        if (node.what === 'and' || node.what === 'or' || node.what === 'not') operators.add(node.what);
        if (node.queries !== undefined) found.add('sub-query');
      },
      (part) => {
        if (part.limit !== undefined) found.add('limit');
        if (part.kind === 'set') {
          found.add('set operation');
          return;
        }
        if (part.distinct) found.add('distinct');
        if (part.groups.length > 0) found.add('grouped');
        if (part.having !== undefined) found.add('having');
        for (const { join, table } of part.from) {
          if (join === 'LEFT JOIN') found.add('join left');
          else if (join !== undefined) found.add('join inner');
          if (typeof table !== 'string') found.add('derived table');
        }
      },
    );
    if (operators.size > 0) found.add(`where ${['and', 'or', 'not'].filter((name) => operators.has(name)).join('+')}`);
    for (const what of found) this.add(what);
  }

  /** @param json what `explain` gave with `format: 'json'` */
  plan(json: string, indexes: readonly IndexInfo[]): void {
    const { plan, subqueries } = JSON.parse(json) as { plan: PlanNode; subqueries: readonly (PlanNode | null)[] };
    const found = new Set<string>();
    const visit = (node: PlanNode): void => {
      found.add(`operator ${node.operator}`);
      const used = `${node.title} ${Object.values(node.details).join(' ')}`;
      for (const index of indexes) {
        if (!new RegExp(`\\b(\\w+ ${index.name}(, superset)?\\]|using ${index.name}\\b)`).test(used)) continue;
        found.add(`index ${index.kind}`);
        if (index.partial) found.add('index partial');
        if (index.expression) found.add('index expression');
      }
      if (node.title.startsWith('Covering Scan')) found.add('index covering');
      const set = `${node.details['Index Set'] ?? ''} ${node.details['Within'] ?? ''}`;
      for (const operator of ['and', 'or', 'not']) if (set.includes(`${operator}(`)) found.add(`set ${operator}`);
      // NOT is pushed down to the probes where an index can answer its opposite.
      if (/ <> | NOT IN /.test(set)) found.add('set not');
      node.inputs.forEach(visit);
    };
    visit(plan);
    for (const sub of subqueries) if (sub !== null) visit(sub);
    for (const what of found) this.add(what);
  }

  /** What was reached by fewer cases than it must be. */
  missing(share = 0.01): string[] {
    const least = this.cases * share;
    const short = REQUIRED.filter((what) => (this.counts.get(what) ?? 0) < least).map(
      (what) => `${what}: ${this.counts.get(what) ?? 0} of ${Math.ceil(least)}`,
    );
    if (this.withRows * 2 < this.cases) short.push(`queries with rows: ${this.withRows} of ${this.cases}`);
    return short;
  }

  toString(): string {
    const lines = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, n]) => `${what.padEnd(34)}${n}`);
    return [`cases ${this.cases}, with rows ${this.withRows}, databases verified ${this.verified}`, ...lines].join(
      '\n  ',
    );
  }
}
