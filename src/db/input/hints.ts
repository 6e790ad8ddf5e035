// Hints are checked against their names here, and against the statement's tables and indexes where it is planned.

import { LightningError } from '../../errors.js';
import type { Hints, LogicalPlan, LogicalQuery, Scan } from '../../plan/logical.js';
import { describe } from '../../values/index.js';
import { checkOptions, nearest } from './arguments.js';

const names: { readonly [K in keyof Required<Hints>]: true } = {
  indexes: true,
  noIndexes: true,
  withoutKinds: true,
  joinOrder: true,
  join: true,
  disabledRules: true,
};

/** @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkHints(hints: object): asserts hints is Hints {
  checkOptions(hints, 'hints', Object.keys(names));
  const { indexes = {}, withoutKinds = [], joinOrder = [], disabledRules = [] }: Record<string, unknown> = { ...hints };
  if (indexes === null || typeof indexes !== 'object' || Array.isArray(indexes)) {
    throw notThat('indexes', indexes, 'an object with the names of indexes by table');
  }
  const lists = Object.entries({ withoutKinds, joinOrder, disabledRules });
  for (const [table, list] of Object.entries(indexes)) lists.push([`indexes.${table}`, list]);
  for (const [name, list] of lists) {
    if (!(Array.isArray(list) && list.every((each) => typeof each === 'string'))) {
      throw notThat(name, list, 'an array of names');
    }
  }
}

function notThat(name: string, given: unknown, wanted: string): LightningError {
  return new LightningError('INVALID_ARGUMENT', `the hint ${name} is ${describe(given)}`, { hint: `give ${wanted}` });
}

/** Every table and index that the hints name is in the query. @throws LightningError UNKNOWN_TABLE, UNKNOWN_INDEX */
export function checkHintsFor(query: LogicalQuery, hints: Hints): void {
  if (hints.indexes === undefined && hints.joinOrder === undefined) return;
  const scans = [query.plan, ...query.subqueries].flatMap(scansOf);
  const relations = [...new Set(scans.map((scan) => scan.name))];
  const known = (name: string) => {
    if (relations.includes(name)) return;
    throw new LightningError('UNKNOWN_TABLE', `a hint names "${name}", which the statement does not read`, {
      hint: nearest(name, relations, 'its tables'),
    });
  };
  hints.joinOrder?.forEach(known);
  for (const [name, wanted] of Object.entries(hints.indexes ?? {})) {
    known(name);
    const there = scans.filter((scan) => scan.name === name).flatMap((scan) => scan.table.indexes.map((i) => i.name));
    const missing = wanted.find((index) => !there.includes(index));
    if (missing === undefined) continue;
    throw new LightningError('UNKNOWN_INDEX', `a hint names the index "${missing}", which "${name}" does not have`, {
      hint: nearest(missing, there, 'its indexes'),
    });
  }
}

/** All scans of stored tables. */
export function scansOf(plan: LogicalPlan): Scan[] {
  switch (plan.kind) {
    case 'scan':
      return [plan];
    case 'values':
    case 'common-table':
      return [];
    case 'join':
    case 'set-operation':
      return [...scansOf(plan.left), ...scansOf(plan.right)];
    case 'insert':
      return scansOf(plan.source);
    default:
      return scansOf(plan.input);
  }
}
