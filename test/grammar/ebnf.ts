// Two readings of the grammar in one form: the EBNF that people read, and the productions that chevrotain recorded.

import type { ISerializedGast } from 'chevrotain';
import { vocabulary, spelling } from '../../grammar/vocabulary.js';

/** `word` is a terminal in quotes, `name` a rule or a class of tokens. */
export type Production =
  | { word: string }
  | { name: string }
  | { sequence: Production[] }
  | { choice: Production[] }
  | { option: Production }
  | { repeat: Production };

function sequence(parts: Production[]): Production {
  const flat = parts.flatMap((part) => ('sequence' in part ? part.sequence : [part]));
  const only = flat[0];
  return flat.length === 1 && only !== undefined ? only : { sequence: flat };
}

function choice(parts: Production[]): Production {
  const flat = parts.flatMap((part) => ('choice' in part ? part.choice : [part]));
  const only = flat[0];
  return flat.length === 1 && only !== undefined ? only : { choice: flat };
}

const SPELLINGS = new Map(vocabulary.map((type) => [type.name, spelling(type)]));

/** Classes of tokens are spelled in lower case, like rules; words and signs in quotes. */
export function isClass(text: string): boolean {
  return /^[a-z][A-Za-z]*$/.test(text);
}

function terminal(name: string): Production {
  const text = SPELLINGS.get(name) ?? name;
  return isClass(text) ? { name: text } : { word: text };
}

interface Serialized extends ISerializedGast {
  name?: string;
  separator?: { name: string };
}

/** A recorded production; the end of the input is left out. */
export function fromGast(node: Serialized): Production {
  const inner = (): Production =>
    sequence(((node.definition ?? []) as Serialized[]).filter((part) => part.name !== 'EOF').map(fromGast));
  switch (node.type) {
    case 'Terminal':
      return terminal(node.name ?? '');
    case 'NonTerminal':
      return { name: node.name ?? '' };
    case 'Option':
      return { option: inner() };
    case 'Repetition':
      return { repeat: inner() };
    case 'RepetitionMandatory':
      return sequence([inner(), { repeat: inner() }]);
    case 'RepetitionMandatoryWithSeparator':
      return sequence([inner(), { repeat: sequence([terminal(node.separator?.name ?? ''), inner()]) }]);
    case 'Alternation':
      return choice(((node.definition ?? []) as Serialized[]).map(fromGast));
    case 'Alternative':
    case 'Rule':
      return inner();
    default:
      throw new Error(`no reading of ${node.type}`);
  }
}

/** Reads `rule = ... ;`, with `"word"`, `name`, `|`, `[ ]`, `{ }`, `( )`; a class of tokens is `name = ? words ? ;`. */
export function readEbnf(text: string): { rules: Map<string, Production>; classes: Set<string> } {
  const tokens = text.replace(/\(\*[\s\S]*?\*\)/g, ' ').match(/"[^"]*"|\?[^?]*\?|[A-Za-z]+|[=;|[\]{}()]|\S/g) ?? [];
  let at = 0;
  const take = (wanted: string): void => {
    if (tokens[at++] !== wanted)
      throw new Error(`lightning.ebnf: expected ${wanted} before ${tokens.slice(at - 1, at + 8).join(' ')}`);
  };
  const alternatives = (): Production => {
    const parts = [factors()];
    while (tokens[at] === '|') {
      at++;
      parts.push(factors());
    }
    return choice(parts);
  };
  const factors = (): Production => {
    const parts: Production[] = [];
    for (;;) {
      const token = tokens[at] ?? ';';
      if (/^[;|\])}]$/.test(token)) return sequence(parts);
      at++;
      if (token === '[' || token === '{' || token === '(') {
        const inner = alternatives();
        take(token === '[' ? ']' : token === '{' ? '}' : ')');
        parts.push(token === '[' ? { option: inner } : token === '{' ? { repeat: inner } : inner);
      } else if (token.startsWith('"')) parts.push({ word: token.slice(1, -1) });
      else if (/^[A-Za-z]+$/.test(token)) parts.push({ name: token });
      else throw new Error(`lightning.ebnf: ${token} is no factor`);
    }
  };
  const rules = new Map<string, Production>();
  const classes = new Set<string>();
  while (at < tokens.length) {
    const name = tokens[at++] ?? '';
    if (rules.has(name) || classes.has(name)) throw new Error(`lightning.ebnf: ${name} is defined twice`);
    take('=');
    if (tokens[at]?.startsWith('?')) {
      at++;
      classes.add(name);
    } else rules.set(name, alternatives());
    take(';');
  }
  return { rules, classes };
}

/** All rules and classes that a production refers to. */
export function references(node: Production): string[] {
  if ('name' in node) return [node.name];
  if ('word' in node) return [];
  if ('option' in node) return references(node.option);
  if ('repeat' in node) return references(node.repeat);
  return ('sequence' in node ? node.sequence : node.choice).flatMap(references);
}

/** All words and signs of a production. */
export function terminals(node: Production): string[] {
  if ('name' in node) return [];
  if ('word' in node) return [node.word];
  if ('option' in node) return terminals(node.option);
  if ('repeat' in node) return terminals(node.repeat);
  return ('sequence' in node ? node.sequence : node.choice).flatMap(terminals);
}

/** EBNF text of a production. */
export function writeEbnf(node: Production, inChoice = false): string {
  if ('word' in node) return `"${node.word}"`;
  if ('name' in node) return node.name;
  if ('option' in node) return `[ ${writeEbnf(node.option, true)} ]`;
  if ('repeat' in node) return `{ ${writeEbnf(node.repeat, true)} }`;
  if ('sequence' in node) return node.sequence.map((part) => writeEbnf(part)).join(' ');
  const text = node.choice.map((part) => writeEbnf(part)).join(' | ');
  return inChoice ? text : `( ${text} )`;
}
