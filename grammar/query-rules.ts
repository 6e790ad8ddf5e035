// Queries: SELECT, VALUES, set operations. A chain of set operations is read in a loop.

import type { ParserMethod } from 'chevrotain';
import type * as ast from './ast.js';
import { FromRules } from './from-rules.js';
import { Refusal } from './refusal.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

const kw = t.keyword;

interface SetStep {
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
}

interface Tail {
  limit: ast.Expr | undefined;
  skip: ast.Expr | undefined;
}

export abstract class QueryRules extends FromRules {
  /** How many queries enclose the present place, and at which count DEFAULT may stand in VALUES. */
  protected queryDepth = 0;
  protected defaultDepth = 0;

  override readonly query: ParserMethod<[], ast.Query> = this.RULE('query', (): ast.Query => {
    const start = this.LA(1).startOffset;
    this.queryDepth++;
    const tables = this.OPTION(() => this.SUBRULE(this.withClause)) ?? [];
    const body = this.SUBRULE(this.queryBody);
    const orderBy = this.OPTION1(() => this.SUBRULE(this.orderBy)) ?? [];
    const tail: Tail = { limit: undefined, skip: undefined };
    this.MANY(() => this.SUBRULE(this.limitClause, { ARGS: [tail] }));
    this.queryDepth--;
    const { limit, skip } = tail;
    return { kind: 'query', with: tables, body, orderBy, limit, skip, ...this.span(start) };
  });

  readonly withClause: ParserMethod<[], ast.CommonTable[]> = this.RULE('withClause', (): ast.CommonTable[] => {
    this.CONSUME(kw('with'));
    return this.SUBRULE(this.commonTables);
  });

