// The function table: every scalar function and arithmetic operator of the dialect, by name. The grammar folds names to lower case.
// Families stand in `functions/`; how an overload is chosen in `functions/resolve.ts`.

import { LightningError } from '../errors.js';
import type { Call } from './expression.js';
import { typeOf } from './expression.js';
import { arithmetic } from './functions/arithmetic.js';
import { arrays } from './functions/array.js';
import { conditional } from './functions/conditional.js';
import type { FunctionEntry, Overload, Param } from './functions/contract.js';
import { datetime } from './functions/datetime.js';
import { geo } from './functions/geo.js';
import { json } from './functions/json.js';
import { jsonBuilding } from './functions/json-build.js';
import type { Resolution } from './functions/resolve.js';
import { chooseOverload } from './functions/resolve.js';
import { search } from './functions/search.js';
import { textFunctions } from './functions/text.js';
import type { ArgumentType } from './typing.js';
import type { UserFunctions } from './user-functions.js';
import { externalOverload, signatureOverload } from './user-functions.js';

export type { FunctionEntry, Overload } from './functions/contract.js';
export type { Resolution } from './functions/resolve.js';

const table = new Map<string, FunctionEntry>();
for (const family of [arithmetic, conditional, textFunctions, datetime, geo, search, json, jsonBuilding, arrays]) {
  for (const entry of family) table.set(entry.name, entry);
}

/** Why a call could not be typed. */
export interface ResolutionProblem {
  readonly problem: 'unknown-function' | 'argument-count' | 'argument-types';
  readonly message: string;
  /** The signatures there are, for the error's hint. */
  readonly signatures: readonly string[];
}

/**
 * Types a call. `unknown` stands for a string literal or untyped parameter, whose type `casts` then decides.
 *
 * @param functions what the application registered: looked at when the language has no such function
 * @example
 * resolveFunction('+', ['integer', 'real']) // {overload, casts: ['real', undefined], type: 'real'}
 */
export function resolveFunction(
  name: string,
  types: readonly ArgumentType[],
  functions?: UserFunctions,
): Resolution | ResolutionProblem {
  const user = functions?.scalar(name);
  const entry = table.get(name) ?? (user && { name, overloads: [signatureOverload(user)] });
  if (entry === undefined) {
    return { problem: 'unknown-function', message: `there is no function ${name}`, signatures: [] };
  }
  const resolution = chooseOverload(entry.overloads, types);
  if (resolution !== undefined && user !== undefined) {
    return { ...resolution, external: { params: user.params, deterministic: user.deterministic } };
  }
  if (resolution !== undefined) return resolution;
  const signatures = entry.overloads.map((overload) => signature(name, overload));
  const counts = entry.overloads.some(
    (o) => types.length >= o.params.length && (o.rest !== undefined || types.length === o.params.length),
  );
  const given = types.map((type) => (type === 'null' ? 'NULL' : type)).join(', ');
  return counts
    ? { problem: 'argument-types', message: `${name} does not take (${given})`, signatures }
    : { problem: 'argument-count', message: `${name} does not take ${types.length} arguments`, signatures };
}

/** All names, operators left out; for completion and "did you mean". */
export function functionNames(): string[] {
  return [...table.keys()].filter((name) => /^[a-z]/.test(name) && !internal.has(name)).sort();
}

/** Whether there is a scalar function of this name. */
export function isFunction(name: string): boolean {
  return table.has(name);
}

/** Reached through syntax only: unary minus, timestamp + INTERVAL, ARRAY[...], a[1], a[1:2], what compares COLLATE NOCASE. */
const internal = new Set([
  ...['negate', 'add_interval', 'array', 'array_element', 'array_slice'],
  ...['greatest_nocase', 'least_nocase', 'lower_each'],
]);

/** The overload that a bound call means. Its arguments already have the parameters' types. */
export function overloadOf(call: Call): Overload {
  const known = overloads.get(call);
  if (known !== undefined) return known;
  if (call.external !== undefined) {
    const external = externalOverload(call, call.external);
    overloads.set(call, external);
    return external;
  }
  const entry = table.get(call.name);
  const types = call.args.map(typeOf);
  const overload = entry && chooseOverload(entry.overloads, types)?.overload;
  if (overload === undefined) {
    throw new LightningError('UNKNOWN_FUNCTION', `there is no function ${call.name}(${types.join(', ')})`);
  }
  overloads.set(call, overload);
  return overload;
}

const overloads = new WeakMap<Call, Overload>();

function signature(name: string, overload: FunctionEntry['overloads'][number]): string {
  const params = overload.params.map(showParam);
  if (overload.rest !== undefined) params.push(`${showParam(overload.rest)}...`);
  return `${name}(${params.join(', ')})`;
}

function showParam(param: Param): string {
  return param === 'same' || param === 'element' || param === 'texty' || param === 'astext' ? 'any' : param;
}
