// JSON documents made of others: joined, and without some of their parts, as PostgreSQL's operators on jsonb have it.

import { LightningError } from '../../errors.js';
import { canonicalJson } from '../../values/json.js';
import type { Value } from '../../values/types.js';

type Members = Readonly<Record<string, unknown>>;

function isObject(document: unknown): document is Members {
  return typeof document === 'object' && document !== null && !Array.isArray(document);
}

/** Of two objects the members of both, the second's where both have one; else arrays joined, anything else being an array of itself. */
export function joined(left: string, right: string): string {
  const [a, b]: unknown[] = [JSON.parse(left), JSON.parse(right)];
  if (isObject(a) && isObject(b))
    return canonicalJson(Object.fromEntries([...Object.entries(a), ...Object.entries(b)]));
  const listed = (document: unknown): unknown[] => (Array.isArray(document) ? (document as unknown[]) : [document]);
  return canonicalJson([...listed(a), ...listed(b)]);
}

/** Without the members of these names, or the elements that are these strings. */
export function withoutKeys(text: string, keys: readonly Value[]): string {
  const document: unknown = JSON.parse(text);
  if (Array.isArray(document)) return canonicalJson(document.filter((item) => !keys.includes(item as Value)));
  if (!isObject(document)) throw new LightningError('INVALID_VALUE', 'cannot delete from a JSON scalar');
  return canonicalJson(Object.fromEntries(Object.entries(document).filter(([key]) => !keys.includes(key))));
}

/** What becomes of the part that a path leads to, and of the place where it leads to none. */
export type PathChange = 'set' | 'replace' | 'before' | 'after' | 'delete';

/**
 * The document with the part at the end of the path put there (`set`: also where there is none; `replace`: only where there is one),
 * inserted beside it, or deleted. Where the path leads through something that is not there, nothing changes.
 */
export function changedAt(text: string, path: readonly Value[], change: PathChange, part: unknown): string {
  const document: unknown = JSON.parse(text);
  if (!isObject(document) && !Array.isArray(document)) {
    const what = change === 'delete' ? 'delete a path in' : 'set a path in';
    throw new LightningError('INVALID_VALUE', `cannot ${what} a JSON scalar`);
  }
  return canonicalJson(path.length === 0 ? document : changed(document, path, 0, change, part));
}

function changed(document: unknown, path: readonly Value[], level: number, change: PathChange, part: unknown): unknown {
  const key = path[level];
  if (typeof key !== 'string') {
    throw new LightningError('INVALID_VALUE', `step ${level + 1} of the path is NULL`);
  }
  const last = level === path.length - 1;
  if (Array.isArray(document)) {
    const items = document as readonly unknown[];
    const at = positionOf(key, items.length, level);
    if (last) return changedItem(items, at, change, part);
    return items.map((item, i) => (i === at ? changed(item, path, level + 1, change, part) : item));
  }
  if (!isObject(document)) return document;
  const known = Object.hasOwn(document, key);
  if (!last) {
    return known ? { ...document, [key]: changed(document[key], path, level + 1, change, part) } : document;
  }
  switch (change) {
    case 'delete':
      return Object.fromEntries(Object.entries(document).filter(([name]) => name !== key));
    case 'replace':
      return known ? withMember(document, key, part) : document;
    case 'set':
      return withMember(document, key, part);
    case 'before':
    case 'after': {
      if (!known) return withMember(document, key, part);
      throw new LightningError('INVALID_VALUE', `the member "${key}" exists already`, {
        hint: 'replace it with jsonb_set()',
      });
    }
  }
}

/** Also for a member named __proto__. */
function withMember(document: Members, key: string, value: unknown): Members {
  return Object.fromEntries([...Object.entries(document), [key, value]]);
}

/** The position that a step means, which counts from the end when negative: -1 before the first, `length` after the last. */
function positionOf(key: string, length: number, level: number): number {
  if (!/^\s*[+-]?\d+$/.test(key)) {
    throw new LightningError('INVALID_TEXT', `step ${level + 1} of the path is no position in an array: "${key}"`);
  }
  const at = Number(key);
  return Math.min(at < 0 ? Math.max(at + length, -1) : at, length);
}

function changedItem(items: readonly unknown[], at: number, change: PathChange, part: unknown): unknown {
  const known = at >= 0 && at < items.length;
  switch (change) {
    case 'delete':
      return known ? items.toSpliced(at, 1) : items;
    case 'replace':
      return known ? items.with(at, part) : items;
    case 'set':
      return known ? items.with(at, part) : items.toSpliced(Math.max(at, 0), 0, part);
    case 'before':
    case 'after':
      return items.toSpliced(known && change === 'after' ? at + 1 : Math.max(at, 0), 0, part);
  }
}

/** Without the members that are null, at any depth; the nulls of arrays stay. */
export function withoutNulls(text: string): string {
  const strip = (document: unknown): unknown => {
    if (Array.isArray(document)) return document.map(strip);
    if (!isObject(document)) return document;
    const kept = Object.entries(document).filter(([, value]) => value !== null);
    return Object.fromEntries(kept.map(([name, value]) => [name, strip(value)]));
  };
  return canonicalJson(strip(JSON.parse(text)));
}

/** Without the element at the position, which counts from the end when negative. */
export function withoutElement(text: string, position: number | bigint): string {
  const document: unknown = JSON.parse(text);
  if (!Array.isArray(document)) {
    const what = isObject(document) ? 'an object using an integer index' : 'a JSON scalar';
    throw new LightningError('INVALID_VALUE', `cannot delete from ${what}`);
  }
  const at = position < 0 ? document.length + Number(position) : Number(position);
  return canonicalJson(document.filter((_, i) => i !== at));
}
