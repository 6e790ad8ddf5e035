// Runs a runner of this folder: `node test/tools/run.mjs slt DIRECTORY`.

import console from 'node:console';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { compile } from './compile.mjs';

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !/^[a-z-]+$/.test(name)) {
  console.error('usage: node test/tools/run.mjs NAME [ARGUMENT...]');
  process.exit(2);
}
const { main } = await import(pathToFileURL(join(compile(), 'test/tools', `${name}.js`)).href);
process.exitCode = await main(args);
