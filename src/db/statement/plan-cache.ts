// Statements kept planned: exact text -> statement; shape of the text -> statement with its literals lifted; statement, definitions,
// types of values and selectivity class -> plan. Why a plan was made anew is counted.

import { LRUCache } from 'lru-cache';
import type * as ast from '../../../grammar/ast.js';
import { parse } from '../../../grammar/index.js';
import { shape as shapeOf } from '../../../grammar/shape.js';
import type { Shape } from '../../../grammar/shape.js';
import type { Catalog } from '../../catalog/catalog.js';
import { LightningError } from '../../errors.js';
import { Executable } from '../../exec/execution.js';
import { offersOf } from '../../index/registry.js';
import { optimize } from '../../optimize/index.js';
import type { OptimizeEnvironment } from '../../optimize/index.js';
import type { QuerySource } from '../../plan/builder/index.js';
import type { Hints, LogicalQuery } from '../../plan/logical.js';
import type { PhysicalQuery } from '../../plan/physical.js';
import { bind } from '../../sql/bind.js';
import type { BoundQueryStatement, BoundStatement } from '../../sql/bound.js';
import { errorOfProblem } from '../../sql/diagnose.js';
import type { Value } from '../../values/types.js';
import type { Given, Lifted } from '../input/bind-values.js';
import { bindValues, suggestedType } from '../input/bind-values.js';
import { checkHints, checkHintsFor, scansOf } from '../input/hints.js';
import { canLift, explicitCount, lift, liftedType, liftedValues } from './lift.js';
import { RowShape } from './row-objects.js';
import type { View } from '../schema/schema.js';
import { comparisonsOf, selectivityClass } from './selectivity-class.js';

/** Plans kept per statement and types of values. */
const MOST_PLANS = 4;
const MOST_BINDINGS = 4;

export interface PlanStatistics {
  readonly size: number;
  readonly textHits: number;
  readonly shapeHits: number;
  readonly misses: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** A statement ready to run for the values it was asked with. */
export interface Ready {
  readonly bound: BoundQueryStatement;
  readonly executable: Executable;
  readonly shape: RowShape;
  readonly values: readonly Value[];
}

interface Planned {
  readonly executable: Executable;
  readonly selectivity: string;
}

/** A statement bound for certain types of values, under one version of the definitions. */
interface Binding {
  readonly statement: BoundQueryStatement;
  readonly shape: RowShape;
  readonly types: string;
  readonly version: number;
  /** Version of what the application has registered. */
  readonly functions: number;
  readonly comparisons: ReturnType<typeof comparisonsOf>;
  readonly plans: Planned[];
}

/** One statement's tree and what has been made of it. */
export interface CachedStatement {
  readonly text: string;
  readonly tree: ast.Statement;
  readonly lifted: Shape | undefined;
  readonly hints: Hints | undefined;
  readonly bindings: Binding[];
}

/** A text as the cache knows it: the statement it shares with other texts, and its own literals. When its literals must stay, it changes. */
export interface KnownText {
  statement: CachedStatement;
  literals: readonly Lifted[];
}

export class PlanCache {
  private readonly texts: LRUCache<string, KnownText> | undefined;
  /** `null`: statements of this shape are not to share plans. */
  private readonly shapes: LRUCache<string, { readonly statement: CachedStatement | null }> | undefined;
  private readonly built = new WeakMap<QuerySource, Binding[]>();
  private textHits = 0;
  private shapeHits = 0;
  private misses = 0;
  private readonly reasons: Record<string, number> = {};

  /** Bytes that the operators of one statement may hold: plans are priced by it. */
  readonly memoryBudget: number;

  constructor(options: { readonly size: number; readonly ttl: number; readonly memoryBudget?: number }) {
    this.memoryBudget = options.memoryBudget ?? Infinity;
    if (options.size <= 0) return;
    const bounds = { max: options.size, ttl: options.ttl };
    this.texts = new LRUCache(bounds);
    this.shapes = new LRUCache(bounds);
  }

