// A view is the text of a query, bound anew wherever it is read.

import { parse } from '../../grammar/index.js';
import type { ViewDef } from '../catalog/definitions.js';
import type { ErrorCode } from '../errors.js';
import { LightningError, invariant } from '../errors.js';
import type { BindingContext } from '../plan/binding/context.js';
import type { ViewPlan } from '../plan/builder/index.js';
import { QueryBinder } from './bind-query.js';
import { BindContext } from './context.js';

/** Makes the error for what is wrong inside a view: it is told where the view is named. */
export type Tell = (code: ErrorCode, message: string, hint: string, cause: unknown) => LightningError;

/** The view's rows, its columns under the names that it gives them. */
export function bindViewQuery(queries: QueryBinder, { name, query: text, columns }: ViewDef, tell: Tell): ViewPlan {
  const parsed = parse(text);
  const statement = parsed.ok ? parsed.statements[0] : undefined;
  invariant(statement?.kind === 'select-statement', `the view "${name}" is no query`);
  try {
    const { plan, output } = queries.forView(text).bindQuery(statement.query, undefined);
    return { plan, output: output.map((column, i) => ({ ...column, name: columns?.[i] ?? column.name })) };
  } catch (error) {
    if (!(error instanceof LightningError) || error.kind !== 'input') throw error;
    const [what = ''] = error.message.split('\n');
    throw tell(error.code, `view "${name}": ${what}`, `it reads: ${text}`, error);
  }
}

/** A view as part of a query that was built in code. */
export function bindViewFor(view: ViewDef, context: BindingContext<void>): ViewPlan {
  const inside = new BindContext(view.query, context.catalog, context.firstSlot, {}, context);
  return bindViewQuery(new QueryBinder(inside), view, (code, message, hint, cause) => {
    return new LightningError(code, message, { hint, cause });
  });
}
