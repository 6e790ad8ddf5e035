// What the cases reached: counted from the queries and from the plans that were chosen for them.

import type { IndexInfo } from './indexes.js';
import type { Query } from './query.js';
import { walkQuery } from './query.js';
import { CONSTRUCTS, OFTEN, PLANS, SELDOM } from './required.js';

interface PlanNode {
  readonly operator: string;
  readonly title: string;
  readonly details: Readonly<Record<string, string>>;
  readonly inputs: readonly PlanNode[];
}

type Phase =
  'generating' | 'oracles building' | 'postgres' | 'sqlite' | 'building' | 'answering' | 'explaining' | 'verifying';

export interface Counted extends Readonly<
  Record<'cases' | 'withRows' | 'both' | 'plans' | 'verified' | 'tooDear', number>
> {
  readonly slowest: { readonly ms: number; readonly what: string };
  readonly lists: readonly (readonly [string, number][])[];
}

export class Coverage {
  cases = 0;
  withRows = 0;
  /** Cases that both oracles answered. */
  both = 0;
  /** Plans that were looked at. */
  plans = 0;
  /** Worlds whose database was verified. */
  verified = 0;
  /** Queries that were left out since an engine would have taken too long. */
  tooDear = 0;
  private readonly counts = new Map<string, number>();
  private readonly planned = new Map<string, number>();
  private readonly ways = new Map<string, number>();
  /** The slowest answer, and where the time of all went, milliseconds. */
  private slowest = { ms: 0, what: '' };
  private readonly spent = new Map<string, number>();
  private clock = 0;

  /** Whether plans are looked at. */
  readonly ofPlans: boolean;
  private readonly told: (coverage: Coverage) => void;

  /** @param options.told is told whenever a world is done */
  constructor({ ofPlans = true, told = () => {} }: { ofPlans?: boolean; told?: (coverage: Coverage) => void } = {}) {
    this.ofPlans = ofPlans;
    this.told = told;
  }

  /** Everything counted, as data that can be sent to another process. */
  counted(): Counted {
    const { cases, withRows, both, plans, verified, tooDear, slowest } = this;
    const lists = [this.counts, this.planned, this.ways, this.spent].map((counts) => [...counts]);
    return { cases, withRows, both, plans, verified, tooDear, slowest, lists };
  }

  /** Counts what another process has counted. */
  add(other: Counted): void {
    this.cases += other.cases;
    this.withRows += other.withRows;
    this.both += other.both;
    this.plans += other.plans;
    this.verified += other.verified;
    this.tooDear += other.tooDear;
    if (other.slowest.ms > this.slowest.ms) this.slowest = other.slowest;
    const own: readonly Map<string, number>[] = [this.counts, this.planned, this.ways, this.spent];
    other.lists.forEach((list, i) => {
      for (const [what, n] of list) add(own[i]!, what, n);
    });
  }

  start(): void {
    this.clock = performance.now();
  }

  /** The time since the last lap went into this. */
  lap(phase: Phase): void {
    const at = performance.now();
    add(this.spent, phase, at - this.clock);
    this.clock = at;
    if (phase === 'verifying') this.told(this);
  }

  answered(way: string, ms: number, what: () => string): void {
    add(this.ways, way);
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
        if (part.with.length > 0) found.add('with');
        if (part.kind === 'set') {
          found.add(`set ${part.operator}`);
          if (part.left.kind === 'set' || part.right.kind === 'set') found.add('set nested');
          return;
        }
        if (part.distinct) found.add('distinct');
        if (part.distinctOn.length > 0) found.add('distinct on');
        if (part.groups.length > 0) found.add('grouped');
        if (part.having !== undefined) found.add('having');
        if (part.from.length > 1) found.add(`join of ${part.from.length}`);
        for (const { join, table } of part.from) {
          if (join !== undefined) found.add(`join ${JOINS[join]}`);
          if (typeof table !== 'string') found.add('derived table');
          else if (table.startsWith('v')) found.add('view');
        }
      },
    );
    if (operators.size > 0) found.add(`where ${['and', 'or', 'not'].filter((name) => operators.has(name)).join('+')}`);
    for (const what of found) add(this.counts, what);
  }

  /** @param json what `explain` gave with `format: 'json'` */
  plan(json: string, indexes: readonly IndexInfo[]): void {
    const { plan, subqueries } = JSON.parse(json) as { plan: PlanNode; subqueries: readonly (PlanNode | null)[] };
    this.plans++;
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
    for (const what of found) add(this.planned, what);
  }

  /** What was reached by fewer cases or plans than `required.ts` asks for. */
  missing(): string[] {
    const short = (names: readonly string[], counts: ReadonlyMap<string, number>, least: number) =>
      names
        .filter((name) => (counts.get(name) ?? 0) < least)
        .map((name) => `${name}: ${counts.get(name) ?? 0} of ${Math.ceil(least)}`);
    const found = [
      ...short(CONSTRUCTS.often, this.counts, this.cases * OFTEN),
      ...short(CONSTRUCTS.seldom, this.counts, Math.max(1, this.cases * SELDOM)),
      ...short(PLANS.often, this.planned, this.plans * OFTEN),
      ...short(PLANS.seldom, this.planned, 1),
    ];
    if (this.withRows * 2 < this.cases) found.push(`queries with rows: ${this.withRows} of ${this.cases}`);
    return found;
  }

  toString(): string {
    const sorted = (counts: ReadonlyMap<string, number>) =>
      [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, n]) => `${what} ${Math.round(n)}`);
    return [
      `cases ${this.cases}, by both oracles ${this.both}, with rows ${this.withRows}, databases verified ${this.verified}, left out as too dear ${this.tooDear}`,
      `constructs: ${sorted(this.counts).join(', ')}`,
      `of ${this.plans} plans: ${sorted(this.planned).join(', ')}`,
      `ways: ${sorted(this.ways).join(', ')}`,
      `milliseconds: ${sorted(this.spent).join(', ')}`,
      `slowest ${this.slowest.ms.toFixed(0)} ms: ${this.slowest.what.slice(0, 500)}`,
    ].join('\n  ');
  }
}

const JOINS = {
  JOIN: 'inner',
  'LEFT JOIN': 'left',
  'RIGHT JOIN': 'right',
  'FULL JOIN': 'full',
  'CROSS JOIN': 'cross',
  ',': 'comma',
} as const;

function add(counts: Map<string, number>, what: string, n = 1): void {
  counts.set(what, (counts.get(what) ?? 0) + n);
}
