// Runs queries that were built in code: the database's side of the plan builder.

import type {
  NamedParameters,
  PlanOptions,
  PreparedQuery,
  QueryRunner,
  QuerySource,
  ResultColumn,
  ViewingCatalog,
} from '../../plan/builder/index.js';
import type { ResultRow, ResultValue } from '../api.js';
import type { Given } from '../input/bind-values.js';
import { nothingGiven } from '../input/bind-values.js';
import type { Engine } from './engine.js';
import { asArrays, asObjects } from './engine.js';
import { lowerSource } from './plan-cache.js';

/** No names are no parameters at all: a query without any takes both. */
function named(parameters: NamedParameters): Given {
  return Object.keys(parameters).length === 0 ? nothingGiven : { kind: 'named', values: parameters };
}

export class EngineRunner implements QueryRunner {
  constructor(private readonly engine: Engine) {}

  /** To be used at once: the snapshot behind it may end with this turn of the event loop. */
  catalog(): ViewingCatalog {
    return this.engine.session.read((view) => view);
  }

  all(source: QuerySource, parameters: NamedParameters): ResultRow[] {
    return this.engine.runBuilt(source, named(parameters), asObjects);
  }

  values(sources: readonly QuerySource[], parameters: NamedParameters): ResultValue[][][] {
    return this.engine.runAllBuilt(sources, named(parameters), asArrays);
  }

  iterate(source: QuerySource, parameters: NamedParameters): IterableIterator<ResultRow> {
    return this.engine.iterateBuilt(source, named(parameters));
  }

  explain(source: QuerySource, parameters: NamedParameters, options: PlanOptions): string {
    return this.engine.explainBuilt(source, named(parameters), options);
  }

  prepare(source: QuerySource): PreparedQuery {
    return new Prepared(this.engine, source);
  }
}

class Prepared implements PreparedQuery {
  constructor(
    private readonly engine: Engine,
    private readonly source: QuerySource,
  ) {}

  all(parameters: NamedParameters = {}): ResultRow[] {
    return this.engine.runBuilt(this.source, named(parameters), asObjects);
  }

  get(parameters: NamedParameters = {}): ResultRow | undefined {
    // Leaving the iterator after the first row stops the plan below.
    for (const row of this.iterate(parameters)) return row;
    return undefined;
  }

  iterate(parameters: NamedParameters = {}): IterableIterator<ResultRow> {
    return this.engine.iterateBuilt(this.source, named(parameters));
  }

  values(parameters: NamedParameters = {}): ResultValue[][] {
    return this.engine.runBuilt(this.source, named(parameters), asArrays);
  }

  columns(): ResultColumn[] {
    return this.engine.session.read((view) =>
      lowerSource(this.source, nothingGiven, view).query.output.map(({ name, type, nullable }) => ({
        name,
        type,
        nullable,
      })),
    );
  }

  explain(parameters: NamedParameters = {}, options: PlanOptions = {}): string {
    return this.engine.explainBuilt(this.source, named(parameters), options);
  }
}
