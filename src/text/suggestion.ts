// "Did you mean": what a hint says about a name that is not there.

import { closest } from './edit-distance.js';

/** Names told at most when none is near. */
const MOST_NAMES = 10;

/**
 * `did you mean "name"?` when a candidate is near, else (with `what`) the names there are.
 *
 * @example suggestion('harbuor', ['harbour', 'town']) // 'did you mean "harbour"?'
 * suggestion('x', ['harbour', 'town'], 'there are') // 'there are: harbour, town'
 */
export function suggestion(name: string, candidates: Iterable<string>, what?: string): string | undefined {
  const names = [...new Set(candidates)];
  const near = closest(name, names);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (what === undefined || names.length === 0) return undefined;
  return `${what}: ${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', ...' : ''}`;
}
