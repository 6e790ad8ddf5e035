// Precedence, without recursion: operands and pending operators on two stacks (E. W. Dijkstra's shunting yard, 1961),
// so that a chain of any length costs no depth. Precedences are PostgreSQL's ("4.1.6 Operator Precedence"). Each operand
// remembers its span with its parentheses, which the nodes themselves do not have.

import type { BinaryOperator, CompareOperator, Expr, Query } from './ast.js';
import { Refusal } from './refusal.js';

export const PRECEDENCE = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  compare: 5,
  range: 6, // BETWEEN IN LIKE
  other: 7, // || -> @> ...
  add: 8,
  multiply: 9,
  power: 10,
  collate: 11,
  sign: 12,
  cast: 13,
  subscript: 14,
} as const;

/** An operator whose right operand is still to come. `offset` is its own place in the text. */
export type Pending = { readonly precedence: number; readonly offset: number } & (
  | { readonly kind: 'and' }
  | { readonly kind: 'or' }
  | { readonly kind: 'not' }
  | { readonly kind: 'sign'; readonly operator: '+' | '-' }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator }
  | { readonly kind: 'compare'; readonly operator: CompareOperator }
  | { readonly kind: 'distinct-from'; readonly negated: boolean }
  | { readonly kind: 'between'; readonly negated: boolean; readonly symmetric: boolean; readonly low: Expr }
  | { readonly kind: 'like'; readonly negated: boolean; readonly insensitive: boolean }
  | { readonly kind: 'escape'; readonly negated: boolean; readonly insensitive: boolean }
);

/** A whole operand: what makes a node around the one on top. */
export type Wrap = (operand: Expr, offset: number, length: number) => Expr;

export class ExpressionStack {
  private readonly nodes: Expr[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly pending: Pending[] = [];
  /** Operators below belong to an enclosing expression. */
  private base = 0;

  clear(): void {
    this.nodes.length = this.starts.length = this.ends.length = this.pending.length = this.base = 0;
  }

  /** Begins a nested expression; give the result to `finish`. */
  begin(): number {
    const outer = this.base;
    this.base = this.pending.length;
    return outer;
  }

  finish(outer: number): Expr {
    this.reduce(0);
    this.base = outer;
    this.starts.pop();
    this.ends.pop();
    return this.nodes.pop() as Expr;
  }

  operand(node: Expr, start: number, end: number): void {
    this.nodes.push(node);
    this.starts.push(start);
    this.ends.push(end);
  }

  prefix(operator: Pending): void {
    this.pending.push(operator);
  }

  /** A left-associative operator, or AND and OR, which gather. */
  infix(operator: Pending): void {
    const gathers = operator.kind === 'and' || operator.kind === 'or';
    this.reduce(gathers ? operator.precedence + 1 : operator.precedence);
    this.pending.push(operator);
  }

  /** An operator that does not chain with others of its precedence. */
  single(operator: Pending): void {
    this.alone(operator.precedence, operator.offset);
    this.pending.push(operator);
  }

  /** A postfix operator on everything that binds tighter. */
  postfix(precedence: number, offset: number, end: number, chains: boolean, wrap: Wrap): void {
    if (chains) this.reduce(precedence);
    else this.alone(precedence, offset);
    const top = this.nodes.length - 1;
    const start = this.starts[top] ?? offset;
    this.nodes[top] = wrap(this.nodes[top] as Expr, start, end - start);
    this.ends[top] = end;
  }

  /** ESCAPE: the LIKE it belongs to waits for one more operand. */
  escape(offset: number): void {
    this.reduce(PRECEDENCE.range + 1);
    const like = this.pending.length > this.base ? this.pending.pop() : undefined;
    if (like?.kind !== 'like') throw new Refusal('SYNTAX', 'ESCAPE follows the pattern of LIKE or ILIKE', offset, 6);
    this.pending.push({ ...like, kind: 'escape' });
  }

  private alone(precedence: number, offset: number): void {
    this.reduce(precedence + 1);
    const top = this.pending[this.pending.length - 1];
    if (this.pending.length > this.base && top?.precedence === precedence) {
      const hint = 'use parentheses, or AND between two comparisons';
      throw new Refusal('SYNTAX', 'operators of this kind do not chain', offset, 1, hint);
    }
  }

  private reduce(least: number): void {
    const { pending, base } = this;
    for (;;) {
      const top = pending[pending.length - 1];
      if (pending.length <= base || top === undefined || top.precedence < least) return;
      pending.pop();
      this.apply(top);
    }
  }

  private apply(top: Pending): void {
    const { nodes, starts, ends } = this;
    const end = ends.pop() as number;
    const right = nodes.pop() as Expr;
    let start = starts.pop() as number;
    if (top.kind === 'not' || top.kind === 'sign') {
      const offset = top.offset;
      const length = end - offset;
      const node: Expr =
        top.kind === 'not'
          ? { kind: 'not', operand: right, offset, length }
          : { kind: 'unary', operator: top.operator, operand: right, offset, length };
      return this.operand(node, offset, end);
    }
    ends.pop();
    let left = nodes.pop() as Expr;
    start = starts.pop() as number;
    if (top.kind === 'and' || top.kind === 'or') {
      const operands = [right, left];
      for (;;) {
        const next = this.pending[this.pending.length - 1];
        if (this.pending.length <= this.base || next?.kind !== top.kind) break;
        this.pending.pop();
        ends.pop();
        start = starts.pop() as number;
        operands.push(nodes.pop() as Expr);
      }
      operands.reverse();
      return this.operand({ kind: top.kind, operands, offset: start, length: end - start }, start, end);
    }
    let escape: Expr | undefined;
    let pattern = right;
    if (top.kind === 'escape') {
      escape = right;
      pattern = left;
      ends.pop();
      left = nodes.pop() as Expr;
      start = starts.pop() as number;
    }
    this.operand(build(top, left, pattern, escape, start, end - start), start, end);
  }
}

type Infix = Exclude<Pending, { readonly kind: 'and' | 'or' | 'not' | 'sign' }>;

function build(top: Infix, left: Expr, right: Expr, escape: Expr | undefined, offset: number, length: number): Expr {
  switch (top.kind) {
    case 'binary':
      return { kind: 'binary', operator: top.operator, operatorOffset: top.offset, left, right, offset, length };
    case 'compare':
      return { kind: 'compare', operator: top.operator, operatorOffset: top.offset, left, right, offset, length };
    case 'distinct-from':
      return { kind: 'distinct-from', left, right, negated: top.negated, offset, length };
    case 'between': {
      const { low, symmetric, negated } = top;
      return { kind: 'between', operand: left, low, high: right, symmetric, negated, offset, length };
    }
    case 'like':
    case 'escape': {
      const { insensitive, negated } = top;
      return { kind: 'like', operand: left, pattern: right, escape, insensitive, negated, offset, length };
    }
  }
}

/** What `operator ANY | ALL (...)` compares with. */
export interface QuantifiedRight {
  readonly quantifier: 'any' | 'all';
  readonly right: Expr | Query;
}
