// INSERT, UPDATE, DELETE, TRUNCATE.

import type { ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { QueryRules } from './query-rules.js';
import { Refusal } from './refusal.js';
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
    const { startOffset } = this.LA(1);
    const common =
      this.OPTION4(() => {
        this.CONSUME(t.WithOfInsert);
        return this.SUBRULE(this.commonTables);
      }) ?? [];
    this.CONSUME(kw('insert'));
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
    return {
      kind: 'insert',
      with: common,
      table,
      alias,
      columns,
      source,
      onConflict,
      returning,
      ...this.statementSpan(startOffset),
    };
  });

  readonly onConflict: ParserMethod<[], ast.OnConflict> = this.RULE('onConflict', (): ast.OnConflict => {
    const { startOffset } = this.CONSUME(kw('on')) as Token;
    this.CONSUME(kw('conflict'));
    let target: ast.Name[] = [];
    let constraint: ast.Name | undefined;
    this.OPTION(() =>
      this.OR1([
        { ALT: () => (target = this.SUBRULE(this.columnNames)) },
        {
          ALT: () => {
            this.CONSUME1(kw('on'));
            constraint = this.SUBRULE(this.constraintName);
          },
        },
      ]),
    );
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
    return { target, constraint, update, where, ...this.span(startOffset) };
  });

  readonly constraintName: ParserMethod<[], ast.Name> = this.RULE('constraintName', (): ast.Name => {
    this.CONSUME(kw('constraint'));
    return this.name(this.CONSUME(t.AnyName));
  });

  readonly assignments: ParserMethod<[], ast.Assignment[]> = this.RULE('assignments', (): ast.Assignment[] => {
    const list: ast.Assignment[] = [];
    this.CONSUME(kw('set'));
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () =>
        this.OR([
          { ALT: () => list.push(this.SUBRULE(this.assignment)) },
          {
            ALT: () => {
              const row = this.SUBRULE(this.rowAssignment);
              if (!this.RECORDING_PHASE) list.push(...row);
            },
          },
        ]),
    });
    return list;
  });

  readonly assignment: ParserMethod<[], ast.Assignment> = this.RULE('assignment', (): ast.Assignment => {
    const column = this.name(this.CONSUME(t.AnyName));
    this.CONSUME(t.Equal);
    const value = this.assigned(() => this.SUBRULE(this.value));
    return { kind: 'assignment', column, value, ...this.span(column.offset) };
  });

  /** `(a, b) = (x, y)` is an assignment for each, `(a, b) = (SELECT ...)` one for all. */
  readonly rowAssignment: ParserMethod<[], ast.Assignment[]> = this.RULE('rowAssignment', (): ast.Assignment[] => {
    const start = this.next();
    const columns = this.SUBRULE(this.columnNames);
    this.CONSUME(t.Equal);
    const from = this.LA(1).startOffset;
    return this.OR<ast.Assignment[]>([
      {
        ALT: () => {
          const query = this.SUBRULE(this.subquery);
          return [{ kind: 'query-assignment', columns, query, ...this.span(start) }];
        },
      },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(t.RowCall));
          const { items } = this.assigned(() => this.SUBRULE(this.valuesRow));
          return this.RECORDING_PHASE ? [] : this.pairs(columns, items, from);
        },
      },
    ]);
  });

  /** @param from where the values begin */
  private pairs(
    columns: readonly ast.Name[],
    items: readonly (ast.Expr | ast.DefaultMarker)[],
    from: number,
  ): ast.Assignment[] {
    if (items.length !== columns.length) {
      const message = `${columns.length} columns are assigned ${items.length} values`;
      throw new Refusal('SYNTAX', message, from, this.end() - from);
    }
    return columns.map((column, i) => {
      const value = items[i]!;
      const length = value.offset + value.length - column.offset;
      return { kind: 'assignment', column, value, offset: column.offset, length };
    });
  }

  /** A value in which DEFAULT may stand. */
  private assigned<T>(read: () => T): T {
    const outer = this.defaultDepth;
    this.defaultDepth = this.queryDepth;
    const value = read();
    this.defaultDepth = outer;
    return value;
  }

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
    const { startOffset } = this.LA(1);
    const common =
      this.OPTION3(() => {
        this.CONSUME(t.WithOfUpdate);
        return this.SUBRULE(this.commonTables);
      }) ?? [];
    this.CONSUME(kw('update'));
    const { name: table, alias } = this.SUBRULE(this.target);
    const assignments = this.SUBRULE(this.assignments);
    const from =
      this.OPTION(() => {
        this.CONSUME(kw('from'));
        return this.SUBRULE(this.tables);
      }) ?? [];
    const where = this.OPTION1(this.whereStep);
    const returning = this.OPTION2(() => this.SUBRULE(this.returning)) ?? [];
    return {
      kind: 'update',
      with: common,
      table,
      alias,
      assignments,
      from,
      where,
      returning,
      ...this.statementSpan(startOffset),
    };
  });

  readonly delete: ParserMethod<[], ast.Delete> = this.RULE('delete', (): ast.Delete => {
    const { startOffset } = this.LA(1);
    const common =
      this.OPTION3(() => {
        this.CONSUME(t.WithOfDelete);
        return this.SUBRULE(this.commonTables);
      }) ?? [];
    this.CONSUME(kw('delete'));
    this.CONSUME(kw('from'));
    const { name: table, alias } = this.SUBRULE(this.target);
    const using =
      this.OPTION(() => {
        this.CONSUME(kw('using'));
        return this.SUBRULE(this.tables);
      }) ?? [];
    const where = this.OPTION1(this.whereStep);
    const returning = this.OPTION2(() => this.SUBRULE(this.returning)) ?? [];
    return { kind: 'delete', with: common, table, alias, using, where, returning, ...this.statementSpan(startOffset) };
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
