// Type names of the language, with PostgreSQL's aliases.

import type { Name, TypeName } from '../../grammar/ast.js';
import type { Collation } from '../catalog/definitions.js';
import { suggestion } from '../text/suggestion.js';
import type { ScalarType, Type } from '../values/types.js';
import { errorAt } from './diagnose.js';

const names: Readonly<Record<string, ScalarType>> = {
  integer: 'integer',
  int: 'integer',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  smallint: 'integer',
  bigint: 'integer',
  real: 'real',
  float: 'real',
  float4: 'real',
  float8: 'real',
  double: 'real',
  'double precision': 'real',
  text: 'text',
  varchar: 'text',
  'character varying': 'text',
  boolean: 'boolean',
  bool: 'boolean',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  'timestamp with time zone': 'timestamp',
  'timestamp without time zone': 'timestamp',
  date: 'date',
  blob: 'blob',
  bytea: 'blob',
  json: 'json',
  jsonb: 'json',
  point: 'point',
  geometry: 'geometry',
};

const refused: Readonly<Record<string, string>> = {
  decimal: 'store whole units as INTEGER (cents, for example), or use REAL',
  numeric: 'store whole units as INTEGER (cents, for example), or use REAL',
  char: 'use TEXT or VARCHAR(n)',
  character: 'use TEXT or VARCHAR(n)',
  serial: 'use INTEGER PRIMARY KEY: an id that is left out is assigned',
  bigserial: 'use INTEGER PRIMARY KEY: an id that is left out is assigned',
  uuid: 'use TEXT',
  interval: 'store a number of seconds as INTEGER',
  time: 'use TIMESTAMP or TEXT',
};

export interface ResolvedType {
  readonly type: ScalarType;
  readonly array: boolean;
  /** VARCHAR(n). */
  readonly maxLength: number | undefined;
}

/** The type that a name in the text means. */
export function resolveType(text: string, name: TypeName): ResolvedType {
  const type = names[name.name];
  if (type === undefined) {
    const instead = refused[name.name];
    if (instead !== undefined) {
      throw errorAt(text, name, 'UNSUPPORTED', `type ${name.name.toUpperCase()} is not supported`, instead);
    }
    throw errorAt(text, name, 'UNKNOWN_TYPE', `unknown type "${name.name}"`, suggestion(name.name, Object.keys(names)));
  }
  const bounded = name.name === 'varchar' || name.name === 'character varying';
  const [length] = name.args;
  if (name.args.length > (bounded ? 1 : type === 'real' || type === 'timestamp' ? 1 : 0)) {
    throw errorAt(text, name, 'INVALID_DEFINITION', `type ${name.name} does not take ${name.args.length} arguments`);
  }
  if (bounded && length !== undefined && (length < 1 || !Number.isInteger(length))) {
    throw errorAt(text, name, 'INVALID_DEFINITION', `the length of ${name.name} must be at least 1`);
  }
  return { type, array: name.array, maxLength: bounded ? length : undefined };
}

/** As `resolveType`, for a place where arrays are allowed (casts). */
export function resolveCastType(
  text: string,
  name: TypeName,
): { readonly type: Type; readonly maxLength: number | undefined } {
  const { type, array, maxLength } = resolveType(text, name);
  if (!array) return { type, maxLength };
  if (maxLength === undefined) return { type: `${type}[]`, maxLength };
  throw errorAt(text, name, 'UNSUPPORTED', `an array of ${name.name}(n) is not supported`, 'cast to text[]');
}

const collations: Readonly<Record<string, Collation>> = { nocase: 'nocase', binary: 'binary', c: 'binary' };

/** The collation that a COLLATE names. */
export function resolveCollation(text: string, { collation: name }: { readonly collation: Name }): Collation {
  const collation = collations[name.text.toLowerCase()];
  if (collation !== undefined) return collation;
  const message = `collation "${name.text}" is not supported`;
  throw errorAt(text, name, 'UNSUPPORTED', message, 'use NOCASE, or BINARY, which is "C"');
}
