// Aggregation over column vectors as one generated loop: a row finds its group by a table over codes, and adds to the states in place.

import { buildKernel, canGenerate } from './compile/build.js';
import { Generator } from './compile/generate.js';
import type { VectorForm } from './compile/generate.js';
import type { Layout } from './compile/contract.js';
import type { InPlace, StateArrays } from './aggregates/accumulator.js';
import type { Evaluation } from './evaluation.js';
import type { Aggregate } from './expression.js';
import { typeOf } from './expression.js';
import { readsVectors } from './evaluate.js';
import { comparator } from '../values/order.js';
import type { ColumnVector } from '../values/column-vector.js';

/**
 * How rows find their groups. `codes`: the sum over the slots of (code, or number less `lows` plus 1, 0 for NULL) times stride names an
 * entry of `table`, which `assign` fills where it is negative. `found`: `find` is asked for each row.
 */
export interface VectorGroups {
  readonly lows: readonly number[];
  readonly strides: readonly number[];
  readonly table: Int32Array;
  assign(code: number): number;
  find(row: number): number;
}

export interface Into {
  readonly groups: VectorGroups;
  /** By aggregate, long enough for all groups that this call can add. */
  readonly arrays: readonly StateArrays[];
}

export type VectorAggregation = (
  columns: readonly ColumnVector[],
  selection: Uint32Array | undefined,
  count: number,
  into: Into,
  evaluation: Evaluation,
) => void;

/** Whether an aggregate can be part of such a loop. */
export function isInPlace(aggregate: Aggregate): boolean {
  if (!canGenerate() || aggregate.distinct || aggregate.keys !== undefined || aggregate.orderBy !== undefined)
    return false;
  if (!['count', 'sum', 'avg', 'min', 'max'].includes(aggregate.name)) return false;
  return [...aggregate.args, ...(aggregate.filter ? [aggregate.filter] : [])].every(readsVectors);
}

/** @param grouping one group, slots whose codes make the group, or one found for each row */
export function compileVectorAggregation(
  aggregates: readonly Aggregate[],
  states: readonly InPlace[],
  grouping: 'one' | 'found' | readonly number[],
  layout: Layout,
  forms: readonly VectorForm[],
): VectorAggregation {
  const generator = new Generator(layout, forms);
  const steps = aggregates.map((aggregate, i) => stepOf(generator, aggregate, states[i]!, i));
  const body = `${groupOf(generator, grouping)}\n${steps.join('\n')}`;
  const arrays = aggregates.map((_, i) => `const { counts: n${i}, sums: s${i}, held: h${i} } = out.arrays[${i}];`);
  return buildKernel<VectorAggregation>(
    generator,
    `const { groups } = out, { table } = groups;
    ${arrays.join('\n')}
    if (selection === undefined) for (let r = 0; r < count; r++) { ${body} }
    else for (let i = 0; i < count; i++) { const r = selection[i]; ${body} }`,
  );
}

function groupOf(generator: Generator, grouping: 'one' | 'found' | readonly number[]): string {
  if (grouping === 'one') return 'const g = 0;';
  if (grouping === 'found') return 'const g = groups.find(r);';
  const parts = grouping.map((slot, k) => {
    generator.prologue.push(`const low${k} = out.groups.lows[${k}] - 1, stride${k} = out.groups.strides[${k}];`);
    return `${generator.code(slot, `low${k}`)} * stride${k}`;
  });
  return `const code = ${parts.join(' + ')}; let g = table[code]; if (g < 0) g = groups.assign(code);`;
}

function stepOf(generator: Generator, aggregate: Aggregate, { kind, step, sign }: InPlace, i: number): string {
  const [arg] = aggregate.args;
  const { tests, value } = arg === undefined ? { tests: [], value: '' } : generator.settled(arg);
  const conditions = [...(aggregate.filter ? [generator.truth(aggregate.filter, true)] : []), ...tests];
  const code = (): string => {
    switch (kind) {
      case 'counts':
        return `n${i}[g]++;`;
      case 'integers': {
        const rest = generator.hand(step);
        return `const v = ${value}, x = s${i}[g] + (typeof v === 'number' ? v : NaN);
          if (x <= 9007199254740991 && x >= -9007199254740991) { s${i}[g] = x; n${i}[g]++; } else ${rest}(g, v);`;
      }
      case 'reals': {
        const rest = generator.hand(step);
        return `const v = ${value};
          if (v === Infinity || v === -Infinity) ${rest}(g, v); else { s${i}[g] += v; n${i}[g]++; }`;
      }
      case 'extreme': {
        const type = typeOf(arg!);
        const order = type === 'integer' || type === 'date' || type === 'timestamp';
        const before = order
          ? `v ${sign! < 0 ? '<' : '>'} h`
          : `${generator.hand(comparator(type))}(v, h) * ${sign} > 0`;
        return `const v = ${value}, h = h${i}[g]; if (h === null || ${before}) h${i}[g] = v;`;
      }
    }
  };
  return conditions.length === 0 ? `{ ${code()} }` : `if (${conditions.join(' && ')}) { ${code()} }`;
}
