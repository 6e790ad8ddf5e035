// Random aggregates over a scope: of columns and expressions, DISTINCT, under FILTER, in an order.

import type { Kind } from '../dialect.js';
import { same } from '../node.js';
import type { Node } from '../node.js';
import type { Random } from '../random.js';
import type { Expressions } from './expressions.js';
import { KINDS, read } from './scope.js';
import type { Scope } from './scope.js';

type Write = Node['write'];

export function aggregate(random: Random, expressions: Expressions, scope: Scope): Node {
  const inner: Scope = { ...scope, subquery: undefined };
  const narrow: Scope = { ...inner, columns: scope.columns.filter((c) => c.arithmetic) };
  const distinct = random.chance(0.2) ? 'DISTINCT ' : '';
  const argument = (of: Kind) => expressions.scalar(of, narrow, random.int(0, 1));
  const kind = random.pick(KINDS.filter((k) => k !== 'boolean'));
  const what = distinct === '' ? 'aggregate' : 'aggregate distinct';
  const made = random.weighted<() => Node>([
    [3, () => same('integer', [], () => 'count(*)', 'aggregate')],
    [2, () => same('integer', [argument(random.pick(KINDS))], ([a]) => `count(${distinct}${a})`, what)],
    [
      2,
      () => {
        const name = random.pick(['min', 'max']);
        const columns = scope.columns.filter((c) => c.kind === kind);
        const a = columns.length > 0 && random.chance(0.7) ? read(random.pick(columns)) : argument(kind);
        return same(kind, [a], ([x]) => `${name}(${x})`, 'aggregate');
      },
    ],
    [2, () => ({ ...same('integer', [argument('integer')], () => '', what), write: integerSum(distinct) })],
    [1, () => same('real', [argument('real')], ([a]) => `sum(${distinct}${a})`, what)],
    [1, () => same('real', [argument('real')], ([a]) => `avg(${distinct}${a})`, what)],
    [1, () => ({ ...same('real', [argument('integer')], () => '', what), write: integerAverage(distinct) })],
    [
      0.7,
      () => ({
        ...same('boolean', [expressions.predicate(inner, 0)], () => '', 'aggregate boolean'),
        write: truth(random.chance(0.5)),
      }),
    ],
    [0.7, () => same('text', [argument('text')], ([a]) => `string_agg(${a}, ',' ORDER BY ${a})`, 'aggregate ordered')],
  ])();
  if (!random.chance(0.2)) return made;
  const condition = expressions.predicate(inner, 1);
  return {
    ...made,
    kids: [...made.kids, condition],
    what: 'filter-clause',
    write: (d, kids) => filtered(made.write(d, kids.slice(0, -1)), kids.at(-1)!),
  };
}

/** The clause stands inside a cast around the call. */
function filtered(call: string, condition: string): string {
  const clause = ` FILTER (WHERE ${condition})`;
  return call.startsWith('CAST(sum(') ? call.replace(/ AS BIGINT\)$/, `${clause} AS BIGINT)`) : call + clause;
}

function integerSum(distinct: string): Write {
  return (d, [a]) => (d === 'postgres' ? `CAST(sum(${distinct}${a}) AS BIGINT)` : `sum(${distinct}${a})`);
}

function integerAverage(distinct: string): Write {
  return (d, [a]) => (d === 'postgres' ? `avg(${distinct}CAST(${a} AS DOUBLE PRECISION))` : `avg(${distinct}${a})`);
}

/** SQLite has no booleans: its least and greatest truth are the same. */
function truth(every: boolean): Write {
  return (d, [a]) => (d === 'sqlite' ? `${every ? 'min' : 'max'}(${a})` : `${every ? 'bool_and' : 'bool_or'}(${a})`);
}
