// Operators between operands: productions only; precedence is `expression-stack.ts`.

import type { IOrAlt, ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { PRECEDENCE, type QuantifiedRight } from './expression-stack.js';
import { OperandRules } from './operand-rules.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const kw = t.keyword;

export abstract class ExpressionRules extends OperandRules {
  private binary(token: unknown): void {
    const { image, startOffset: offset } = token as Token;
    const operator = image as ast.BinaryOperator;
    this.stack.infix({ kind: 'binary', operator, precedence: binaryPrecedence(operator), offset });
  }

  private readonly arithmetic: IOrAlt<void>[] = [
    { ALT: () => (this.binary(this.CONSUME(t.Plus)), this.SUBRULE1(this.operand)) },
    { ALT: () => (this.binary(this.CONSUME(t.Minus)), this.SUBRULE2(this.operand)) },
    { ALT: () => (this.binary(this.CONSUME(t.Star)), this.SUBRULE3(this.operand)) },
    { ALT: () => (this.binary(this.CONSUME(t.Multiplicative)), this.SUBRULE4(this.operand)) },
    { ALT: () => (this.binary(this.CONSUME(t.OtherOperator)), this.SUBRULE5(this.operand)) },
  ];

  /** What BETWEEN and position() take before AND and IN: nothing that binds looser than `||`. */
  override readonly bound: ParserMethod<[], ast.Expr> = this.RULE('bound', (): ast.Expr => {
    const outer = this.stack.begin();
    this.SUBRULE(this.operand);
    this.MANY(this.boundStep);
    return this.stack.finish(outer);
  });

  private readonly boundStep = (): void => this.OR(this.arithmetic);

  private readonly tails: IOrAlt<void>[] = [
    ...this.arithmetic,
    { ALT: () => (this.logical(this.CONSUME(kw('and')), 'and'), this.SUBRULE6(this.operand)) },
    { ALT: () => (this.logical(this.CONSUME(kw('or')), 'or'), this.SUBRULE7(this.operand)) },
    { ALT: () => this.SUBRULE(this.comparison) },
    { ALT: () => this.SUBRULE(this.isTest) },
    { ALT: () => this.SUBRULE(this.rangeTest) },
    {
      ALT: () => {
        const { startOffset } = this.CONSUME(kw('escape')) as Token;
        if (!this.RECORDING_PHASE) this.stack.escape(startOffset);
        this.SUBRULE8(this.operand);
      },
    },
    {
      ALT: () => {
        this.CONSUME(t.DoubleColon);
        const type = this.SUBRULE(this.typeName);
        this.wrap(PRECEDENCE.cast, type.offset, true, (operand, offset, length) => {
          return { kind: 'cast', operand, type, offset, length };
        });
      },
    },
    {
      ALT: () => {
        const collation = this.SUBRULE(this.collation);
        this.wrap(PRECEDENCE.collate, collation.offset, true, (operand, offset, length) => {
          return { kind: 'collate', operand, collation, offset, length };
        });
      },
    },
  ];

  private logical(token: unknown, kind: 'and' | 'or'): void {
    this.stack.infix({ kind, precedence: PRECEDENCE[kind], offset: (token as Token).startOffset });
  }

  override readonly expression: ParserMethod<[], ast.Expr> = this.RULE('expression', (): ast.Expr => {
    const outer = this.stack.begin();
    this.SUBRULE(this.operand);
    this.MANY(this.tailStep);
    return this.stack.finish(outer);
  });

  private readonly tailStep = (): void => this.OR(this.tails);

  readonly comparison: ParserMethod<[], void> = this.RULE('comparison', (): void => {
    const token = this.OR(this.comparisonAlternatives) as Token;
    const operator = (token.image === '!=' ? '<>' : token.image) as ast.CompareOperator;
    const operatorOffset = token.startOffset;
    this.OR1([
      {
        ALT: () => {
          const { quantifier, right } = this.SUBRULE(this.quantified);
          this.wrap(PRECEDENCE.compare, operatorOffset, false, (left, offset, length) => {
            return { kind: 'quantified', operator, operatorOffset, quantifier, left, right, offset, length };
          });
        },
      },
      {
        ALT: () => {
          if (!this.RECORDING_PHASE) {
            this.stack.single({ kind: 'compare', operator, precedence: PRECEDENCE.compare, offset: operatorOffset });
          }
          this.SUBRULE(this.operand);
        },
      },
    ]);
  });

  private readonly comparisonAlternatives: IOrAlt<unknown>[] = [
    { ALT: () => this.CONSUME(t.Equal) },
    { ALT: () => this.CONSUME(t.Comparison) },
  ];

  readonly quantified: ParserMethod<[], QuantifiedRight> = this.RULE('quantified', (): QuantifiedRight => {
    const quantifier = this.OR<'any' | 'all'>([
      { ALT: () => (this.CONSUME(kw('any')), 'any') },
      { ALT: () => (this.CONSUME(kw('some')), 'any') },
      { ALT: () => (this.CONSUME(kw('all')), 'all') },
    ]);
    const right = this.OR1<ast.Expr | ast.Query>([
      { ALT: () => this.SUBRULE(this.subquery) },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          const array = this.SUBRULE(this.expression);
          this.CONSUME(t.RParen);
          return array;
        },
      },
    ]);
    return { quantifier, right };
  });

  readonly isTest: ParserMethod<[], void> = this.RULE('isTest', (): void => {
    const offset = this.next();
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('is'));
          const negated = this.OPTION(() => this.CONSUME(kw('not'))) !== undefined;
          this.OR1([
            { ALT: () => (this.CONSUME(kw('null')), this.test('null', negated, offset)) },
            { ALT: () => (this.CONSUME(kw('true')), this.test('true', negated, offset)) },
            { ALT: () => (this.CONSUME(kw('false')), this.test('false', negated, offset)) },
            { ALT: () => (this.CONSUME(kw('unknown')), this.test('unknown', negated, offset)) },
            {
              ALT: () => {
                this.CONSUME(kw('distinct'));
                this.CONSUME(kw('from'));
                if (!this.RECORDING_PHASE) {
                  this.stack.single({ kind: 'distinct-from', negated, precedence: PRECEDENCE.is, offset });
                }
                this.SUBRULE(this.operand);
              },
            },
          ]);
        },
      },
      { ALT: () => (this.CONSUME(kw('isnull')), this.test('null', false, offset)) },
      { ALT: () => (this.CONSUME(kw('notnull')), this.test('null', true, offset)) },
    ]);
  });

  private test(test: ast.IsTest['test'], negated: boolean, at: number): void {
    this.wrap(PRECEDENCE.is, at, true, (operand, offset, length) => {
      return { kind: 'is', test, operand, negated, offset, length };
    });
  }

  readonly rangeTest: ParserMethod<[], void> = this.RULE('rangeTest', (): void => {
    const offset = this.next();
    const negated = this.OPTION(() => this.CONSUME(t.NotInfix)) !== undefined;
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('between'));
          const symmetric = this.OPTION1(() => this.CONSUME(kw('symmetric'))) !== undefined;
          const low = this.SUBRULE(this.bound);
          this.CONSUME(kw('and'));
          if (!this.RECORDING_PHASE) {
            this.stack.single({ kind: 'between', negated, symmetric, low, precedence: PRECEDENCE.range, offset });
          }
          this.SUBRULE(this.operand);
        },
      },
      {
        ALT: () => {
          const insensitive = this.OR1([
            { ALT: () => (this.CONSUME(kw('like')), false) },
            { ALT: () => (this.CONSUME(kw('ilike')), true) },
          ]);
          if (!this.RECORDING_PHASE) {
            this.stack.single({ kind: 'like', negated, insensitive, precedence: PRECEDENCE.range, offset });
          }
          this.SUBRULE1(this.operand);
        },
      },
      { ALT: () => (this.CONSUME(kw('in')), this.SUBRULE(this.inRight, { ARGS: [negated, offset] })) },
    ]);
  });

  readonly inRight: ParserMethod<[boolean, number], void> = this.RULE(
    'inRight',
    (negated: boolean, at: number): void => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.LParen);
            const items = this.SUBRULE(this.expressions);
            this.CONSUME(t.RParen);
            this.wrap(PRECEDENCE.range, at, false, (operand, offset, length) => {
              return { kind: 'in-list', operand, items, negated, offset, length };
            });
          },
        },
        {
          ALT: () => {
            const query = this.SUBRULE(this.subquery);
            this.wrap(PRECEDENCE.range, at, false, (operand, offset, length) => {
              return { kind: 'in-query', operand, query, negated, offset, length };
            });
          },
        },
        {
          ALT: () => {
            // The parameter rule leaves an operand, which is not one here.
            const outer = this.stack.begin();
            const array = this.SUBRULE(this.parameter);
            if (!this.RECORDING_PHASE) this.stack.finish(outer);
            this.wrap(PRECEDENCE.range, at, false, (operand, offset, length) => {
              return { kind: 'in-array', operand, array, negated, offset, length };
            });
          },
        },
      ]);
    },
  );

  // ---- order, shared by queries, aggregates and indexes ----

  override readonly orderBy: ParserMethod<[], ast.OrderItem[]> = this.RULE('orderBy', (): ast.OrderItem[] => {
    const items: ast.OrderItem[] = [];
    this.CONSUME(kw('order'));
    this.CONSUME(kw('by'));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.orderItem)) });
    return items;
  });

  readonly orderItem: ParserMethod<[], ast.OrderItem> = this.RULE('orderItem', (): ast.OrderItem => {
    const start = this.next();
    const expression = this.SUBRULE(this.expression);
    const descending = this.OPTION(() =>
      this.OR([{ ALT: () => (this.CONSUME(kw('asc')), false) }, { ALT: () => (this.CONSUME(kw('desc')), true) }]),
    );
    const nulls = this.OPTION1(() => {
      this.CONSUME(kw('nulls'));
      return this.OR1<'first' | 'last'>([
        { ALT: () => (this.CONSUME(kw('first')), 'first') },
        { ALT: () => (this.CONSUME(kw('last')), 'last') },
      ]);
    });
    return { expression, descending: descending === true, nulls, ...this.span(start) };
  });
}

function binaryPrecedence(operator: ast.BinaryOperator): number {
  switch (operator) {
    case '+':
    case '-':
      return PRECEDENCE.add;
    case '*':
    case '/':
    case '%':
      return PRECEDENCE.multiply;
    case '^':
      return PRECEDENCE.power;
    default:
      return PRECEDENCE.other;
  }
}