  /** The statement that a text is; parsed when it is not known. The text must hold exactly one statement. */
  statement(text: string, hints: Hints | undefined): KnownText {
    const suffix = suffixOf(hints);
    const known = this.texts?.get(text + suffix);
    if (known) {
      this.textHits++;
      return known;
    }
    const shape = this.shapes && shapeOf(text);
    const shared = shape && canLift(text, shape) ? this.shapes?.get(shape.key + suffix) : undefined;
    if (shape && shared?.statement) {
      this.shapeHits++;
      return this.remember(text + suffix, { statement: shared.statement, literals: liftedValues(shape.literals) });
    }
    this.misses++;
    const tree = parseOne(text);
    const plain: CachedStatement = { text, tree, lifted: undefined, hints, bindings: [] };
    if (shape === undefined || shared !== undefined || !canLift(text, shape) || !isQuery(tree)) {
      return this.remember(text + suffix, { statement: plain, literals: [] });
    }
    const statement: CachedStatement = { ...plain, tree: lift(tree, shape), lifted: shape, bindings: [] };
    this.shapes?.set(shape.key + suffix, { statement });
    return this.remember(text + suffix, { statement, literals: liftedValues(shape.literals) });
  }

  private remember(key: string, known: KnownText): KnownText {
    this.texts?.set(key, known);
    return known;
  }

  /**
   * The plan for these values. `keep` is false inside a transaction that has changed definitions.
   * @param text the text at hand, which may differ from the statement's in its literals
   */
  ready(text: string, known: KnownText, given: Given, view: View, keep: boolean): Ready {
    const { statement, literals } = known;
    if (statement.lifted === undefined) return this.readyFor(statement, [], given, view, keep);
    try {
      return this.readyFor(statement, literals, given, view, keep);
    } catch (error) {
      if (!(error instanceof LightningError) || error.kind !== 'input') throw error;
      // What is wrong with a literal is told where it stands.
      const { hints } = statement;
      const own: CachedStatement = { text, tree: parseOne(text), lifted: undefined, hints, bindings: [] };
      const ready = this.readyFor(own, [], given, view, keep);
      // Nothing is wrong with it: the literals of this shape must stay. Prepared statements hold the same object.
      this.shapes?.set(statement.lifted.key + suffixOf(hints), { statement: null });
      known.statement = own;
      known.literals = [];
      return ready;
    }
  }

  private readyFor(
    statement: CachedStatement,
    literals: readonly Lifted[],
    given: Given,
    view: View,
    keep: boolean,
  ): Ready {
    const bindNow = () => bindLiftable(statement, given, view);
    const binding = this.bindingFor(statement.bindings, bindNow, given, view, keep);
    return this.plannedFor(binding, statement.hints, bindValues(binding.statement, given, literals), view);
  }

  /** The plan of a query that was built, for these values. Plans are kept with the query's own object. */
  readyBuilt(source: QuerySource, given: Given, view: View, keep: boolean): Ready {
    let bindings = this.built.get(source);
    if (bindings === undefined) this.built.set(source, (bindings = []));
    const bindNow = () => lowerSource(source, given, view);
    const binding = this.bindingFor(bindings, bindNow, given, view, keep && this.texts !== undefined);
    return this.plannedFor(binding, binding.statement.query.hints, bindValues(binding.statement, given), view);
  }

  private plannedFor(binding: Binding, hints: Hints | undefined, values: readonly Value[], view: View): Ready {
    const selectivity = binding.comparisons.length > 0 ? selectivityClass(binding.comparisons, values, view) : '';
    let planned = binding.plans.find((plan) => plan.selectivity === selectivity);
    if (planned === undefined) {
      if (binding.plans.length > 0) this.count('selectivity');
      planned = {
        executable: new Executable(
          plan(binding.statement.query, view, hints, values, { memoryBudget: this.memoryBudget }),
        ),
        selectivity,
      };
      if (binding.plans.length >= MOST_PLANS) binding.plans.shift();
      binding.plans.push(planned);
    }
    return { bound: binding.statement, executable: planned.executable, shape: binding.shape, values };
  }

