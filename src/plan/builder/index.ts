// The door of the plan builder: how queries begin, the functions of expressions, and what a database must give to run them.

export { from, select, values } from './start.js';
export type { ValuesOf } from './start.js';
export { Query } from './query.js';
export type { ColumnsOf, QueryOf } from './query.js';
export * from './functions.js';
export { all, any, row } from './rows.js';
export type { RowExpr, RowOperand } from './rows.js';
export type { FacetCount, FacetOptions, Facets } from './facets.js';
export type { GivenTypes } from '../binding/parameters.js';
export type { LoweredQuery } from './lower.js';
export type { NamedParameters, PlanOptions, PreparedQuery, QueryRunner, QuerySource, ResultColumn } from './runner.js';
export type { ViewPlan, ViewingCatalog } from './views.js';
export type * from './typed.js';
