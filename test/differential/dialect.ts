// How one meaning is written in the three languages: types, literals, values of parameters and of results. Text columns compare by code
// point in all of them; DATE and TIMESTAMP are texts in SQLite.

export type Dialect = 'lightning' | 'sqlite' | 'postgres';
export const DIALECTS: readonly Dialect[] = ['lightning', 'sqlite', 'postgres'];

export type Kind = 'integer' | 'real' | 'text' | 'boolean' | 'date' | 'timestamp';

/** Dates as '2020-01-31', timestamps as '2020-01-31 10:00:00'. */
export type Scalar = null | number | bigint | string | boolean;

const POSTGRES: Readonly<Record<Kind, string>> = {
  integer: 'BIGINT',
  real: 'DOUBLE PRECISION',
  text: 'TEXT COLLATE "C"',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

const SQLITE: Readonly<Record<Kind, string>> = {
  integer: 'INTEGER',
  real: 'REAL',
  text: 'TEXT',
  boolean: 'BOOLEAN',
  date: 'TEXT',
  timestamp: 'TEXT',
};

export function columnType(dialect: Dialect, kind: Kind): string {
  if (dialect === 'postgres') return POSTGRES[kind];
  return dialect === 'sqlite' ? SQLITE[kind] : kind.toUpperCase();
}

/** The type's name in a cast. */
export function castType(dialect: Dialect, kind: Kind): string {
  return dialect === 'postgres' && kind === 'text' ? 'TEXT' : columnType(dialect, kind);
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function literal(dialect: Dialect, value: Scalar, kind: Kind): string {
  if (value === null) {
    // A bare NULL has no type in PostgreSQL; in SQLite a cast would not change its meaning but that of affinities.
    return dialect === 'sqlite' ? 'NULL' : `CAST(NULL AS ${castType(dialect, kind)})`;
  }
  switch (kind) {
    case 'integer': {
      const text = String(value);
      return text.startsWith('-') ? `(${text})` : text;
    }
    case 'real': {
      const digits = String(value);
      const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
      if (dialect === 'postgres') return `CAST(${text} AS DOUBLE PRECISION)`;
      return text.startsWith('-') ? `(${text})` : text;
    }
    case 'boolean':
      return value === true ? 'TRUE' : 'FALSE';
    case 'text':
      return quote(String(value));
    case 'date':
    case 'timestamp':
      return dialect === 'sqlite' ? quote(String(value)) : `${kind.toUpperCase()} ${quote(String(value))}`;
  }
}

/** A value as the client of that language takes it for a parameter. */
export function parameter(dialect: Dialect, value: Scalar, kind: Kind): Scalar | Date {
  if (value === null) return null;
  if (dialect === 'sqlite' && kind === 'boolean') return value === true ? 1 : 0;
  if (dialect === 'lightning' && kind === 'timestamp') return new Date(`${String(value).replace(' ', 'T')}Z`);
  return value;
}

/** A result as text that is equal when the values are: reals to 12 digits, -0 as 0. */
export function canonical(value: unknown, kind: Kind): string {
  if (value === null || value === undefined) return 'NULL';
  switch (kind) {
    case 'integer':
      return typeof value === 'number' && !Number.isInteger(value) ? `not an integer: ${value}` : String(value);
    case 'real': {
      const number = Number(value);
      return number === 0 ? '0' : String(Number(number.toPrecision(12)));
    }
    case 'boolean':
      if (value === true || value === 1 || value === 1n) return 'true';
      return value === false || value === 0 || value === 0n ? 'false' : `not a boolean: ${String(value)}`;
    case 'text':
      return `'${String(value)}'`;
    case 'date':
      return String(value);
    case 'timestamp':
      return value instanceof Date ? value.toISOString().slice(0, 19).replace('T', ' ') : String(value);
  }
}
