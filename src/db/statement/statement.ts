// A prepared statement: parsed once, planned when first run, and anew when definitions, types or selectivity ask for it.

import type { ColumnInfo, ExplainOptions, Parameters, ResultRow, ResultValue, RunResult, Statement } from '../api.js';
import { givenOf, nothingGiven } from '../input/bind-values.js';
import { checkExplain } from '../input/explain-options.js';
import type { Engine } from './engine.js';
import { asArrays, asObjects } from './engine.js';
import type { KnownText } from './plan-cache.js';
import { bindStatement } from './plan-cache.js';
import { PointLookup } from './point-lookup.js';

export class PreparedStatement<Row = ResultRow> implements Statement<Row> {
  private readonly lookup: PointLookup;

  constructor(
    private readonly engine: Engine,
    readonly text: string,
    private readonly known: KnownText,
  ) {
    this.lookup = new PointLookup(engine, text, known);
  }

  all(...parameters: unknown[]): Row[] {
    return this.engine.run(this.text, this.known, givenOf(parameters), asObjects).rows as Row[];
  }

  get(...parameters: unknown[]): Row | undefined {
    if (parameters.length === 1) {
      const found = this.lookup.get(parameters[0]);
      if (found !== undefined) return found as Row;
    }
    const given = givenOf(parameters);
    if (this.known.statement.tree.kind !== 'select-statement') {
      return this.engine.run(this.text, this.known, given, asObjects).rows[0] as Row | undefined;
    }
    // Leaving the iterator after the first row stops the plan below.
    for (const row of this.engine.iterate(this.text, this.known, given)) return row as Row;
    return undefined;
  }

  iterate(...parameters: unknown[]): IterableIterator<Row> {
    return this.engine.iterate(this.text, this.known, givenOf(parameters)) as IterableIterator<Row>;
  }

  run(...parameters: unknown[]): RunResult {
    const { changes } = this.engine.run(this.text, this.known, givenOf(parameters), () => undefined);
    return { changes };
  }

  values(...parameters: unknown[]): ResultValue[][] {
    return this.engine.run(this.text, this.known, givenOf(parameters), asArrays).rows;
  }

  columns(): ColumnInfo[] {
    return this.engine.session.read((view) => {
      const bound = bindStatement(this.known.statement, nothingGiven, view);
      const query = bound.kind === 'explain' ? undefined : bound.kind === 'query' ? bound.query : undefined;
      if (bound.kind === 'explain') return [{ name: 'plan', type: 'text', nullable: false }];
      return (query?.output ?? []).map(({ name, type, nullable }) => ({ name, type, nullable }));
    });
  }

  explain(parameters: Parameters = [], options: ExplainOptions = {}): string {
    const own = this.engine.unlifted(this.text, this.known);
    return this.engine.explain(own, givenOf([parameters]), checkExplain(options));
  }
}
