// FROM: tables, derived tables, joins. A chain of joins is read in a loop.

import type { ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { ExpressionRules } from './expression-rules.js';
import { Refusal } from './refusal.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const kw = t.keyword;

interface JoinHead {
  readonly type: ast.Join['type'];
  readonly natural: boolean;
}

interface JoinCondition {
  readonly on: ast.Expr | undefined;
  readonly using: readonly ast.Name[];
}

interface Alias {
  readonly alias: ast.Name | undefined;
  readonly columns: readonly ast.Name[];
}

const NO_ALIAS: Alias = { alias: undefined, columns: [] };

export abstract class FromRules extends ExpressionRules {
  /** `(a, b)`. */
  readonly columnNames: ParserMethod<[], ast.Name[]> = this.RULE('columnNames', (): ast.Name[] => {
    this.CONSUME(t.LParen);
    const list = this.SUBRULE(this.names);
    this.CONSUME(t.RParen);
    return list;
  });

  readonly names: ParserMethod<[], ast.Name[]> = this.RULE('names', (): ast.Name[] => {
    const list: ast.Name[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => list.push(this.name(this.CONSUME(t.AnyName))) });
    return list;
  });

  readonly tables: ParserMethod<[], ast.TableRef[]> = this.RULE('tables', (): ast.TableRef[] => {
    const list: ast.TableRef[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => list.push(this.SUBRULE(this.tableRef)) });
    return list;
  });

  readonly tableRef: ParserMethod<[], ast.TableRef> = this.RULE('tableRef', (): ast.TableRef => {
    let left = this.SUBRULE(this.tablePrimary);
    this.MANY(() => {
      const head = this.SUBRULE(this.joinHead);
      const right = this.SUBRULE1(this.tablePrimary);
      const condition = this.OPTION(() => this.SUBRULE(this.joinCondition));
      if (!this.RECORDING_PHASE) left = this.join(left, head, right, condition);
    });
    return left;
  });

  private join(
    left: ast.TableRef,
    head: JoinHead,
    right: ast.TableRef,
    condition: JoinCondition | undefined,
  ): ast.Join {
    const free = head.natural || head.type === 'cross';
    if (free !== (condition === undefined)) {
      const what = head.natural ? 'a NATURAL JOIN' : head.type === 'cross' ? 'a CROSS JOIN' : 'this join';
      const message = free ? `${what} takes neither ON nor USING` : `${what} needs ON or USING`;
      const hint = free ? undefined : 'for every pair of rows, write CROSS JOIN';
      throw new Refusal('SYNTAX', message, right.offset, right.length, hint);
    }
    const { on, using } = condition ?? { on: undefined, using: [] };
    return { kind: 'join', ...head, left, right, on, using, ...this.span(left.offset) };
  }

  readonly joinHead: ParserMethod<[], JoinHead> = this.RULE('joinHead', (): JoinHead => {
    const natural = this.OPTION(() => this.CONSUME(kw('natural'))) !== undefined;
    const type = this.OPTION1(() =>
      this.OR<JoinHead['type']>([
        { ALT: () => (this.CONSUME(kw('inner')), 'inner') },
        { ALT: () => (this.CONSUME(kw('cross')), 'cross') },
        {
          ALT: () => {
            const side = this.OR1<JoinHead['type']>([
              { ALT: () => (this.CONSUME(kw('left')), 'left') },
              { ALT: () => (this.CONSUME(kw('right')), 'right') },
              { ALT: () => (this.CONSUME(kw('full')), 'full') },
            ]);
            this.OPTION2(() => this.CONSUME(kw('outer')));
            return side;
          },
        },
      ]),
    );
    const { startOffset, image } = this.CONSUME(kw('join')) as Token;
    if (natural && type === 'cross' && !this.RECORDING_PHASE) {
      throw new Refusal('SYNTAX', 'a join is either NATURAL or CROSS', startOffset, image.length);
    }
    return { type: type ?? 'inner', natural };
  });

  readonly joinCondition: ParserMethod<[], JoinCondition> = this.RULE('joinCondition', (): JoinCondition =>
    this.OR<JoinCondition>([
      {
        ALT: () => {
          this.CONSUME(kw('on'));
          return { on: this.SUBRULE(this.expression), using: [] };
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('using'));
          return { on: undefined, using: this.SUBRULE(this.columnNames) };
        },
      },
    ]),
  );

  readonly tablePrimary: ParserMethod<[], ast.TableRef> = this.RULE('tablePrimary', (): ast.TableRef =>
    this.OR<ast.TableRef>(this.tableAlternatives),
  );

  private readonly tableAlternatives = [
    {
      ALT: (): ast.TableRef => {
        const name = this.name(this.CONSUME(t.AnyName));
        const { alias, columns } = this.OPTION(this.tableAliasStep) ?? NO_ALIAS;
        return { kind: 'table', name, alias, columns, ...this.span(name.offset) };
      },
    },
    {
      ALT: (): ast.TableRef => {
        const start = this.LA(1).startOffset;
        const query = this.SUBRULE(this.subquery);
        const { alias, columns } = this.OPTION1(this.tableAliasStep1) ?? NO_ALIAS;
        return { kind: 'derived', query, alias, columns, ...this.span(start) };
      },
    },
    {
      ALT: (): ast.TableRef => {
        this.CONSUME(t.LParen);
        const inner = this.SUBRULE(this.tableRef);
        this.CONSUME(t.RParen);
        return inner;
      },
    },
  ];

  private readonly tableAliasStep = (): Alias => this.SUBRULE(this.alias);
  private readonly tableAliasStep1 = (): Alias => this.SUBRULE1(this.alias);

  readonly alias: ParserMethod<[], Alias> = this.RULE('alias', (): Alias => {
    const alias = this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('as'));
          return this.name(this.CONSUME(t.AnyName));
        },
      },
      { ALT: () => this.name(this.CONSUME(t.TableAlias)) },
    ]);
    const columns = this.OPTION(() => this.SUBRULE(this.columnNames)) ?? [];
    return { alias, columns };
  });
}
