// What is said when the rows that are there do not let an index be unique.

import type { IndexDef } from '../catalog/definitions.js';
import { LightningError } from '../errors.js';
import { formatValue } from '../values/index.js';
import type { Row } from '../values/types.js';

/** @param values of the key that two rows have */
export function repeatedKey({ name, table, keys }: IndexDef, values: Row): LightningError {
  const names = keys.map((key) => key.text).join(', ');
  const shown = keys.map(({ type }, i) => formatValue(values[i]!, type)).join(', ');
  const message = `"${name}" cannot be unique: (${names}) = (${shown}) is in "${table}" twice`;
  return new LightningError('UNIQUE', message, { hint: 'remove the duplicates first' });
}
