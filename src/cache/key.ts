// Identity and hash of a cache key, as policies want them. Both are the same each time for equal keys; different keys
// may share them, which costs a policy a little accuracy and never a wrong answer.

/** What a `PolicyCache` can look up by value. */
export type CacheKey = string | number | bigint;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** The key as a safe integer: an integer is itself, anything else a 53-bit hash. */
export function keyId(key: CacheKey): number {
  if (typeof key === 'number') {
    if (Number.isSafeInteger(key)) return key + 0;
    float[0] = key;
    return (mix(words[1]! ^ 0x9e3779b9) & 0x1fffff) * 2 ** 32 + ((words[0]! ^ words[1]!) >>> 0);
  }
  const text = typeof key === 'string' ? key : key.toString();
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x5bd1e995) ^ (high >>> 15);
  }
  return (mix(high) & 0x1fffff) * 2 ** 32 + mix(low);
}

/** A uint32 that depends on all bits of an id. */
export function idHash(id: number): number {
  return mix((id | 0) ^ Math.imul(Math.floor(id / 2 ** 32) | 0, 0x85ebca6b));
}

/** The finalizer of MurmurHash3 (Appleby, public domain): a bijection on uint32. */
export function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
