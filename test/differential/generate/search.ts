// Full-text and spatial predicates; the other languages see the plain columns that stand for them.

import type { Node } from '../node.js';
import type { Random } from '../random.js';
import { CENTRES, WORDS } from '../schema.js';

export function matchNode(random: Random, alias: string): Node {
  const like = (text: string) => `(${alias}.about LIKE '% ${text}%')`;
  const word = (w: string) => like(`${w} `);
  const [a, b, c] = random.sample(WORDS.slice(0, 8), 3) as [string, string, string];
  const [query, plain] = random.weighted<[string, string]>([
    [4, [a, word(a)]],
    [2, [`${a} ${b}`, `(${word(a)} AND ${word(b)})`]],
    [2, [`${a} OR ${b}`, `(${word(a)} OR ${word(b)})`]],
    [1, [`${a} -${b}`, `(${word(a)} AND NOT ${word(b)})`]],
    [1, [`"${a} ${b}"`, like(`${a} ${b} `)]],
    [1, [`${a.slice(0, 2)}*`, like(a.slice(0, 2))]],
    [1, [`(${a} OR ${b}) ${c}`, `((${word(a)} OR ${word(b)}) AND ${word(c)})`]],
  ]);
  return {
    kind: 'boolean',
    kids: [],
    column: true,
    what: 'match',
    write: (d) => (d === 'lightning' ? `MATCH(${alias}.about, '${query}')` : plain),
  };
}

export function spatialNode(random: Random, alias: string): Node {
  const plain = { kind: 'boolean', kids: [], column: true, what: 'spatial' } as const;
  if (random.chance(0.4)) {
    const centre = random.int(0, CENTRES.length - 1);
    const [lon, lat] = CENTRES[centre]!;
    const metres = random.int(10, 4_000) * 100 + 0.37;
    return {
      ...plain,
      write: (d) =>
        d === 'lightning'
          ? `ST_DWithin(${alias}.loc, ST_Point(${lon}, ${lat}), ${metres})`
          : `(${alias}.d${centre} <= ${metres})`,
    };
  }
  const [lon, lat] = random.pick(CENTRES);
  const west = Math.round(lon) + random.int(-12, 8) / 4 + 0.1;
  const south = Math.round(lat) + random.int(-12, 8) / 4 + 0.1;
  const east = west + random.int(1, 20) / 4;
  const north = south + random.int(1, 20) / 4;
  const wrap = (x: number) => (x > 180 ? x - 360 : x);
  const across = wrap(west) > wrap(east);
  const call = random.pick(['ST_Within', 'ST_Intersects']);
  return {
    ...plain,
    write: (d) => {
      const box = [wrap(west), south, wrap(east), north].map((x) => x.toFixed(2));
      if (d === 'lightning') return `${call}(${alias}.loc, ST_MakeEnvelope(${box.join(', ')}))`;
      const lons = `${alias}.lon > ${box[0]} ${across ? 'OR' : 'AND'} ${alias}.lon < ${box[2]}`;
      return `((${lons}) AND ${alias}.lat > ${box[1]} AND ${alias}.lat < ${box[3]})`;
    },
  };
}
