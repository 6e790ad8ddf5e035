// Compiles the sources and tests to plain JavaScript that Node runs, file by file and only what has changed: for child processes of
// tests, which have no TypeScript, and for the runners of this folder.

import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../..');

/** @returns {string} the folder that holds `src`, `grammar` and `test` as JavaScript; it lies in `node_modules`, so that libraries resolve */
export function compile() {
  const out = join(ROOT, 'node_modules/.cache/lightning-tests');
  mkdirSync(out, { recursive: true });
  replace(join(out, 'package.json'), readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const folder of ['grammar', 'src', 'test']) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.d.ts') || name.endsWith('.test.ts') || !name.endsWith('.ts')) continue;
      const source = join(ROOT, folder, name);
      const target = join(out, folder, name.replace(/\.ts$/, '.js'));
      // The copy bears the time of what it was made from: a source that changes while it is being read is made again.
      const time = changedAt(source);
      if (changedAt(target) === time) continue;
      const compilerOptions = {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
      };
      mkdirSync(dirname(target), { recursive: true });
      replace(target, ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions }).outputText, time);
    }
  }
  return out;
}

/** @param {string} file @returns {number} */
function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtime.getTime() ?? -1;
}

/**
 * In one step, since other processes may be running the file.
 *
 * @param {string} file @param {string} text @param {number} [time] when it was changed, in milliseconds
 */
function replace(file, text, time) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  if (time !== undefined) utimesSync(draft, time / 1000, time / 1000);
  renameSync(draft, file);
}
