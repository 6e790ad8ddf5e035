// CREATE and DROP of tables, indexes and views.

import type { ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { integerValue } from './literals.js';
import { Refusal } from './refusal.js';
import { isName, type Token } from './tokens.js';
import * as t from './vocabulary.js';
import { WriteRules } from './write-rules.js';

const kw = t.keyword;

type OptionValue = ast.IndexOption['value'];

interface TableElements {
  readonly columns: ast.ColumnDefinition[];
  readonly constraints: ast.TableConstraint[];
}

export abstract class DefinitionRules extends WriteRules {
  readonly create: ParserMethod<[], ast.Statement> = this.RULE('create', (): ast.Statement => {
    const { startOffset } = this.CONSUME(kw('create')) as Token;
    return this.OR<ast.Statement>([
      { ALT: () => this.SUBRULE(this.createTable, { ARGS: [startOffset] }) },
      { ALT: () => this.SUBRULE(this.createIndex, { ARGS: [startOffset] }) },
      { ALT: () => this.SUBRULE(this.createView, { ARGS: [startOffset] }) },
    ]);
  });

  readonly ifNotExists: ParserMethod<[], void> = this.RULE('ifNotExists', (): void => {
    this.CONSUME(kw('if'));
    this.CONSUME(kw('not'));
    this.CONSUME(kw('exists'));
  });

  readonly createTable: ParserMethod<[number], ast.CreateTable | ast.CreateTableAs> = this.RULE(
    'createTable',
    (start: number): ast.CreateTable | ast.CreateTableAs => {
      this.CONSUME(kw('table'));
      const ifNotExists = this.OPTION(() => (this.SUBRULE(this.ifNotExists), true)) === true;
      const name = this.name(this.CONSUME(t.AnyName));
      return this.OR<ast.CreateTable | ast.CreateTableAs>([
        {
          GATE: () => !this.atNamesAlone(),
          IGNORE_AMBIGUITIES: true,
          ALT: () => {
            const { columns, constraints } = this.SUBRULE(this.tableElements);
            return { kind: 'create-table', name, ifNotExists, columns, constraints, ...this.statementSpan(start) };
          },
        },
        {
          ALT: () => {
            const columns = this.OPTION1(() => this.SUBRULE(this.columnNames)) ?? [];
            this.CONSUME(kw('as'));
            const query = this.SUBRULE(this.query);
            return { kind: 'create-table-as', name, ifNotExists, columns, query, ...this.statementSpan(start) };
          },
        },
      ]);
    },
  );

  /** Whether names without types follow: those of the columns of `CREATE TABLE t (a, b) AS ...`. */
  private atNamesAlone(): boolean {
    let at = 2;
    while (this.LA(at).tokenType === t.Comma || isName(this.LA(at) as Token)) at++;
    return this.LA(at).tokenType === t.RParen && this.LA(at + 1).tokenType === kw('as');
  }

  readonly tableElements: ParserMethod<[], TableElements> = this.RULE('tableElements', (): TableElements => {
    const columns: ast.ColumnDefinition[] = [];
    const constraints: ast.TableConstraint[] = [];
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () =>
        this.OR([
          { ALT: () => columns.push(this.SUBRULE(this.columnDefinition)) },
          { ALT: () => constraints.push(this.SUBRULE(this.tableConstraint)) },
        ]),
    });
    this.CONSUME(t.RParen);
    return { columns, constraints };
  });

  readonly columnDefinition: ParserMethod<[], ast.ColumnDefinition> = this.RULE(
    'columnDefinition',
    (): ast.ColumnDefinition => {
      const name = this.name(this.CONSUME(t.AnyName));
      const type = this.SUBRULE(this.typeName);
      const constraints: ast.ColumnConstraint[] = [];
      let collate: ast.ColumnCollation | undefined;
      this.MANY(() =>
        this.OR([
          { ALT: () => constraints.push(this.SUBRULE(this.columnConstraint)) },
          {
            ALT: () => {
              const token = this.LA(1);
              const collation = this.SUBRULE(this.collation);
              this.first(collate, 'COLLATE', token);
              collate = { collation, ...this.span(token.startOffset) };
            },
          },
        ]),
      );
      return { name, type, collate, constraints, ...this.span(name.offset) };
    },
  );

  readonly columnConstraint: ParserMethod<[], ast.ColumnConstraint> = this.RULE(
    'columnConstraint',
    (): ast.ColumnConstraint => {
      const start = this.LA(1).startOffset;
      const name = this.OPTION(() => this.SUBRULE(this.constraintName));
      const of = <K extends string>(kind: K) => ({ kind, name, ...this.span(start) });
      return this.OR<ast.ColumnConstraint>([
        { ALT: () => (this.CONSUME(kw('not')), this.CONSUME(kw('null')), of('not-null')) },
        { ALT: () => (this.CONSUME1(kw('null')), of('null')) },
        { ALT: () => (this.CONSUME(kw('primary')), this.CONSUME(kw('key')), of('primary-key')) },
        { ALT: () => (this.CONSUME(kw('unique')), of('unique')) },
        {
          ALT: () => {
            this.CONSUME(kw('default'));
            const expression = this.SUBRULE(this.expression);
            return { ...of('default'), expression };
          },
        },
        {
          ALT: () => {
            const expression = this.SUBRULE(this.check);
            return { ...of('check'), expression };
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('generated'));
            this.CONSUME(kw('always'));
            this.CONSUME(kw('as'));
            this.CONSUME(t.LParen);
            const expression = this.SUBRULE1(this.expression);
            this.CONSUME(t.RParen);
            this.CONSUME(kw('stored'));
            return { ...of('generated'), expression };
          },
        },
        {
          ALT: () => {
            const references = this.SUBRULE(this.references);
            return { ...of('references'), references };
          },
        },
      ]);
    },
  );

  readonly check: ParserMethod<[], ast.Expr> = this.RULE('check', (): ast.Expr => {
    this.CONSUME(kw('check'));
    this.CONSUME(t.LParen);
    const expression = this.SUBRULE(this.expression);
    this.CONSUME(t.RParen);
    return expression;
  });

  readonly references: ParserMethod<[], ast.References> = this.RULE('references', (): ast.References => {
    const { startOffset } = this.CONSUME(kw('references')) as Token;
    const table = this.name(this.CONSUME(t.AnyName));
    const columns = this.OPTION(() => this.SUBRULE(this.columnNames)) ?? [];
    this.OPTION1(() => {
      this.CONSUME(kw('match'));
      this.CONSUME(kw('simple'));
    });
    let onDelete: ast.ReferentialAction | undefined;
    let onUpdate: ast.ReferentialAction | undefined;
    this.MANY(() => {
      const on = this.CONSUME(kw('on')) as Token;
      this.OR([
        {
          ALT: () => {
            this.CONSUME(kw('delete'));
            this.first(onDelete, 'ON DELETE', on);
            onDelete = this.SUBRULE(this.referentialAction);
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('update'));
            this.first(onUpdate, 'ON UPDATE', on);
            onUpdate = this.SUBRULE1(this.referentialAction);
          },
        },
      ]);
    });
    return { table, columns, onDelete, onUpdate, ...this.span(startOffset) };
  });

  private first(before: unknown, what: string, token: { readonly startOffset: number; readonly image: string }): void {
    if (this.RECORDING_PHASE || before === undefined) return;
    throw new Refusal('SYNTAX', `${what} is given twice`, token.startOffset, token.image.length);
  }

  readonly referentialAction: ParserMethod<[], ast.ReferentialAction> = this.RULE(
    'referentialAction',
    (): ast.ReferentialAction =>
      this.OR<ast.ReferentialAction>([
        { ALT: () => (this.CONSUME(kw('cascade')), 'cascade') },
        { ALT: () => (this.CONSUME(kw('restrict')), 'restrict') },
        { ALT: () => (this.CONSUME(kw('no')), this.CONSUME(kw('action')), 'no action') },
        {
          ALT: () => {
            this.CONSUME(kw('set'));
            return this.OR1<ast.ReferentialAction>([
              { ALT: () => (this.CONSUME(kw('null')), 'set null') },
              { ALT: () => (this.CONSUME(kw('default')), 'set default') },
            ]);
          },
        },
      ]),
  );

  readonly tableConstraint: ParserMethod<[], ast.TableConstraint> = this.RULE(
    'tableConstraint',
    (): ast.TableConstraint => {
      const start = this.LA(1).startOffset;
      const name = this.OPTION(() => this.SUBRULE(this.constraintName));
      const of = <K extends string>(kind: K) => ({ kind, name, ...this.span(start) });
      return this.OR<ast.TableConstraint>([
        {
          ALT: () => {
            this.CONSUME(kw('primary'));
            this.CONSUME(kw('key'));
            const columns = this.SUBRULE(this.columnNames);
            return { ...of('primary-key'), columns };
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('unique'));
            const columns = this.SUBRULE1(this.columnNames);
            return { ...of('unique'), columns };
          },
        },
        {
          ALT: () => {
            const expression = this.SUBRULE(this.check);
            return { ...of('check'), expression };
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('foreign'));
            this.CONSUME1(kw('key'));
            const columns = this.SUBRULE2(this.columnNames);
            const references = this.SUBRULE(this.references);
            return { ...of('foreign-key'), columns, references };
          },
        },
      ]);
    },
  );

  readonly createIndex: ParserMethod<[number], ast.CreateIndex> = this.RULE(
    'createIndex',
    (start: number): ast.CreateIndex => {
      const unique = this.OPTION(() => this.CONSUME(kw('unique'))) !== undefined;
      this.CONSUME(kw('index'));
      const ifNotExists = this.OPTION1(() => (this.SUBRULE(this.ifNotExists), true)) === true;
      const name = this.OPTION2(() => this.name(this.CONSUME(t.AnyName)));
      this.CONSUME(kw('on'));
      const table = this.name(this.CONSUME1(t.AnyName));
      const using = this.OPTION3(() => {
        this.CONSUME(kw('using'));
        return this.name(this.CONSUME2(t.AnyName));
      });
      const keys: ast.OrderItem[] = [];
      this.CONSUME(t.LParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => keys.push(this.SUBRULE(this.orderItem)) });
      this.CONSUME(t.RParen);
      const include =
        this.OPTION4(() => {
          this.CONSUME(kw('include'));
          return this.SUBRULE(this.columnNames);
        }) ?? [];
      const options = this.OPTION5(() => this.SUBRULE(this.indexOptions)) ?? [];
      const where = this.OPTION6(this.whereStep);
      const parts = { name, unique, ifNotExists, table, using, keys, include, options, where };
      return { kind: 'create-index', ...parts, ...this.statementSpan(start) };
    },
  );

  readonly indexOptions: ParserMethod<[], ast.IndexOption[]> = this.RULE('indexOptions', (): ast.IndexOption[] => {
    const options: ast.IndexOption[] = [];
    this.CONSUME(kw('with'));
    this.CONSUME(t.LParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => options.push(this.SUBRULE(this.indexOption)) });
    this.CONSUME(t.RParen);
    return options;
  });

  readonly indexOption: ParserMethod<[], ast.IndexOption> = this.RULE('indexOption', (): ast.IndexOption => {
    const name = this.name(this.CONSUME(t.Label));
    const value = this.OPTION(() => {
      this.CONSUME(t.Equal);
      return this.SUBRULE(this.optionValue);
    });
    return { name, value: value ?? true, ...this.span(name.offset) };
  });

  readonly optionValue: ParserMethod<[], OptionValue> = this.RULE('optionValue', (): OptionValue => {
    let negative = false;
    this.OPTION(() => {
      this.OR([{ ALT: () => (this.CONSUME(t.Minus), (negative = true)) }, { ALT: () => this.CONSUME(t.Plus) }]);
    });
    const token = this.OR1<unknown>([
      { ALT: () => this.CONSUME(t.Integer) },
      { ALT: () => this.CONSUME(t.Decimal) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.CONSUME(t.Label) },
    ]) as Token;
    if (this.RECORDING_PHASE) return true;
    if (token.tokenType === t.Integer) {
      const value = integerValue(token.image);
      return negative ? -value : value;
    }
    if (token.tokenType === t.Decimal) return Number(token.image.replaceAll('_', '')) * (negative ? -1 : 1);
    if (negative) throw new Refusal('SYNTAX', 'a sign needs a number', token.startOffset, token.image.length);
    if (token.tokenType === t.Text) return token.value;
    if (/^(true|on|yes)$/.test(token.value)) return true;
    return /^(false|off|no)$/.test(token.value) ? false : token.value;
  });

  readonly createView: ParserMethod<[number], ast.CreateView> = this.RULE(
    'createView',
    (start: number): ast.CreateView => {
      const orReplace = this.OPTION(() => {
        this.CONSUME(kw('or'));
        return this.CONSUME(kw('replace'));
      });
      this.CONSUME(kw('view'));
      const name = this.name(this.CONSUME(t.AnyName));
      const columns = this.OPTION1(() => this.SUBRULE(this.columnNames)) ?? [];
      this.CONSUME(kw('as'));
      const query = this.SUBRULE(this.query);
      const queryText = this.RECORDING_PHASE ? '' : this.source.slice(query.offset, query.offset + query.length);
      const parts = { name, orReplace: orReplace !== undefined, columns, query, queryText };
      return { kind: 'create-view', ...parts, ...this.statementSpan(start) };
    },
  );

  readonly drop: ParserMethod<[], ast.Statement> = this.RULE('drop', (): ast.Statement => {
    const { startOffset } = this.CONSUME(kw('drop')) as Token;
    const kind = this.OR<'drop-table' | 'drop-index' | 'drop-view'>([
      { ALT: () => (this.CONSUME(kw('table')), 'drop-table') },
      { ALT: () => (this.CONSUME(kw('index')), 'drop-index') },
      { ALT: () => (this.CONSUME(kw('view')), 'drop-view') },
    ]);
    const ifExists = this.OPTION(() => (this.SUBRULE(this.ifExists), true)) === true;
    const names = this.SUBRULE(this.names);
    const cascade = this.OPTION1(() => this.SUBRULE(this.dropBehaviour)) === true;
    return { kind, names, ifExists, cascade, ...this.statementSpan(startOffset) };
  });

  readonly ifExists: ParserMethod<[], void> = this.RULE('ifExists', (): void => {
    this.CONSUME(kw('if'));
    this.CONSUME(kw('exists'));
  });

  /** True for CASCADE. */
  readonly dropBehaviour: ParserMethod<[], boolean> = this.RULE('dropBehaviour', (): boolean =>
    this.OR([{ ALT: () => (this.CONSUME(kw('cascade')), true) }, { ALT: () => (this.CONSUME(kw('restrict')), false) }]),
  );
}
