// The parser as a whole: statements, transactions, EXPLAIN. One instance serves every text; it is built on first use,
// since chevrotain analyses the productions when it is made.

import { EOF, type ParserMethod } from 'chevrotain';
import { AlterRules } from './alter-rules.js';
import type * as ast from './ast.js';
import { Refusal } from './refusal.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const kw = t.keyword;

interface ExplainOptions {
  analyze: boolean;
  memo: boolean;
  format: ast.ExplainFormat;
}

const FORMATS: readonly ast.ExplainFormat[] = ['text', 'json', 'mermaid', 'html'];

type TransactionModes = Partial<Pick<ast.Begin, 'readOnly'>> & { readonly isolation?: ast.IsolationLevel };

export class Parser extends AlterRules {
  readonly statement: ParserMethod<[], ast.Statement> = this.RULE('statement', (): ast.Statement => {
    const statement = this.OR<ast.Statement>(this.statementAlternatives);
    this.CONSUME(EOF);
    return statement;
  });

  private readonly statementAlternatives = [
    { ALT: (): ast.Statement => this.SUBRULE(this.selectStatement) },
    { ALT: (): ast.Statement => this.SUBRULE(this.insert) },
    { ALT: (): ast.Statement => this.SUBRULE(this.update) },
    { ALT: (): ast.Statement => this.SUBRULE(this.delete) },
    { ALT: (): ast.Statement => this.SUBRULE(this.create) },
    { ALT: (): ast.Statement => this.SUBRULE(this.drop) },
    { ALT: (): ast.Statement => this.SUBRULE(this.alter) },
    { ALT: (): ast.Statement => this.SUBRULE(this.truncate) },
    { ALT: (): ast.Statement => this.SUBRULE(this.analyze) },
    { ALT: (): ast.Statement => this.SUBRULE(this.reindex) },
    { ALT: (): ast.Statement => this.SUBRULE(this.explain) },
    { ALT: (): ast.Statement => this.SUBRULE(this.begin) },
    { ALT: (): ast.Statement => this.SUBRULE(this.commit) },
    { ALT: (): ast.Statement => this.SUBRULE(this.rollback) },
    { ALT: (): ast.Statement => this.SUBRULE(this.savepoint) },
    { ALT: (): ast.Statement => this.SUBRULE(this.release) },
  ];

  readonly selectStatement: ParserMethod<[], ast.SelectStatement> = this.RULE(
    'selectStatement',
    (): ast.SelectStatement => {
      const query = this.SUBRULE(this.query);
      return { kind: 'select-statement', query, ...this.statementSpan(query.offset) };
    },
  );

  readonly analyze: ParserMethod<[], ast.Analyze> = this.RULE('analyze', (): ast.Analyze => {
    const { startOffset } = this.CONSUME(kw('analyze')) as Token;
    const tables = this.OPTION(() => this.SUBRULE(this.names)) ?? [];
    return { kind: 'analyze', tables, ...this.statementSpan(startOffset) };
  });

  readonly reindex: ParserMethod<[], ast.Reindex> = this.RULE('reindex', (): ast.Reindex => {
    const { startOffset } = this.CONSUME(kw('reindex')) as Token;
    const target = this.OPTION(() =>
      this.OR<'index' | 'table'>([
        { ALT: () => (this.CONSUME(kw('index')), 'index') },
        { ALT: () => (this.CONSUME(kw('table')), 'table') },
      ]),
    );
    const name = this.name(this.CONSUME(t.AnyName));
    return { kind: 'reindex', target: target ?? 'either', name, ...this.statementSpan(startOffset) };
  });

