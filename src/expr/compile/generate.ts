// Expressions as JavaScript source over one row `r` of a batch. Only names made here enter the text: constants, functions and prepared
// objects are handed over in `env`. Every value is null or non-null in engine form, every truth an expression of type boolean.

import { never } from '../../errors.js';
import { castValue } from '../../values/cast.js';
import type { Type, Value } from '../../values/types.js';
import type { Evaluation } from '../evaluation.js';
import type { Call, Cast, Compare, Distinct, Expr, InArray, InList, Like, Match } from '../expression.js';
import { typeOf } from '../expression.js';
import { canRaise, isConstant, isDeterministic } from '../facts.js';
import { overloadOf } from '../functions.js';
import { compileClosure, membershipOf } from './closure.js';
import { comparisonClass, comparisonCode, inverse, orderOf } from './compare.js';
import { columnsOf } from '../tree.js';
import type { Columns, Layout, RowFunction } from './contract.js';
import { matchTest } from './match.js';
import { missing, preparationFor, rememberedLike, rememberedPreparation } from './remember.js';

/** A value in code: a name or an expression to put into one, and whether it can be null. */
interface Operand {
  readonly code: string;
  /** For columns of typed vectors: the test that there is a value (undefined: there always is), and the value where there is one. */
  readonly typed?: { readonly present: string | undefined; readonly value: string };
  /** A name: may be written more than once. */
  readonly simple: boolean;
  readonly nullable: boolean;
}

/** A value for each entry of a dictionary. */
type Tabulate = (entries: Columns, evaluation: Evaluation) => ArrayLike<unknown>;

/** How the column of a slot is kept: as an array of values where nothing is said. */
export type VectorForm = 'numbers' | 'nullable numbers' | 'codes' | 'values';

export class Generator {
  readonly #layout: Layout;
  readonly #forms: readonly VectorForm[] | undefined;
  /** Values for the names e0, e1, ... */
  readonly env: unknown[] = [];
  /** Statements at the start of a batch: columns and parameters as locals. */
  readonly prologue: string[] = [];
  readonly #columns = new Map<number, string>();
  readonly #parameters = new Map<number, string>();
  #temps = 0;

  /** @param forms by slot, for code over column vectors (`values/column-vector`) instead of arrays */
  constructor(layout: Layout, forms?: readonly VectorForm[]) {
    this.#layout = layout;
    this.#forms = forms;
  }

  /** Declares what the row code uses. */
  declarations(): string {
    const temps = Array.from({ length: this.#temps }, (_, i) => `t${i}`);
    return [...this.prologue, temps.length === 0 ? '' : `let ${temps.join(', ')};`].join('\n');
  }

  #hand(value: unknown): string {
    this.env.push(value);
    return `e${this.env.length - 1}`;
  }

  #temp(): string {
    return `t${this.#temps++}`;
  }

