// What the program reads from and writes to. Handed in, so that tests run it without a process of its own.

import type { Readable, Writable } from 'node:stream';

export interface Input extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
}

export interface Output extends Writable {
  readonly isTTY?: boolean;
  /** Characters to a line, when it is a terminal. */
  readonly columns?: number;
}

export interface Streams {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether text on this stream may be coloured: a terminal, and nobody asked for none (https://no-color.org). */
export function mayColour(output: Output, env: Streams['env']): boolean {
  return output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
