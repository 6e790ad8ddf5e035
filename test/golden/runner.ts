// Golden files: cases of `command flags`, input, `----`, expected output, separated by blank lines. `REWRITE=1` writes what
// came out in place of what was expected. Each command is a handler; a test file names those it knows.
//
//   # a comment, kept as it is
//   ast expect=RULE
//   SELECT 1
//   ----
//   SELECT 1
//
// An expected output that holds blank lines stands between two lines `----` and closes with `---- end`.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

export interface GoldenCase {
  readonly command: string;
  /** `name=value`, or '' for a name alone; a flag given twice is joined by a comma. */
  readonly flags: ReadonlyMap<string, string>;
  readonly input: string;
}

/** Gives the output for one case; throws when the case itself is wrong. */
export type GoldenHandler = (golden: GoldenCase, file: string) => string;

interface Block {
  /** Comment and blank lines before the case. */
  readonly lead: readonly string[];
  readonly head: string;
  readonly golden: GoldenCase;
  readonly expected: string;
  readonly line: number;
}

/** One vitest test for each `.txt` file of the folder. Output is compared without blanks at the ends of lines. */
export function runGolden(directory: string, handlers: Readonly<Record<string, GoldenHandler>>): void {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.txt'))
    .sort();
  if (files.length === 0) throw new Error(`no golden files in ${directory}`);
  for (const file of files) {
    test(`golden ${file}`, () => {
      const path = join(directory, file);
      const { blocks, trailer } = readBlocks(readFileSync(path, 'utf8'), path);
      expect(blocks.length, `${path} holds no case`).toBeGreaterThan(0);
      const outputs = blocks.map((block) => {
        const handler = handlers[block.golden.command];
        if (handler === undefined) throw new Error(`${path}:${block.line}: no command "${block.golden.command}"`);
        return tidy(handler(block.golden, path));
      });
      if (process.env['REWRITE'] === '1') {
        writeFileSync(path, blocks.map((block, i) => format(block, outputs[i] ?? '')).join('') + trailer);
        return;
      }
      blocks.forEach((block, i) => expect(outputs[i], `${path}:${block.line}`).toBe(block.expected));
    });
  }
}

function tidy(text: string): string {
  return text.replace(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');
}

function format(block: Block, output: string): string {
  const lead = block.lead.map((line) => `${line}\n`).join('');
  const end = /\n\s*\n/.test(output) ? '\n---- end' : '';
  return `${lead}${block.head}\n${block.golden.input}\n----\n${output}${end}\n`;
}

function readBlocks(text: string, path: string): { blocks: Block[]; trailer: string } {
  const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  for (;;) {
    const lead: string[] = [];
    while (at < lines.length && (lines[at]?.trim() === '' || lines[at]?.startsWith('#'))) lead.push(lines[at++] ?? '');
    if (at >= lines.length) return { blocks, trailer: lead.map((line) => `${line}\n`).join('') };
    const line = at + 1;
    const head = lines[at++] ?? '';
    const input: string[] = [];
    while (at < lines.length && lines[at] !== '----') input.push(lines[at++] ?? '');
    if (at >= lines.length) throw new Error(`${path}:${line}: no ---- after the input`);
    at++;
    const close = lines.indexOf('---- end', at);
    const next = lines.indexOf('----', at);
    const expected: string[] = [];
    if (close >= 0 && (next < 0 || close < next)) {
      expected.push(...lines.slice(at, close));
      at = close + 1;
    } else while (at < lines.length && lines[at]?.trim() !== '') expected.push(lines[at++] ?? '');
    blocks.push({ lead, head, golden: readHead(head, input.join('\n')), expected: tidy(expected.join('\n')), line });
  }
}

function readHead(head: string, input: string): GoldenCase {
  const [command = '', ...words] = head.trim().split(/\s+/);
  const flags = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? '' : word.slice(equals + 1);
    const before = flags.get(name);
    flags.set(name, before === undefined ? value : `${before},${value}`);
  }
  return { command, flags, input };
}