  /** A local of the batch, undefined at its start. */
  #local(): string {
    const name = `l${this.prologue.length}`;
    this.prologue.push(`let ${name};`);
    return name;
  }

  /** The tests, all true where the value is not NULL, and its code, which must stand behind them. */
  settled(expr: Expr): { readonly tests: readonly string[]; readonly value: string } {
    const tests: string[] = [];
    const value = this.#settle(this.#operand(expr), tests);
    return { tests, value };
  }

  /** The code of a slot of codes, or its number less the one named `low`; 0 for NULL. */
  code(slot: number, low: string): string {
    if (this.#forms?.[slot] === 'codes') return `${this.#part(slot, 'codes')}[r]`;
    const { typed } = this.#vector(slot, this.#forms!);
    const number = `(${typed!.value} - ${low})`;
    return typed!.present === undefined ? number : `(${typed!.present} ? ${number} : 0)`;
  }

  /** Hands a value over under a name. */
  hand(value: unknown): string {
    return this.#hand(value);
  }

  /** Code of the value. */
  value(expr: Expr): string {
    return this.#operand(expr).code;
  }

  #operand(expr: Expr): Operand {
    switch (expr.kind) {
      case 'constant':
        if (expr.value === null) return { code: 'null', simple: true, nullable: true };
        return { code: this.#hand(expr.value), simple: true, nullable: false };
      case 'parameter':
        return { code: this.#parameter(expr.index), simple: true, nullable: true };
      case 'column':
        return this.#forms === undefined
          ? { code: `${this.#column(expr)}[r]`, simple: false, nullable: true }
          : this.#vector(this.#slot(expr), this.#forms);
      default: {
        if (isConstant(expr)) return this.#known(expr);
        const coded = this.#overCodes(
          expr,
          (test) => (entries, evaluation) => Array.from(entries[0]!, (_, code) => test(entries, code, evaluation)),
        );
        if (coded !== undefined) return { code: coded, simple: false, nullable: true };
        return { code: this.#computed(expr), simple: false, nullable: !isNeverNull(expr) };
      }
    }
  }

  #slot(expr: Extract<Expr, { kind: 'column' }>): number {
    return this.#layout.get(expr.id) ?? missing(`column ${expr.name} is not in the batch`);
  }

  /** A value out of a vector. */
  #vector(slot: number, forms: readonly VectorForm[]): Operand {
    const part = (name: string): string => this.#part(slot, name);
    switch (forms[slot]) {
      case 'numbers': {
        const value = `${part('values')}[r]`;
        return { code: value, typed: { present: undefined, value }, simple: false, nullable: false };
      }
      case 'nullable numbers': {
        const value = `${part('values')}[r]`;
        const present = `(${part('nulls')}[r >>> 5] & (1 << (r & 31))) === 0`;
        return { code: `(${present} ? ${value} : null)`, typed: { present, value }, simple: false, nullable: true };
      }
      case 'codes':
        return { code: `${part('dictionary')}[${part('codes')}[r]]`, simple: false, nullable: true };
      default:
        return { code: `${part('values')}[r]`, simple: false, nullable: true };
    }
  }

  /** A local with one part of a slot's vector. */
  #part(slot: number, name: string): string {
    const local = `${name}${slot}`;
    const declaration = `const ${local} = columns[${slot}].${name};`;
    if (!this.prologue.includes(declaration)) this.prologue.push(declaration);
    return local;
  }

  /**
   * An expression over one column of codes alone is evaluated for each entry of the dictionary, once per batch; undefined where it is
   * none. One that may raise an error is not: an entry need not stand in any row.
   */
  #overCodes(expr: Expr, tabulate: (test: RowFunction) => Tabulate): string | undefined {
    if (this.#forms === undefined || canRaise(expr) || !isDeterministic(expr)) return undefined;
    const [id, ...others] = columnsOf(expr);
    const slot = id === undefined ? undefined : this.#layout.get(id);
    if (slot === undefined || others.length > 0 || this.#forms[slot] !== 'codes') return undefined;
    const table = this.#hand(tabulate(compileClosure(expr, new Map([[id!, 0]]))));
    const name = `x${this.prologue.length}`;
    this.prologue.push(`const ${name} = ${table}([columns[${slot}].dictionary], evaluation);`);
    return `${name}[${this.#part(slot, 'codes')}[r]]`;
  }

  #column(expr: Extract<Expr, { kind: 'column' }>): string {
    const slot = this.#slot(expr);
    let name = this.#columns.get(slot);
    if (name === undefined) {
      name = `c${slot}`;
      this.#columns.set(slot, name);
      this.prologue.push(`const ${name} = columns[${slot}];`);
    }
    return name;
  }

  #parameter(index: number): string {
    let name = this.#parameters.get(index);
    if (name === undefined) {
      name = `p${index}`;
      this.#parameters.set(index, name);
      this.prologue.push(`const ${name} = evaluation.parameters[${index}];`);
    }
    return name;
  }

  /** Known before the rows, but not a literal: found once per batch, when first needed (it may raise an error). */
  #known(expr: Expr): Operand {
    const local = this.#local();
    const closure = this.#hand(compileClosure(expr, this.#layout));
    return {
      code: `(${local} === undefined ? (${local} = ${closure}(columns, 0, evaluation)) : ${local})`,
      simple: false,
      nullable: true,
    };
  }

  #computed(expr: Exclude<Expr, { kind: 'constant' | 'parameter' | 'column' }>): string {
    switch (expr.kind) {
      case 'compare':
        return this.#withNonNull([expr.left, expr.right], ([a, b]) => this.#holds(expr, expr.operator, a!, b!));
      case 'distinct':
        return this.#distinct(expr);
      case 'and':
      case 'or':
        return this.#junction(expr.args, expr.kind === 'or');
      case 'not': {
        const t = this.#temp();
        return `((${t} = ${this.value(expr.arg)}) === null ? null : ${t} === false)`;
      }
      case 'is-null':
        return `(${this.value(expr.arg)} ${expr.negated ? '!==' : '==='} null)`;
      case 'is-truth':
        return `(${this.value(expr.arg)} ${expr.negated ? '!==' : '==='} ${expr.truth})`;
      case 'in-list':
      case 'in-array':
        return this.#membership(expr);
      case 'any-array':
        return `${this.#hand(compileClosure(expr, this.#layout))}(columns, r, evaluation)`;
      case 'like':
        return this.#like(expr);
      case 'case': {
        const branches = expr.branches.map((b) => `${this.truth(b.when, true)} ? ${this.value(b.then)} : `);
        return `(${branches.join('')}${this.value(expr.otherwise)})`;
      }
      case 'cast':
        return this.#cast(expr);
      case 'call':
        return this.#call(expr);
      case 'match':
        return this.#match(expr);
      case 'subquery':
        return `${this.#hand(compileClosure(expr, this.#layout))}(columns, r, evaluation)`;
      default:
        return never(expr, 'expression');
    }
  }

  /** Code that is true exactly when the predicate has the wanted truth value. */
  truth(expr: Expr, wanted: boolean): string {
    if (expr.kind === 'not') return this.truth(expr.arg, !wanted);
    const coded = isConstant(expr)
      ? undefined
      : this.#overCodes(
          expr,
          (value) => (entries, evaluation) =>
            Uint8Array.from(entries[0]!, (_, code) => Number(value(entries, code, evaluation) === wanted)),
        );
    if (coded !== undefined) return `(${coded} === 1)`;
    if (expr.kind === 'and' || expr.kind === 'or') {
      const joint = (expr.kind === 'and') === wanted ? ' && ' : ' || ';
      return `(${expr.args.map((arg) => this.truth(arg, wanted)).join(joint)})`;
    }
    if (expr.kind === 'compare' && !isConstant(expr)) return this.#compareTruth(expr, wanted);
    if (expr.kind === 'in-list' && !isConstant(expr)) {
      const few = this.#fewItems(expr, wanted);
      if (few !== undefined) return few;
    }
    return `(${this.value(expr)} === ${wanted})`;
  }

  #compareTruth(expr: Compare, wanted: boolean): string {
    const operator = wanted ? expr.operator : inverse(expr.operator);
    const left = this.#operand(expr.left);
    const right = this.#operand(expr.right);
    // Null is tested apart even for equality: an operator that only ever sees one kind of value runs several times faster.
    const tests: string[] = [];
    const a = this.#settle(left, tests);
    const b = this.#settle(right, tests);
    tests.push(this.#holds(expr, operator, a, b));
    return `(${tests.join(' && ')})`;
  }

  /** A name for an operand, with the test that it is not null added to `tests`. */
  #settle(operand: Operand, tests: string[]): string {
    if (operand.typed !== undefined) {
      if (operand.typed.present !== undefined) tests.push(operand.typed.present);
      return operand.typed.value;
    }
    if (operand.simple) {
      if (operand.nullable) tests.push(`${operand.code} !== null`);
      return operand.code;
    }
    const name = this.#temp();
    // A temporary is written even when it cannot be null: the test then always holds.
    tests.push(`(${name} = ${operand.code}) !== null`);
    return name;
  }

  #holds(expr: Compare, operator: Compare['operator'], a: string, b: string): string {
    const left = typeOf(expr.left);
    const right = typeOf(expr.right);
    const { right: side } = expr;
    const isNumber = side.kind === 'constant' && typeof side.value !== 'object' && !Number.isNaN(side.value);
    const neverNaN = isNumber || right === 'integer';
    return comparisonCode(
      operator,
      comparisonClass(left, right),
      a,
      b,
      () => this.#hand(orderOf(left, right)),
      neverNaN,
    );
  }

  /** `then` over the names of the operands, or null when one of them is. */
  #withNonNull(args: readonly Expr[], then: (names: readonly string[]) => string): string {
    const tests: string[] = [];
    const names = args.map((arg) => this.#settle(this.#operand(arg), tests));
    const body = then(names);
    return tests.length === 0 ? `(${body})` : `(${tests.join(' && ')} ? ${body} : null)`;
  }

  #distinct(expr: Distinct): string {
    const a = this.#temp();
    const b = this.#temp();
    const order = this.#hand(orderOf(typeOf(expr.left), typeOf(expr.right)));
    const same = `(${a} === null || ${b} === null ? ${a} === ${b} : ${order}(${a}, ${b}) === 0)`;
    return `(${a} = ${this.value(expr.left)}, ${b} = ${this.value(expr.right)}, ${same} === ${expr.negated})`;
  }

  #junction(args: readonly Expr[], decisive: boolean): string {
    const names: string[] = [];
    let code = '';
    for (const arg of args) {
      const name = this.#temp();
      code += `(${name} = ${this.value(arg)}) === ${decisive} ? ${decisive} : `;
      names.push(`${name} === null`);
    }
    return `(${code}${names.join(' || ')} ? null : ${!decisive})`;
  }

  /** A short list of literals becomes a chain of equalities. */
  #fewItems(expr: InList, wanted: boolean): string | undefined {
    const type = typeOf(expr.arg);
    if (expr.items.length > 4 || expr.negated === wanted) return undefined;
    for (const item of expr.items) {
      if (item.kind !== 'constant' || item.value === null) return undefined;
      const kind = comparisonClass(type, item.type);
      if (kind !== 'plain' && kind !== 'text') return undefined;
    }
    const name = this.#temp();
    const [first, ...more] = expr.items.map((item) => this.value(item));
    const rest = more.map((item) => ` || ${name} === ${item}`).join('');
    return `((${name} = ${this.value(expr.arg)}) !== null && (${name} === ${first}${rest}))`;
  }

  #membership(expr: InList | InArray): string {
    if (expr.kind === 'in-list' && !expr.items.every(isConstant)) {
      return `${this.#hand(compileClosure(expr, this.#layout))}(columns, r, evaluation)`;
    }
    // The argument is computed here and handed in as the one column of a one-row batch.
    const slot = new Map([[-1, 0]]);
    const stand: Expr = { kind: 'column', id: -1, name: 'argument', type: typeOf(expr.arg), nullable: true };
    const contains = this.#hand(membershipOf({ ...expr, arg: stand }, slot));
    const cell = this.#hand([[null]]);
    const value = `(${cell}[0][0] = ${this.value(expr.arg)}, ${contains}(${cell}, 0, evaluation))`;
    if (!expr.negated) return value;
    const t = this.#temp();
    return `((${t} = ${value}) === null ? null : ${t} === false)`;
  }

  #like(expr: Like): string {
    const find = this.#hand(rememberedLike(expr.insensitive));
    const wanted = !expr.negated;
    if (!isConstant(expr.pattern) || !isConstant(expr.escape)) {
      return this.#withNonNull(
        [expr.arg, expr.pattern, expr.escape],
        ([text, pattern, escape]) => `${find}(${pattern}, ${escape})(${text}) === ${wanted}`,
      );
    }
    const test = this.#local();
    return this.#withNonNull(
      [expr.arg, expr.pattern, expr.escape],
      ([text, pattern, escape]) =>
        `(${test} === undefined ? (${test} = ${find}(${pattern}, ${escape})) : ${test})(${text}) === ${wanted}`,
    );
  }

  #cast(expr: Cast): string {
    const from = typeOf(expr.arg);
    return this.#withNonNull([expr.arg], ([a]) => {
      if (from === 'integer' && expr.type === 'real') return `+(typeof ${a} === 'bigint' ? Number(${a}) : ${a})`;
      if (from === 'point' && expr.type === 'geometry') return a!;
      return `${this.#hand(caster(from, expr.type))}(${a})`;
    });
  }

  #call(expr: Call): string {
    const overload = overloadOf(expr);
    if (overload.lazy === true) {
      const parts = expr.args.map((arg) => {
        const name = this.#temp();
        return `(${name} = ${this.value(arg)}) !== null ? ${name} : `;
      });
      return `(${parts.join('')}null)`;
    }
    const preparation = preparationFor(overload, expr.args);
    if (preparation !== undefined) {
      const prepare = this.#hand(rememberedPreparation(preparation));
      return this.#withNonNull(expr.args, (names) => {
        const rest = names.filter((_, i) => i !== preparation.argument);
        return `${prepare}(${names[preparation.argument]})(${rest.join(', ')})`;
      });
    }
    const evaluate = this.#hand(overload.evaluate);
    const context = overload.context === true ? ['evaluation'] : [];
    if (overload.strict) {
      return this.#withNonNull(expr.args, (names) => `${evaluate}(${[...context, ...names].join(', ')})`);
    }
    return `${evaluate}(${[...context, ...expr.args.map((arg) => this.value(arg))].join(', ')})`;
  }

  #match(expr: Match): string {
    const test = this.#hand(matchTest(expr));
    return `${test}(${this.value(expr.query)}, [${expr.fields.map((f) => this.value(f.text)).join(', ')}])`;
  }
}

function caster(from: Type, to: Type): (value: Value) => Value {
  return (value) => castValue(value, from, to);
}

/** Predicates that are never unknown. */
function isNeverNull(expr: Expr): boolean {
  return expr.kind === 'is-null' || expr.kind === 'is-truth' || expr.kind === 'distinct';
}
