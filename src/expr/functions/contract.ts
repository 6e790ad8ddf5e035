// The shape of an entry of the function table, and the typed constructors with which the families state their entries.
// Evaluation is over engine values (values/types.ts); arguments arrive already cast to the parameter types.

import type { Geometry, Point, Type, Value } from '../../values/types.js';
import type { Evaluation } from '../evaluation.js';

/**
 * A parameter's type. Besides the types proper:
 * - `same`: all `same` arguments take one common type (integer and real give real), which is also what a `same` result has;
 * - `any`: any type, left as it is;
 * - `array`: an array of any type; `element`: what can be an element of it;
 * - `texty`: text or boolean as they are, anything else cast to text (`concat`);
 * - `astext`: anything, cast to text (one side of `||`).
 */
export type Param = Type | 'same' | 'any' | 'array' | 'element' | 'texty' | 'astext';

/** What a type's values are in TypeScript. */
export type ValueOf<P extends Param> = P extends 'integer'
  ? number | bigint
  : P extends 'real' | 'timestamp' | 'date'
    ? number
    : P extends 'text' | 'json' | 'astext'
      ? string
      : P extends 'boolean'
        ? boolean
        : P extends 'texty'
          ? string | boolean
          : P extends 'blob'
            ? Uint8Array
            : P extends 'point'
              ? Point
              : P extends 'geometry'
                ? Geometry
                : P extends `${string}[]` | 'array'
                  ? readonly Value[]
                  : Value;

type ArgsOf<P extends readonly Param[]> = { [K in keyof P]: ValueOf<P[K]> };
type NullableArgsOf<P extends readonly Param[]> = { [K in keyof P]: ValueOf<P[K]> | null };

/** Evaluates over as many values as there are arguments; with `context`, the evaluation comes first. */
export type EvaluateCall = (...args: Value[]) => Value;
export type EvaluateInContext = (evaluation: Evaluation, ...args: Value[]) => Value;

/**
 * A faster form for when one argument is known before the rows: `make` is given its (non-null) value once and returns the
 * evaluation over the other arguments, in order.
 */
export interface Preparation {
  readonly argument: number;
  readonly make: (value: Value) => EvaluateCall;
}

/** `same`: the common type of the `same` arguments; `same[]`: an array of it; `array`, `element`: the array's type, and of what it is. */
export type Result = Type | 'same' | 'same[]' | 'array' | 'element';

interface OverloadBase {
  readonly params: readonly Param[];
  /** The type of any number of further arguments. */
  readonly rest?: Param | undefined;
  readonly result: Result;
  /** NULL for any argument gives NULL, and `evaluate` never sees a NULL. */
  readonly strict: boolean;
  /** The same arguments always give the same value. False for `now()`, which is fixed within one statement. */
  readonly deterministic: boolean;
  /** Some arguments make it raise an error. */
  readonly canRaise: boolean;
  /** `lazy`: arguments are evaluated in turn and only as needed; the compilers know `coalesce`. */
  readonly lazy?: boolean;
  readonly prepare?: readonly Preparation[];
}

/** `context`: `evaluate` takes the evaluation as its first argument. */
export type Overload = OverloadBase &
  (
    | { readonly context?: false; readonly evaluate: EvaluateCall }
    | { readonly context: true; readonly evaluate: EvaluateInContext }
  );

/** An overload whose evaluation depends on the types of its arguments. */
export interface GenericOverload extends OverloadBase {
  readonly evaluateFor: (types: readonly Type[]) => EvaluateCall;
}

export interface FunctionEntry {
  readonly name: string;
  readonly overloads: readonly (Overload | GenericOverload)[];
}

export interface OverloadOptions {
  readonly canRaise?: boolean;
  readonly prepare?: readonly Preparation[];
}

/** Arguments come cast to the parameter types: the values are those that the types say. */
type Typed = (...args: never[]) => Value;

function made(
  params: readonly Param[],
  result: Result,
  evaluate: Typed,
  { canRaise = false, prepare }: OverloadOptions,
): OverloadBase & { readonly evaluate: EvaluateCall } {
  const given = prepare === undefined ? {} : { prepare };
  return { params, result, strict: true, deterministic: true, canRaise, evaluate: evaluate as EvaluateCall, ...given };
}

/** NULL in, NULL out. */
export function strict<const P extends readonly Param[]>(
  params: P,
  result: Result,
  evaluate: (...args: ArgsOf<P>) => Value,
  options: OverloadOptions = {},
): Overload {
  return made(params, result, evaluate as Typed, options);
}

/** Sees its NULL arguments. */
export function lenient<const P extends readonly Param[]>(
  params: P,
  result: Result,
  evaluate: (...args: NullableArgsOf<P>) => Value,
  options: OverloadOptions = {},
): Overload {
  return { ...made(params, result, evaluate as Typed, options), strict: false };
}

/** Any number of further arguments of one type; sees NULLs. */
export function variadic<const P extends readonly Param[], R extends Param>(
  params: P,
  rest: R,
  result: Result,
  evaluate: (...args: [...NullableArgsOf<P>, ...(ValueOf<R> | null)[]]) => Value,
): Overload {
  // TypeScript compares no tuples that are open in the middle.
  return { ...made(params, result, evaluate as unknown as Typed, {}), strict: false, rest };
}

/** Takes any types, and is evaluated by them; sees NULLs. */
export function byTypes(
  params: readonly Param[],
  rest: Param | undefined,
  result: Result,
  evaluateFor: (types: readonly Type[]) => EvaluateCall,
  { canRaise = false }: Pick<OverloadOptions, 'canRaise'> = {},
): GenericOverload {
  return { params, rest, result, strict: false, deterministic: true, canRaise, evaluateFor };
}

/** Depends on the execution: fixed within one statement, not foldable. */
export function stable<const P extends readonly Param[]>(
  params: P,
  result: Type,
  evaluate: (evaluation: Evaluation, ...args: ArgsOf<P>) => Value,
): Overload {
  const inContext = evaluate as (evaluation: Evaluation, ...args: never[]) => Value;
  const { evaluate: _, ...rest } = made(params, result, () => null, {});
  return { ...rest, deterministic: false, context: true, evaluate: inContext as EvaluateInContext };
}

export function entry(name: string, ...overloads: FunctionEntry['overloads']): FunctionEntry {
  return { name, overloads };
}

/** The same function under several names. */
export function aliases(names: readonly string[], ...overloads: FunctionEntry['overloads']): FunctionEntry[] {
  return names.map((name) => ({ name, overloads }));
}
