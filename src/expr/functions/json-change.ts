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
