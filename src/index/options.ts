// Judging what all kinds judge alike: option names and values, keys that a kind cannot have.

import type { IndexDef, IndexKey, OptionValue } from '../catalog/definitions.js';
import { LightningError } from '../errors.js';
import type { ScalarType } from '../values/types.js';

/** A definition before it has an id. */
export type Definition = Omit<IndexDef, 'id' | 'spaces'>;

export function invalid(message: string, hint?: string): LightningError {
  return new LightningError('INVALID_DEFINITION', message, { hint });
}

/** Refuses options that are not in the list. */
export function onlyOptions(definition: Definition, known: readonly string[]): void {
  for (const name of Object.keys(definition.options)) {
    if (known.includes(name)) continue;
    const hint =
      known.length === 0
        ? `${definition.kind} indexes have no options`
        : `options of ${definition.kind} indexes: ${known.join(', ')}`;
    throw new LightningError('UNKNOWN_OPTION', `unknown option '${name}' of index ${definition.name}`, { hint });
  }
}

/** A whole number option within bounds, or its default. */
export function wholeNumber(definition: Definition, name: string, fallback: number, low: number, high: number): number {
  const value: OptionValue | undefined = definition.options[name];
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new LightningError('INVALID_ARGUMENT', `option '${name}' of index ${definition.name} is ${String(value)}`, {
    hint: `give a whole number from ${low} to ${high}`,
  });
}

/** A number option within bounds. */
export function numberWithin(definition: Definition, name: string, low: number, high: number): number {
  const value: OptionValue | undefined = definition.options[name];
  if (typeof value === 'number' && value >= low && value <= high) return value;
  throw new LightningError('INVALID_ARGUMENT', `option '${name}' of index ${definition.name} is ${String(value)}`, {
    hint: `give a number from ${low} to ${high}`,
  });
}

export function needsKeys(definition: Definition): void {
  if (definition.keys.length === 0) throw invalid(`index ${definition.name} has no key`);
}

export function refuseTypes(keys: readonly IndexKey[], kind: string, types: Partial<Record<ScalarType, string>>): void {
  for (const key of keys) {
    const hint = types[key.type];
    if (hint !== undefined) throw invalid(`a ${kind} index cannot have the key ${key.text} of type ${key.type}`, hint);
  }
}

export function refuseInclude(definition: Definition): void {
  if (definition.include.length > 0) {
    throw invalid(`indexes of kind ${definition.kind} have no included columns`, 'INCLUDE belongs to USING btree');
  }
}

export function refuseUnique(definition: Definition): void {
  if (definition.unique)
    throw invalid(`an index of kind ${definition.kind} cannot be unique`, 'use USING btree or USING hash');
}
