// A run of random cases: themes take turns, world after world, until there are enough.

import type { Coverage } from './coverage.js';
import type { Oracles } from './engines.js';
import type { Theme } from './generate/queries.js';
import { runWorld } from './run-world.js';
import type { Difference } from './run-world.js';
import { SINGLE, SMALL } from './schema.js';
import { makeLargeWorld, makeWorld } from './world.js';
import type { World } from './world.js';

/** By turns; filters, which reach the rarer indexes, twice. */
export const THEMES: readonly Theme[] = ['filters', 'mixed', 'joins', 'filters', 'queries'];

/** Queries of a world: enough to pay for its making, few enough that many worlds are seen. */
export const PER_WORLD: Readonly<Record<Theme, number>> = { mixed: 160, filters: 320, joins: 200, queries: 200 };

/** A query of a large world reads as many rows as a hundred others. */
const PER_LARGE = 60;

export interface Run {
  readonly themes: readonly Theme[];
  readonly cases: number;
  readonly seed: number;
  /** One round of the themes in so many has a large world, where they have one; 0: none. */
  readonly largeEvery: number;
}

/** @param found is told of each difference; the run ends when it answers false. */
export async function runCases(
  oracles: Oracles,
  run: Run,
  coverage: Coverage,
  found: (difference: Difference) => boolean,
): Promise<void> {
  for (let i = 0; coverage.cases < run.cases && i < 10 + run.cases / 20; i++) {
    const { theme, world } = worldAt(run, i);
    const count = world.large ? PER_LARGE : PER_WORLD[theme];
    const differences = await runWorld(oracles, world, theme, count, coverage);
    if (!differences.every(found)) return;
  }
}

/** The i-th world of a run. */
export function worldAt(
  { themes, seed, largeEvery }: Run,
  i: number,
): { readonly theme: Theme; readonly world: World } {
  const theme = themes[i % themes.length]!;
  const round = Math.floor(i / themes.length);
  return {
    theme,
    world: worldFor(theme, seed + i, largeEvery > 0 && round % largeEvery === Math.min(3, largeEvery - 1)),
  };
}

function worldFor(theme: Theme, seed: number, large: boolean): World {
  switch (theme) {
    case 'filters':
      return large ? makeLargeWorld(seed) : makeWorld(seed, SINGLE);
    case 'mixed':
      return makeWorld(seed);
    case 'joins':
    case 'queries':
      return makeWorld(seed, SMALL);
  }
}
