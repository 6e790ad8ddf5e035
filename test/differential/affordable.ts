// A correlated sub-query over a view of a self-join may keep an engine busy for hours. PostgreSQL is asked what it expects of queries that
// read much, and those that it would not answer soon are left out.

import type { Oracles } from './engines.js';
import { walkQuery, write } from './query.js';
import type { Query } from './query.js';

/** In PostgreSQL's units, a page read from disk each: about a second. */
const MOST_COST = 200_000;
/** Relations that a query must read before it is asked about; a view is two. */
const MANY = 4;

/** The queries without those that are too dear. */
export async function affordable(oracles: Oracles, queries: readonly Query[]): Promise<readonly Query[]> {
  const wide = queries.filter((query) => relationsOf(query) >= MANY);
  const plans = await oracles.postgresAnswers(
    wide.map((query) => ({ sql: `EXPLAIN ${write(query, 'postgres').sql}`, kinds: ['text'] })),
  );
  const dear = new Set(wide.filter((_, i) => costOf(plans[i]!) > MOST_COST));
  return queries.filter((query) => !dear.has(query));
}

function relationsOf(query: Query): number {
  let count = 0;
  walkQuery(
    query,
    () => {},
    (part) => {
      if (part.kind !== 'select') return;
      for (const { table } of part.from) count += typeof table === 'string' && table.startsWith('v') ? 2 : 1;
    },
  );
  return count;
}

/** What PostgreSQL cannot plan costs nothing: it will say so when it is asked. */
function costOf(plan: readonly string[] | Error): number {
  if (plan instanceof Error) return 0;
  return Number(/cost=[\d.]+\.\.([\d.]+)/.exec(plan[0] ?? '')?.[1] ?? 0);
}
