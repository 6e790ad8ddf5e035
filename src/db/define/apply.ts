// Carries out changes of definitions, each inside the caller's transaction: catalog entry, storage and first contents together.

import { writeStatistics } from '../../catalog/stored-statistics.js';
import { LightningError, never } from '../../errors.js';
import type { UserFunctions } from '../../expr/user-functions.js';
import type { PageTransaction } from '../../pages/index.js';
import type { BoundStatement, RenameRelation } from '../../sql/bound.js';
import { analyzeTable } from '../../tables/analyze.js';
import type { WatchBuild } from '../../tables/index-build.js';
import { alterTable } from './alter.js';
import { defineTable, defineView } from './create.js';
import { Definitions } from './definitions.js';
import { drop } from './drop.js';
import { followReaders, readersOf } from './follow.js';
import { beginningsOf, finish } from './index-steps.js';
import type { Beginning } from './index-steps.js';
import { truncate } from './truncate.js';

/**
 * @param now milliseconds since the epoch: the statement's instant
 * @param functions what the application registered
 * @param redefined tells the session that definitions have changed
 * @param watch hears of the builds of indexes
 */
export function runDefinition(
  bound: BoundStatement,
  tx: PageTransaction,
  now: number,
  functions: UserFunctions,
  redefined: () => void,
  watch?: WatchBuild,
): void {
  run(bound, new Definitions(tx, now, functions, watch));
  redefined();
}

function run(bound: BoundStatement, definitions: Definitions): void {
  switch (bound.kind) {
    case 'create-table':
      return defineTable(definitions, bound);
    case 'create-index':
    case 'reindex':
      return beginningsOf(bound).forEach((beginning) => buildNow(definitions, beginning));
    case 'create-view':
      return defineView(definitions, bound);
    case 'alter-table':
      return alterTable(definitions, bound);
    case 'rename-relation':
      return rename(definitions, bound);
    case 'drop':
      return drop(definitions, bound);
    case 'truncate':
      return truncate(definitions, bound);
    case 'analyze':
      return analyze(definitions, bound.tables);
    case 'query':
    case 'explain':
    case 'begin':
    case 'commit':
    case 'rollback':
    case 'savepoint':
    case 'release':
    case 'rollback-to':
      throw new LightningError('BUG', `a ${bound.kind} is no definition`);
    default:
      return never(bound, 'definition');
  }
}

function rename(definitions: Definitions, { what, name, to, ifExists }: RenameRelation): void {
  const { catalog } = definitions;
  const found = what === 'index' ? definitions.findIndex(name) : catalog.view(name);
  if (found === undefined) {
    if (ifExists) return;
    throw definitions.absent(what, name);
  }
  definitions.free(to, what);
  if ('index' in found) {
    const { table, index } = found;
    const indexes = table.indexes.map((each) => (each === index ? { ...each, name: to } : each));
    const builds = table.builds.map((build) =>
      build.index.id === index.id ? { ...build, index: { ...build.index, name: to } } : build,
    );
    return catalog.putTable({ ...table, indexes, builds });
  }
  const readers = readersOf(definitions, name);
  catalog.renameView({ ...found, name: to }, name);
  followReaders(definitions, readers, { kind: 'relation', from: name, to });
}

function analyze(definitions: Definitions, names: readonly string[]): void {
  const { catalog, tx } = definitions;
  const tables = names.length > 0 ? names.map((name) => definitions.requireTable(name)) : catalog.tables();
  for (const table of tables) writeStatistics(tx, table, analyzeTable(table, tx));
  catalog.touch();
}

/** All of a build in this transaction. */
function buildNow(definitions: Definitions, beginning: Beginning): void {
  const begun = beginning(definitions, Infinity);
  if (begun !== undefined) finish(definitions, begun);
}
