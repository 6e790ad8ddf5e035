// Values of any type as JSON, as PostgreSQL's to_json makes them: numbers, truth values and documents as they are, all else as text.

import { LightningError } from '../../errors.js';
import { formatValue } from '../../values/cast.js';
import { geometryText } from '../../values/geojson.js';
import type { Geometry, Type, Value } from '../../values/types.js';
import { elementType } from '../../values/types.js';

/** What `JSON.parse` would give. Integers beyond 2^53 become doubles, as in every JSON document here; NaN and infinities are texts. */
export function jsonOf(value: Value, type: Type): unknown {
  if (value === null) return null;
  switch (type) {
    case 'integer':
      return Number(value as number | bigint);
    case 'real':
      return Number.isFinite(value) ? value : formatValue(value, type);
    case 'boolean':
      return value;
    case 'json':
      return JSON.parse(value as string) as unknown;
    case 'timestamp':
      return formatValue(value, type).replace(' ', 'T');
    case 'point':
    case 'geometry':
      return JSON.parse(geometryText(value as Geometry)) as unknown;
    default: {
      const element = elementType(type);
      if (element === undefined) return formatValue(value, type);
      return (value as readonly Value[]).map((item) => jsonOf(item, element));
    }
  }
}

/** Whether values of the type may name the members of an object. */
export function namesMembers(type: Type): boolean {
  return type !== 'json' && type !== 'geometry' && type !== 'point' && elementType(type) === undefined;
}

/** A value as the name of an object's member. @throws LightningError INVALID_VALUE for NULL, and for what is no scalar */
export function memberName(value: Value, type: Type): string {
  if (value === null) throw new LightningError('INVALID_VALUE', 'the name of a JSON member must not be NULL');
  if (namesMembers(type)) return type === 'timestamp' ? (jsonOf(value, type) as string) : formatValue(value, type);
  const message = `${type.toUpperCase()} cannot name the members of a JSON object`;
  throw new LightningError('INVALID_VALUE', message, { hint: 'cast it to TEXT' });
}
