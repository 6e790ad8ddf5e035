// Names, types and strings as text, for the printer.

import type { Name, TypeName } from './ast.js';

/** An unquoted name was read as a word that may stand there, so it may stand there again. */
export function name(node: Name): string {
  return node.quoted ? `"${node.text.replaceAll('"', '""')}"` : node.text;
}

export function names(list: readonly Name[]): string {
  return list.map(name).join(', ');
}

export function list<T>(items: readonly T[], one: (item: T) => string): string {
  return items.map(one).join(', ');
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function printType(type: TypeName): string {
  const args = type.args.length === 0 ? '' : `(${type.args.join(', ')})`;
  const zone = / with(out)? time zone$/.exec(type.name);
  const base = zone === null ? type.name : type.name.slice(0, zone.index);
  // The words of a type are folded; one that was quoted with capitals or blanks must be quoted again.
  const plain = /^[a-z_][a-z0-9_$]*( precision| varying)?$/.test(base) ? base : `"${base.replaceAll('"', '""')}"`;
  return `${plain}${args}${zone?.[0] ?? ''}${type.array ? '[]' : ''}`;
}
