// The rules in the order in which they are tried at each operator.

import type { Rule } from '../engine.js';
import { eliminateEmpty } from './eliminate-empty.js';
import { inferEqualities } from './infer-equalities.js';
import { joinScalarSubqueries } from './join-scalar-subqueries.js';
import { mergeFilters } from './merge-filters.js';
import { pruneColumns } from './prune-columns.js';
import { pushConditionBelowJoin } from './push-condition-below-join.js';
import { pushFilterBelowAggregate } from './push-filter-below-aggregate.js';
import { pushFilterBelowDistinct } from './push-filter-below-distinct.js';
import { pushFilterBelowProject } from './push-filter-below-project.js';
import { pushFilterBelowSetOperation } from './push-filter-below-set-operation.js';
import { pushFilterIntoJoin } from './push-filter-into-join.js';
import { pushLimitBelowProject } from './push-limit-below-project.js';
import { removeRedundantDistinct } from './remove-redundant-distinct.js';
import { removeRedundantProject } from './remove-redundant-project.js';
import { removeRedundantSort } from './remove-redundant-sort.js';
import { simplifyExpressions } from './simplify-expressions.js';
import { turnFullJoinLeft } from './turn-full-join-left.js';
import { turnLeftJoinInner } from './turn-left-join-inner.js';
import { unnestSubqueries } from './unnest-subqueries.js';

export const RULES: readonly Rule[] = [
  ...simplifyExpressions,
  eliminateEmpty,
  mergeFilters,
  unnestSubqueries,
  joinScalarSubqueries,
  turnFullJoinLeft,
  turnLeftJoinInner,
  inferEqualities,
  pushFilterBelowProject,
  pushFilterBelowAggregate,
  pushFilterBelowSetOperation,
  pushFilterBelowDistinct,
  pushFilterIntoJoin,
  pushConditionBelowJoin,
  removeRedundantDistinct,
  removeRedundantSort,
  removeRedundantProject,
  pushLimitBelowProject,
  pruneColumns,
];
