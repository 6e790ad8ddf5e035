// What the index suite indexes and asks: shapes of keys with values that are likely to go wrong, and random predicates over them.

import type { IndexDef } from '../catalog/definitions.js';
import { and, call, column, compare, constant, inArray, inList, isNull, like, match } from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import type { Point, ScalarType, Value } from '../values/types.js';

/** Mulberry32 (Tommy Ettinger, public domain): the same numbers for the same seed. */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** One column of a shape: a type, and where its values come from. */
export interface ShapeColumn {
  readonly type: ScalarType;
  readonly value: (random: Random) => Value;
  readonly desc?: boolean;
  readonly nullsFirst?: boolean;
}

export interface Shape {
  readonly name: string;
  readonly keys: readonly ShapeColumn[];
  readonly include?: readonly ShapeColumn[];
  readonly unique?: boolean;
  /** Never NULL, and the index is the table's primary key. */
  readonly primary?: boolean;
  /** The index holds the rows whose first key is not NULL. */
  readonly partial?: boolean;
  /** Rows of the bulk case. */
  readonly rows?: number;
}

const small = (random: Random): Value => random.below(20) - 10;
const anyInteger = (random: Random): Value =>
  random.pick([
    () => random.below(300) - 150,
    () => random.pick<Value>([0, -1, 111, 112, -112, -113, 255, 256, 65_535, 2 ** 31, -(2 ** 31)]),
    () => random.pick<Value>([2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2n ** 53n + 1n]),
  ])();
const anyReal = (random: Random): Value =>
  random.pick([
    () => (random.below(80) - 40) / 4,
    () => random.pick([0, -0, NaN, Infinity, -Infinity, 1e300, -1e-300, 2 ** 53, 2 ** 63, 0.1]),
  ])();
const words = ['', 'a', 'ab', 'abc', 'abd', 'b', 'ab\u0000', 'ab\u0001c', '\uffff', '\u{1f600}', 'ä', 'Z', 'abcd'];
const text = (random: Random): Value => random.pick(words);
const longText = (random: Random): Value =>
  random.pick(['x', 'long ', 'ab']).repeat(random.pick([1, 20, 60, 90])) + random.below(4);
const veryLongText = (random: Random): Value =>
  `${'lorem ipsum '.repeat(random.pick([5, 120, 400]))}${random.below(6)}`;
const blob = (random: Random): Value =>
  Uint8Array.from({ length: random.below(4) }, () => random.pick([0, 1, 2, 3, 255]));