  readonly commonTables: ParserMethod<[], ast.CommonTable[]> = this.RULE('commonTables', (): ast.CommonTable[] => {
    const tables: ast.CommonTable[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => tables.push(this.SUBRULE(this.commonTable)) });
    return tables;
  });

  readonly commonTable: ParserMethod<[], ast.CommonTable> = this.RULE('commonTable', (): ast.CommonTable => {
    const name = this.name(this.CONSUME(t.AnyName));
    const columns = this.OPTION(() => this.SUBRULE(this.columnNames)) ?? [];
    this.CONSUME(kw('as'));
    const materialized = this.OPTION1(() => {
      const negated = this.OPTION2(() => this.CONSUME(kw('not')));
      this.CONSUME(kw('materialized'));
      return negated === undefined;
    });
    const query = this.SUBRULE(this.subquery);
    return { name, columns, materialized, query, ...this.span(name.offset) };
  });

  readonly queryBody: ParserMethod<[], ast.QueryBody> = this.RULE('queryBody', (): ast.QueryBody => {
    const first = this.SUBRULE(this.queryPrimary);
    let parts: ast.QueryBody[] | undefined;
    let steps: SetStep[] | undefined;
    this.MANY(() => {
      const step = this.SUBRULE(this.setOperator);
      const right = this.SUBRULE1(this.queryPrimary);
      (steps ??= []).push(step);
      (parts ??= [first]).push(right);
    });
    return parts === undefined || steps === undefined || this.RECORDING_PHASE ? first : fold(parts, steps);
  });

  readonly setOperator: ParserMethod<[], SetStep> = this.RULE('setOperator', (): SetStep => {
    const operator = this.OR<SetStep['operator']>([
      { ALT: () => (this.CONSUME(kw('union')), 'union') },
      { ALT: () => (this.CONSUME(kw('intersect')), 'intersect') },
      { ALT: () => (this.CONSUME(kw('except')), 'except') },
    ]);
    const distinct = this.OPTION(() => this.SUBRULE(this.quantity));
    return { operator, all: distinct === false };
  });

  readonly queryPrimary: ParserMethod<[], ast.QueryBody> = this.RULE('queryPrimary', (): ast.QueryBody =>
    this.OR<ast.QueryBody>(this.queryPrimaries),
  );

  private readonly queryPrimaries = [
    { ALT: (): ast.QueryBody => this.SUBRULE(this.select) },
    { ALT: (): ast.QueryBody => this.SUBRULE(this.values) },
    { ALT: (): ast.QueryBody => this.SUBRULE(this.wholeTable) },
    {
      ALT: (): ast.QueryBody =>
        this.RECORDING_PHASE ? this.SUBRULE(this.subquery) : bare(this.SUBRULE(this.subquery)),
    },
  ];

  readonly select: ParserMethod<[], ast.Select> = this.RULE('select', (): ast.Select => {
    const { startOffset } = this.CONSUME(kw('select')) as Token;
    const distinct = this.OPTION(() => this.SUBRULE(this.quantity)) === true;
    const distinctOn = this.OPTION5({ GATE: () => distinct, DEF: this.distinctOnStep }) ?? [];
    const items = this.SUBRULE(this.selectItems);
    const from =
      this.OPTION1(() => {
        this.CONSUME(kw('from'));
        return this.SUBRULE(this.tables);
      }) ?? [];
    const where = this.OPTION2(this.whereStep);
    const groupBy =
      this.OPTION3(() => {
        this.CONSUME(kw('group'));
        this.CONSUME(kw('by'));
        return this.SUBRULE(this.expressions);
      }) ?? [];
    const having = this.OPTION4(() => {
      this.CONSUME(kw('having'));
      return this.SUBRULE(this.expression);
    });
    const head = { kind: 'select', wholeTable: false, distinct, distinctOn } as const;
    return { ...head, items, from, where, groupBy, having, ...this.span(startOffset) };
  });

  /** `TABLE t`: as `SELECT * FROM t`. */
  readonly wholeTable: ParserMethod<[], ast.Select> = this.RULE('wholeTable', (): ast.Select => {
    const word = this.CONSUME(kw('table')) as Token;
    const name = this.name(this.CONSUME(t.AnyName));
    const star: ast.StarItem = { kind: 'star', table: undefined, offset: word.startOffset, length: 'table'.length };
    const { offset, length } = name;
    const table: ast.TableName = { kind: 'table', name, alias: undefined, columns: [], offset, length };
    const head = { kind: 'select', wholeTable: true, distinct: false, distinctOn: [] } as const;
    const rest = { where: undefined, groupBy: [], having: undefined };
    return { ...head, items: [star], from: [table], ...rest, ...this.span(word.startOffset) };
  });

  private readonly distinctOnStep = (): ast.Expr[] => {
    this.CONSUME(kw('on'));
    this.CONSUME(t.LParen);
    const keys = this.SUBRULE2(this.expressions);
    this.CONSUME(t.RParen);
    return keys;
  };

  protected readonly whereStep = (): ast.Expr => this.SUBRULE(this.where);

  readonly where: ParserMethod<[], ast.Expr> = this.RULE('where', (): ast.Expr => {
    this.CONSUME(kw('where'));
    return this.SUBRULE(this.expression);
  });

  readonly selectItems: ParserMethod<[], ast.SelectItem[]> = this.RULE('selectItems', (): ast.SelectItem[] => {
    const items: ast.SelectItem[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.selectItem)) });
    return items;
  });

  readonly selectItem: ParserMethod<[], ast.SelectItem> = this.RULE('selectItem', (): ast.SelectItem =>
    this.OR<ast.SelectItem>(this.itemAlternatives),
  );

  private readonly itemAlternatives = [
    {
      ALT: (): ast.SelectItem => {
        const { startOffset } = this.CONSUME(t.Star) as Token;
        return { kind: 'star', table: undefined, offset: startOffset, length: 1 };
      },
    },
    {
      ALT: (): ast.SelectItem => {
        const table = this.name(this.CONSUME(t.StarTable));
        this.CONSUME(t.DotStar);
        // The token `.*` ends at its dot; the star may stand apart.
        return { kind: 'star', table, offset: table.offset, length: table.length + 2 };
      },
    },
    {
      ALT: (): ast.SelectItem => {
        const start = this.LA(1).startOffset;
        const expression = this.SUBRULE(this.expression);
        const alias = this.OPTION(this.aliasStep);
        return { kind: 'item', expression, alias, ...this.span(start) };
      },
    },
  ];

  private readonly aliasAlternatives = [
    {
      ALT: (): ast.Name => {
        this.CONSUME(kw('as'));
        return this.name(this.CONSUME(t.Label));
      },
    },
    { ALT: (): ast.Name => this.name(this.CONSUME(t.BareLabel)) },
  ];

  private readonly aliasStep = (): ast.Name => this.OR1(this.aliasAlternatives);

  readonly values: ParserMethod<[], ast.Values> = this.RULE('values', (): ast.Values => {
    const { startOffset } = this.CONSUME(kw('values')) as Token;
    const rows: ast.ValuesRow[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => rows.push(this.SUBRULE(this.valuesRow)) });
    return { kind: 'values', rows, ...this.span(startOffset) };
  });

  readonly valuesRow: ParserMethod<[], ast.ValuesRow> = this.RULE('valuesRow', (): ast.ValuesRow => {
    const { startOffset } = this.CONSUME(t.LParen) as Token;
    const items: (ast.Expr | ast.DefaultMarker)[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.value)) });
    this.CONSUME(t.RParen);
    return { items, ...this.span(startOffset) };
  });

  readonly value: ParserMethod<[], ast.Expr | ast.DefaultMarker> = this.RULE(
    'value',
    (): ast.Expr | ast.DefaultMarker => this.OR<ast.Expr | ast.DefaultMarker>(this.valueAlternatives),
  );

  private readonly valueAlternatives = [
    { ALT: (): ast.Expr => this.SUBRULE(this.expression) },
    {
      ALT: (): ast.DefaultMarker => {
        const { startOffset: offset, image } = this.CONSUME(kw('default')) as Token;
        if (!this.RECORDING_PHASE && this.queryDepth !== this.defaultDepth) {
          const message = 'DEFAULT stands only in the VALUES of an INSERT, or after SET';
          throw new Refusal('SYNTAX', message, offset, image.length);
        }
        return { kind: 'default', offset, length: 7 };
      },
    },
  ];

  readonly limitClause: ParserMethod<[Tail], void> = this.RULE('limitClause', (tail: Tail): void => {
    const { startOffset, image } = this.LA(1);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('limit'));
          this.once(tail?.limit, 'LIMIT', startOffset, image);
          this.OR1([
            { ALT: () => void this.CONSUME(kw('all')) },
            {
              ALT: () => {
                const count = this.SUBRULE(this.expression);
                if (!this.RECORDING_PHASE) tail.limit = count;
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('offset'));
          this.once(tail?.skip, 'OFFSET', startOffset, image);
          const count = this.SUBRULE1(this.expression);
          this.OPTION(() => this.SUBRULE(this.rowWord));
          if (!this.RECORDING_PHASE) tail.skip = count;
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('fetch'));
          this.once(tail?.limit, 'LIMIT', startOffset, image);
          this.OR2([{ ALT: () => this.CONSUME(kw('first')) }, { ALT: () => this.CONSUME(kw('next')) }]);
          const at = this.LA(1).startOffset;
          const count = this.OPTION1({
            // ROW and ROWS may be names of columns, too.
            GATE: () => this.LA(2).tokenType !== kw('only'),
            DEF: () => this.SUBRULE2(this.expression),
          });
          this.SUBRULE1(this.rowWord);
          this.CONSUME(kw('only'));
          if (!this.RECORDING_PHASE) {
            tail.limit = count ?? { kind: 'number', text: '1', value: 1, integer: true, offset: at, length: 0 };
          }
        },
      },
    ]);
  });

  private once(before: ast.Expr | undefined, what: string, offset: number, image: string): void {
    if (this.RECORDING_PHASE || before === undefined) return;
    throw new Refusal('SYNTAX', `${what} is given twice`, offset, image.length);
  }

  readonly rowWord: ParserMethod<[], void> = this.RULE('rowWord', (): void => {
    this.OR([{ ALT: () => this.CONSUME(kw('row')) }, { ALT: () => this.CONSUME(kw('rows')) }]);
  });
}

/** Parentheses that hold nothing of their own leave no trace. */
function bare(query: ast.Query): ast.QueryBody {
  const own = query.with.length + query.orderBy.length;
  return own === 0 && query.limit === undefined && query.skip === undefined ? query.body : query;
}

/** INTERSECT binds tighter than UNION and EXCEPT, which are equal; all from left to right. */
function fold(parts: readonly ast.QueryBody[], steps: readonly SetStep[]): ast.QueryBody {
  let sum: ast.QueryBody | undefined;
  let sumStep: SetStep | undefined;
  let product = parts[0] as ast.QueryBody;
  steps.forEach((step, i) => {
    const right = parts[i + 1] as ast.QueryBody;
    if (step.operator === 'intersect') product = combine(product, step, right);
    else {
      sum = sum === undefined || sumStep === undefined ? product : combine(sum, sumStep, product);
      sumStep = step;
      product = right;
    }
  });
  return sum === undefined || sumStep === undefined ? product : combine(sum, sumStep, product);
}

function combine(left: ast.QueryBody, step: SetStep, right: ast.QueryBody): ast.SetOperation {
  const length = right.offset + right.length - left.offset;
  return { kind: 'set-operation', operator: step.operator, all: step.all, left, right, offset: left.offset, length };
}
