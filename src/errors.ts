// The one error class. A stable `code` names what happened, its `kind` tells the caller what to do about it.
// Assumes nothing; everything else may import it.

/**
 * What the caller can do:
 * - `input`: the statement, value or option is wrong; mend it.
 * - `constraint`: the data would break a declared rule; nothing was written.
 * - `conflict`: another transaction came first; try again.
 * - `state`: the object is closed, busy or used out of turn.
 * - `limit`: a stated limit or budget was reached.
 * - `io`: the file system or the store refused.
 * - `corrupt`: stored bytes are not what was written; run `db.verify()`.
 * - `bug`: an invariant of this library failed; please report it.
 */
export type ErrorKind = 'input' | 'constraint' | 'conflict' | 'state' | 'limit' | 'io' | 'corrupt' | 'bug';

/** The one table of codes. Codes are stable across releases; messages are not. */
export const ERROR_KINDS = {
  // reading the statement
  SYNTAX: 'input',
  UNSUPPORTED: 'input',
  UNKNOWN_TABLE: 'input',
  UNKNOWN_COLUMN: 'input',
  UNKNOWN_INDEX: 'input',
  UNKNOWN_CONSTRAINT: 'input',
  UNKNOWN_FUNCTION: 'input',
  UNKNOWN_TYPE: 'input',
  UNKNOWN_OPTION: 'input',
  AMBIGUOUS_COLUMN: 'input',
  DUPLICATE_NAME: 'input',
  ALREADY_EXISTS: 'input',
  TYPE_MISMATCH: 'input',
  GROUPING: 'input',
  SUBQUERY_SHAPE: 'input',
  PARAMETER: 'input',
  SEARCH_SYNTAX: 'input',
  NO_INDEX: 'input',
  INVALID_DEFINITION: 'input',
  DEPENDENT_OBJECT: 'input',
  INVALID_ARGUMENT: 'input',
  // evaluating
  INVALID_VALUE: 'input',
  OUT_OF_RANGE: 'input',
  DIVISION_BY_ZERO: 'input',
  INVALID_TEXT: 'input',
  INVALID_GEOMETRY: 'input',
  CARDINALITY: 'input',
  FUNCTION_FAILED: 'input',
  // constraints
  NOT_NULL: 'constraint',
  UNIQUE: 'constraint',
  CHECK: 'constraint',
  FOREIGN_KEY: 'constraint',
  // transactions and handles
  CONFLICT: 'conflict',
  BUSY: 'conflict',
  CLOSED: 'state',
  IN_TRANSACTION: 'state',
  NO_TRANSACTION: 'state',
  UNKNOWN_SAVEPOINT: 'state',
  ASYNC_TRANSACTION: 'state',
  ITERATOR_EXPIRED: 'state',
  READ_ONLY: 'state',
  ABORTED: 'state',
  FUNCTION_MISSING: 'state',
  // limits
  KEY_TOO_LONG: 'limit',
  VALUE_TOO_LONG: 'limit',
  TABLE_FULL: 'limit',
  TOO_COMPLEX: 'limit',
  MEMORY_BUDGET: 'limit',
  STORE_FULL: 'limit',
  // outside
  IO: 'io',
  CANNOT_OPEN: 'io',
  ADDON_MISSING: 'io',
  CORRUPT: 'corrupt',
  FORMAT_VERSION: 'corrupt',
  BUG: 'bug',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;

/** Where in a statement's text: `offset` and `length` in UTF-16 units from 0; `line` and `column` from 1. */
export interface Position {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
}

export interface ErrorDetails {
  readonly position?: Position | undefined;
  /** What to do about it, in one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Every error that the library raises.
 *
 * @example
 * try { db.exec('SELEC 1'); } catch (e) {
 *   if (e instanceof LightningError && e.kind === 'input') console.error(e.code, e.position, e.hint);
 * }
 */
export class LightningError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly position: Position | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'LightningError';
    this.code = code;
    this.kind = ERROR_KINDS[code];
    this.position = details.position;
    this.hint = details.hint;
  }
}

/** The end of every switch over a union: a new variant fails to compile where it owes an answer. */
export function never(value: never, what = 'variant'): never {
  throw new LightningError('BUG', `unexpected ${what}: ${JSON.stringify(value)}`);
}

/** Raises a `bug` error unless the invariant holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new LightningError('BUG', message);
}
