// `npm run grammar:diagrams` draws the productions of the parser as railroad diagrams: docs/grammar.html, one page of static SVG. The
// drawing library is the one that chevrotain ships for its own diagrams (Tab Atkins' railroad-diagrams, CC0).

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { Parser } from '../../grammar/parser.js';
import { fromGast, readEbnf, writeEbnf, type Production } from '../grammar/ebnf.js';

interface Shape {
  readonly width: number;
}

interface Railroad {
  Diagram(...items: Shape[]): Shape;
  Sequence(...items: Shape[]): Shape;
  Stack(...items: Shape[]): Shape;
  Choice(normal: number, ...items: Shape[]): Shape;
  Optional(item: Shape): Shape;
  OneOrMore(item: Shape, between?: Shape): Shape;
  ZeroOrMore(item: Shape): Shape;
  Terminal(text: string): Shape;
  NonTerminal(text: string, href: string): Shape;
}

/** A production, or `x { "," x }` and `x { x }` as one loop. */
type Part = Production | { readonly list: Production; readonly between: Production | undefined };

/** A line of a rule is as wide at most, in pixels, if its parts are. */
const LINE = 800;

/** The page; `lightning.ebnf` gives the order of the rules, and says what the classes of tokens are. */
export function grammarPage(ebnf: string): string {
  const railroad = loadRailroad();
  const productions = new Map<string, Production>();
  for (const rule of new Parser().getSerializedGastProductions()) {
    productions.set((rule as { name?: string }).name ?? '', fromGast(rule));
  }
  const names = [...readEbnf(ebnf).rules.keys()];
  const rules = names.map((name) => {
    const drawing = drawRule(railroad, productions.get(name)!);
    return `<h2 id="${name}"><a href="#${name}">${name}</a></h2>\n<div>${drawing}</div>\n`;
  });
  const classes = [...ebnf.matchAll(/^(\w+) = \? (.*) \? ;$/gm)].map(
    ([, name = '', text = '']) => `<dt id="${name}">${name}</dt><dd>${escaped(text)}</dd>\n`,
  );
  const index = names.map((name) => `<a href="#${name}">${name}</a>`).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The grammar of Lightning DB</title>
<style>${STYLE}</style>
<h1>The grammar of Lightning DB</h1>
<p>Drawn from the parser's own productions. Round boxes are words and signs, square ones refer to other rules. What constructs mean, with an example of each: <a href="language.md">the language</a>.</p>
<nav>${index}</nav>
${rules.join('')}<h2>Classes of tokens</h2>
<dl>${classes.join('')}</dl>
</html>
`;
}

function loadRailroad(): Railroad {
  const chevrotain = dirname(createRequire(import.meta.url).resolve('chevrotain'));
  const source = readFileSync(join(chevrotain, '../../diagrams/vendor/railroad-diagrams.js'), 'utf8');
  const exports = {};
  runInNewContext(source, { exports });
  return exports as Railroad;
}

function drawRule(railroad: Railroad, production: Production): string {
  const lines: Shape[][] = [[]];
  let width = 0;
  for (const shape of partsOf(production).map((part) => draw(railroad, part))) {
    if (width > 0 && width + shape.width > LINE) {
      lines.push([]);
      width = 0;
    }
    lines.at(-1)!.push(shape);
    width += shape.width;
  }
  const body = lines.map((line) => railroad.Sequence(...line));
  const diagram = railroad.Diagram(body.length === 1 ? body[0]! : railroad.Stack(...body));
  // The library notes on each text where chevrotain's own page found it.
  return String(diagram).replace(/ (occurrenceIdx|topRuleName|dslRuleName|tokenName|ruleName|title)="[^"]*"/g, '');
}

function draw(railroad: Railroad, part: Part): Shape {
  const of = (inner: Part) => draw(railroad, inner);
  if ('list' in part) return railroad.OneOrMore(of(part.list), part.between && of(part.between));
  if ('word' in part) return railroad.Terminal(part.word);
  if ('name' in part) return railroad.NonTerminal(part.name, `#${part.name}`);
  if ('option' in part) return railroad.Optional(of(part.option));
  if ('repeat' in part) return railroad.ZeroOrMore(of(part.repeat));
  if ('choice' in part) return railroad.Choice(0, ...part.choice.map(of));
  const shapes = partsOf(part).map(of);
  return shapes.length === 1 ? shapes[0]! : railroad.Sequence(...shapes);
}

/** The parts of a sequence, in which `x { "," x }` is one. */
function partsOf(production: Production): Part[] {
  const parts: Part[] = [];
  for (const part of 'sequence' in production ? production.sequence : [production]) {
    const again = 'repeat' in part ? itemsOf(part.repeat) : [];
    const list = [again, again.slice(1)].find((each) => each.length > 0 && endsWith(parts, each));
    if (list === undefined) {
      parts.push(part);
    } else {
      parts.splice(parts.length - list.length);
      parts.push({ list: { sequence: list }, between: list.length < again.length ? again[0] : undefined });
    }
  }
  return parts;
}

function itemsOf(production: Production): Production[] {
  return 'sequence' in production ? production.sequence : [production];
}

function endsWith(parts: readonly Part[], items: readonly Production[]): boolean {
  const end = parts.slice(-items.length);
  return (
    end.length === items.length && end.every((part, i) => !('list' in part) && writeEbnf(part) === writeEbnf(items[i]!))
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#334, #ccd); --word: light-dark(#dff3e4, #1d4030); --rule: light-dark(#e4eaff, #26305c); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
nav { columns: 12rem; font: 14px/1.6 ui-monospace, monospace; }
nav a { display: block; }
a { color: inherit; text-decoration-color: #8888; }
h2 { font: bold 18px ui-monospace, monospace; margin: 2rem 0 0; }
h2 a { text-decoration: none; }
div { overflow-x: auto; }
dt { font: bold 15px ui-monospace, monospace; }
:target { background: light-dark(#fff3bf, #554400); }
svg path { stroke: var(--line); stroke-width: 2; fill: none; }
svg rect { stroke: var(--line); stroke-width: 2; fill: var(--word); }
svg .non-terminal rect { fill: var(--rule); }
svg text { font: bold 13px ui-monospace, monospace; text-anchor: middle; fill: currentColor; }
`;

export function main(): number {
  const root = process.cwd();
  writeFileSync(
    join(root, 'docs/grammar.html'),
    grammarPage(readFileSync(join(root, 'grammar/lightning.ebnf'), 'utf8')),
  );
  return 0;
}
