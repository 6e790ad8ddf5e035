// How far an import has come, on a terminal; elsewhere nothing.

import { basename } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Output } from '../streams.js';

/** Characters of the file's name, so that the line fits in 80. */
const LABEL = 20;

export class ImportProgress {
  private readonly bar: SingleBar | undefined;
  private readonly start = performance.now();

  /** `total` and `done` are bytes of the file. */
  constructor(output: Output, label: string, total: number) {
    if (output.isTTY !== true) return;
    this.bar = new SingleBar({
      stream: output,
      format: `${basename(label).slice(0, LABEL)} {bar} {percentage}%  {rows} rows  {rate}/s  {left} s left`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 16,
      // The engine is synchronous: a listener for Ctrl-C would never be called, and would keep the
      // signal from ending the program. What it would restore is therefore not changed: cursor and line wrapping.
      gracefulExit: false,
      hideCursor: false,
      linewrap: true,
      clearOnComplete: true,
    });
    this.bar.start(total, 0, { rows: 0, rate: '-', left: '-' });
  }

  update(done: number, rows: number): void {
    if (this.bar === undefined) return;
    const seconds = (performance.now() - this.start) / 1_000;
    const total = this.bar.getTotal();
    this.bar.update(done, {
      rows: rows.toLocaleString('en-US'),
      rate: Math.round(rows / seconds).toLocaleString('en-US'),
      left: done === 0 ? '-' : ((seconds * (total - done)) / done).toFixed(0),
    });
  }

  stop(): void {
    this.bar?.stop();
  }
}
