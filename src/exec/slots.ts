// Which parameter slots behind the statement's own a plan reads: what it gives depends on nothing else that changes while it runs.

import type { Parameter } from '../expr/expression.js';

/**
 * @param node a plan, or part of one: plans are plain data, so that a parameter is found wherever it stands
 * @param own number of the statement's own parameters
 */
export function slotsOf(node: unknown, own: number): number[] {
  const read = new Set<number>();
  const visit = (part: unknown): void => {
    if (part === null || typeof part !== 'object' || part instanceof Uint8Array) return;
    if (Array.isArray(part)) return part.forEach(visit);
    const { kind, index } = part as Partial<Parameter>;
    if (kind === 'parameter' && typeof index === 'number' && index >= own) read.add(index);
    for (const [name, child] of Object.entries(part)) if (!definitions.has(name)) visit(child);
  };
  visit(node);
  return [...read].sort((a, b) => a - b);
}

/** Parts of a plan that hold no parameters and much else. */
const definitions = new Set(['table', 'index', 'considered', 'expected']);
