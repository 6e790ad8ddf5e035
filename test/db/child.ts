// Databases in other processes: compiles the sources into a temporary folder, since a child of the test runner has no TypeScript.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Children {
  readonly folder: string;
  /** Runs code to its end; `open` is the public door, `say` prints a line. */
  run(code: string): { readonly status: number | null; readonly out: string };
  start(code: string): ChildProcess;
  dispose(): void;
}

export function makeChildren(): Children {
  const folder = mkdtempSync(join(tmpdir(), 'lightning-db-'));
  const code = join(folder, 'code');
  for (const floor of ['src', 'grammar']) {
    for (const name of readdirSync(join(ROOT, floor), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const target = join(code, floor, name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
      const source = readFileSync(join(ROOT, floor, name), 'utf8');
      writeFileSync(target, ts.transpileModule(source, { compilerOptions: options }).outputText);
    }
  }
  writeFileSync(join(code, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(code, 'node_modules'));
  let count = 0;
  const script = (body: string) => {
    const file = join(code, `child-${count++}.js`);
    const head = `import { open, LightningError } from './src/index.js';
const folder = ${JSON.stringify(folder)};
const say = (text) => process.stdout.write(text + '\\n');
`;
    writeFileSync(file, head + body);
    return file;
  };
  return {
    folder,
    run(body) {
      const result = spawnSync(process.execPath, [script(body)], { encoding: 'utf8', timeout: 30_000 });
      return { status: result.status, out: result.stdout + result.stderr };
    },
    start: (body) => spawn(process.execPath, [script(body)], { stdio: ['pipe', 'pipe', 'inherit'] }),
    dispose: () => rmSync(folder, { recursive: true }),
  };
}
