// How a rule gives up for a reason of its own, in place of chevrotain's errors: the text fits the productions, and still
// is not the language. Caught by `index.ts`; never leaves this floor.

import type { Problem } from './ast.js';

export class Refusal extends Error {
  constructor(
    readonly code: Problem['code'],
    message: string,
    readonly offset: number,
    readonly length: number,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
