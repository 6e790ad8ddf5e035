// Calls, parameters and sub-queries in expressions, and what all actions share.

import { EmbeddedActionsParser, type ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { ExpressionStack } from './expression-stack.js';
import { Refusal } from './refusal.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const kw = t.keyword;

type CallRest = Pick<ast.Call, 'args' | 'star' | 'distinct' | 'orderBy' | 'filter'>;

export abstract class CallRules extends EmbeddedActionsParser {
  protected source = '';
  protected questionMarks = 0;
  protected readonly stack = new ExpressionStack();

  abstract query: ParserMethod<[], ast.Query>;
  abstract expression: ParserMethod<[], ast.Expr>;
  abstract bound: ParserMethod<[], ast.Expr>;
  abstract orderBy: ParserMethod<[], ast.OrderItem[]>;

  constructor(validate: boolean) {
    super([...t.vocabulary], { maxLookahead: 1, skipValidations: !validate, recoveryEnabled: false });
  }

  // ---- tools for actions ----

  protected name(token: unknown): ast.Name {
    const { value, image, startOffset } = token as Token;
    return { text: value, quoted: image.charCodeAt(0) === 0x22, offset: startOffset, length: image.length };
  }

  /** Where the last token ends. */
  protected end(): number {
    return ((this.LA(0).endOffset as number | undefined) ?? -1) + 1;
  }

  protected span(offset: number): ast.Span {
    return { offset, length: this.end() - offset };
  }

  protected leaf(token: unknown, node: ast.Expr): void {
    const { startOffset, endOffset } = token as Token;
    this.stack.operand(node, startOffset, endOffset + 1);
  }

  protected whole(start: number, node: ast.Expr): void {
    if (!this.RECORDING_PHASE) this.stack.operand(node, start, this.end());
  }

  protected next(): number {
    return this.LA(1).startOffset;
  }

  readonly parameter: ParserMethod<[], ast.Parameter> = this.RULE('parameter', (): ast.Parameter => {
    const token = this.OR<unknown>([
      { ALT: () => this.CONSUME(t.QuestionMark) },
      { ALT: () => this.CONSUME(t.NumberedParameter) },
      { ALT: () => this.CONSUME(t.NamedParameter) },
    ]) as Token;
    const span = { offset: token.startOffset, length: token.image?.length ?? 0 };
    let node: ast.Parameter;
    if (token.tokenType === t.QuestionMark) {
      node = { kind: 'parameter', style: 'question', index: ++this.questionMarks, name: '', ...span };
    } else if (token.tokenType === t.NumberedParameter) {
      node = { kind: 'parameter', style: 'number', index: Number(token.value), name: '', ...span };
    } else node = { kind: 'parameter', style: 'name', index: 0, name: token.value, ...span };
    this.leaf(token, node);
    return node;
  });

  readonly columnOrCall: ParserMethod<[], void> = this.RULE('columnOrCall', (): void => {
    const first = this.name(this.CONSUME(t.AnyName));
    const second = this.OPTION(this.qualified);
    const rest = this.OPTION1(this.called);
    if (this.RECORDING_PHASE) return;
    const span = this.span(first.offset);
    if (rest !== undefined) {
      if (second !== undefined) {
        throw new Refusal(
          'UNSUPPORTED',
          'schemas are not supported',
          first.offset,
          first.length,
          'write the name alone',
        );
      }
      this.whole(first.offset, { kind: 'call', name: first, ...rest, ...span });
    } else {
      const table = second === undefined ? undefined : first;
      this.whole(first.offset, { kind: 'column', table, name: second ?? first, ...span });
    }
  });

  private readonly qualified = (): ast.Name => {
    this.CONSUME(t.Dot);
    return this.name(this.CONSUME(t.Label));
  };

  private readonly called = (): CallRest => this.SUBRULE(this.callRest);

  readonly callRest: ParserMethod<[], CallRest> = this.RULE('callRest', (): CallRest => {
    let args: readonly ast.Expr[] = [];
    let star = false;
    let distinct = false;
    let orderBy: readonly ast.OrderItem[] = [];
    this.CONSUME(t.LParen);
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Star);
            star = true;
          },
        },
        {
          ALT: () => {
            this.OPTION1(() => {
              distinct = this.SUBRULE(this.quantity);
            });
            args = this.SUBRULE(this.expressions);
            this.OPTION2(() => {
              orderBy = this.SUBRULE(this.orderBy);
            });
          },
        },
      ]),
    );
    this.CONSUME(t.RParen);
    const filter = this.OPTION3(() => {
      this.CONSUME(kw('filter'));
      this.CONSUME1(t.LParen);
      this.CONSUME(kw('where'));
      const condition = this.SUBRULE(this.expression);
      this.CONSUME1(t.RParen);
      return condition;
    });
    return { args, star, distinct, orderBy, filter };
  });

  /** ALL or DISTINCT; true for DISTINCT. */
  readonly quantity: ParserMethod<[], boolean> = this.RULE('quantity', (): boolean =>
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('distinct'));
          return true;
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('all'));
          return false;
        },
      },
    ]),
  );

  readonly expressions: ParserMethod<[], ast.Expr[]> = this.RULE('expressions', (): ast.Expr[] => {
    const list: ast.Expr[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => list.push(this.SUBRULE(this.expression)) });
    return list;
  });

  readonly specialCall: ParserMethod<[], void> = this.RULE('specialCall', (): void => {
    const start = this.next();
    const node = this.OR<ast.Expr>([
      {
        ALT: () => {
          const name = this.name(this.CONSUME(t.ExtractCall));
          this.CONSUME(t.LParen);
          const field = this.OR1<unknown>([
            { ALT: () => this.CONSUME(t.AnyName) },
            { ALT: () => this.CONSUME(t.Text) },
          ]) as Token;
          this.CONSUME(kw('from'));
          const from = this.SUBRULE(this.expression);
          this.CONSUME(t.RParen);
          const length = field.image?.length ?? 0;
          return call(
            name,
            [{ kind: 'string', value: field.value, offset: field.startOffset, length }, from],
            this.span(start),
          );
        },
      },
      {
        ALT: () => {
          const name = this.name(this.CONSUME(t.SubstringCall));
          this.CONSUME1(t.LParen);
          const first = this.SUBRULE1(this.expression);
          let rest: readonly ast.Expr[] = [];
          let from: ast.Expr | undefined;
          let length: ast.Expr | undefined;
          this.OPTION(() =>
            this.OR2([
              {
                ALT: () => {
                  this.CONSUME1(kw('from'));
                  from = this.SUBRULE2(this.expression);
                  this.OPTION1(() => {
                    this.CONSUME(kw('for'));
                    length = this.SUBRULE3(this.expression);
                  });
                },
              },
              {
                ALT: () => {
                  const at = (this.CONSUME1(kw('for')) as Token).startOffset;
                  length = this.SUBRULE4(this.expression);
                  from = { kind: 'number', text: '1', value: 1, integer: true, offset: at, length: 0 };
                },
              },
              {
                ALT: () => {
                  this.CONSUME(t.Comma);
                  rest = this.SUBRULE(this.expressions);
                },
              },
            ]),
          );
          this.CONSUME1(t.RParen);
          const args = [first, from, length].filter((arg) => arg !== undefined);
          return call(name, args.concat(rest), this.span(start));
        },
      },
      {
        ALT: () => {
          const name = this.name(this.CONSUME(t.PositionCall));
          this.CONSUME2(t.LParen);
          const part = this.SUBRULE(this.bound);
          this.CONSUME(kw('in'));
          const all = this.SUBRULE5(this.expression);
          this.CONSUME2(t.RParen);
          return call(name, [part, all], this.span(start));
        },
      },
      {
        ALT: () => {
          const name = this.name(this.CONSUME(t.TrimCall));
          const args: ast.Expr[] = [];
          this.CONSUME3(t.LParen);
          const side = this.OPTION2(() =>
            this.OR3([
              { ALT: () => void this.CONSUME(kw('both')) },
              { ALT: () => (this.CONSUME(kw('leading')), 'ltrim') },
              { ALT: () => (this.CONSUME(kw('trailing')), 'rtrim') },
            ]),
          );
          this.OR4([
            {
              ALT: () => {
                this.CONSUME2(kw('from'));
                args.push(this.SUBRULE6(this.expression));
              },
            },
            {
              ALT: () => {
                args.push(this.SUBRULE7(this.expression));
                this.OPTION3(() =>
                  this.OR5([
                    {
                      ALT: () => {
                        this.CONSUME3(kw('from'));
                        args.unshift(this.SUBRULE8(this.expression));
                      },
                    },
                    {
                      ALT: () => {
                        this.CONSUME1(t.Comma);
                        args.push(this.SUBRULE9(this.expression));
                      },
                    },
                  ]),
                );
              },
            },
          ]);
          this.CONSUME3(t.RParen);
          return call({ ...name, text: side ?? 'btrim' }, args, this.span(start));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.ExistsCall);
          const query = this.SUBRULE(this.subquery);
          return { kind: 'exists', query, ...this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.RowCall);
          this.CONSUME4(t.LParen);
          const items = this.SUBRULE1(this.expressions);
          this.CONSUME4(t.RParen);
          return { kind: 'row', items, ...this.span(start) };
        },
      },
    ]);
    this.whole(start, node);
  });

  readonly subquery: ParserMethod<[], ast.Query> = this.RULE('subquery', (): ast.Query => {
    this.CONSUME(t.QueryParen);
    const query = this.SUBRULE(this.query);
    this.CONSUME(t.RParen);
    return query;
  });
}

export function call(name: ast.Name, args: readonly ast.Expr[], span: ast.Span): ast.Call {
  return { kind: 'call', name, args, star: false, distinct: false, orderBy: [], filter: undefined, ...span };
}
