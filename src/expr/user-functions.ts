// Functions and aggregates that an application registers, as the engine sees them: typed, over engine values. A call keeps only what
// typing and planning need (`External`), so that it stays plain data and can be stored in a definition; the function itself is found by
// name when the call is evaluated, in the functions of the database it runs in.

import { LightningError } from '../errors.js';
import type { Type, Value } from '../values/types.js';
import type { Evaluation } from './evaluation.js';
import type { Call } from './expression.js';
import type { Overload } from './functions/contract.js';

/** What a call remembers of the function as it was when the call was bound. */
export interface External {
  readonly params: readonly Type[];
  readonly deterministic: boolean;
}

export interface UserFunction extends External {
  readonly name: string;
  readonly returns: Type;
  /** One value per parameter, of its type or NULL. */
  readonly call: (values: readonly Value[]) => Value;
}

export interface UserAggregate {
  readonly name: string;
  readonly params: readonly Type[];
  readonly returns: Type;
  readonly start: () => unknown;
  /** The next state. */
  readonly step: (state: unknown, values: readonly Value[]) => unknown;
  readonly result: (state: unknown) => Value;
}

/** For choosing among functions by the types of arguments only: it is never evaluated. */
export function signatureOverload({ name, params, returns, deterministic }: UserFunction): Overload {
  const evaluate = (): never => {
    throw new LightningError('BUG', `the signature of ${name} was called`);
  };
  return { params, result: returns, strict: false, deterministic, canRaise: true, evaluate };
}

/** The functions of one database. */
export interface UserFunctions {
  /** Moves whenever a function is registered or taken back. */
  readonly version: number;
  scalar(name: string): UserFunction | undefined;
  aggregate(name: string): UserAggregate | undefined;
  /** Of both kinds, sorted. */
  names(): readonly string[];
}

function missing(name: string, what: string): LightningError {
  return new LightningError('FUNCTION_MISSING', `the ${what} ${name} is not registered in this database handle`, {
    hint: `register it with db.${what}('${name}', ...) after open()`,
  });
}

/** @throws LightningError FUNCTION_MISSING */
export function requireAggregate(name: string, functions: UserFunctions | undefined): UserAggregate {
  const found = functions?.aggregate(name);
  if (found === undefined) throw missing(name, 'aggregate');
  return found;
}

/** How a call of a registered function is evaluated: by whatever stands under its name then, if that is still the function it was. */
export function externalOverload(call: Call, external: External): Overload {
  const { name, type } = call;
  let known: UserFunction | undefined;
  const evaluate = (evaluation: Evaluation, ...values: Value[]): Value => {
    const found = evaluation.functions?.scalar(name);
    if (found === undefined) throw missing(name, 'function');
    if (found !== known) {
      checkSame(found, external, type);
      known = found;
    }
    return found.call(values);
  };
  return {
    params: external.params,
    result: type,
    strict: false,
    deterministic: external.deterministic,
    canRaise: true,
    context: true,
    evaluate,
  };
}

/** A definition was made with the function as it was then. */
function checkSame(found: UserFunction, external: External, type: Type): void {
  const same =
    found.returns === type &&
    found.params.length === external.params.length &&
    found.params.every((param, i) => param === external.params[i]) &&
    (found.deterministic || !external.deterministic);
  if (same) return;
  const wanted = `(${external.params.join(', ')}) returning ${type}${external.deterministic ? ', deterministic' : ''}`;
  throw new LightningError(
    'FUNCTION_MISSING',
    `the function ${found.name} is registered with other types than it is used with`,
    {
      hint: `register it as ${found.name}${wanted}, or make the definition that uses it again`,
    },
  );
}