const boolean = (random: Random): Value => random.next() < 0.7;
const places: readonly (readonly [number, number])[] = [
  [0, 0],
  [180, 90],
  [-180, -90],
  [2.35, 48.86],
  [179.9, -17],
  [-179.9, -17],
];
const point = (random: Random): Value => {
  const [lon, lat] =
    random.next() < 0.5 ? random.pick(places) : [random.below(3600) / 10 - 180, random.below(1800) / 10 - 90];
  return { type: 'Point', coordinates: [lon, lat] } satisfies Point;
};
const geometry = (random: Random): Value => {
  if (random.next() < 0.4) return point(random);
  const west = random.below(300) - 150;
  const south = random.below(140) - 70;
  const [east, north] = [west + 1 + random.below(20), south + 1 + random.below(15)];
  return {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
};
const day = (random: Random): Value => random.below(40) - 20;
const instant = (random: Random): Value => (random.below(100) - 50) * 3_600_000;

/** Each kind is tested on every shape that its `check` accepts. */
export const SHAPES: readonly Shape[] = [
  { name: 'few integers', keys: [{ type: 'integer', value: small }], rows: 9_000 },
  { name: 'any integers', keys: [{ type: 'integer', value: anyInteger }] },
  {
    name: 'integers, descending, nulls last',
    keys: [{ type: 'integer', value: anyInteger, desc: true, nullsFirst: false }],
  },
  { name: 'reals', keys: [{ type: 'real', value: anyReal }] },
  { name: 'text', keys: [{ type: 'text', value: text }] },
  { name: 'text, descending', keys: [{ type: 'text', value: text, desc: true, nullsFirst: true }] },
  { name: 'long text', keys: [{ type: 'text', value: longText }] },
  { name: 'text beyond any key', keys: [{ type: 'text', value: veryLongText }], rows: 300 },
  { name: 'booleans', keys: [{ type: 'boolean', value: boolean, nullsFirst: true }], rows: 14_000 },
  { name: 'blobs', keys: [{ type: 'blob', value: blob }] },
  { name: 'instants', keys: [{ type: 'timestamp', value: instant }] },
  { name: 'points', keys: [{ type: 'point', value: point }] },
  { name: 'geometries', keys: [{ type: 'geometry', value: geometry }] },
  {
    name: 'three keys',
    keys: [
      { type: 'text', value: text },
      { type: 'integer', value: small, desc: true, nullsFirst: true },
      { type: 'boolean', value: boolean },
    ],
  },
  {
    name: 'covered columns',
    keys: [
      { type: 'date', value: day },
      { type: 'real', value: anyReal },
    ],
    include: [
      { type: 'text', value: text },
      { type: 'real', value: anyReal },
      { type: 'integer', value: anyInteger },
    ],
  },
  { name: 'partial, integers', keys: [{ type: 'integer', value: small }], partial: true },
  { name: 'partial, points', keys: [{ type: 'point', value: point }], partial: true },
  { name: 'unique integers', keys: [{ type: 'integer', value: anyInteger }], unique: true },
  {
    name: 'unique pairs',
    keys: [
      { type: 'text', value: text },
      { type: 'integer', value: small },
    ],
    unique: true,
  },
  { name: 'integer primary key', keys: [{ type: 'integer', value: anyInteger }], unique: true, primary: true },
  { name: 'text primary key', keys: [{ type: 'text', value: longText }], unique: true, primary: true },
  {
    name: 'composite primary key',
    keys: [
      { type: 'integer', value: small },
      { type: 'real', value: anyReal },
    ],
    unique: true,
    primary: true,
  },
];

/** A value of a column, NULL now and then where it may be. */
export function valueOf(of: ShapeColumn, random: Random, nullable: boolean): Value {
  return nullable && random.next() < 0.12 ? null : of.value(random);
}

export function keyColumn(shape: Shape, at: number): Expr {
  return column(at, `k${at}`, shape.keys[at]!.type, shape.primary !== true);
}

/** A random predicate over one key. Its form decides which kinds can answer it. */
function predicateOn(shape: Shape, at: number, random: Random): Expr {
  const key = keyColumn(shape, at);
  const { type } = shape.keys[at]!;
  const value = (): Expr => constant(valueOf(shape.keys[at]!, random, false), type);
  if ((type === 'point' || type === 'geometry') && random.next() < 0.8) return spatial(key, random);
  const forms: (() => Expr)[] = [
    () => compare('=', key, value()),
    () => compare('=', key, value()),
    () => compare(random.pick(['<', '<=', '>', '>='] as const), key, value()),
    () => and([compare('>=', key, value()), compare('<', key, value())]),
    () => compare('<>', key, value()),
    () => inList(key, [value(), value(), value()]),
    () => inList(key, [value(), value()], true),
    () =>
      inArray(
        key,
        constant([valueOf(shape.keys[at]!, random, true), valueOf(shape.keys[at]!, random, false)], `${type}[]`),
      ),
    () => isNull(key),
    () => isNull(key, true),
  ];
  if (type === 'text') {
    forms.push(() => like(key, constant(`${random.pick(['a', 'ab', 'x', 'long', '\u{1f600}', 'lorem'])}%`, 'text')));
  }
  if (type === 'integer') {
    const real = constant(random.pick([0.5, -3.5, NaN, Infinity, 1e19, 4]), 'real');
    forms.push(() => compare(random.pick(['=', '<', '<=', '>', '>=', '<>'] as const), key, real));
  }
  return random.pick(forms)();
}

function spatial(key: Expr, random: Random): Expr {
  const envelope = () => {
    const west = random.below(340) - 180;
    const south = random.below(160) - 90;
    const args = [west, south, Math.min(180, west + 1 + random.below(90)), Math.min(90, south + 1 + random.below(60))];
    return call(
      'st_makeenvelope',
      args.map((n) => constant(n, 'real')),
    );
  };
  const place = constant(point(random), 'point');
  return random.pick([
    () => call('st_within', [key, envelope()]),
    () => call('st_intersects', [key, envelope()]),
    () => call('st_dwithin', [key, place, constant(random.pick([0, 1_000, 500_000, 5_000_000, 2e7]), 'real')]),
  ])();
}

const searches = [
  'ab',
  'abc',
  'long',
  'lorem',
  '"lorem ipsum"',
  'ab*',
  'ab OR abd',
  'long -ab',
  'x0',
  'zebra',
  'abcd~1',
];

/** A search of everything that a full-text index holds. */
function search(shape: Shape, index: IndexDef, random: Random): Expr {
  const fields = shape.keys.map((_, at) => ({ name: `k${at}`, text: keyColumn(shape, at), boost: 1 }));
  return match(index.id, fields, index.options, constant(random.pick(searches), 'text'));
}

/** Conjuncts of one WHERE, such as the index's kind may answer. */
export function predicatesOver(shape: Shape, index: IndexDef, random: Random): Expr[] {
  if (index.kind === 'fulltext') return [search(shape, index, random)];
  const conjuncts: Expr[] = [];
  // Some kinds answer only when every key is given.
  if (shape.keys.length > 1 && random.next() < 0.4) {
    return shape.keys.map((key, at) =>
      compare('=', keyColumn(shape, at), constant(valueOf(key, random, false), key.type)),
    );
  }
  shape.keys.forEach((_, at) => {
    if (shape.keys.length === 1 || at === 0 || random.next() < 0.7) conjuncts.push(predicateOn(shape, at, random));
  });
  return conjuncts.flatMap((expr) => (expr.kind === 'and' ? expr.args : [expr]));
}
