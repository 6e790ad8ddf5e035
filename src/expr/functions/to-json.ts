// Values of any type as JSON, as PostgreSQL's to_json makes them: numbers, truth values and documents as they are, all else as text.

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
