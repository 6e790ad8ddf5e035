// Opening in a fresh process: the time of `open()` itself and of the first indexed query, at one size and at ten times that.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { places } from '../data/places.js';
import type { Group } from '../group.js';
import type { Contestant } from '../measure.js';
import { lightningPlaces } from '../peers/lightning.js';

const CHILD = fileURLToPath(new URL('../open-once.js', import.meta.url));

interface Opened {
  readonly open: number;
  /** Processor time of opening, which other processes on the machine do not change. */
  readonly work: number;
  readonly query: number;
}

function openOnce(file: string): Opened {
  const { stdout, stderr, status } = spawnSync(process.execPath, [CHILD, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the process that opens failed: ${stderr}`);
  return JSON.parse(stdout) as Opened;
}

export const opening: Group = {
  name: 'opening',
  *contests({ scale, path }) {
    const sizes = [100_000 * scale, 1_000_000 * scale].map(Math.round);
    const files = sizes.map((rows) => {
      const file = path(`rows-${rows}`);
      lightningPlaces(file, places(rows), ['population', 'country', 'location']).close();
      return file;
    });
    const contestant = (i: number, part: keyof Opened): Contestant => {
      let last: Opened = { open: 0, work: 0, query: 0 };
      return {
        name: `${sizes[i]!} rows`,
        run: () => void (last = openOnce(files[i]!)),
        elapsed: () => last[part],
      };
    };
    const names = {
      open: 'open() in a fresh process',
      work: 'its processor time',
      query: 'its first indexed query, planning included',
    } as const;
    for (const part of ['open', 'work', 'query'] as const) {
      yield {
        name: names[part],
        unit: 'open',
        operations: 1,
        rounds: 5,
        most: 1.5,
        contestants: [contestant(0, part), contestant(1, part)],
      };
    }
  },
};
