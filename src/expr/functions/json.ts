// Operators and functions over JSON documents, which are canonical text inside the engine.

import { LightningError } from '../../errors.js';
import { canonicalJson } from '../../values/json.js';
import type { Value } from '../../values/types.js';
import type { FunctionEntry, Overload, OverloadOptions } from './contract.js';
import { aliases, entry, strict, variadic } from './contract.js';
import type { PathChange } from './json-change.js';
import { changedAt, withoutNulls } from './json-change.js';

/** A member by name, an element by position (from the end when negative); undefined when there is none. */
function step(document: unknown, key: string | number | bigint): unknown {
  if (typeof document !== 'object' || document === null) return undefined;
  if (Array.isArray(document)) {
    const index = typeof key === 'string' ? (/^-?\d+$/.test(key) ? Number(key) : NaN) : Number(key);
    return document.at(index < 0 ? index : Number.isNaN(index) ? document.length : index) as unknown;
  }
  if (typeof key !== 'string' || !Object.hasOwn(document, key)) return undefined;
  return (document as Readonly<Record<string, unknown>>)[key];
}

/** `->` takes a text as a member's name only, an integer as a position only. */
function arrow(text: string, key: string | number | bigint): unknown {
  const document: unknown = JSON.parse(text);
  if (typeof key === 'string' && Array.isArray(document)) return undefined;
  return step(document, key);
}

function follow(text: string, path: readonly Value[]): unknown {
  let at: unknown = JSON.parse(text);
  for (const key of path) {
    if (key === null) return undefined;
    at = step(at, key as string);
    if (at === undefined) return undefined;
  }
  return at;
}

/** The part as JSON; NULL when it is not there. */
function asJson(part: unknown): string | null {
  return part === undefined ? null : canonicalJson(part);
}

/** The part as text: strings without quotes, JSON null as NULL. */
function asText(part: unknown): string | null {
  if (part === undefined || part === null) return null;
  return typeof part === 'string' ? part : canonicalJson(part);
}

/** jsonb containment: members and elements of `part` are found in `whole`, whatever their order and number. */
function contains(whole: unknown, part: unknown, top = true): boolean {
  if (Array.isArray(whole)) {
    if (Array.isArray(part)) return part.every((p) => whole.some((w) => contains(w, p, false)));
    return top && (typeof part !== 'object' || part === null) && whole.some((w) => w === part);
  }
  if (typeof whole !== 'object' || whole === null) return whole === part;
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return false;
  return Object.entries(part).every(
    ([key, value]) =>
      Object.hasOwn(whole, key) && contains((whole as Readonly<Record<string, unknown>>)[key], value, false),
  );
}

/** A function of a document and of the steps of a path into it. */
function strictPath(result: 'json' | 'text', part: (document: string, path: readonly Value[]) => Value): Overload {
  return variadic(['json'], 'text', result, (document, ...path) =>
    document === null || path.includes(null) ? null : part(document, path),
  );
}

const raises: OverloadOptions = { canRaise: true };

function pathChange(change: PathChange): Overload {
  return strict(
    ['json', 'text[]', 'json'],
    'json',
    (document, path, part) => changedAt(document, path, change, JSON.parse(part)),
    raises,
  );
}

/** The fourth argument chooses. */
function pathChangeAsked(yes: PathChange, no: PathChange): Overload {
  return strict(
    ['json', 'text[]', 'json', 'boolean'],
    'json',
    (document, path, part, choice) => changedAt(document, path, choice ? yes : no, JSON.parse(part)),
    raises,
  );
}

/** Whether a text is a member's name, an element, or the whole document. */
function hasKey(document: unknown, key: Value): boolean {
  if (Array.isArray(document)) return document.includes(key);
  if (typeof document !== 'object' || document === null) return document === key;
  return Object.hasOwn(document, key as string);
}

function typeName(text: string): string {
  const document: unknown = JSON.parse(text);
  if (document === null) return 'null';
  return Array.isArray(document) ? 'array' : typeof document;
}

function arrayLength(text: string): number {
  const document: unknown = JSON.parse(text);
  if (Array.isArray(document)) return document.length;
  throw new LightningError('INVALID_VALUE', `cannot get the array length of a JSON ${typeName(text)}`);
}

export const json: readonly FunctionEntry[] = [
  entry(
    '->',
    strict(['json', 'text'], 'json', (document, key) => asJson(arrow(document, key))),
    strict(['json', 'integer'], 'json', (document, index) => asJson(arrow(document, index))),
  ),
  entry(
    '->>',
    strict(['json', 'text'], 'text', (document, key) => asText(arrow(document, key))),
    strict(['json', 'integer'], 'text', (document, index) => asText(arrow(document, index))),
  ),
  entry(
    '#>',
    strict(['json', 'text[]'], 'json', (document, path) => asJson(follow(document, path))),
  ),
  entry(
    '#>>',
    strict(['json', 'text[]'], 'text', (document, path) => asText(follow(document, path))),
  ),
  entry(
    '@>',
    strict(['json', 'json'], 'boolean', (whole, part) => contains(JSON.parse(whole), JSON.parse(part))),
  ),
  entry(
    '<@',
    strict(['json', 'json'], 'boolean', (part, whole) => contains(JSON.parse(whole), JSON.parse(part))),
  ),
  entry(
    '#-',
    strict(['json', 'text[]'], 'json', (document, path) => changedAt(document, path, 'delete', undefined), raises),
  ),
  entry('jsonb_set', pathChange('set'), pathChangeAsked('set', 'replace')),
  entry('jsonb_insert', pathChange('before'), pathChangeAsked('after', 'before')),
  ...aliases(['json_strip_nulls', 'jsonb_strip_nulls'], strict(['json'], 'json', withoutNulls)),
  entry(
    'jsonb_exists',
    strict(['json', 'text'], 'boolean', (document, key) => hasKey(JSON.parse(document), key)),
  ),
  entry(
    'jsonb_exists_any',
    strict(['json', 'text[]'], 'boolean', (document, keys) => {
      const parsed: unknown = JSON.parse(document);
      return keys.some((key) => key !== null && hasKey(parsed, key));
    }),
  ),
  entry(
    'jsonb_exists_all',
    strict(['json', 'text[]'], 'boolean', (document, keys) => {
      const parsed: unknown = JSON.parse(document);
      return keys.every((key) => key === null || hasKey(parsed, key));
    }),
  ),
  ...aliases(
    ['json_extract_path', 'jsonb_extract_path'],
    strictPath('json', (document, path) => asJson(follow(document, path))),
  ),
  ...aliases(
    ['json_extract_path_text', 'jsonb_extract_path_text'],
    strictPath('text', (document, path) => asText(follow(document, path))),
  ),
  ...aliases(['json_typeof', 'jsonb_typeof'], strict(['json'], 'text', typeName)),
  ...aliases(['json_array_length', 'jsonb_array_length'], strict(['json'], 'integer', arrayLength, raises)),
];
