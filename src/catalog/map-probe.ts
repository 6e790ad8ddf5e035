// A probe with other values in place of its own: expressions become values, when the plan is made or when it is run.

import { never } from '../errors.js';
import type { Bound } from '../expr/constraint.js';
import { mapValueSet } from '../expr/constraint.js';
import type { Probe } from './offer.js';

export function mapProbe<A, B>(probe: Probe<A>, map: (value: A) => B): Probe<B> {
  const some = (value: A | undefined): B | undefined => (value === undefined ? undefined : map(value));
  const bound = (of: Bound<A> | undefined): Bound<B> | undefined => of && { ...of, value: map(of.value) };
  switch (probe.kind) {
    case 'all':
      return probe;
    case 'keys':
      return {
        kind: 'keys',
        sets: probe.sets.map((set) => mapValueSet(set, map)),
        range: probe.range && { low: bound(probe.range.low), high: bound(probe.range.high) },
        prefix: some(probe.prefix),
        skip: probe.skip,
        beyond: probe.beyond && { after: probe.beyond.after?.map(map), before: probe.beyond.before?.map(map) },
      };
    case 'not-keys':
      return { kind: 'not-keys', set: mapValueSet(probe.set, map) };
    case 'spatial':
      return { ...probe, shape: map(probe.shape), metres: some(probe.metres) };
    case 'match':
      return { ...probe, query: map(probe.query) };
    default:
      return never(probe, 'probe');
  }
}
