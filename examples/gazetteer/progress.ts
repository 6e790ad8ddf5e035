// How far a long step has come: a bar with rate and time left on a terminal, one plain line per step elsewhere.

import { SingleBar } from 'cli-progress';

const LABEL = 11;

export class Step {
  private readonly bar: SingleBar | undefined;
  private readonly start = performance.now();

  /** `unit` is what is counted: `rows`. */
  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly unit: string,
  ) {
    if (process.stdout.isTTY !== true) return;
    this.bar = new SingleBar({
      stream: process.stdout,
      format: `  ${label.padEnd(LABEL)} {bar} {percentage}%  {value} ${unit}  {rate}/s  {left} s left  {detail}`,
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
    this.bar.start(total, 0, { rate: '-', left: '-', detail: '' });
  }

  update(done: number, detail = ''): void {
    const seconds = (performance.now() - this.start) / 1_000;
    this.bar?.update(done, {
      rate: Math.round(done / seconds).toLocaleString('en-US'),
      left: done === 0 ? '-' : ((seconds * (this.total - done)) / done).toFixed(0),
      detail,
    });
  }

  /** Clears the bar and says how long the step took. */
  end(): void {
    this.bar?.stop();
    const seconds = (performance.now() - this.start) / 1_000;
    const rate = Math.round(this.total / seconds).toLocaleString('en-US');
    console.log(
      `  ${this.label.padEnd(LABEL)} ${this.total.toLocaleString('en-US').padStart(9)} ${this.unit} in ${seconds.toFixed(2)} s, ${rate} ${this.unit}/s`,
    );
  }
}
