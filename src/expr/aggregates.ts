// The aggregates: their typing, and accumulators that take batches for many groups at once (one array of states per part, indexed by
// group), so that a hash aggregation makes no object per group. NULLs are skipped as SQL asks; FILTER is the operator's business.

import { LightningError, never } from '../errors.js';
import type { ScalarType, Type, Value } from '../values/types.js';
import { comparator } from '../values/order.js';
import { elementType } from '../values/types.js';
import { createState } from './aggregates/states.js';
import type { Accumulator } from './aggregates/accumulator.js';
import { distinctAccumulator } from './aggregates/distinct.js';
import { orderedAccumulator } from './aggregates/ordered.js';
import type { Aggregate, AggregateName, Expr } from './expression.js';
import { namesMembers } from './functions/to-json.js';
import { typeOf } from './expression.js';
import { accumulated, cast } from './build.js';
import type { ArgumentType } from './typing.js';
import { implicitlyCasts } from './typing.js';
import type { UserAggregate, UserFunctions } from './user-functions.js';

export type { Accumulator } from './aggregates/accumulator.js';

/** Every aggregate of the language, with its other names. For documentation, completion and "did you mean", too. */
const table: Readonly<
  Record<AggregateName, { readonly args: string; readonly about: string; readonly aliases?: readonly string[] }>
> = {
  count: { args: '* | any', about: 'Rows, or values that are not NULL.' },
  sum: { args: 'integer | real', about: 'Sum; of integers exact, past 64 bits an error.' },
  avg: { args: 'integer | real', about: 'Mean, as REAL.' },
  min: { args: 'any but geometry', about: 'First in order.' },
  max: { args: 'any but geometry', about: 'Last in order.' },
  string_agg: { args: 'text, separator', about: 'Texts joined.' },
  array_agg: { args: 'any', about: 'All values as an array, NULLs too; a JavaScript array in the result.' },
  json_agg: { args: 'any', about: 'All values as a JSON array, NULLs too.', aliases: ['jsonb_agg'] },
  json_object_agg: {
    args: 'any but documents, any',
    about: 'A JSON object of names and values.',
    aliases: ['jsonb_object_agg'],
  },
  bool_and: { args: 'boolean', about: 'Whether it holds for all.', aliases: ['every'] },
  bool_or: { args: 'boolean', about: 'Whether it holds for some.' },
  stddev_pop: { args: 'integer | real', about: 'Standard deviation of the whole.' },
  stddev_samp: { args: 'integer | real', about: 'Standard deviation of a sample.', aliases: ['stddev'] },
  var_pop: { args: 'integer | real', about: 'Variance of the whole.' },
  var_samp: { args: 'integer | real', about: 'Variance of a sample.', aliases: ['variance'] },
};

const byName = new Map<string, AggregateName>();
for (const [name, { aliases = [] }] of Object.entries(table)) {
  for (const each of [name, ...aliases]) byName.set(each, name as AggregateName);
}

/** The aggregate of a folded name (`every` is `bool_and`), or undefined. */
export function aggregateName(name: string): AggregateName | undefined {
  return byName.get(name);
}

/** All names, other names too. */
export function aggregateNames(): readonly string[] {
  return [...byName.keys()];
}

/** The table as documentation shows it. */
export function describeAggregates(): readonly { readonly signature: string; readonly about: string }[] {
  return Object.entries(table).map(([name, { args, about, aliases = [] }]) => ({
    signature: [name, ...aliases].map((each) => `${each}(${args})`).join(', '),
    about,
  }));
}

/** What an aggregate makes of arguments of these types; undefined when it does not take them. */
export function resolveAggregate(
  name: AggregateName,
  types: readonly ArgumentType[],
): { readonly casts: readonly (Type | undefined)[]; readonly type: Type } | undefined {
  const params = aggregateParams(name, types);
  if (params === undefined) return undefined;
  return castTo(params, resultType(name, params), types);
}

/** The same for an aggregate that the application registered. */
export function resolveUserAggregate(of: UserAggregate, types: readonly ArgumentType[]): ReturnType<typeof castTo> {
  return castTo(of.params, of.returns, types);
}

