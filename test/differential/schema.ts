// Random tables: columns with their pools of values (skewed, duplicated, NULL), and the search columns that only Lightning has as such.
// For those the other languages see plain columns with the same answer: padded words, longitude and latitude, distances.

import type { Kind, Scalar } from './dialect.js';
import type { Random } from './random.js';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
  /** Values to draw from; the first ones more often when skewed. */
  readonly pool: readonly Scalar[];
  readonly skewed: boolean;
  /** Share of NULLs; 0: the column is NOT NULL. */
  readonly nulls: number;
  /** Small enough for arithmetic and sums. */
  readonly arithmetic: boolean;
  /** ASCII alone: upper and lower mean the same everywhere. */
  readonly ascii: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Unique and not NULL: `id`, integer or text. */
  readonly id: Column;
  readonly primaryKey: readonly string[];
  /** It has `about TEXT` and `loc POINT`. */
  readonly search: boolean;
  /** Rows to begin with. */
  readonly rows: number;
}

/** Places that distances are measured from; off the grid of the points, so that no two rows are equally far by symmetry. */
export const CENTRES: readonly (readonly [lon: number, lat: number])[] = [
  [0.1234, 0.4321],
  [12.3457, 45.6789],
  [179.2345, -17.3456],
];

/** Words that no stemmer and no list of stop words touches. */
export const WORDS = 'zorb quil vamp drix molk fenn grup hask jolt pomp tarn wick'.split(' ');

const KINDS: readonly (readonly [number, Kind])[] = [
  [4, 'integer'],
  [2, 'real'],
  [3, 'text'],
  [2, 'boolean'],
  [1, 'date'],
  [1, 'timestamp'],
];

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const two = (n: number): string => String(n).padStart(2, '0');

const DATES = [
  ...range(40).map((i) => new Date(Date.UTC(2019, 11, 20 + i)).toISOString().slice(0, 10)),
  '1969-12-31',
  '1970-01-01',
  '2000-02-29',
  '9999-12-31',
];
const ODD_TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'aB',
  'b',
  'é',
  'z',
  '\ufffd',
  '😀',
  '\ue000',
  'ß',
  "o'k",
  'a_b',
  'a%b',
  ' x',
  'x ',
  '10',
  '9',
];
const BIG = [
  9_007_199_254_740_991n,
  9_007_199_254_740_992n,
  9_007_199_254_740_993n,
  -9_007_199_254_740_993n,
  9_223_372_036_854_775_807n,
  -9_223_372_036_854_775_807n,
  4_294_967_296n,
  2_147_483_648n,
  -1n,
  0n,
  1n,
];

type Drawn = Pick<Column, 'pool' | 'arithmetic' | 'ascii'>;

function pool(random: Random, kind: Kind, rows: number): Drawn {
  const plain = { arithmetic: true, ascii: true };
  switch (kind) {
    case 'integer':
      return random.weighted<() => Drawn>([
        [4, () => ({ ...plain, pool: range(random.int(2, 8)) })],
        [3, () => ({ ...plain, pool: range(100) })],
        [3, () => ({ ...plain, pool: range(Math.max(10, rows)) })],
        [2, () => ({ ...plain, pool: range(41).map((i) => i - 20) })],
        [1, () => ({ ...plain, pool: BIG, arithmetic: false })],
      ])();
    case 'real':
      return random.weighted<() => Drawn>([
        [2, () => ({ ...plain, pool: range(6).map((i) => i / 2 - 1) })],
        [3, () => ({ ...plain, pool: range(400).map((i) => (i - 200) / 4) })],
        [1, () => ({ ...plain, pool: range(20).map((i) => i - 10) })],
      ])();
    case 'text':
      return random.weighted<() => Drawn>([
        [3, () => ({ ...plain, pool: ['red', 'green', 'blue', 'Red', 'grey'] })],
        [2, () => ({ ...plain, pool: ODD_TEXTS, ascii: false })],
        [2, () => ({ ...plain, pool: range(Math.max(10, rows)).map((i) => `k${i}`) })],
        [1, () => ({ ...plain, pool: range(60).map((i) => 'alpha beta gamma'.slice(i % 7, 3 + (i % 11)) + (i % 5)) })],
      ])();
    case 'boolean':
      return { ...plain, pool: [true, false] };
    case 'date':
      return { ...plain, pool: DATES };
    case 'timestamp':
      return {
        ...plain,
        pool: range(50).map((i) => `2020-0${1 + (i % 3)}-${two(1 + (i % 28))} ${two(i % 24)}:00:${two(i)}`),
      };
  }
}

