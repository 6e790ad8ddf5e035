// Caches: what to keep when memory is bounded. `policy.ts` is the contract, one file per policy stands behind it
// (`policies.ts` lists them), `cache.ts` is the general cache over a Map. Owners with lookups of their own, such as the
// page layer, extend `PolicyEntry` and drive a policy themselves.

export { PolicyCache } from './cache.js';
export type { Cache, CacheOptions, CacheStats } from './cache.js';
export { idHash } from './key.js';
export type { CacheKey } from './key.js';
export { createPolicy, POLICY_NAMES } from './policies.js';
export type { PolicyName } from './policies.js';
export { PolicyEntry } from './policy.js';
export type { Policy, PolicyOptions, PolicyStats } from './policy.js';
