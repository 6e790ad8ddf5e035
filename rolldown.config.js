// The JavaScript of `npm run build`; the compiler writes the types. A few files instead of a thousand load in a quarter of the time.
// chevrotain and flexsearch, hundreds of modules of which few are used, are taken in; other libraries stay outside.

import { readdirSync } from 'node:fs';

const examples = readdirSync('examples').filter((name) => name.endsWith('.ts'));
const entries = [
  'src/index',
  'src/conformance/index',
  'src/cli/main',
  'examples/gazetteer/main',
  ...examples.map((name) => `examples/${name.slice(0, -3)}`),
];
const takenIn = /^(@?chevrotain|lodash-es|flexsearch|@oxc-project)(\/|$)/;
const library = /^[a-z@]/;

export default {
  input: Object.fromEntries(entries.map((entry) => [entry, `${entry}.ts`])),
  platform: 'node',
  transform: { target: 'node20.19' },
  external: (id) => library.test(id) && !takenIn.test(id),
  output: { dir: 'dist', format: 'es', chunkFileNames: 'chunks/[name].js' },
};
