// Runs the store in other processes: compiles the sources that a store needs into a temporary folder, since a child of the test runner
// has no TypeScript.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Children {
  /** A temporary folder for data, writable by every user. */
  readonly folder: string;
  /** Runs code to its end, as another user or with a bound on the size of files. `kv` is the floor's door, `bytes` makes a key of a string. */
  run(
    code: string,
    user?: number,
    fileBytes?: number,
  ): { readonly status: number | null; readonly signal: string | null; readonly out: string };
  /** Starts code; its standard output is a pipe. */
  start(code: string): ChildProcess;
  dispose(): void;
}

export function makeChildren(): Children {
  const folder = mkdtempSync(join(tmpdir(), 'lightning-kv-'));
  chmodSync(folder, 0o777);
  const code = join(folder, 'code');
  for (const name of sources()) {
    const target = join(code, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    writeFileSync(
      target,
      ts.transpileModule(readFileSync(join(ROOT, name), 'utf8'), { compilerOptions: options }).outputText,
    );
  }
  writeFileSync(join(code, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(code, 'node_modules'));
  let count = 0;
  const script = (body: string) => {
    const file = join(code, `child-${count++}.js`);
    const head = `import * as kv from './src/kv/index.js';
const bytes = (text) => new TextEncoder().encode(text);
const folder = ${JSON.stringify(folder)};
const say = (text) => process.stdout.write(text + '\\n');
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
`;
    writeFileSync(file, head + body);
    return file;
  };
  return {
    folder,
    run(body, user, fileBytes) {
      const options = user === undefined ? {} : { uid: user, gid: user };
      const limit = fileBytes === undefined ? '' : `ulimit -f ${fileBytes / 512}; `;
      const command = ['-c', `${limit}exec "$0" "$1"`, process.execPath, script(body)];
      const result = spawnSync('/bin/sh', command, { ...options, encoding: 'utf8', timeout: 30_000 });
      return { status: result.status, signal: result.signal, out: result.stdout + result.stderr };
    },
    start: (body) => spawn(process.execPath, [script(body)], { stdio: ['pipe', 'pipe', 'inherit'] }),
    dispose: () => rmSync(folder, { recursive: true }),
  };
}

function sources(): string[] {
  const kv = readdirSync(join(ROOT, 'src/kv'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src/kv', name));
  return ['src/errors.ts', ...kv];
}
