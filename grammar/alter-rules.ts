// ALTER of tables, indexes and views.

import type { ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { DefinitionRules } from './definition-rules.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const kw = t.keyword;

type Alter = ast.AlterTable | ast.RenameRelation;

export abstract class AlterRules extends DefinitionRules {
  readonly alter: ParserMethod<[], Alter> = this.RULE('alter', (): Alter => {
    const { startOffset } = this.CONSUME(kw('alter')) as Token;
    return this.OR<Alter>([
      { ALT: () => this.SUBRULE(this.alterTable, { ARGS: [startOffset] }) },
      { ALT: () => this.SUBRULE(this.renameRelation, { ARGS: [startOffset] }) },
    ]);
  });

  readonly alterTable: ParserMethod<[number], ast.AlterTable> = this.RULE(
    'alterTable',
    (start: number): ast.AlterTable => {
      this.CONSUME(kw('table'));
      const ifExists = this.OPTION(() => (this.SUBRULE(this.ifExists), true)) === true;
      const table = this.name(this.CONSUME(t.AnyName));
      const actions: ast.AlterAction[] = [];
      this.OR([
        {
          ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => actions.push(this.SUBRULE(this.alterAction)) }),
        },
        { ALT: () => actions.push(this.SUBRULE(this.rename)) },
      ]);
      return { kind: 'alter-table', table, ifExists, actions, ...this.statementSpan(start) };
    },
  );

  readonly renameRelation: ParserMethod<[number], ast.RenameRelation> = this.RULE(
    'renameRelation',
    (start: number): ast.RenameRelation => {
      const what = this.OR<'index' | 'view'>([
        { ALT: () => (this.CONSUME(kw('index')), 'index') },
        { ALT: () => (this.CONSUME(kw('view')), 'view') },
      ]);
      const ifExists = this.OPTION(() => (this.SUBRULE(this.ifExists), true)) === true;
      const name = this.name(this.CONSUME(t.AnyName));
      this.CONSUME(kw('rename'));
      this.CONSUME(kw('to'));
      const to = this.name(this.CONSUME1(t.AnyName));
      return { kind: 'rename-relation', what, ifExists, name, to, ...this.statementSpan(start) };
    },
  );

  readonly alterAction: ParserMethod<[], ast.AlterAction> = this.RULE('alterAction', (): ast.AlterAction =>
    this.OR<ast.AlterAction>([
      { ALT: () => this.SUBRULE(this.addToTable) },
      { ALT: () => this.SUBRULE(this.dropFromTable) },
      { ALT: () => this.SUBRULE(this.alterColumn) },
    ]),
  );

  readonly addToTable: ParserMethod<[], ast.AlterAction> = this.RULE('addToTable', (): ast.AlterAction => {
    const { startOffset } = this.CONSUME(kw('add')) as Token;
    return this.OR<ast.AlterAction>([
      {
        ALT: () => {
          const constraint = this.SUBRULE(this.tableConstraint);
          return { kind: 'add-constraint', constraint, ...this.span(startOffset) };
        },
      },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(kw('column')));
          const ifNotExists = this.OPTION1(() => (this.SUBRULE(this.ifNotExists), true)) === true;
          const column = this.SUBRULE(this.columnDefinition);
          return { kind: 'add-column', ifNotExists, column, ...this.span(startOffset) };
        },
      },
    ]);
  });

  readonly dropFromTable: ParserMethod<[], ast.AlterAction> = this.RULE('dropFromTable', (): ast.AlterAction => {
    const { startOffset } = this.CONSUME(kw('drop')) as Token;
    const kind = this.OR<'drop-constraint' | 'drop-column'>([
      { ALT: () => (this.CONSUME(kw('constraint')), 'drop-constraint') },
      { ALT: () => (this.OPTION(() => this.CONSUME(kw('column'))), 'drop-column') },
    ]);
    const ifExists = this.OPTION1(() => (this.SUBRULE(this.ifExists), true)) === true;
    const name = this.name(this.CONSUME(t.AnyName));
    const cascade = this.OPTION2(() => this.SUBRULE(this.dropBehaviour)) === true;
    return { kind, ifExists, name, cascade, ...this.span(startOffset) };
  });

  readonly alterColumn: ParserMethod<[], ast.AlterAction> = this.RULE('alterColumn', (): ast.AlterAction => {
    const { startOffset } = this.CONSUME(kw('alter')) as Token;
    this.OPTION(() => this.CONSUME(kw('column')));
    const column = this.name(this.CONSUME(t.AnyName));
    const change = this.OR<ast.ColumnChange>([
      { ALT: () => (this.CONSUME(kw('set')), this.SUBRULE(this.setColumn)) },
      {
        ALT: () => {
          this.CONSUME(kw('drop'));
          return this.OR1<ast.ColumnChange>([
            { ALT: () => (this.CONSUME(kw('default')), { kind: 'drop-default' }) },
            { ALT: () => (this.CONSUME(kw('not')), this.CONSUME(kw('null')), { kind: 'drop-not-null' }) },
          ]);
        },
      },
      { ALT: () => this.SUBRULE(this.columnType) },
    ]);
    return { kind: 'alter-column', column, change, ...this.span(startOffset) };
  });

  readonly setColumn: ParserMethod<[], ast.ColumnChange> = this.RULE('setColumn', (): ast.ColumnChange =>
    this.OR<ast.ColumnChange>([
      {
        ALT: () => {
          this.CONSUME(kw('default'));
          return { kind: 'set-default', expression: this.SUBRULE(this.expression) };
        },
      },
      { ALT: () => (this.CONSUME(kw('not')), this.CONSUME(kw('null')), { kind: 'set-not-null' }) },
      { ALT: () => (this.CONSUME(kw('data')), this.SUBRULE(this.columnType)) },
    ]),
  );

  readonly columnType: ParserMethod<[], ast.ColumnChange> = this.RULE('columnType', (): ast.ColumnChange => {
    this.CONSUME(kw('type'));
    const type = this.SUBRULE(this.typeName);
    const collate = this.OPTION1(() => {
      const { startOffset } = this.LA(1);
      const collation = this.SUBRULE(this.collation);
      return { collation, ...this.span(startOffset) };
    });
    const using = this.OPTION2(() => {
      this.CONSUME(kw('using'));
      return this.SUBRULE(this.expression);
    });
    return { kind: 'set-type', type, collate, using };
  });

  readonly rename: ParserMethod<[], ast.AlterAction> = this.RULE('rename', (): ast.AlterAction => {
    const { startOffset } = this.CONSUME(kw('rename')) as Token;
    return this.OR<ast.AlterAction>([
      {
        ALT: () => {
          this.CONSUME(kw('to'));
          const to = this.name(this.CONSUME(t.AnyName));
          return { kind: 'rename-table', to, ...this.span(startOffset) };
        },
      },
      {
        ALT: () => {
          const kind = this.OR1<'rename-constraint' | 'rename-column'>([
            { ALT: () => (this.CONSUME(kw('constraint')), 'rename-constraint') },
            { ALT: () => (this.OPTION(() => this.CONSUME(kw('column'))), 'rename-column') },
          ]);
          const name = this.name(this.CONSUME1(t.AnyName));
          this.CONSUME1(kw('to'));
          const to = this.name(this.CONSUME2(t.AnyName));
          return { kind, name, to, ...this.span(startOffset) };
        },
      },
    ]);
  });
}
