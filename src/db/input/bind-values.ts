// What an application passes as parameters, as the engine's values by slot.

import { LightningError } from '../../errors.js';
import type { BoundQueryStatement } from '../../sql/bound.js';
import type { Type, Value } from '../../values/types.js';
import { castValue, inferType, toEngine } from '../../values/index.js';

/** Parameters as given: by position, or by name. */
export type Given =
  | { readonly kind: 'positional'; readonly values: readonly unknown[] }
  | { readonly kind: 'named'; readonly values: Readonly<Record<string, unknown>> };

export const nothingGiven: Given = { kind: 'positional', values: [] };

/** One array, one object of names, or separate arguments. */
export function givenOf(args: readonly unknown[]): Given {
  const [first] = args;
  if (args.length === 1 && Array.isArray(first)) return { kind: 'positional', values: first };
  if (args.length === 1 && isNames(first)) return { kind: 'named', values: first };
  return { kind: 'positional', values: args };
}

/** A plain object that is no GeoJSON geometry. */
function isNames(value: unknown): value is Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !('type' in value && ('coordinates' in value || 'geometries' in value));
}

function at(given: Given, index: number, name: string | undefined): unknown {
  if (given.kind === 'positional') return given.values[index];
  return name === undefined || !Object.hasOwn(given.values, name) ? undefined : given.values[name];
}

/** The type that a value suggests; undefined when there is none or it is of no known type. */
export function suggestedType(given: Given, index: number, name: string | undefined): Type | undefined {
  const value = at(given, index, name);
  if (value === undefined) return undefined;
  try {
    return inferType(value);
  } catch {
    return undefined; // the value is refused when it is bound
  }
}

/** Literals that a shape lifted out of a text follow the explicit parameters. */
export interface Lifted {
  readonly value: Value;
  /** A string literal: read as whatever type its place asks. */
  readonly untyped: boolean;
}

/**
 * The engine's values, one per parameter of the statement.
 * @throws LightningError PARAMETER, and what `toEngine` raises
 */
export function bindValues(statement: BoundQueryStatement, given: Given, lifted: readonly Lifted[] = []): Value[] {
  const { parameters } = statement.query;
  const names = statement.parameterNames;
  const explicit = parameters.length - lifted.length;
  check(given, names, explicit);
  return parameters.map((type, i) => {
    if (i >= explicit) return literalAs(lifted[i - explicit]!, type);
    const name = names[i];
    const value = at(given, i, name);
    const what = `parameter ${name === undefined ? i + 1 : `$${name}`}`;
    if (value === undefined) {
      throw new LightningError('PARAMETER', `${what} has no value`, { hint: 'pass null for SQL NULL' });
    }
    return toEngine(value, type, what);
  });
}

function literalAs({ value, untyped }: Lifted, type: Type): Value {
  if (!untyped) return type === 'real' && typeof value === 'bigint' ? Number(value) : value;
  return type === 'text' ? value : castValue(value, 'text', type);
}

function check(given: Given, names: readonly string[], explicit: number): void {
  if (given.kind === 'positional') {
    if (names.length > 0 && given.values.length === 0) return missing(names);
    if (names.length > 0) {
      throw new LightningError(
        'PARAMETER',
        `the statement names its parameters: ${names.map((n) => `$${n}`).join(', ')}`,
        {
          hint: 'pass one object with these names',
        },
      );
    }
    if (given.values.length !== explicit) {
      throw new LightningError(
        'PARAMETER',
        `the statement has ${explicit} parameters, ${given.values.length} values are given`,
        { hint: 'pass them to query(sql, values), or to all(), get() and run() of prepare(sql); exec(sql) takes none' },
      );
    }
    return;
  }
  if (explicit > 0 && names.length === 0) {
    throw new LightningError('PARAMETER', 'the statement numbers its parameters', { hint: 'pass an array of values' });
  }
  const unknown = Object.keys(given.values).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const there = names.length > 0 ? names.map((name) => `$${name}`).join(', ') : 'none';
    throw new LightningError('PARAMETER', `the statement has no parameter $${unknown}`, {
      hint: `its parameters: ${there}`,
    });
  }
}

function missing(names: readonly string[]): never {
  throw new LightningError('PARAMETER', `parameters ${names.map((name) => `$${name}`).join(', ')} have no values`, {
    hint: 'pass one object with these names',
  });
}
