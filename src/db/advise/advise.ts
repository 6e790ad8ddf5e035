// Which indexes a workload would gain from: candidates are planned with as if they were there, and the one that helps most is taken, again
// and again (greedy selection as in S. Chaudhuri and V. Narasayya, "An efficient, cost-driven index selection tool for Microsoft SQL
// Server", VLDB 1997).

import type { IndexDef } from '../../catalog/definitions.js';
import { LightningError } from '../../errors.js';
import type { Advice, AdvisedStatement, AdviseOptions, IndexProposal } from '../api.js';
import type { IndexUsage } from '../schema/index-usage.js';
import { createIndex } from '../schema/schema-info.js';
import type { View } from '../schema/schema.js';
import { quoteName } from '../../expr/printer.js';
import { bindStatement, parseOne } from '../statement/plan-cache.js';
import { nothingGiven } from '../input/bind-values.js';
import { Candidates } from './candidates.js';
import { HypotheticalCatalog } from './hypothetical.js';
import { writeCostOf } from './size.js';
import { WorkloadStatement } from './workload.js';
import type { Judged } from './workload.js';

/** Proposals at most, unless another number is asked for. */
const MOST = 10;
/** An index is worth proposing when some statement takes this share of its time, or less, with it, ... */
const WORTH = 0.7;
/** ... and saves this many nanoseconds. */
const LEAST_GAIN = 20_000;
/** What a byte of an index weighs beside a nanosecond saved in each run of the workload: of two as good the smaller one wins. */
const BYTE = 0.02;
const MILLISECOND = 1e6;

export function advise(
  input: readonly (string | AdvisedStatement)[],
  view: View,
  usage: IndexUsage,
  options: AdviseOptions,
): Advice {
  const workload = input.map((each) => new WorkloadStatement(each));
  const candidates = new Candidates(view);
  const required = workload.map((statement) => requiredBy(statement, view, candidates));
  workload.forEach((statement, i) => candidates.addFor(statement.rewritten(catalogWith(view, required[i]!))));

  const before = workload.map((statement, i) => (required[i]!.length > 0 ? undefined : statement.judge(view)));
  const chosen: IndexDef[] = [...new Set(required.flat())];
  const proposals: IndexProposal[] = [];
  let now = workload.map((statement) => statement.judge(catalogWith(view, chosen)));
  for (const index of chosen) {
    const parts = workload.flatMap(({ sql }, i) =>
      required[i]!.includes(index) ? [{ sql, before: undefined, after: now[i]!.cost / MILLISECOND }] : [],
    );
    proposals.push(proposal(index, view, parts));
  }
  const rest = new Set(candidates.all.filter((index) => !chosen.includes(index)));
  while (proposals.length < (options.limit ?? MOST)) {
    let best: { index: IndexDef; judged: readonly Judged[]; value: number } | undefined;
    for (const index of rest) {
      const catalog = catalogWith(view, [...chosen, index]);
      const judged = workload.map((statement) => statement.judge(catalog));
      const helped = judged.some(({ cost }, i) => cost <= WORTH * now[i]!.cost && now[i]!.cost - cost >= LEAST_GAIN);
      if (!helped || !judged.some(({ uses }) => uses.some(({ id }) => id === index.id))) continue;
      const gain = judged.reduce((sum, { cost }, i) => sum + workload[i]!.weight * (now[i]!.cost - cost), 0);
      const value = gain - BYTE * catalog.index(index).bytes;
      if (gain > 0 && (best === undefined || value > best.value)) best = { index, judged, value };
    }
    if (best === undefined) break;
    const { index, judged } = best;
    const parts = workload.flatMap(({ sql }, i) => {
      const [old, next] = [now[i]!.cost, judged[i]!.cost];
      return next < old ? [{ sql, before: old / MILLISECOND, after: next / MILLISECOND }] : [];
    });
    proposals.push(proposal(index, view, parts));
    chosen.push(index);
    rest.delete(index);
    now = [...judged];
  }
  const used = new Set([...before, ...now].flatMap((judged) => judged?.uses.map(({ id }) => id) ?? []));
  const statements = workload.map(({ sql, weight }, i) => ({
    ...{ sql, weight, before: before[i] && before[i].cost / MILLISECOND, after: now[i]!.cost / MILLISECOND },
    uses: now[i]!.uses.map(({ name }) => name),
  }));
  return { proposals, statements, unused: unused(view, used, usage), notAnalyzed: notAnalyzed(view, workload, chosen) };
}

function catalogWith(view: View, extra: readonly IndexDef[]): HypotheticalCatalog {
  return new HypotheticalCatalog(view, extra);
}

/** Full-text indexes that a statement cannot be bound without: the error that says so has the definition in its hint. */
function requiredBy(statement: WorkloadStatement, view: View, candidates: Candidates): IndexDef[] {
  const required: IndexDef[] = [];
  for (;;) {
    try {
      statement.bind(catalogWith(view, required));
      return required;
    } catch (error) {
      const index =
        error instanceof LightningError && error.code === 'NO_INDEX' ? hinted(error, view, candidates) : undefined;
      if (index === undefined || required.includes(index)) throw error;
      required.push(index);
    }
  }
}

function hinted({ hint }: LightningError, view: View, candidates: Candidates): IndexDef | undefined {
  if (hint?.startsWith('CREATE INDEX ') !== true) return undefined;
  const statement = { text: hint, tree: parseOne(hint), lifted: undefined, hints: undefined, bindings: [] };
  const bound = bindStatement(statement, nothingGiven, view);
  return bound.kind === 'create-index' ? candidates.add(bound.definition.table, bound.definition) : undefined;
}

function proposal(index: IndexDef, view: View, statements: IndexProposal['statements']): IndexProposal {
  const table = view.requireTable(index.table);
  // Options are left to their defaults.
  const sql = createIndex({ ...index, options: {} }, table);
  const { bytes } = catalogWith(view, [index]).index(index);
  return {
    sql,
    name: index.name,
    table: index.table,
    kind: index.kind,
    bytes,
    writeMicroseconds: writeCostOf(index.kind),
    statements,
  };
}

/** Indexes that nothing in the workload reads; those of constraints and unique ones do other work. */
function unused(view: View, used: ReadonlySet<number>, usage: IndexUsage): Advice['unused'] {
  return view.schema.tableNames().flatMap((name) =>
    view.table(name)!.indexes.flatMap((index) => {
      if (index.unique || index.constraint !== undefined || used.has(index.id)) return [];
      const { bytes } = view.index(index);
      const uses = usage.of(index.id)?.uses ?? 0;
      return [{ name: index.name, table: name, bytes, uses, sql: `DROP INDEX ${quoteName(index.name)}` }];
    }),
  );
}

function notAnalyzed(view: View, workload: readonly WorkloadStatement[], chosen: readonly IndexDef[]): string[] {
  const names = new Set<string>();
  const catalog = catalogWith(view, chosen);
  for (const statement of workload) for (const name of statement.tables(catalog)) names.add(name);
  return [...names].filter((name) => view.statistics(view.requireTable(name)) === undefined).sort();
}
