import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vitest/config';
import { defineConfig } from 'vitest/config';
import { compile } from './test/tools/compile.mjs';

const ROOT = import.meta.dirname;

/**
 * The tests import the sources as plain JavaScript that Node itself loads, as in the published package: faster than through the test
 * runner's module layer, and processes are shared by test files, so that it is loaded and warmed up once.
 */
function compiledSources(): Plugin {
  const compiled = compile();
  return {
    name: 'compiled-sources',
    enforce: 'pre',
    resolveId(specifier, importer) {
      if (importer === undefined || !specifier.startsWith('.') || !specifier.endsWith('.js')) return undefined;
      const file = resolve(dirname(importer.split('?')[0]!), specifier);
      const inside = ['src', 'grammar'].some((folder) => file.startsWith(join(ROOT, folder)));
      return inside ? { id: join(compiled, file.slice(ROOT.length)), external: true } : undefined;
    },
  };
}

/** Replace modules of the sources, which only the test runner's own loading allows. */
const REPLACING = ['test/differential/planted-faults.test.ts', 'test/expr/compile.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: '100%',
    // Young objects of these tests die in the nursery when it is large enough.
    execArgv: ['--max-semi-space-size=64'],
    setupFiles: ['test/tools/optimize-late.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        plugins: [compiledSources()],
        test: { name: 'compiled', include: ['test/**/*.test.ts'], exclude: REPLACING, isolate: false },
      },
      { extends: true, test: { name: 'replacing', include: REPLACING } },
    ],
  },
});