function castTo(params: readonly Type[], type: Type, types: readonly ArgumentType[]) {
  if (params.length !== types.length) return undefined;
  if (!params.every((param, i) => implicitlyCasts(types[i]!, param))) return undefined;
  return { casts: params.map((param, i) => (param === types[i] ? undefined : param)), type };
}

/** The parameter types for these arguments. */
function aggregateParams(name: AggregateName, types: readonly ArgumentType[]): readonly Type[] | undefined {
  const [first, second] = types;
  if (first === undefined) return name === 'count' ? [] : undefined;
  const known = first === 'unknown' ? 'text' : first;
  switch (name) {
    case 'count':
    case 'json_agg':
      return [known];
    case 'sum':
    case 'avg':
    case 'stddev_pop':
    case 'stddev_samp':
    case 'var_pop':
    case 'var_samp':
      return [first === 'integer' ? 'integer' : 'real'];
    case 'min':
    case 'max':
      return known === 'geometry' || known === 'point' ? undefined : [known];
    case 'string_agg':
      return ['text', 'text'];
    case 'array_agg':
      return elementType(known) === undefined ? [known === 'null' ? 'text' : known] : undefined;
    case 'json_object_agg':
      return second === undefined || !namesMembers(known) ? undefined : [known, second === 'unknown' ? 'text' : second];
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
    case 'stddev_pop':
    case 'stddev_samp':
    case 'var_pop':
    case 'var_samp':
      return 'real';
    case 'json_agg':
    case 'json_object_agg':
      return 'json';
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
  options: Partial<Pick<Aggregate, 'distinct' | 'filter' | 'orderBy'>> = {},
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
  const { distinct = false, filter, orderBy } = options;
  return { name, args: typed, distinct, filter, orderBy, type: resolved.type };
}

/** How an aggregate is called in plans and texts. */
export function calledName(of: Aggregate): string {
  return of.user ?? of.name;
}

/**
 * The accumulator of an aggregate, DISTINCT and ORDER BY included. One serves all groups of one aggregation. It is given what the
 * aggregate takes of each row (`accumulated`).
 *
 * @param functions what the application registered
 * @throws LightningError FUNCTION_MISSING
 * @example
 * const total = createAccumulator(aggregate('sum', [population]));
 * total.addBatch(groups, [values], count); // groups[i] is the group of row i
 * total.finish(0); // the sum of group 0; NULL without rows
 */
export function createAccumulator(of: Aggregate, functions?: UserFunctions): Accumulator {
  const { args, keys = [], orderBy } = of;
  const plain = (): Accumulator => {
    const state = createState(of, functions);
    if (!of.distinct || args.length === 0) return state;
    return distinctAccumulator(state, (keys.length > 0 ? keys : args).map(typeOf), args.length);
  };
  if (orderBy === undefined) return plain();
  const taken = args.length + keys.length;
  const steps = orderBy.map(({ expr, ...how }, i) => ({ at: taken + i, compare: comparator(typeOf(expr), how) }));
  // Among rows with equal keys DISTINCT keeps the first, which must be the same one however the rows come.
  const ties = keys.length === 0 ? [] : [...keys.map((_, i) => args.length + i), ...args.keys()];
  const parts = accumulated(of);
  for (const at of ties) steps.push({ at, compare: comparator(typeOf(parts[at]!)) });
  return orderedAccumulator(plain, taken, (a, b) => {
    for (const { at, compare } of steps) {
      const order = compare(a[at]!, b[at]!);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** Whether what it gives depends on the order of its rows. */
export function dependsOnOrder({ name }: Pick<Aggregate, 'name'>): boolean {
  switch (name) {
    case 'count':
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'bool_and':
    case 'bool_or':
    case 'stddev_pop':
    case 'stddev_samp':
    case 'var_pop':
    case 'var_samp':
      return false;
    case 'string_agg':
    case 'array_agg':
    case 'json_agg':
    case 'json_object_agg':
    case 'user':
      return true;
    default:
      return never(name, 'aggregate');
  }
}

/** A single group's accumulator, for windows and small plans: one value at a time. */
export function runningValue(
  accumulator: Accumulator,
  group = 0,
): { step(args: readonly Value[]): void; value(): Value } {
  return { step: (args) => accumulator.add(group, args), value: () => accumulator.finish(group) };
}
