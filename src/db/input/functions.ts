// What an application registers: functions and aggregates of one database handle, checked when they are registered, and wrapped so that they
// take and give engine values. Nothing of it is stored: definitions that use a function ask for it by name.

import { LightningError } from '../../errors.js';
import { aggregateName } from '../../expr/aggregates.js';
import { isFunction } from '../../expr/functions.js';
import { quoteName } from '../../expr/printer.js';
import type { UserAggregate, UserFunction, UserFunctions } from '../../expr/user-functions.js';
import { SCALAR_TYPES, toApp, toEngine } from '../../values/index.js';
import type { ScalarType, Value } from '../../values/types.js';
import type { AggregateOptions, FunctionOptions } from '../api.js';
import { checkFunction, checkOptions, checkText } from './arguments.js';

/** What the public types say of a function's arguments is checked where they are made, at each call. */
export type AnyFunction = (...values: unknown[]) => unknown;

/** Calls that the grammar or the binder makes something else of. */
const TAKEN = new Set(['match', 'score', 'highlight', 'snippet', 'exists', 'row', 'overlay', 'filter', 'over']);

export class FunctionRegistry implements UserFunctions {
  private readonly scalars = new Map<string, UserFunction>();
  private readonly aggregates = new Map<string, UserAggregate>();
  private changes = 0;

  get version(): number {
    return this.changes;
  }

  scalar(name: string): UserFunction | undefined {
    return this.scalars.get(name);
  }

  aggregate(name: string): UserAggregate | undefined {
    return this.aggregates.get(name);
  }

  names(): readonly string[] {
    return [...this.scalars.keys(), ...this.aggregates.keys()].sort();
  }

  /** @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION, ALREADY_EXISTS */
  addFunction(name: string, options: FunctionOptions, fn: AnyFunction): void {
    this.checkName(name, this.aggregates);
    checkOptions(options, 'function()', ['args', 'returns', 'deterministic', 'strict']);
    const { deterministic = false, strict = false } = options;
    for (const [option, flag] of Object.entries({ deterministic, strict })) {
      if (typeof flag !== 'boolean') throw wrong(name, `option "${option}"`, 'true or false');
    }
    checkFunction(fn, `the third argument of function('${name}')`);
    const params = checkTypes(name, options.args);
    const returns = checkType(name, options.returns, 'returns');
    const result = resultOf(name, returns);
    const call = (values: readonly Value[]): Value => {
      if (strict && values.includes(null)) return null;
      return result(guarded(`the function ${name}`, () => fn(...toApps(values, params))));
    };
    this.scalars.set(name, { name, params, returns, deterministic, call });
    this.changes++;
  }

  /** @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION, ALREADY_EXISTS */
  addAggregate(name: string, options: AggregateOptions): void {
    this.checkName(name, this.scalars);
    checkOptions(options, 'aggregate()', ['args', 'returns', 'start', 'step', 'result']);
    const { start, step, result: last = (state: unknown) => state } = options;
    for (const [option, fn] of Object.entries({ start, step, result: last })) {
      checkFunction(fn, `option "${option}" of aggregate('${name}')`);
    }
    const params = checkTypes(name, options.args);
    const returns = checkType(name, options.returns, 'returns');
    const what = `the aggregate ${name}`;
    const result = resultOf(name, returns);
    this.aggregates.set(name, {
      name,
      params,
      returns,
      start: () => guarded(what, start),
      step(state, values) {
        const next = guarded(what, () => step(state, ...(toApps(values, params) as never[])));
        return next === undefined ? state : next;
      },
      result: (state) => result(guarded(what, () => last(state))),
    });
    this.changes++;
  }

  private checkName(name: unknown, others: ReadonlyMap<string, unknown>): asserts name is string {
    checkText(name, 'the name of a function');
    if (isFunction(name) || aggregateName(name) !== undefined || TAKEN.has(name) || others.has(name)) {
      throw new LightningError('ALREADY_EXISTS', `there is a function or aggregate "${name}" already`, {
        hint: 'choose another name',
      });
    }
    if (!/^[a-z_][a-z0-9_]*$/.test(name) || quoteName(name) !== name) {
      throw new LightningError('INVALID_ARGUMENT', `"${name}" cannot be called without quotes`, {
        hint: 'use lower-case letters, digits and underscores, no digit first, and no reserved word',
      });
    }
  }
}

function wrong(name: string, what: string, wanted: string): LightningError {
  return new LightningError('INVALID_ARGUMENT', `${what} of "${name}" is not what it must be`, {
    hint: `give ${wanted}`,
  });
}

function checkTypes(name: string, types: unknown): readonly ScalarType[] {
  if (!Array.isArray(types)) throw wrong(name, 'option "args"', "an array of types, such as ['text', 'integer']");
  return types.map((type: unknown) => checkType(name, type, 'args'));
}

function checkType(name: string, type: unknown, option: string): ScalarType {
  const found = SCALAR_TYPES.find((known) => known === type);
  if (found === undefined) throw wrong(name, `option "${option}"`, `types among ${SCALAR_TYPES.join(', ')}`);
  return found;
}

function toApps(values: readonly Value[], types: readonly ScalarType[]): unknown[] {
  return values.map((value, i) => toApp(value, types[i]!));
}

/** What the application's code throws is told as its failure, with the cause. */
function guarded(what: string, call: () => unknown): unknown {
  try {
    return call();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LightningError('FUNCTION_FAILED', `${what} failed: ${message}`, { cause });
  }
}

function resultOf(name: string, type: ScalarType): (value: unknown) => Value {
  const what = `the result of ${name}`;
  return (value) => {
    if (typeof (value as { then?: unknown } | null | undefined)?.then === 'function') {
      void Promise.resolve(value).catch(() => undefined);
      throw new LightningError('FUNCTION_FAILED', `${what} is a promise`, {
        hint: 'the engine is synchronous: register a function that is not async',
      });
    }
    return toEngine(value, type, what);
  };
}
