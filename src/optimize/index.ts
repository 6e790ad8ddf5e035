// The optimizer's door.

export { optimize, rewriteQuery } from './optimize.js';
export type { OffersOf, OptimizeEnvironment } from './environment.js';
export type { CostModel } from './cost.js';
export { DEFAULT_COSTS } from './cost.js';
export { RULES } from './rules/rules.js';
export type { Rule } from './engine.js';
