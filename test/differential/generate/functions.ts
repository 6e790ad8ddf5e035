// Functions of texts, dates and timestamps, each as the three languages write it.

import type { Kind } from '../dialect.js';
import { cast, infix, same, unlike, value } from '../node.js';
import type { Node } from '../node.js';
import type { Random } from '../random.js';
import { read } from './scope.js';
import type { Scope } from './scope.js';

/** Makes an operand, of the function's own kind unless told. */
export type Next = (of?: Kind) => Node;
export type Choice = readonly [weight: number, make: () => Node];

export function texts(random: Random, next: Next, scope: Scope): Choice[] {
  const kind = 'text';
  const count = random.int(1, 4);
  const [from, length] = [random.int(1, 3), random.int(0, 3)];
  const trim = random.pick(['trim', 'ltrim', 'rtrim']);
  const what = 'text function';
  const only = (write: (a: string) => string) => unlike(kind, [next()], ([a]) => write(a!), undefined, what);
  return [
    [2, () => infix(kind, '||', next(), next())],
    [2, () => same(kind, [next()], ([a]) => `substr(${a}, ${from}, ${length})`, what)],
    [1, () => changedCase(random, scope)],
    [1, () => cast(next('integer'), kind)],
    [0.5, () => same(kind, [next()], ([a]) => `replace(${a}, 'a', 'xy')`, what)],
    [0.5, () => same(kind, [next()], ([a]) => `${trim}(${a})`, what)],
    [
      0.5,
      () =>
        unlike(
          kind,
          [next()],
          ([a]) => `left(${a}, ${count})`,
          ([a]) => `substr(${a}, 1, ${count})`,
          what,
        ),
    ],
    [
      0.5,
      () =>
        unlike(
          kind,
          [next()],
          ([a]) => `right(${a}, ${count})`,
          ([a]) => `substr(${a}, -${count})`,
          what,
        ),
    ],
    [0.3, () => only((a) => `reverse(${a})`)],
    [0.3, () => only((a) => `lpad(${a}, ${count + 2}, '*')`)],
    [0.3, () => only((a) => `repeat(${a}, ${count - 1})`)],
    [0.3, () => only((a) => `split_part(${a}, 'e', ${Math.min(count, 2)})`)],
    [0.3, () => only((a) => `concat_ws('-', ${a}, 'z', ${a})`)],
  ];
}

function changedCase(random: Random, scope: Scope): Node {
  const columns = scope.columns.filter((c) => c.kind === 'text' && c.ascii);
  const name = random.pick(['upper', 'lower']);
  const kid = columns.length > 0 ? read(random.pick(columns)) : value('Ab', 'text');
  return same('text', [kid], ([a]) => `${name}(${a})`, 'text function');
}

export function position(random: Random, text: Node): Node {
  const wanted = random.pick(['e', 'a', 're', 'k1']);
  return unlike(
    'integer',
    [text],
    ([a]) => `strpos(${a}, '${wanted}')`,
    ([a]) => `instr(${a}, '${wanted}')`,
    'text function',
  );
}

export function dates(random: Random, next: Next, other: () => Node): Choice[] {
  const days = random.int(1, 40);
  const back = () =>
    unlike(
      'date',
      [next()],
      ([a]) => `(${a} - ${days})`,
      ([a]) => `date(${a}, '-${days} days')`,
      'date arithmetic',
    );
  const ofTime = () =>
    unlike(
      'date',
      [next('timestamp')],
      ([a]) => `CAST(${a} AS DATE)`,
      ([a]) => `date(${a})`,
      'date arithmetic',
    );
  return [
    [2, other],
    [1, back],
    [1, ofTime],
  ];
}

export function timestamps(random: Random, next: Next, other: () => Node): Choice[] {
  const hours = random.int(1, 100);
  const kind = 'timestamp';
  const what = 'date arithmetic';
  const begin = () =>
    unlike(
      kind,
      [next()],
      ([a]) => `date_trunc('month', ${a})`,
      ([a]) => `strftime('%Y-%m-01 00:00:00', ${a})`,
      what,
    );
  const later = () =>
    unlike(
      kind,
      [next()],
      ([a]) => `(${a} + INTERVAL '${hours} hours')`,
      ([a]) => `datetime(${a}, '+${hours} hours')`,
      what,
    );
  return [
    [2, other],
    [1, begin],
    [1, later],
  ];
}
