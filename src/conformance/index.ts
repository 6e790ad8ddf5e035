// The conformance suites, for people who write their own implementation of a contract: `import ... from 'lightning-db/conformance'`.

export type { Case } from './case.js';
export { storeConformance } from './store.js';
export type { StoreCase, StoreFixture } from './store.js';
export { indexKindConformance } from './index-kind.js';
export type { IndexFixture, IndexKindCase } from './index-kind.js';
