// `npm run bench -- calibrate`: every cost constant that can be told by a measurement, beside the one in use. Written over by hand, in
// src/optimize/cost.ts, when they are far apart on a quiet machine.

import type { CostModel } from '../src/optimize/cost.js';
import { DEFAULT_COSTS } from '../src/optimize/cost.js';
import type { Calibration } from './calibrate/constant.js';
import { kernelCalibrations } from './calibrate/kernels.js';
import { pageCalibrations } from './calibrate/pages.js';
import { statementCalibrations } from './calibrate/statements.js';
import type { Setting } from './group.js';

function line(constant: string, measured: string, used: number, ratio: string, how: string): string {
  return `${constant.padEnd(14)} ${measured.padStart(10)} ${String(used).padStart(8)} ${ratio.padStart(7)}  ${how}`;
}

function print({ constant, how, measure }: Calibration): void {
  const measured = measure();
  const used = DEFAULT_COSTS[constant];
  console.log(line(constant, measured.toFixed(1), used, `${(measured / used).toFixed(2)}x`, how));
}

export function calibrate(setting: Setting): void {
  console.log(
    `\n${'constant'.padEnd(14)} ${'measured'.padStart(10)} ${'in use'.padStart(8)} ${'ratio'.padStart(7)}  nanoseconds of`,
  );
  const pages = pageCalibrations(setting.path('pages'));
  const statements = statementCalibrations(setting.path('statements'));
  try {
    const all = [...pages.list, ...kernelCalibrations(), ...statements.list];
    for (const each of all) print(each);
    const told = new Set(all.map((each) => each.constant));
    const rest = (Object.keys(DEFAULT_COSTS) as (keyof CostModel)[]).filter((name) => !told.has(name));
    for (const name of rest)
      console.log(
        line(name, '-', DEFAULT_COSTS[name], '', 'not measured: a share, or too small beside its surroundings'),
      );
  } finally {
    statements.close();
    pages.close();
  }
}
