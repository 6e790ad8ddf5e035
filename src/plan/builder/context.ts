// What lowering one query built in code carries along: its hints, and what printing needs of each query inside it.

import type { ErrorCode } from '../../errors.js';
import { LightningError } from '../../errors.js';
import type { Aggregate } from '../../expr/expression.js';
import { BindingContext } from '../binding/context.js';
import type { GivenTypes } from '../binding/parameters.js';
import { ParameterTypes } from '../binding/parameters.js';
import type { Hints } from '../logical.js';
import type { QueryParts } from './parts.js';
import type { ViewingCatalog } from './views.js';
import { BUILDER_WORDING } from './wording.js';

export class LowerContext extends BindingContext<void> {
  readonly parameters: ParameterTypes;
  readonly wording = BUILDER_WORDING;
  /** By `Subquery.id`. */
  readonly subqueryParts: QueryParts[] = [];
  /** What a slot of a correlated value stands for in text. */
  readonly slotColumns = new Map<number, { readonly table: string; readonly name: string }>();
  /** The aggregate of a query around that a slot holds, as the query inside writes it. */
  readonly slotAggregates = new Map<number, Aggregate>();
  /** Relations in all queries together: with one, names need no alias in front. */
  relationCount = 0;
  /** Of the query and those inside it: they steer the statement as a whole. */
  hints: Hints = {};

  declare readonly catalog: ViewingCatalog;

  /** @param names of the parameters, by slot */
  constructor(catalog: ViewingCatalog, names: readonly string[], given: GivenTypes) {
    super(catalog, names.length);
    this.parameters = new ParameterTypes(given, [...names]);
  }

  /** Adds the hints of a query inside; where both name one choice, the outer stays. */
  addHints(inner: Hints): void {
    const outer = this.hints;
    const lists = (key: 'joinOrder' | 'withoutKinds' | 'disabledRules') => {
      const all = [...new Set([...(outer[key] ?? []), ...(inner[key] ?? [])])];
      return all.length > 0 ? { [key]: all } : {};
    };
    const indexes = { ...inner.indexes, ...outer.indexes };
    this.hints = {
      ...inner,
      ...outer,
      ...(Object.keys(indexes).length > 0 ? { indexes } : {}),
      ...lists('joinOrder'),
      ...lists('withoutKinds'),
      ...lists('disabledRules'),
    };
  }

  fail(_place: void, code: ErrorCode, message: string, hint?: string): never {
    throw this.error(code, message, hint);
  }

  error(code: ErrorCode, message: string, hint?: string): LightningError {
    return new LightningError(code, message, { hint });
  }
}