  readonly explain: ParserMethod<[], ast.Explain> = this.RULE('explain', (): ast.Explain => {
    const { startOffset } = this.CONSUME(kw('explain')) as Token;
    const options: ExplainOptions = { analyze: false, memo: false, format: 'text' };
    this.OPTION(() => {
      this.CONSUME(kw('analyze'));
      options.analyze = true;
    });
    this.OPTION1(() => {
      this.CONSUME(t.LParen);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => this.SUBRULE(this.explainOption, { ARGS: [options] }),
      });
      this.CONSUME(t.RParen);
    });
    const statement = this.OR<ast.Explain['statement']>([
      { ALT: () => this.SUBRULE(this.selectStatement) },
      { ALT: () => this.SUBRULE(this.insert) },
      { ALT: () => this.SUBRULE(this.update) },
      { ALT: () => this.SUBRULE(this.delete) },
    ]);
    return { kind: 'explain', ...options, statement, ...this.statementSpan(startOffset) };
  });

  readonly explainOption: ParserMethod<[ExplainOptions], void> = this.RULE(
    'explainOption',
    (options: ExplainOptions): void => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(kw('analyze'));
            const on = this.OPTION(() => this.SUBRULE(this.flag)) ?? true;
            if (!this.RECORDING_PHASE) options.analyze = on;
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('memo'));
            const on = this.OPTION1(() => this.SUBRULE1(this.flag)) ?? true;
            if (!this.RECORDING_PHASE) options.memo = on;
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('format'));
            const token = this.CONSUME(t.Identifier) as Token;
            if (this.RECORDING_PHASE) return;
            const format = FORMATS.find((known) => known === token.value);
            if (format === undefined) {
              const hint = `the formats are ${FORMATS.join(', ')}`;
              throw new Refusal('SYNTAX', 'unknown format of EXPLAIN', token.startOffset, token.image.length, hint);
            }
            options.format = format;
          },
        },
      ]);
    },
  );

  readonly flag: ParserMethod<[], boolean> = this.RULE('flag', (): boolean =>
    this.OR([
      { ALT: () => (this.CONSUME(kw('true')), true) },
      { ALT: () => (this.CONSUME(kw('on')), true) },
      { ALT: () => (this.CONSUME(kw('false')), false) },
    ]),
  );

  readonly begin: ParserMethod<[], ast.Begin> = this.RULE('begin', (): ast.Begin => {
    const { startOffset } = this.LA(1);
    this.OR([
      { ALT: () => (this.CONSUME(kw('begin')), this.OPTION(() => this.SUBRULE(this.transactionWord))) },
      { ALT: () => (this.CONSUME(kw('start')), this.CONSUME(kw('transaction'))) },
    ]);
    let modes: TransactionModes = {};
    this.OPTION1(() => {
      modes = this.SUBRULE(this.transactionMode);
      this.MANY(() => {
        this.OPTION2(() => this.CONSUME(t.Comma));
        modes = { ...modes, ...this.SUBRULE1(this.transactionMode) };
      });
    });
    const { isolation, readOnly = false } = modes;
    return { kind: 'begin', isolation, readOnly, ...this.statementSpan(startOffset) };
  });

  readonly transactionMode: ParserMethod<[], TransactionModes> = this.RULE('transactionMode', (): TransactionModes =>
    this.OR<TransactionModes>([
      {
        ALT: () => {
          this.CONSUME(kw('isolation'));
          this.CONSUME(kw('level'));
          return { isolation: this.SUBRULE(this.isolationLevel) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('read'));
          return this.OR1<TransactionModes>([
            { ALT: () => (this.CONSUME(kw('only')), { readOnly: true }) },
            { ALT: () => (this.CONSUME(kw('write')), { readOnly: false }) },
          ]);
        },
      },
    ]),
  );

  readonly isolationLevel: ParserMethod<[], ast.IsolationLevel> = this.RULE('isolationLevel', (): ast.IsolationLevel =>
    this.OR<ast.IsolationLevel>([
      { ALT: () => (this.CONSUME(kw('serializable')), 'serializable') },
      { ALT: () => (this.CONSUME(kw('snapshot')), 'snapshot') },
      { ALT: () => (this.CONSUME(kw('repeatable')), this.CONSUME(kw('read')), 'repeatable read') },
      {
        ALT: () => {
          this.CONSUME1(kw('read'));
          return this.OR1<ast.IsolationLevel>([
            { ALT: () => (this.CONSUME(kw('committed')), 'read committed') },
            { ALT: () => (this.CONSUME(kw('uncommitted')), 'read uncommitted') },
          ]);
        },
      },
    ]),
  );

  readonly transactionWord: ParserMethod<[], void> = this.RULE('transactionWord', (): void => {
    this.OR([{ ALT: () => this.CONSUME(kw('work')) }, { ALT: () => this.CONSUME(kw('transaction')) }]);
  });

  readonly commit: ParserMethod<[], ast.Commit> = this.RULE('commit', (): ast.Commit => {
    const { startOffset } = this.LA(1);
    this.OR([{ ALT: () => this.CONSUME(kw('commit')) }, { ALT: () => this.CONSUME(kw('end')) }]);
    this.OPTION(() => this.SUBRULE(this.transactionWord));
    return { kind: 'commit', ...this.statementSpan(startOffset) };
  });

  readonly rollback: ParserMethod<[], ast.Rollback | ast.RollbackTo> = this.RULE(
    'rollback',
    (): ast.Rollback | ast.RollbackTo => {
      const { startOffset } = this.LA(1);
      this.OR([{ ALT: () => this.CONSUME(kw('rollback')) }, { ALT: () => this.CONSUME(kw('abort')) }]);
      this.OPTION(() => this.SUBRULE(this.transactionWord));
      const name = this.OPTION1(() => {
        this.CONSUME(kw('to'));
        this.OPTION2(() => this.CONSUME(kw('savepoint')));
        return this.name(this.CONSUME(t.Identifier));
      });
      const span = this.statementSpan(startOffset);
      return name === undefined ? { kind: 'rollback', ...span } : { kind: 'rollback-to', name, ...span };
    },
  );

  readonly savepoint: ParserMethod<[], ast.Savepoint> = this.RULE('savepoint', (): ast.Savepoint => {
    const { startOffset } = this.CONSUME(kw('savepoint')) as Token;
    const name = this.name(this.CONSUME(t.AnyName));
    return { kind: 'savepoint', name, ...this.statementSpan(startOffset) };
  });

  readonly release: ParserMethod<[], ast.ReleaseSavepoint> = this.RULE('release', (): ast.ReleaseSavepoint => {
    const { startOffset } = this.CONSUME(kw('release')) as Token;
    this.OPTION(() => this.CONSUME(kw('savepoint')));
    const name = this.name(this.CONSUME(t.Identifier));
    return { kind: 'release', name, ...this.statementSpan(startOffset) };
  });

  /** @param validate also check the productions for ambiguities: slow, for tests. */
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  /** Takes the tokens of one statement; `source` is the text they came from. */
  start(tokens: Token[], source: string): void {
    this.input = tokens;
    this.source = source;
    this.questionMarks = this.queryDepth = this.defaultDepth = 0;
    this.stack.clear();
  }
}
