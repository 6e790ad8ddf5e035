// What a dot command is. Each has a file of its own; `run.ts` lists them.

import type { Session } from '../session.js';

export interface Command {
  /** With its dot. */
  readonly name: string;
  /** Its arguments, for people: `[table]`, `FILE TABLE`. */
  readonly usage: string;
  readonly summary: string;
  /** How many arguments it takes. */
  readonly arguments: readonly [least: number, most: number];
  /** False when something that it ran failed and has been told. */
  run(session: Session, args: readonly string[]): boolean;
  /** What may stand as the argument at this place, for completion. */
  complete?(session: Session, place: number): readonly string[];
}
