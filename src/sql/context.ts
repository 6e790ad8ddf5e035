// What binding one statement's text carries along.

import type { Span } from '../../grammar/ast.js';
import type { Catalog } from '../catalog/catalog.js';
import type { ErrorCode, LightningError } from '../errors.js';
import { BindingContext } from '../plan/binding/context.js';
import type { GivenTypes } from '../plan/binding/parameters.js';
import type { Type } from '../values/types.js';
import { errorAt } from './diagnose.js';
import { Parameters } from './parameters.js';
import type { Trace } from './trace.js';
import { SQL_WORDING } from './wording.js';

export interface BindOptions {
  /** Types of the values at hand; they decide parameters which the text leaves open. */
  readonly given?: GivenTypes;
  /** Types of parameters that stand for literals. */
  readonly fixed?: (index: number) => Type | undefined;
}

export class BindContext extends BindingContext<Span> {
  readonly parameters: Parameters;
  readonly wording = SQL_WORDING;

  /** @param firstSlot number of the statement's own parameters: slots of correlated values follow them. */
  constructor(
    readonly text: string,
    catalog: Catalog,
    firstSlot: number,
    readonly options: BindOptions = {},
    shared?: BindContext | BindingContext<void>,
    /** Notes what the names of this text mean. */
    readonly trace?: Trace,
  ) {
    super(catalog, firstSlot, shared);
    this.parameters =
      shared instanceof BindContext
        ? shared.parameters
        : new Parameters(options.given ?? (() => undefined), options.fixed);
  }

  /** A context for other text (a view's query) that is part of the same statement. */
  within(text: string): BindContext {
    return new BindContext(text, this.catalog, this.firstSlot, this.options, this);
  }

  fail(span: Span, code: ErrorCode, message: string, hint?: string): never {
    throw this.error(span, code, message, hint);
  }

  error(span: Span, code: ErrorCode, message: string, hint?: string, cause?: unknown): LightningError {
    return errorAt(this.text, span, code, message, hint, cause);
  }

  unsupported(span: Span, what: string, hint?: string): LightningError {
    return this.error(span, 'UNSUPPORTED', `${what} is not supported`, hint);
  }
}
