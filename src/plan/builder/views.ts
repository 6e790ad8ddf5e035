// Views for queries built in code: a view is a text, which the builder cannot read; the definitions it is given can.

import type { Catalog } from '../../catalog/catalog.js';
import type { ViewDef } from '../../catalog/definitions.js';
import type { BindingContext } from '../binding/context.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';

/** The rows of a view, as part of a statement. */
export interface ViewPlan {
  readonly plan: LogicalPlan;
  readonly output: readonly OutputColumn[];
}

/** Definitions that can read the texts of their views. */
export interface ViewingCatalog extends Catalog {
  /** Absent: queries built over these definitions cannot name views. */
  readonly bindView?: (view: ViewDef, context: BindingContext<void>) => ViewPlan;
}
