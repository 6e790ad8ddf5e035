// The short path of `SELECT columns FROM table WHERE primary key = ?`: from the value to the row with no operator in between.
// It answers only plans of exactly that form; everything else takes the long path.

import type { RowPages } from '../../pages/row-pages.js';
import type { PhysicalPlan, RowSetScan } from '../../plan/physical.js';
import { isDirect } from '../../tables/row-ids.js';
import { codeOf } from '../../tables/table-code.js';
import type { Row } from '../../values/types.js';
import type { ResultRow } from '../api.js';
import { givenOf } from '../input/bind-values.js';
import type { Engine } from './engine.js';
import type { KnownText } from './plan-cache.js';
import { objectMaker } from './row-objects.js';
import type { View } from '../schema/schema.js';

interface Compiled {
  readonly version: number;
  readonly rows: RowPages;
  readonly make: (row: Row) => ResultRow;
}

export class PointLookup {
  private compiled: Compiled | undefined;
  private readonly eligible: boolean;

  constructor(
    private readonly engine: Engine,
    private readonly text: string,
    private readonly known: KnownText,
  ) {
    this.eligible = known.statement.tree.kind === 'select-statement' && known.literals.length === 0;
  }

  /** The row of the only parameter; undefined when this path does not know: the long one does. */
  get(key: unknown): ResultRow | undefined {
    // A row id: a whole number from 0 up to 2^31. Keys that are far from the others have other row ids.
    if (!this.eligible || typeof key !== 'number' || (key | 0) !== key || key < 0) return undefined;
    const { session } = this.engine;
    const view = session.enter();
    try {
      let { compiled } = this;
      if (compiled === undefined || compiled.version !== view.version || session.changedSchema) {
        compiled = this.compile(view, key);
        if (compiled === undefined) return undefined;
      }
      const row = compiled.rows.read(view.reader, key);
      return row === undefined ? undefined : compiled.make(row);
    } finally {
      session.leave(view);
    }
  }

  private compile(view: View, key: number): Compiled | undefined {
    const ready = this.engine.ready(this.text, this.known, givenOf([[key]]), view);
    const found = pointScan(ready.executable.query.plan);
    if (found === undefined) return undefined;
    const { table } = found.scan.scan;
    const columns = ready.bound.query.output.map(({ name }, i) => {
      const ordinal = found.ordinals[i]!;
      return { name, ordinal, type: table.columns[ordinal]!.type };
    });
    const compiled = { version: view.version, rows: codeOf(table).rows, make: objectMaker(columns) };
    if (this.engine.session.changedSchema) return undefined;
    return (this.compiled = compiled);
  }
}

/** The scan of `primary key = $1` without a filter, and the table's ordinals of the output. */
function pointScan(
  plan: PhysicalPlan,
): { readonly scan: RowSetScan; readonly ordinals: readonly number[] } | undefined {
  const input = plan.kind === 'project' ? plan.input : plan;
  if (input.kind !== 'row-set-scan' || input.scan.filter || input.set.kind !== 'probe') return undefined;
  const { index, probe } = input.set;
  if (index.kind !== 'primary' || !isDirect(input.scan.table) || probe.kind !== 'keys') return undefined;
  const [set, more] = probe.sets;
  if (
    more ||
    probe.skip ||
    probe.range ||
    probe.prefix ||
    probe.beyond ||
    set?.kind !== 'values' ||
    set.values.length !== 1
  )
    return undefined;
  const [value] = set.values;
  if (value?.kind !== 'parameter' || value.index !== 0 || value.type !== 'integer') return undefined;
  const ordinalOf = new Map(input.scan.fetch.map(({ id, ordinal }) => [id, ordinal]));
  const ids =
    plan.kind === 'project' ? plan.exprs.map((expr) => (expr.kind === 'column' ? expr.id : -1)) : plan.columns;
  const ordinals = ids.map((id) => ordinalOf.get(id));
  return ordinals.every((ordinal) => ordinal !== undefined)
    ? { scan: input, ordinals: ordinals as number[] }
    : undefined;
}