  private bindingFor(
    bindings: Binding[],
    bindNow: () => BoundQueryStatement,
    given: Given,
    view: View,
    keep: boolean,
  ): Binding {
    let stale = false;
    for (let i = 0; keep && i < bindings.length; i++) {
      const binding = bindings[i]!;
      if (binding.version !== view.version || binding.functions !== view.functions.version) stale = true;
      else if (binding.types === typesKey(binding.statement, given)) return binding;
    }
    this.count(stale ? 'definitions' : bindings.length > 0 ? 'types' : 'new');
    const bound = bindNow();
    const binding: Binding = {
      statement: bound,
      shape: new RowShape(bound.query.output),
      types: typesKey(bound, given),
      version: view.version,
      functions: view.functions.version,
      comparisons: comparisonsOf(bound.query),
      plans: [],
    };
    if (!keep) return binding;
    if (stale) bindings.length = 0;
    if (bindings.length >= MOST_BINDINGS) bindings.shift();
    bindings.push(binding);
    return binding;
  }

  private count(reason: string): void {
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
  }

  statistics(): PlanStatistics {
    const { textHits, shapeHits, misses, reasons } = this;
    return { size: this.texts?.size ?? 0, textHits, shapeHits, misses, reasons: { ...reasons } };
  }

  clear(): void {
    this.texts?.clear();
    this.shapes?.clear();
  }
}

/** Optimizes a bound query for a state of the database; `values` steer estimates only. */
export function plan(
  query: LogicalQuery,
  view: View,
  hints: Hints | undefined,
  values: readonly Value[],
  more: Pick<OptimizeEnvironment, 'memoryBudget' | 'explains' | 'remembers'>,
): PhysicalQuery {
  if (hints) checkHintsFor(query, hints);
  return optimize(query, { catalog: view, offers: offersOf, hints, parameters: values, ...more });
}

/** Binds a statement whose literals may have been lifted; an error when they must stay. */
function bindLiftable(statement: CachedStatement, given: Given, view: View): BoundQueryStatement {
  const bound = bindStatement(statement, given, view);
  if (bound.kind !== 'query') throw new LightningError('BUG', `a ${bound.kind} statement is not planned`);
  if (statement.lifted && readsPartialIndex(bound.query)) {
    throw new LightningError('INVALID_ARGUMENT', 'a partial index is chosen by literals');
  }
  return bound;
}

/** A built query over the definitions as they are. */
export function lowerSource(source: QuerySource, given: Given, view: View): BoundQueryStatement {
  const lowered = source.lower(view, (index, name) => suggestedType(given, index, name));
  checkHints(lowered.query.hints);
  return { kind: 'query', writes: false, ...lowered };
}

/** Binds a statement of any kind. */
export function bindStatement(statement: CachedStatement, given: Given, catalog: Catalog): BoundStatement {
  const { text, tree, lifted } = statement;
  const explicit = lifted ? explicitCount(lifted) : Infinity;
  return bind(text, tree, catalog, {
    given: (index, name) => (index < explicit ? suggestedType(given, index, name) : undefined),
    fixed: (index) => (lifted && index >= explicit ? liftedType(lifted.literals[index - explicit]!) : undefined),
  });
}

export function isQuery(tree: ast.Statement): boolean {
  return tree.kind === 'select-statement' || tree.kind === 'insert' || tree.kind === 'update' || tree.kind === 'delete';
}

/** The one statement of a text. */
export function parseOne(text: string): ast.Statement {
  const statements = parseAll(text);
  const [first, second] = statements;
  if (first === undefined) throw new LightningError('SYNTAX', 'the text holds no statement');
  if (second !== undefined) {
    throw new LightningError('SYNTAX', 'the text holds more than one statement', { hint: 'use db.exec for several' });
  }
  return first;
}

export function parseAll(text: string): readonly ast.Statement[] {
  const parsed = parse(text);
  if (parsed.ok) return parsed.statements;
  throw errorOfProblem(text, parsed.problems[0]!);
}

/** Types of the values at hand, where the binding depends on them. */
function typesKey(statement: BoundQueryStatement, given: Given): string {
  if (statement.typedByValue.length === 0) return '';
  return statement.typedByValue
    .map((index) => suggestedType(given, index, statement.parameterNames[index]) ?? '-')
    .join();
}

function readsPartialIndex(query: LogicalQuery): boolean {
  const scans = [query.plan, ...query.subqueries].flatMap(scansOf);
  return scans.some((scan) => scan.table.indexes.some((index) => index.where !== undefined));
}

/** Statements with hints are kept apart. */
function suffixOf(hints: Hints | undefined): string {
  return hints ? `\u0000${JSON.stringify(hints)}` : '';
}
