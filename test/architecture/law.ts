// The import law as data, and the judge that holds sources to it. Knows nothing of the file system: texts come in, violations go out.

import { dirname, join, normalize } from 'node:path/posix';
import ts from 'typescript';

/** What each folder of `src` may import besides itself and `errors`. `conformance` and `db` may import every floor. */
export const FLOORS: Readonly<Record<string, readonly string[] | 'all'>> = {
  errors: [],
  values: [],
  cache: [],
  text: ['values'],
  geo: ['values'],
  expr: ['values', 'text', 'geo'],
  kv: ['values'],
  pages: ['kv', 'cache', 'values'],
  catalog: ['pages', 'expr', 'values'],
  index: ['catalog', 'pages', 'expr', 'values', 'text', 'geo'],
  tables: ['index', 'catalog', 'pages', 'expr', 'values'],
  plan: ['catalog', 'expr', 'values', 'text'],
  sql: ['grammar', 'plan', 'catalog', 'expr', 'values', 'text'],
  optimize: ['index', 'plan', 'catalog', 'expr', 'values'],
  exec: ['tables', 'index', 'plan', 'catalog', 'pages', 'expr', 'values', 'geo'],
  db: 'all',
  conformance: 'all',
  cli: ['db', 'grammar', 'expr', 'values', 'text'],
  grammar: [],
};

/** The floors below the wings: what `db` and `conformance` may import with 'all'. */
const WINGS = ['cli', 'conformance', 'db'];

/** The one place, a file without its ending or a folder, that may load each library; `geojson` is types alone. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  chevrotain: ['grammar'],
  lmdb: ['src/kv/lmdb'],
  roaring: ['src/index/row-set'],
  flexsearch: ['src/text'],
  rbush: ['src/index/rtree'],
  jsts: ['src/geo'],
  'lru-cache': ['src/db'],
  'cli-progress': ['src/cli'],
  'csv-parse': ['src/cli'],
  'csv-stringify': ['src/cli'],
  'string-width': ['src/cli'],
  geojson: ['src'],
};

export const LONGEST_FILE = 500;
const VAGUE_NAMES = /(^|-)(utils?|helpers?|managers?|misc|common|impl)(-|\.|$)/;

/** One load of another module. */
export interface Load {
  readonly specifier: string;
  readonly line: number;
  readonly how: 'import' | 'type' | 'side-effect' | 'export' | 'dynamic' | 'require';
}

/** Every load in a source: static, type-only, side-effect, re-export, dynamic, `import('x').T`, `import x = require`, and calls that load by name. */
export function loadsOf(file: string, text: string): Load[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const loads: Load[] = [];
  const say = (node: ts.Node, specifier: string, how: Load['how']) => {
    loads.push({ specifier, how, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const { importClause: clause } = node;
      const how = clause === undefined ? 'side-effect' : clause.isTypeOnly ? 'type' : 'import';
      say(node, node.moduleSpecifier.text, how);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      say(node, node.moduleSpecifier.text, 'export');
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      const { expression } = node.moduleReference;
      if (ts.isStringLiteral(expression)) say(node, expression.text, 'require');
    } else if (ts.isImportTypeNode(node)) {
      if (ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
        say(node, node.argument.literal.text, 'type');
      }
    } else if (ts.isCallExpression(node)) {
      const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const [first] = node.arguments;
      if (first !== undefined && ts.isStringLiteralLike(first)) {
        if (dynamic) say(node, first.text, 'dynamic');
        else if (isRequire(node.expression) || libraryOf(first.text) in DOORS) say(node, first.text, 'require');
      } else if (dynamic) {
        say(node, '(computed)', 'dynamic');
      } else if (first !== undefined && ts.isTemplateExpression(first)) {
        if (isRequire(node.expression) || libraryOf(first.head.text) in DOORS) say(node, first.head.text, 'require');
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return loads;
}

/** `require(...)`, `require.resolve(...)` and `createRequire(...)(...)`. */
function isRequire(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  if (ts.isPropertyAccessExpression(callee)) return isRequire(callee.expression);
  return (
    ts.isCallExpression(callee) && ts.isIdentifier(callee.expression) && callee.expression.text === 'createRequire'
  );
}

/** `jsts` of `jsts/org/...`, `@scope/name` of `@scope/name/...`. */
function libraryOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The floor of a file, by its path from the root: `values`, `grammar`, `errors`, or `door` for `src/index.ts`. */
export function floorOf(file: string): string {
  const parts = file.split('/');
  if (parts[0] === 'grammar') return 'grammar';
  if (parts.length > 2) return parts[1] ?? '';
  return file === 'src/index.ts' ? 'door' : (parts[1] ?? '').replace(/\.ts$/, '');
}

/** What is wrong with a file, as `file:line: reason`. `file` is its path from the root with forward slashes. */
export function judge(file: string, text: string): string[] {
  const found: string[] = [];
  const floor = floorOf(file);
  for (const load of loadsOf(file, text)) {
    const reason = judgeLoad(file, floor, load.specifier);
    if (reason !== undefined) found.push(`${file}:${load.line}: ${reason} (${load.how})`);
  }
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > LONGEST_FILE) found.push(`${file}: ${lines} lines, the bound is ${LONGEST_FILE}`);
  const name = file.split('/').at(-1) ?? '';
  if (VAGUE_NAMES.test(name)) found.push(`${file}: the name does not say what the file is for`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(name)) found.push(`${file}: not in kebab-case`);
  if (floor !== 'door' && !(floor in FLOORS)) found.push(`${file}: ${floor} is no floor of the house`);
  return found;
}

function judgeLoad(file: string, floor: string, specifier: string): string | undefined {
  if (specifier === '(computed)') return 'a computed import cannot be judged';
  if (specifier.startsWith('node:')) return undefined;
  if (specifier.startsWith('.')) return judgeFloor(file, floor, specifier);
  const doors = DOORS[libraryOf(specifier)];
  if (doors === undefined) return `${specifier} has no door`;
  return doors.some((door) => file.startsWith(`${door}/`))
    ? undefined
    : `${specifier} is for ${doors.join(', ')} alone`;
}

function judgeFloor(file: string, floor: string, specifier: string): string | undefined {
  if (!specifier.endsWith('.js')) return `${specifier} does not end in .js`;
  const target = normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts');
  if (!target.startsWith('src/') && !target.startsWith('grammar/')) return `${specifier} leaves src and grammar`;
  const to = floorOf(target);
  if (floor === to) return undefined;
  if (to === 'errors') return floor === 'grammar' ? 'grammar knows nothing else' : undefined;
  if (to === 'door') return floor === 'cli' ? undefined : `${floor} may not import the public door`;
  const allowed = floor === 'door' ? ['db', 'plan'] : FLOORS[floor];
  const may = allowed === 'all' ? to in FLOORS && !WINGS.includes(to) : allowed?.includes(to) === true;
  if (floor === 'door' && !WINGS.includes(to) && to in FLOORS) return undefined;
  return may ? undefined : `${floor} may not import ${to}`;
}
