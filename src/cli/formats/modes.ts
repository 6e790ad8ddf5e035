// The ways in which rows can be printed.

export const MODES = ['box', 'json', 'csv', 'ndjson'] as const;

export type Mode = (typeof MODES)[number];

export function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text);
}
