// One open database and how its answers are printed. Runs statements and commands, one at a time, for the prompt, files,
// standard input and -c alike; what fails is told on stderr, and the caller learns that it failed.

import type { Database } from '../db/api.js';
import { LightningError } from '../errors.js';
import { runCommand } from './commands/run.js';
import { format, type Answer } from './formats/format.js';
import type { Mode } from './formats/modes.js';
import { report } from './report.js';
import { split, type Piece } from './splitter.js';
import { mayColour, type Streams } from './streams.js';

/** Text handed to the stream at once. */
const CHUNK = 1 << 16;

/** Files that read files, at most. */
const DEEPEST = 20;

export class Session {
  mode: Mode;
  /** Whether the time that each statement took is told. */
  timer = false;
  /** Whether each query's plan is shown before its rows. */
  explain = false;
  /** Set by `.quit`. */
  over = false;
  private readonly reading: string[] = [];

  constructor(
    readonly db: Database,
    readonly streams: Streams,
    options: { readonly mode: Mode; readonly interactive: boolean },
  ) {
    this.mode = options.mode;
    this.interactive = options.interactive;
  }

  /** A person is typing: counts are told, too. */
  readonly interactive: boolean;

  /** Runs all; stops at the first that fails, or at `.quit`. False when one failed. `source` names the file. */
  runText(text: string, source?: string): boolean {
    return this.runAll(split(text), source);
  }

  runAll(pieces: readonly Piece[], source?: string): boolean {
    for (const piece of pieces) {
      if (this.over) return true;
      if (!this.run(piece, source)) return false;
    }
    return true;
  }

  /** Runs one piece; false when it failed, which has then been told. */
  run(piece: Piece, source?: string): boolean {
    try {
      if (piece.kind === 'command') return runCommand(this, piece.text);
      this.runStatement(piece.text);
      return true;
    } catch (error) {
      this.fail(error, source === undefined ? undefined : `${source}:${piece.line}`);
      return false;
    }
  }

  /** Runs the statements of a file, as `.read` does. */
  readFile(path: string, text: string): boolean {
    if (this.reading.length >= DEEPEST) {
      throw new LightningError('TOO_COMPLEX', `files read each other ${DEEPEST} deep: ${this.reading.join(' > ')}`);
    }
    this.reading.push(path);
    try {
      return this.runText(text, path);
    } finally {
      this.reading.pop();
    }
  }

  print(text: string): void {
    this.streams.stdout.write(text);
  }

  /** Told to a person, and kept apart from the answers. */
  note(text: string): void {
    this.streams.stderr.write(`${text}\n`);
  }

  fail(error: unknown, where?: string): void {
    const { stderr, env } = this.streams;
    stderr.write(report(error, mayColour(stderr, env), where));
  }

  /** Prints rows in the session's mode. */
  show(answer: Answer): void {
    const { stdout, env } = this.streams;
    // A terminal that does not know its size says 0.
    const width = stdout.isTTY === true ? stdout.columns || undefined : undefined;
    let chunk = '';
    for (const part of format(this.mode, answer, { width, colour: mayColour(stdout, env) })) {
      chunk += part;
      if (chunk.length >= CHUNK) {
        this.print(chunk);
        chunk = '';
      }
    }
    this.print(chunk);
  }

  private runStatement(text: string): void {
    if (this.explain && isQuery(text)) this.print(`${this.db.explain(text).trimEnd()}\n`);
    const start = performance.now();
    const statement = this.db.prepare(text);
    const columns = statement.columns();
    if (columns.length === 0) {
      const { changes } = statement.run();
      const elapsed = performance.now() - start;
      if (this.interactive)
        this.note(/^(insert|update|delete)\b/i.test(text) ? counted(changes, 'row changed', 'rows changed') : 'done');
      this.tell(elapsed);
      return;
    }
    const rows = statement.values();
    const elapsed = performance.now() - start;
    if (/^explain\b/i.test(text) && this.mode === 'box') {
      this.print(rows.map((row) => `${row.map(String).join(' ').trimEnd()}\n`).join(''));
    } else {
      this.show({ columns, rows });
      if (this.interactive && this.mode === 'box') this.note(counted(rows.length, 'row', 'rows'));
    }
    this.tell(elapsed);
  }

  private tell(milliseconds: number): void {
    if (this.timer) this.note(`time: ${duration(milliseconds)}`);
  }
}

/** Whether the statement only reads. */
function isQuery(text: string): boolean {
  return /^(select|with|values)\b|^\(/i.test(text);
}

export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** @example duration(1234) // '1.23 s' */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1_000) return `${(milliseconds / 1_000).toFixed(2)} s`;
  return milliseconds >= 1 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds * 1_000).toFixed(0)} us`;
}
