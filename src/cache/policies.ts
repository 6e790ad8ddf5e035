// The table of policies: one line here and one file each.

import { LightningError, never } from '../errors.js';
import { Arc } from './arc.js';
import { ClockPro } from './clock-pro.js';
import { Lru } from './lru.js';
import type { Policy, PolicyEntry, PolicyOptions } from './policy.js';
import { Slru } from './slru.js';
import { WTinyLfu } from './w-tinylfu.js';

export const POLICY_NAMES = ['w-tinylfu', 'arc', 'slru', 'clock-pro', 'lru'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

/**
 * Makes a policy.
 *
 * @throws LightningError `INVALID_ARGUMENT` unless the budget is a non-negative safe integer, `UNKNOWN_OPTION` for a
 * name that is not in `POLICY_NAMES`.
 * @example
 * const policy = createPolicy<PageEntry>('w-tinylfu', { budget: 64 << 20, evict: (entry) => { slots[entry.id] = undefined; } });
 */
export function createPolicy<E extends PolicyEntry>(name: PolicyName, options: PolicyOptions<E>): Policy<E> {
  if (!Number.isSafeInteger(options.budget) || options.budget < 0) {
    throw new LightningError('INVALID_ARGUMENT', `a cache budget is a whole number of bytes, got ${options.budget}`);
  }
  if (!POLICY_NAMES.includes(name)) {
    throw new LightningError('UNKNOWN_OPTION', `unknown cache policy '${String(name)}'`, {
      hint: `use one of ${POLICY_NAMES.join(', ')}`,
    });
  }
  switch (name) {
    case 'w-tinylfu':
      return new WTinyLfu(options);
    case 'arc':
      return new Arc(options);
    case 'slru':
      return new Slru(options);
    case 'clock-pro':
      return new ClockPro(options);
    case 'lru':
      return new Lru(options);
    default:
      return never(name, 'cache policy');
  }
}
