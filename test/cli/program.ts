// Runs the program with streams of its own.

import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '../../src/cli/run.js';
import type { Input, Output } from '../../src/cli/streams.js';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to the end with this standard input. */
export async function program(argv: readonly string[], stdin = ''): Promise<Ended> {
  const input = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  input.end(stdin);
  const printed = Promise.all([text(stdout), text(stderr)]);
  const code = await run(argv, { stdin: input, stdout, stderr, env: { LIGHTNING_HISTORY: '' } });
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  return { code, stdout: out, stderr: err };
}

/** A terminal with a person at it, who waits for a prompt before each line. */
export class Terminal {
  readonly input: Input & PassThrough = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  readonly output: Output & PassThrough = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  readonly ended: Promise<number>;
  /** All that was shown since the last key. */
  shown = '';
  private readonly waiting: { what: string; resolve: () => void }[] = [];

  constructor(argv: readonly string[], history = '') {
    this.output.setEncoding('utf8');
    this.output.on('data', (part: string) => {
      this.shown += part;
      for (const one of this.waiting.splice(0)) {
        if (this.shown.includes(one.what)) one.resolve();
        else this.waiting.push(one);
      }
    });
    const env = { LIGHTNING_HISTORY: history, NO_COLOR: '1', TERM: 'xterm' };
    this.ended = run(argv, { stdin: this.input, stdout: this.output, stderr: this.output, env });
  }

  /** Types keys, and resolves with what is shown up to and with `until`. */
  async type(keys: string, until: string): Promise<string> {
    await new Promise((resolve) => setImmediate(resolve));
    this.shown = '';
    this.input.write(keys);
    return this.wait(until);
  }

  async wait(until: string): Promise<string> {
    if (!this.shown.includes(until)) await new Promise<void>((resolve) => this.waiting.push({ what: until, resolve }));
    return this.shown;
  }
}
