// MATCH: the full-text index that it uses, which MATCH of a query `score()`, `highlight` and `snippet` belong to, and the scans that
// compute its score.

import type { IndexDef } from '../../catalog/definitions.js';
import { invariant } from '../../errors.js';
import * as build from '../../expr/build.js';
import type { Column, Expr, Match } from '../../expr/expression.js';
import type { LogicalPlan, OutputColumn, Scan } from '../logical.js';
import type { BindingContext } from './context.js';
import type { Found, Relation, Scope } from './scope.js';
import { columnExpr, qualified } from './scope.js';

export interface SearchTarget {
  readonly score: Column;
  readonly match: Match;
}

export interface TextTarget {
  readonly relation: Relation;
  readonly index: IndexDef;
  /** Position of the key searched; undefined for all of the index. */
  readonly field: number | undefined;
}

/**
 * What `MATCH(name, ...)` searches: a column that has a full-text index, or such an index of one of the relations by its own name.
 * Undefined when the name is neither.
 */
export function findTextIndex<Place>(
  context: BindingContext<Place>,
  scope: Scope,
  found: Found,
  index: { readonly name: string; readonly relations: readonly Relation[] },
  place: Place,
): TextTarget | undefined {
  if (found.kind !== 'column') {
    for (const relation of index.relations) {
      const named = relation.table?.indexes.find((i) => i.name === index.name && i.kind === 'fulltext');
      if (named) return { relation, index: named, field: undefined };
    }
    return undefined;
  }
  const { relation, column } = found;
  if (!relation.table || !scope.isSameQuery(found.scope)) {
    return context.fail(place, 'NO_INDEX', ...context.wording.searchElsewhere);
  }
  const ordinal = relation.columns.indexOf(column);
  for (const own of relation.table.indexes) {
    if (own.kind !== 'fulltext') continue;
    const at = own.keys.findIndex((key) => key.expr.kind === 'column' && key.expr.id === ordinal);
    if (at >= 0) return { relation, index: own, field: own.keys.length === 1 ? undefined : at };
  }
  const table = relation.table.name;
  const hint = `CREATE INDEX ${table}_${column.name} ON ${table} USING fulltext (${column.name})`;
  return context.fail(place, 'NO_INDEX', context.wording.noTextIndex(column.name), hint);
}

export function matchOf({ relation, index, field }: TextTarget, query: Expr): Expr {
  const fields = index.keys
    .filter((_, i) => field === undefined || field === i)
    .map((key) => ({
      name: key.expr.kind === 'column' ? key.expr.name : key.text,
      text: overRelation(key.expr, relation),
      boost: 1,
    }));
  return build.match(index.id, fields, index.options, query);
}

/** Index expressions stand over ordinals; in a query they stand over the relation's columns. */
export function overRelation(expr: Expr, relation: Relation): Expr {
  return build.substitute(expr, (column) => {
    const own = relation.columns[column.id];
    return own && qualified(relation, own);
  });
}

/** What the function table takes for `highlight` and `snippet`: the text, the query and its analysis, the rest, and the field's name. */
export function excerptArguments(match: Match, text: Expr, rest: readonly Expr[], whole: boolean): Expr[] {
  const args = [text, match.query, build.constant(JSON.stringify(match.analysis), 'text'), ...rest];
  // `field:word` in the query marks its own field only.
  const field = whole ? match.fields.find((candidate) => build.equalExprs(candidate.text, text)) : undefined;
  return field ? [...args, build.constant(field.name, 'text')] : args;
}

/** The searches of one query's WHERE. */
export class SearchScope<Place> {
  private readonly matches: Match[] = [];
  private scored: { readonly column: OutputColumn; readonly match: Match; readonly relation: Relation } | undefined;

  constructor(
    private readonly context: BindingContext<Place>,
    private readonly scope: Scope,
    where: Expr | undefined,
  ) {
    if (where) {
      build.walk(where, (node) => {
        if (node.kind === 'match') this.matches.push(node);
        return node.kind !== 'not';
      });
    }
  }

  get scoreColumn(): OutputColumn | undefined {
    return this.scored?.column;
  }

  /** The one search in WHERE; an error when there is none or more than one. */
  target(place: Place): SearchTarget {
    const { wording } = this.context;
    const [match] = this.matches;
    if (match === undefined) return this.context.fail(place, 'NO_INDEX', ...wording.noSearch);
    if (this.matches.length > 1) return this.context.fail(place, 'NO_INDEX', ...wording.manySearches);
    if (this.scored === undefined) {
      const ids = build.columnsOf(match.fields[0]!.text);
      const relation = this.scope.relations.find((r) => r.columns.some((column) => ids.has(column.id)));
      invariant(relation, 'a search reads no relation of its query');
      this.scored = { column: this.context.newColumn('score', 'real', false), match, relation };
    }
    return { score: columnExpr(this.scored.column), match };
  }

  /** The plan with the score computed by the scan of its relation, when anything asked for it. */
  withScores(plan: LogicalPlan): LogicalPlan {
    const { scored } = this;
    if (scored === undefined) return plan;
    const first = scored.relation.columns[0]!.id;
    return mapScans(plan, (scan) =>
      scan.columns[0]!.id === first ? { ...scan, score: { id: scored.column.id, match: scored.match } } : scan,
    );
  }
}

function mapScans(plan: LogicalPlan, change: (scan: Scan) => LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'scan':
      return change(plan);
    case 'values':
    case 'common-table':
      return plan;
    case 'join':
    case 'set-operation':
      return { ...plan, left: mapScans(plan.left, change), right: mapScans(plan.right, change) };
    case 'insert':
      return { ...plan, source: mapScans(plan.source, change) };
    default:
      return { ...plan, input: mapScans(plan.input, change) };
  }
}
