// An error as the person at the terminal reads it: what is wrong, where (the message has the drawing), and what to do.

import { LightningError } from '../errors.js';

const RED = '\u001b[31m';
const PLAIN = '\u001b[0m';

/** `where` is a file and line, for statements that come out of one. Ends with a newline. */
export function report(error: unknown, colour: boolean, where?: string): string {
  const place = where === undefined ? '' : `${where}: `;
  if (!(error instanceof LightningError)) return `${place}${red('internal error', colour)}: ${traced(error)}\n`;
  // Positioned messages already end with their hint.
  const hint = error.hint === undefined || error.position !== undefined ? '' : `\n  hint: ${error.hint}`;
  return `${place}${red('error', colour)} (${error.code}): ${error.message}${hint}\n`;
}

function red(text: string, colour: boolean): string {
  return colour ? RED + text + PLAIN : text;
}

/** With its stack: whoever reports it will need it. */
function traced(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
