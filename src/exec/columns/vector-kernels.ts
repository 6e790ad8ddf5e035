// Kernels over column vectors, one for each combination of forms and widths that the chunks have: code that meets one kind of array
// alone runs several times as fast. While rows are few, and where code cannot be generated, closures run over arrays of values.

import type { VectorForm } from '../../expr/evaluate.js';
import type { ColumnVector } from '../../values/column-vector.js';
import { valueAt } from '../../values/column-vector.js';
import type { Value } from '../../values/types.js';

export function formOf(vector: ColumnVector): VectorForm {
  return vector.kind === 'numbers' && vector.nulls !== undefined ? 'nullable numbers' : vector.kind;
}

/** What a kernel is made for. */
function signatureOf(vectors: readonly ColumnVector[]): string {
  let signature = '';
  for (const vector of vectors) {
    switch (vector.kind) {
      case 'numbers':
        signature += `n${vector.values.BYTES_PER_ELEMENT}${vector.nulls === undefined ? '' : '?'} `;
        break;
      case 'codes':
        signature += `c${vector.codes.BYTES_PER_ELEMENT} `;
        break;
      case 'values':
        signature += 'v ';
        break;
    }
  }
  return signature;
}

/** Kernels of one expression or more over the same columns. Past so many, widths share one. */
const MOST = 24;

export class KernelFamily<K> {
  private readonly kernels = new Map<string, K>();

  constructor(private readonly make: (forms: readonly VectorForm[]) => K) {}

  for(vectors: readonly ColumnVector[]): K {
    const exact = signatureOf(vectors);
    const signature = this.kernels.size < MOST || this.kernels.has(exact) ? exact : exact.replace(/[1248]/g, '');
    let kernel = this.kernels.get(signature);
    if (kernel === undefined) this.kernels.set(signature, (kernel = this.make(vectors.map(formOf))));
    return kernel;
  }
}

/** The vector as an array of values; itself where it is one already. */
export function arrayOf(vector: ColumnVector): ArrayLike<Value> {
  if (vector.kind === 'values') return vector.values;
  if (vector.kind === 'numbers' && vector.nulls === undefined) return vector.values;
  const length = vector.kind === 'codes' ? vector.codes.length : vector.values.length;
  return Array.from({ length }, (_, slot) => valueAt(vector, slot));
}
