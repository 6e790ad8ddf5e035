// INSERT, UPDATE, DELETE, TRUNCATE.

import type { ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { QueryRules } from './query-rules.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const kw = t.keyword;

export abstract class WriteRules extends QueryRules {
  /** A statement's span and text, from where it began to the last token. */
  protected statementSpan(offset: number): ast.StatementSpan {
    const end = this.end();
    return { text: this.source.slice(offset, end), offset, length: end - offset };
  }

  readonly insert: ParserMethod<[], ast.Insert> = this.RULE('insert', (): ast.Insert => {
    const { startOffset } = this.CONSUME(kw('insert')) as Token;
    this.CONSUME(kw('into'));
    const table = this.name(this.CONSUME(t.AnyName));
    const alias = this.OPTION(() => {
      this.CONSUME(kw('as'));
      return this.name(this.CONSUME1(t.AnyName));
    });
    const columns = this.OPTION1(() => this.SUBRULE(this.columnNames)) ?? [];
    const source = this.OR<ast.Query | undefined>([
      {
        ALT: () => {
          this.CONSUME(kw('default'));
          this.CONSUME(kw('values'));
          return undefined;
        },
      },
      {
        ALT: () => {
          this.defaultDepth = this.queryDepth + 1;
          const query = this.SUBRULE(this.query);
          this.defaultDepth = 0;
          return query;
        },
      },
    ]);
    const onConflict = this.OPTION2(() => this.SUBRULE(this.onConflict));
    const returning = this.OPTION3(() => this.SUBRULE(this.returning)) ?? [];
    return { kind: 'insert', table, alias, columns, source, onConflict, returning, ...this.statementSpan(startOffset) };
  });

  readonly onConflict: ParserMethod<[], ast.OnConflict> = this.RULE('onConflict', (): ast.OnConflict => {
    const { startOffset } = this.CONSUME(kw('on')) as Token;
    this.CONSUME(kw('conflict'));
    const target = this.OPTION(() => this.SUBRULE(this.columnNames)) ?? [];
    this.CONSUME(kw('do'));
    let update: ast.Assignment[] | undefined;
    let where: ast.Expr | undefined;
    this.OR([
      { ALT: () => void this.CONSUME(kw('nothing')) },
      {
        ALT: () => {
          this.CONSUME(kw('update'));
          update = this.SUBRULE(this.assignments);
          where = this.OPTION1(this.whereStep);
        },
      },
    ]);
    return { target, update, where, ...this.span(startOffset) };
  });

  readonly assignments: ParserMethod<[], ast.Assignment[]> = this.RULE('assignments', (): ast.Assignment[] => {
    const list: ast.Assignment[] = [];
    this.CONSUME(kw('set'));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => list.push(this.SUBRULE(this.assignment)) });
    return list;
  });

  readonly assignment: ParserMethod<[], ast.Assignment> = this.RULE('assignment', (): ast.Assignment => {
    const column = this.name(this.CONSUME(t.AnyName));
    this.CONSUME(t.Equal);
    const outer = this.defaultDepth;
    this.defaultDepth = this.queryDepth;
    const value = this.SUBRULE(this.value);
    this.defaultDepth = outer;
    return { column, value, ...this.span(column.offset) };
  });

  readonly returning: ParserMethod<[], ast.SelectItem[]> = this.RULE('returning', (): ast.SelectItem[] => {
    this.CONSUME(kw('returning'));
    return this.SUBRULE(this.selectItems);
  });

  /** `t`, `t AS a`, `t a`. */
  readonly target: ParserMethod<[], { name: ast.Name; alias: ast.Name | undefined }> = this.RULE(
    'target',
    (): { name: ast.Name; alias: ast.Name | undefined } => {
      const name = this.name(this.CONSUME(t.AnyName));
      const alias = this.OPTION(() =>
        this.OR([
          {
            ALT: () => {
              this.CONSUME(kw('as'));
              return this.name(this.CONSUME1(t.AnyName));
            },
          },
          { ALT: () => this.name(this.CONSUME(t.TableAlias)) },
        ]),
      );
      return { name, alias };
    },
  );

  readonly update: ParserMethod<[], ast.Update> = this.RULE('update', (): ast.Update => {
    const { startOffset } = this.CONSUME(kw('update')) as Token;
    const { name: table, alias } = this.SUBRULE(this.target);
    const assignments = this.SUBRULE(this.assignments);
    const from =
      this.OPTION(() => {
        this.CONSUME(kw('from'));
        return this.SUBRULE(this.tables);
      }) ?? [];
    const where = this.OPTION1(this.whereStep);
    const returning = this.OPTION2(() => this.SUBRULE(this.returning)) ?? [];
    return { kind: 'update', table, alias, assignments, from, where, returning, ...this.statementSpan(startOffset) };
  });

  readonly delete: ParserMethod<[], ast.Delete> = this.RULE('delete', (): ast.Delete => {
    const { startOffset } = this.CONSUME(kw('delete')) as Token;
    this.CONSUME(kw('from'));
    const { name: table, alias } = this.SUBRULE(this.target);
    const using =
      this.OPTION(() => {
        this.CONSUME(kw('using'));
        return this.SUBRULE(this.tables);
      }) ?? [];
    const where = this.OPTION1(this.whereStep);
    const returning = this.OPTION2(() => this.SUBRULE(this.returning)) ?? [];
    return { kind: 'delete', table, alias, using, where, returning, ...this.statementSpan(startOffset) };
  });

  readonly truncate: ParserMethod<[], ast.Truncate> = this.RULE('truncate', (): ast.Truncate => {
    const { startOffset } = this.CONSUME(kw('truncate')) as Token;
    this.OPTION(() => this.CONSUME(kw('table')));
    const tables = this.SUBRULE(this.names);
    const restartIdentity = this.OPTION1(() => {
      const restart = this.OR([
        { ALT: () => (this.CONSUME(kw('restart')), true) },
        { ALT: () => (this.CONSUME(kw('continue')), false) },
      ]);
      this.CONSUME(kw('identity'));
      return restart;
    });
    const cascade = this.OPTION2(() =>
      this.OR1([
        { ALT: () => (this.CONSUME(kw('cascade')), true) },
        { ALT: () => (this.CONSUME(kw('restrict')), false) },
      ]),
    );
    const parts = { tables, restartIdentity: restartIdentity === true, cascade: cascade === true };
    return { kind: 'truncate', ...parts, ...this.statementSpan(startOffset) };
  });
}
