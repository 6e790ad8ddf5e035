// What may be meant by the beginning of a word: commands and their arguments, keywords, functions, and the database's names.

import { keywords } from '../../grammar/index.js';
import { functionNames } from '../expr/functions.js';
import { commands, words } from './commands/run.js';
import type { Session } from './session.js';

/** Completions, and the part of the line that they stand for: as `node:readline` wants them. */
export type Completion = [string[], string];

export class Completer {
  private names: readonly string[] | undefined;

  constructor(private readonly session: Session) {}

  /** Names may have changed. */
  forget(): void {
    this.names = undefined;
  }

  complete(line: string): Completion {
    return line.startsWith('.') ? this.completeCommand(line) : this.completeStatement(line);
  }

  private completeCommand(line: string): Completion {
    const given = words(line);
    const begun = /\s$/.test(line) ? '' : (given.pop() ?? '');
    const [name] = given;
    if (name === undefined) {
      const all = commands().map((command) => command.name);
      return [all.filter((one) => one.startsWith(begun)), begun];
    }
    const command = commands().find((one) => one.name === name);
    const candidates = command?.complete?.(this.session, given.length - 1) ?? [];
    return [candidates.filter((one) => one.startsWith(begun)), begun];
  }

  private completeStatement(line: string): Completion {
    const begun = /[A-Za-z_\u00a1-\uffff][\w$\u00a1-\uffff]*$/.exec(line)?.[0] ?? '';
    if (begun === '') return [[], begun];
    const lower = begun.toLowerCase();
    const upper = begun === begun.toUpperCase();
    const fixed = [...keywords(), ...functionNames()].map((word) => (upper ? word.toUpperCase() : word));
    this.names ??= namesOf(this.session);
    const hits = new Set([...this.names, ...fixed].filter((word) => word.toLowerCase().startsWith(lower)));
    return [[...hits], begun];
  }
}

/** Tables, views, columns and indexes, each once. */
function namesOf(session: Session): string[] {
  const { tables, views } = session.db.schema();
  const names = tables.flatMap(({ name, columns, indexes }) => [
    name,
    ...columns.map((column) => column.name),
    ...indexes.map((index) => index.name),
  ]);
  return [...new Set([...names, ...views.map((view) => view.name)])].sort();
}
