// The figures of one operator: what was expected of it, and what an execution measured.

import type { PhysicalPlan } from '../physical.js';
import { formatBytes, formatCount, formatEstimate, formatTime } from './format.js';

/** What an execution measured for one node, over all its runs: rows yielded, runs, nanoseconds (inputs included). */
export interface Actual {
  readonly rows: number;
  readonly loops: number;
  readonly ns: number;
  /** Chunks read, and chunks that their zones or a bloom filter ruled out; passed by the filter for nothing, where that is known. */
  readonly chunks?: { readonly read: number; readonly pruned: number; readonly empty?: number };
  /** Bytes that a run held at most, and that all runs wrote to temporary files; absent where a node holds none. */
  readonly memory?: number;
  readonly spilled?: number;
}

export type Actuals = ReadonlyMap<object, Actual>;

/** `['rows=120 (40..300, sample)  cost=310.0 us', 'actual rows=118 time=290.0 us']`; the second only where something was run. */
export function figures(plan: PhysicalPlan, actual: Actuals | undefined): string[] {
  const { rows, cost } = plan.expected;
  const text = `rows=${formatEstimate(rows)}  cost=${formatTime(cost)}`;
  if (actual === undefined) return [text];
  const measured = actual.get(plan);
  if (measured === undefined) return [text, '(never run)'];
  const { chunks } = measured;
  const empty = chunks?.empty === undefined ? '' : ` empty=${formatCount(chunks.empty)}`;
  const read = chunks ? ` chunks=${formatCount(chunks.read)} pruned=${formatCount(chunks.pruned)}${empty}` : '';
  const loops = measured.loops === 1 ? '' : ` loops=${formatCount(measured.loops)}`;
  const memory = measured.memory === undefined ? '' : ` memory=${formatBytes(measured.memory)}`;
  const spilled = measured.spilled ? ` spilled=${formatBytes(measured.spilled)}` : '';
  const rowsAndTime = `actual rows=${formatCount(measured.rows)}${loops}${read} time=${formatTime(measured.ns)}`;
  return [text, `${rowsAndTime}${memory}${spilled}`];
}
