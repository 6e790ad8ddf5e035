// Builds that can be watched and stopped: what an application is told on the way, and the statement behind a definition given as an object.

import { LightningError } from '../../errors.js';
import { quoteName } from '../../expr/printer.js';
import { describe } from '../../values/index.js';
import type { WatchBuild } from '../../tables/index-build.js';
import type { BuildOptions, IndexDefinition } from '../api.js';
import { checkFunction, checkOptions, checkText } from '../input/arguments.js';

/** Milliseconds between two reports. */
const REPORT_EVERY = 50;

/** How a build is carried through. */
export interface BuildSettings {
  readonly watch?: WatchBuild | undefined;
  /** Rows from commit to commit. */
  readonly stepRows?: number | undefined;
}

/**
 * @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function settingsOf(options: BuildOptions, method: string): BuildSettings {
  checkOptions(options, method, ['signal', 'onProgress', 'stepRows']);
  const { stepRows } = options;
  if (stepRows !== undefined && !(Number.isSafeInteger(stepRows) && stepRows > 0)) {
    throw new LightningError('INVALID_ARGUMENT', `stepRows of ${method} is ${describe(stepRows)}`, {
      hint: 'give a whole number of rows, 1 or more',
    });
  }
  return { watch: watchOf(options, method), stepRows };
}

function watchOf({ signal, onProgress }: BuildOptions, method: string): WatchBuild {
  if (onProgress !== undefined) checkFunction(onProgress, `onProgress of ${method}`);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new LightningError('INVALID_ARGUMENT', `signal of ${method} is ${describe(signal)}`, {
      hint: 'pass the signal of an AbortController',
    });
  }
  let told = -Infinity;
  let begun = performance.now();
  /** What was done when the phase began. */
  let before = 0;
  let last = '';
  return ({ index, phase, rows, total }) => {
    const stop = (): void => {
      if (signal?.aborted !== true) return;
      throw new LightningError('ABORTED', `the build of index "${index.name}" was stopped`, {
        hint: 'nothing of it was kept; build it again when there is time',
        cause: signal.reason,
      });
    };
    stop();
    const now = performance.now();
    const stage = `${index.name} ${phase}`;
    if (stage !== last) [begun, before] = [now, rows];
    if (onProgress === undefined || (stage === last && rows < total && now - told < REPORT_EVERY)) return;
    last = stage;
    told = now;
    const seconds = (now - begun) / 1_000;
    const perSecond = seconds > 0 ? (rows - before) / seconds : 0;
    const secondsLeft = perSecond > 0 ? (total - rows) / perSecond : undefined;
    onProgress({ index: index.name, phase, rows, total, perSecond, secondsLeft });
    stop();
  };
}

const PARTS = ['name', 'table', 'using', 'keys', 'include', 'unique', 'where', 'options'];

/**
 * The statement that makes the index.
 *
 * @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION
 * @example createIndexText({ name: 'by_age', table: 'people', keys: ['age DESC'] }) // 'CREATE INDEX by_age ON people USING btree (age DESC)'
 */
export function createIndexText(definition: IndexDefinition): string {
  checkOptions(definition, 'createIndex()', PARTS);
  const { name, table, using = 'btree', keys, include = [], unique = false, where, options = {} } = definition;
  for (const [value, what] of [
    [name, 'name'],
    [table, 'table'],
    [using, 'kind'],
  ] as const) {
    checkText(value, `the ${what} of an index`);
  }
  const list = typeof keys === 'string' ? [keys] : keys;
  if (!Array.isArray(list) || list.length === 0) {
    throw new LightningError('INVALID_ARGUMENT', `the keys of index "${name}" are ${describe(keys)}`, {
      hint: 'pass an array of columns or expressions, as they stand in CREATE INDEX',
    });
  }
  const settings = Object.entries(options).map(([option, value]) =>
    typeof value === 'string' ? `${option} = '${value.replaceAll("'", "''")}'` : `${option} = ${String(value)}`,
  );
  return [
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${quoteName(name)} ON ${quoteName(table)} USING ${using} (${list.join(', ')})`,
    ...(include.length > 0 ? [`INCLUDE (${include.map(quoteName).join(', ')})`] : []),
    ...(settings.length > 0 ? [`WITH (${settings.join(', ')})`] : []),
    ...(where === undefined ? [] : [`WHERE ${where}`]),
  ].join(' ');
}
