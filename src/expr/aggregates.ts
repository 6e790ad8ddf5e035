// The aggregates: their typing, and accumulators that take batches for many groups at once (one array of states per part, indexed by
// group), so that a hash aggregation makes no object per group. NULLs are skipped as SQL asks; FILTER is the operator's business.

import { LightningError } from '../errors.js';
import type { ScalarType, Type, Value } from '../values/types.js';
import { elementType } from '../values/types.js';
import { createState } from './aggregates/states.js';
import type { Accumulator } from './aggregates/accumulator.js';
import { distinctAccumulator } from './aggregates/distinct.js';
import type { Aggregate, AggregateName, Expr } from './expression.js';
import { typeOf } from './expression.js';
import { cast } from './build.js';
import type { ArgumentType } from './typing.js';
import { implicitlyCasts } from './typing.js';

export type { Accumulator } from './aggregates/accumulator.js';

const names: readonly AggregateName[] = [
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'string_agg',
  'array_agg',
  'bool_and',
  'bool_or',
];

/** The aggregate of a folded name (`every` is `bool_and`), or undefined. */
export function aggregateName(name: string): AggregateName | undefined {
  return name === 'every' ? 'bool_and' : names.find((known) => known === name);
}

export function aggregateNames(): readonly AggregateName[] {
  return names;
}

/** What an aggregate makes of arguments of these types; undefined when it does not take them. */
export function resolveAggregate(
  name: AggregateName,
  types: readonly ArgumentType[],
): { readonly casts: readonly (Type | undefined)[]; readonly type: Type } | undefined {
  const params = aggregateParams(name, types);
  if (params === undefined || params.length !== types.length) return undefined;
  if (!params.every((param, i) => implicitlyCasts(types[i]!, param))) return undefined;
  const casts = params.map((param, i) => (param === types[i] ? undefined : param));
  return { casts, type: resultType(name, params) };
}

/** The parameter types for these arguments. */
function aggregateParams(name: AggregateName, types: readonly ArgumentType[]): readonly Type[] | undefined {
  const [first] = types;
  if (first === undefined) return name === 'count' ? [] : undefined;
  const known = first === 'unknown' ? 'text' : first;
  switch (name) {
    case 'count':
      return [known];
    case 'sum':
    case 'avg':
      return [first === 'integer' ? 'integer' : 'real'];
    case 'min':
    case 'max':
      return known === 'geometry' || known === 'point' ? undefined : [known];
    case 'string_agg':
      return ['text', 'text'];
    case 'array_agg':
      return elementType(known) === undefined ? [known === 'null' ? 'text' : known] : undefined;
    case 'bool_and':
    case 'bool_or':
      return ['boolean'];
  }
}

function resultType(name: AggregateName, params: readonly Type[]): Type {
  switch (name) {
    case 'count':
      return 'integer';
    case 'avg':
      return 'real';
    case 'sum':
    case 'min':
    case 'max':
      return params[0]!;
    case 'string_agg':
      return 'text';
    case 'array_agg':
      return `${params[0] as ScalarType}[]`;
    case 'bool_and':
    case 'bool_or':
      return 'boolean';
  }
}

/** Builds an aggregate with its arguments cast; TYPE_MISMATCH when it does not take them. `count` without arguments is `count(*)`. */
export function aggregate(
  name: AggregateName,
  args: readonly Expr[],
  options: { readonly distinct?: boolean; readonly filter?: Expr | undefined } = {},
): Aggregate {
  const types = args.map(typeOf);
  const resolved = resolveAggregate(name, types);
  if (resolved === undefined) {
    throw new LightningError('TYPE_MISMATCH', `${name} does not take (${types.join(', ')})`);
  }
  const typed = args.map((arg, i) => {
    const type = resolved.casts[i];
    return type === undefined ? arg : cast(arg, type);
  });
  return { name, args: typed, distinct: options.distinct ?? false, filter: options.filter, type: resolved.type };
}

/**
 * The accumulator of an aggregate, DISTINCT included. One serves all groups of one aggregation.
 *
 * @example
 * const total = createAccumulator(aggregate('sum', [population]));
 * total.addBatch(groups, [values], count); // groups[i] is the group of row i
 * total.finish(0); // the sum of group 0; NULL without rows
 */
export function createAccumulator(of: Aggregate): Accumulator {
  const state = createState(of);
  return of.distinct && of.args.length > 0 ? distinctAccumulator(state, of.args.map(typeOf)) : state;
}

/** A single group's accumulator, for windows and small plans: one value at a time. */
export function runningValue(
  accumulator: Accumulator,
  group = 0,
): { step(args: readonly Value[]): void; value(): Value } {
  return { step: (args) => accumulator.add(group, args), value: () => accumulator.finish(group) };
}
