// The door of lowering: a query's state and a catalog give the same logical algebra that `sql/bind` makes from text.

import type { GivenTypes } from '../binding/parameters.js';
import type { LogicalQuery } from '../logical.js';
import { LowerContext } from './context.js';
import { lowerQuery } from './lower-select.js';
import type { QueryState } from './node.js';
import { parameterNames } from './node.js';
import type { QueryParts } from './parts.js';
import type { ViewingCatalog } from './views.js';

export interface LoweredQuery {
  readonly query: LogicalQuery;
  /** Parameters by slot: each is named. */
  readonly parameterNames: readonly string[];
  /** Parameters whose type came from the values at hand: the lowering holds for values of the same types only. */
  readonly typedByValue: readonly number[];
}

/**
 * Resolves names and types.
 *
 * @param given types of the values at hand for parameters; they decide what the parameters' places leave open
 * @throws LightningError of kind `input`, without a position: the hint says what to write
 */
export function lower(state: QueryState, catalog: ViewingCatalog, given: GivenTypes = () => undefined): LoweredQuery {
  return lowerWithParts(state, catalog, given).lowered;
}

export interface LoweredWithParts {
  readonly lowered: LoweredQuery;
  readonly parts: QueryParts;
  readonly context: LowerContext;
}

export function lowerWithParts(state: QueryState, catalog: ViewingCatalog, given: GivenTypes): LoweredWithParts {
  const context = new LowerContext(catalog, parameterNames(state), given);
  const { plan, output, parts } = lowerQuery(context, state, undefined);
  const query: LogicalQuery = {
    plan,
    output,
    subqueries: context.subqueries,
    parameters: context.parameters.types(),
    slots: context.slotCount,
    nextColumn: context.nextColumn,
    hints: context.hints,
  };
  const { names, fromValues } = context.parameters;
  const lowered = { query, parameterNames: names, typedByValue: [...fromValues] };
  return { lowered, parts, context };
}
