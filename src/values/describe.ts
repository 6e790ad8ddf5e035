// How error messages name values and types.

import type { Type } from './types.js';

const MAX_SHOWN = 40;

/** Text in quotes, cut when long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}

/** A type's name in the dialect. */
export function typeName(type: Type): string {
  return type.toUpperCase();
}

/** What an application handed in: `the string "abc"`, `the number 1.5`, `an array`, `a Map`. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${quoted(value)}`;
    case 'number':
      return `the number ${Object.is(value, -0) ? '-0' : String(value)}`;
    case 'bigint': {
      const digits = value.toString();
      return `the bigint ${digits.length > MAX_SHOWN ? `of ${digits.length} digits` : digits}`;
    }
    case 'boolean':
      return `the boolean ${value}`;
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'an array';
      if (value instanceof Date)
        return Number.isNaN(value.getTime()) ? 'an invalid Date' : `the Date ${value.toISOString()}`;
      const constructor: unknown = (value as { constructor?: unknown }).constructor;
      const name = typeof constructor === 'function' ? constructor.name : '';
      return name === '' || name === 'Object' ? 'an object' : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
    }
    case 'undefined':
      return 'undefined';
    default:
      return `a ${typeof value}`;
  }
}