function column(random: Random, name: string, kind: Kind, rows: number): Column {
  const nulls = random.weighted([
    [4, 0],
    [4, 0.1],
    [2, 0.5],
    [0.3, 1],
  ]);
  return { name, kind, skewed: random.chance(0.4), nulls, ...pool(random, kind, rows) };
}

type Range = readonly [low: number, high: number];

/** How many tables a world has, and how many rows they begin with. */
export interface Sizes {
  readonly tables: readonly (readonly [weight: number, count: number])[];
  readonly first: readonly (readonly [weight: number, rows: Range])[];
  readonly others: readonly (readonly [weight: number, rows: Range])[];
  /** Indexes, as a share of the usual number. */
  readonly indexes: number;
}

/** One table worth an index, and some small ones. */
export const MIXED: Sizes = {
  tables: [
    [3, 1],
    [3, 2],
    [2, 3],
    [1, 4],
  ],
  first: [
    [1, [0, 5]],
    [4, [50, 200]],
    [4, [250, 500]],
    [0.5, [800, 1_500]],
  ],
  others: [
    [1, [0, 0]],
    [4, [3, 40]],
    [2, [60, 150]],
  ],
  indexes: 1,
};

/** Many tables that are read whole: for what does not depend on size. */
export const SMALL: Sizes = {
  tables: [
    [2, 3],
    [2, 4],
    [1, 5],
  ],
  first: [
    [6, [15, 40]],
    [1, [60, 120]],
  ],
  others: [
    [0.5, [0, 1]],
    [6, [4, 30]],
    [1, [40, 80]],
  ],
  indexes: 0.35,
};

/** One table whose indexes serve most queries. */
export const SINGLE: Sizes = {
  tables: [[1, 1]],
  first: [
    [3, [60, 150]],
    [1, [150, 300]],
  ],
  others: [[1, [0, 0]]],
  indexes: 1.3,
};

export function makeTables(random: Random, sizes: Sizes): Table[] {
  const count = random.weighted(sizes.tables);
  return range(count).map((n) => {
    const rows = random.int(...random.weighted(n === 0 ? sizes.first : sizes.others));
    const textKey = random.chance(0.15);
    const ids = range(rows * 2 + 50);
    const id: Column = {
      name: 'id',
      kind: textKey ? 'text' : 'integer',
      pool: textKey ? ids.map((i) => `r${i}`) : ids,
      skewed: false,
      nulls: 0,
      arithmetic: true,
      ascii: true,
    };
    const columns = range(random.int(3, 6)).map((i) => column(random, `c${i}`, random.weighted(KINDS), rows));
    const second = columns.find((c) => c.nulls === 0 && c.kind !== 'real');
    const primaryKey = random.weighted([
      [8, ['id']],
      [1, []],
      [1, second === undefined ? ['id'] : ['id', second.name]],
    ]);
    return {
      name: `t${n}`,
      columns: [id, ...columns],
      id,
      primaryKey,
      search: random.chance(n === 0 ? 0.6 : 0.3),
      rows,
    };
  });
}

/** A row's values: those of the columns, then what the search columns hold. */
export interface RowValues {
  readonly values: readonly Scalar[];
  readonly about: string | null;
  readonly loc: readonly [lon: number, lat: number] | null;
}

export function drawValue(random: Random, column: Column): Scalar {
  if (random.chance(column.nulls)) return null;
  const { pool, skewed } = column;
  return pool[Math.floor(random.next() ** (skewed ? 3 : 1) * pool.length)]!;
}

export function drawRow(random: Random, table: Table, id: Scalar): RowValues {
  return {
    values: table.columns.map((c) => (c === table.id ? id : drawValue(random, c))),
    about: drawAbout(random),
    loc: drawPlace(random),
  };
}

export function drawAbout(random: Random): string | null {
  if (random.chance(0.1)) return null;
  return range(random.int(0, 6))
    .map(() => WORDS[Math.floor(random.next() ** 2 * WORDS.length)])
    .join(' ');
}

/** On a grid of quarter degrees around the centres, or anywhere. */
export function drawPlace(random: Random): readonly [number, number] | null {
  if (random.chance(0.1)) return null;
  if (random.chance(0.2)) return [random.int(-180, 179), random.int(-89, 89)];
  const [lon, lat] = random.pick(CENTRES);
  const shifted = Math.round(lon) + random.int(-16, 16) / 4;
  return [shifted >= 180 ? shifted - 360 : shifted, Math.round(lat) + random.int(-16, 16) / 4];
}

/** Metres on the sphere of 6,371,008.8 m, by the haversine formula. */
export function haversine(a: readonly [number, number], b: readonly [number, number]): number {
  const rad = Math.PI / 180;
  const s =
    Math.sin(((b[1] - a[1]) * rad) / 2) ** 2 +
    Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[0] - a[0]) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(s)));
}
