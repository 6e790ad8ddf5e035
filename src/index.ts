// The public door.

export { open } from './db/open.js';
export type * from './db/api.js';
export { LightningError } from './errors.js';
export type { ErrorCode, ErrorKind, Position } from './errors.js';
export {
  agg,
  all,
  and,
  any,
  arrayAgg,
  boolAnd,
  boolOr,
  caseWhen,
  column,
  count,
  distance,
  element,
  envelope,
  exists,
  fn,
  highlight,
  jsonAgg,
  jsonObjectAgg,
  match,
  not,
  or,
  param,
  point,
  Query,
  row,
  scalar,
  score,
  slice,
  snippet,
  stringAgg,
  value,
} from './plan/builder/index.js';
export type {
  ColumnsOf,
  FacetCount,
  FacetOptions,
  Facets,
  NamedParameters,
  PlanOptions,
  PreparedQuery,
  QueryOf,
  ResultColumn,
  RowExpr,
  RowOperand,
  ValuesOf,
} from './plan/builder/index.js';
export type { Hints } from './plan/logical.js';
