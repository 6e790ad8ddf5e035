// What a file of cases offers to the runner.

import type { Contest } from './measure.js';

export interface Setting {
  /** 1 at the default size. */
  readonly scale: number;
  /** A path that nothing lies at, for a database that is removed afterwards. */
  path(name: string): string;
  /** Prints beside the figures: a plan, an observation. */
  note(text: string): void;
}

/** Sets up, yields contests that are measured one by one, and cleans up when left. */
export interface Group {
  readonly name: string;
  contests(setting: Setting): Iterable<Contest> | AsyncIterable<Contest>;
}
