// Operands: literals, columns, CASE, CAST, whatever stands between two operators. Alternatives that run often are built
// once, so they reach their state through fields and never through variables of a rule's invocation.

import type { IOrAlt, ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { call, CallRules } from './call-rules.js';
import { PRECEDENCE } from './expression-stack.js';
import { numberLiteral, parseBlob } from './literals.js';
import { Refusal } from './refusal.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const kw = t.keyword;

/** A subscript or slice without what it is of. */
type Part = Pick<ast.Subscript, 'kind' | 'index'> | Pick<ast.Slice, 'kind' | 'from' | 'to'>;

export abstract class OperandRules extends CallRules {
  private readonly prefixAlternatives: IOrAlt<void>[] = [
    { ALT: () => this.prefix(this.CONSUME(kw('not')), 'not') },
    { ALT: () => this.prefix(this.CONSUME(t.Minus), '-') },
    { ALT: () => this.prefix(this.CONSUME(t.Plus), '+') },
  ];

  private prefix(token: unknown, operator: 'not' | '+' | '-'): void {
    const offset = (token as Token).startOffset;
    if (operator === 'not') this.stack.prefix({ kind: 'not', precedence: PRECEDENCE.not, offset });
    else this.stack.prefix({ kind: 'sign', operator, precedence: PRECEDENCE.sign, offset });
  }

  private readonly operandAlternatives: IOrAlt<void>[] = [
    { ALT: () => this.SUBRULE(this.specialCall), IGNORE_AMBIGUITIES: true },
    { ALT: () => this.SUBRULE(this.columnOrCall), IGNORE_AMBIGUITIES: true },
    { ALT: () => this.number(this.CONSUME(t.Integer)) },
    { ALT: () => this.number(this.CONSUME(t.Decimal)) },
    { ALT: () => this.text(this.CONSUME(t.Text)) },
    { ALT: () => void this.SUBRULE(this.parameter) },
    { ALT: () => this.word(this.CONSUME(kw('null')), 'null') },
    { ALT: () => this.word(this.CONSUME(kw('true')), 'true') },
    { ALT: () => this.word(this.CONSUME(kw('false')), 'false') },
    { ALT: () => this.blob(this.CONSUME(t.Blob)) },
    { ALT: () => this.now(this.CONSUME(kw('current_date'))) },
    { ALT: () => this.now(this.CONSUME(kw('current_timestamp'))) },
    { ALT: () => this.now(this.CONSUME(kw('localtimestamp'))) },
    { ALT: () => this.SUBRULE(this.typedLiteral) },
    { ALT: () => this.SUBRULE(this.caseExpression) },
    { ALT: () => this.SUBRULE(this.castExpression) },
    { ALT: () => this.SUBRULE(this.arrayValue) },
    { ALT: () => this.SUBRULE(this.parenthesised) },
    { ALT: () => this.SUBRULE(this.scalarQuery) },
  ];

  private number(token: unknown): void {
    if (!this.RECORDING_PHASE) this.leaf(token, numberLiteral(token as Token));
  }

  private text(token: unknown): void {
    const { value, startOffset: offset, image } = token as Token;
    this.leaf(token, { kind: 'string', value, offset, length: image.length });
  }

  private blob(token: unknown): void {
    if (this.RECORDING_PHASE) return;
    const { value, startOffset: offset, image } = token as Token;
    this.leaf(token, { kind: 'blob', value: parseBlob(value), offset, length: image.length });
  }

  private word(token: unknown, word: 'null' | 'true' | 'false'): void {
    const { startOffset: offset, image } = token as Token;
    const length = image.length;
    if (word === 'null') this.leaf(token, { kind: 'null', offset, length });
    else this.leaf(token, { kind: 'boolean', value: word === 'true', offset, length });
  }

  private now(token: unknown): void {
    const name = this.name(token);
    this.leaf(token, call(name, [], { offset: name.offset, length: name.length }));
  }

  readonly operand: ParserMethod<[], void> = this.RULE('operand', (): void => {
    this.MANY(this.prefixStep);
    this.OR(this.operandAlternatives);
    this.MANY1(this.subscriptStep);
  });

  private readonly prefixStep = (): void => this.OR1(this.prefixAlternatives);
  private readonly subscriptStep = (): void => this.SUBRULE(this.subscript);

  /** `[2]`, `[1:2]`, `[2:]`, `[:2]`, `[:]`. */
  readonly subscript: ParserMethod<[], void> = this.RULE('subscript', (): void => {
    const { startOffset } = this.CONSUME(t.LBracket) as Token;
    const part = this.OR<Part>([
      {
        ALT: () => {
          this.CONSUME(t.Colon);
          return { kind: 'slice', from: undefined, to: this.OPTION(() => this.SUBRULE(this.expression)) };
        },
      },
      {
        ALT: () => {
          const first = this.SUBRULE1(this.expression);
          const slice = this.OPTION1((): Part => {
            this.CONSUME1(t.Colon);
            return { kind: 'slice', from: first, to: this.OPTION2(() => this.SUBRULE2(this.expression)) };
          });
          return slice ?? { kind: 'subscript', index: first };
        },
      },
    ]);
    this.CONSUME(t.RBracket);
    this.wrap(PRECEDENCE.subscript, startOffset, true, (operand, offset, length) => {
      return { ...part, operand, offset, length };
    });
  });

  /** A postfix operator on what stands before it. */
  protected wrap(
    precedence: number,
    offset: number,
    chains: boolean,
    make: (operand: ast.Expr, offset: number, length: number) => ast.Expr,
  ): void {
    if (!this.RECORDING_PHASE) this.stack.postfix(precedence, offset, this.end(), chains, make);
  }

  readonly typedLiteral: ParserMethod<[], void> = this.RULE('typedLiteral', (): void => {
    const start = this.next();
    const node = this.OR<ast.Expr>([
      {
        ALT: () => {
          const name = this.name(this.CONSUME(t.TypeBeforeText));
          const { value } = this.CONSUME(t.Text) as Token;
          const type = { name: name.text, args: [], array: false, offset: name.offset, length: name.length };
          return { kind: 'typed-literal', type, value, ...this.span(start) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.IntervalBeforeText);
          const { value } = this.CONSUME1(t.Text) as Token;
          const unit = this.OPTION(() => this.SUBRULE(this.intervalUnit));
          return { kind: 'interval', value, unit, ...this.span(start) };
        },
      },
    ]);
    this.whole(start, node);
  });

  /** `DAY`, `YEAR TO MONTH`: plain identifiers, of which only these mean a unit. */
  readonly intervalUnit: ParserMethod<[], string> = this.RULE('intervalUnit', (): string => {
    const units: Token[] = [this.CONSUME(t.Identifier) as Token];
    this.OPTION(() => {
      this.CONSUME(kw('to'));
      units.push(this.CONSUME1(t.Identifier) as Token);
    });
    if (!this.RECORDING_PHASE) {
      const wrong = units.find((unit) => !/^(year|month|day|hour|minute|second)$/.test(unit.value));
      if (wrong !== undefined) {
        const message = `"${wrong.value}" is no unit of an interval`;
        const hint = 'the units are YEAR, MONTH, DAY, HOUR, MINUTE, SECOND; an alias takes AS';
        throw new Refusal('SYNTAX', message, wrong.startOffset, wrong.image.length, hint);
      }
    }
    return units.map((unit) => unit.value).join(' to ');
  });

  readonly caseExpression: ParserMethod<[], void> = this.RULE('caseExpression', (): void => {
    const start = this.next();
    this.CONSUME(kw('case'));
    const subject = this.OPTION(() => this.SUBRULE(this.expression));
    const branches: ast.CaseBranch[] = [];
    this.AT_LEAST_ONE(() => {
      const from = (this.CONSUME(kw('when')) as Token).startOffset;
      const when = this.SUBRULE1(this.expression);
      this.CONSUME(kw('then'));
      const then = this.SUBRULE2(this.expression);
      branches.push({ when, then, ...this.span(from) });
    });
    const otherwise = this.OPTION1(() => {
      this.CONSUME(kw('else'));
      return this.SUBRULE3(this.expression);
    });
    this.CONSUME(kw('end'));
    this.whole(start, { kind: 'case', subject, branches, otherwise, ...this.span(start) });
  });

  readonly castExpression: ParserMethod<[], void> = this.RULE('castExpression', (): void => {
    const start = this.next();
    this.CONSUME(kw('cast'));
    this.CONSUME(t.LParen);
    const operand = this.SUBRULE(this.expression);
    this.CONSUME(kw('as'));
    const type = this.SUBRULE(this.typeName);
    this.CONSUME(t.RParen);
    this.whole(start, { kind: 'cast', operand, type, ...this.span(start) });
  });

  readonly parenthesised: ParserMethod<[], void> = this.RULE('parenthesised', (): void => {
    const start = this.next();
    this.CONSUME(t.LParen);
    const first = this.SUBRULE(this.expression);
    let items: ast.Expr[] | undefined;
    this.MANY(() => {
      this.CONSUME(t.Comma);
      const item = this.SUBRULE1(this.expression);
      if (items === undefined) items = [first, item];
      else items.push(item);
    });
    this.CONSUME(t.RParen);
    this.whole(start, items === undefined ? first : { kind: 'row', items, ...this.span(start) });
  });

  readonly arrayValue: ParserMethod<[], void> = this.RULE('arrayValue', (): void => {
    const start = this.next();
    this.CONSUME(t.ArrayBracket);
    this.CONSUME(t.LBracket);
    const items = this.SUBRULE(this.expressions);
    this.CONSUME(t.RBracket);
    this.whole(start, { kind: 'array', items, ...this.span(start) });
  });

  readonly scalarQuery: ParserMethod<[], void> = this.RULE('scalarQuery', (): void => {
    const start = this.next();
    const query = this.SUBRULE(this.subquery);
    this.whole(start, { kind: 'scalar-query', query, ...this.span(start) });
  });

  readonly collation: ParserMethod<[], ast.Name> = this.RULE('collation', (): ast.Name => {
    this.CONSUME(kw('collate'));
    return this.name(this.CONSUME(t.AnyName));
  });

  readonly typeName: ParserMethod<[], ast.TypeName> = this.RULE('typeName', (): ast.TypeName => {
    const start = this.next();
    const words = [(this.CONSUME(t.AnyName) as Token).value];
    const args: number[] = [];
    this.OPTION(() =>
      this.OR([
        { ALT: () => words.push((this.CONSUME(kw('precision')) as Token).value) },
        { ALT: () => words.push((this.CONSUME(kw('varying')) as Token).value) },
      ]),
    );
    this.OPTION1(() => {
      this.CONSUME(t.LParen);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => args.push(Number((this.CONSUME(t.Integer) as Token).image.replaceAll('_', ''))),
      });
      this.CONSUME(t.RParen);
    });
    this.OPTION2(() => {
      this.OR1([
        { ALT: () => words.push((this.CONSUME(kw('with')) as Token).value) },
        { ALT: () => words.push((this.CONSUME(kw('without')) as Token).value) },
      ]);
      words.push((this.CONSUME(kw('time')) as Token).value);
      words.push((this.CONSUME(kw('zone')) as Token).value);
    });
    const array = this.OPTION3(() => {
      this.CONSUME(t.LBracket);
      this.CONSUME(t.RBracket);
      return true;
    });
    return { name: words.join(' '), args, array: array === true, ...this.span(start) };
  });
}
