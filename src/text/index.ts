// Full text without storage: analysis, the search language, matching, scoring, highlighting.

export * from './analysis.js';
export * from './corrections.js';
export * from './edit-distance.js';
export * from './highlight.js';
export * from './index-options.js';
export * from './match-text.js';
export * from './score.js';
export * from './search-query.js';
export * from './suggestion.js';
export * from './term-query.js';
