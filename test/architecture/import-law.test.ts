import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOORS, FLOORS, judge, loadsOf } from './law.js';

const ROOT = resolve(import.meta.dirname, '../..');

function sources(): string[] {
  return ['src', 'grammar'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
}

describe('the house', () => {
  it('keeps its import law, its file names and its bound on length', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap((file) => judge(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it('has a folder for every floor of the law, and every library behind a door is loaded by it', () => {
    const loads = sources().flatMap((file) => loadsOf(file, readFileSync(join(ROOT, file), 'utf8')));
    for (const library of Object.keys(DOORS)) {
      expect(
        loads.some(({ specifier }) => specifier === library || specifier.startsWith(`${library}/`)),
        library,
      ).toBe(true);
    }
    const files = sources();
    for (const floor of Object.keys(FLOORS)) {
      expect(
        files.some((f) => f.startsWith(`src/${floor}/`) || f.startsWith(`${floor}/`) || f === `src/${floor}.ts`),
        floor,
      ).toBe(true);
    }
  });
});

describe('planted violations', () => {
  const up = 'src/values/order.ts';
  it.each([
    ['a value import', up, `import { x } from '../expr/tree.js';`, 'values may not import expr'],
    ['a type-only import', up, `import type { Expr } from '../expr/expression.js';`, 'values may not import expr'],
    ['an inline type import', up, `import { type Expr } from '../expr/expression.js';`, 'values may not import expr'],
    ['an import type', up, `let e: import('../expr/expression.js').Expr;`, 'values may not import expr'],
    ['a typeof import', up, `let e: typeof import('../expr/tree.js');`, 'values may not import expr'],
    ['a side-effect import', up, `import '../expr/tree.js';`, 'values may not import expr'],
    ['a dynamic import', up, `const m = await import('../expr/tree.js');`, 'values may not import expr'],
    ['a dynamic import of a template', up, 'await import(`../expr/tree.js`);', 'values may not import expr'],
    ['a computed import', up, `await import(name);`, 'cannot be judged'],
    ['a re-export', up, `export { x } from '../expr/tree.js';`, 'values may not import expr'],
    ['a re-export of all', up, `export * from '../expr/tree.js';`, 'values may not import expr'],
    ['a re-export of types', up, `export type * from '../expr/tree.js';`, 'values may not import expr'],
    ['an import through the folder', 'src/kv/lmdb/file.ts', `import '../../pages/page.js';`, 'kv may not import pages'],
    ['exec and optimize', 'src/exec/sort.ts', `import type { R } from '../optimize/index.js';`, 'exec may not import'],
    [
      'optimize and exec',
      'src/optimize/cost.ts',
      `import { B } from '../exec/batch.js';`,
      'optimize may not import exec',
    ],
    ['the public door', 'src/sql/bind.ts', `import { open } from '../index.js';`, 'may not import the public door'],
    ['a floor into a wing', 'src/db/open.ts', `import { x } from '../cli/main.js';`, 'db may not import cli'],
    ['errors', 'src/errors.ts', `import { x } from './values/order.js';`, 'errors may not import values'],
    ['grammar', 'grammar/parser.ts', `import { L } from '../src/errors.js';`, 'grammar knows nothing else'],
    [
      'tests in sources',
      'src/db/open.ts',
      `import { x } from '../../test/pages/support.js';`,
      'leaves src and grammar',
    ],
    ['no ending', up, `import { x } from './key';`, 'does not end in .js'],
    ['a library', 'src/sql/bind.ts', `import { createToken } from 'chevrotain';`, 'is for grammar alone'],
    ['a type of a library', 'src/index/registry.ts', `import type R from 'roaring';`, 'is for src/index/row-set alone'],
    ['a part of a library', 'src/expr/tree.ts', `import G from 'jsts/org/locationtech/jts/geom.js';`, 'is for src/geo'],
    ['require', 'src/pages/page.ts', `const l = require('lmdb');`, 'is for src/kv/lmdb alone'],
    ['import = require', 'src/pages/page.ts', `import l = require('lmdb');`, 'is for src/kv/lmdb alone'],
    ['createRequire', 'src/pages/page.ts', `createRequire(import.meta.url)('lmdb');`, 'is for src/kv/lmdb alone'],
    [
      'a renamed require',
      'src/pages/page.ts',
      `const load = createRequire(u); load('lmdb');`,
      'is for src/kv/lmdb alone',
    ],
    ['require.resolve', 'src/pages/page.ts', `require.resolve('lmdb/package.json');`, 'is for src/kv/lmdb alone'],
    ['a part by template', 'src/pages/page.ts', 'load(`jsts/org/${part}.js`);', 'is for src/geo alone'],
    ['an unknown library', 'src/pages/page.ts', `import _ from 'lodash-es';`, 'has no door'],
    ['a require of a floor', up, `require('../expr/tree.js');`, 'values may not import expr'],
    ['a long file', up, '\n'.repeat(501), '501 lines'],
    ['utils', 'src/values/text-utils.ts', '', 'does not say what the file is for'],
    ['helpers', 'src/db/helpers.ts', '', 'does not say what the file is for'],
    ['manager', 'src/db/lock-manager.ts', '', 'does not say what the file is for'],
    ['camel case', 'src/db/lockTable.ts', '', 'not in kebab-case'],
    ['a folder that is no floor', 'src/shared/thing.ts', '', 'no floor of the house'],
  ])('%s is caught', (_, file, text, reason) => {
    const found = judge(file, text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(reason);
  });

  it('what is allowed is not caught', () => {
    const text = `
      import { readFileSync } from 'node:fs';
      import type { Geometry } from 'geojson';
      import { LightningError } from '../errors.js';
      import { compareText } from './text-order.js';
      // import { x } from '../expr/tree.js';
      const words = "import '../expr/tree.js'";
      say('a word');`;
    expect(judge('src/values/order.ts', text)).toEqual([]);
  });
});
