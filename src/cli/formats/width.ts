// How wide text stands on a terminal: wide characters take two cells, combining ones none.

import stringWidth from 'string-width';

/** Cells that the text takes. */
export function textWidth(text: string): number {
  return isAscii(text) ? text.length : stringWidth(text);
}

/** The longest beginning of at most `width` cells, with an ellipsis when something is left off. */
export function cutText(text: string, width: number): string {
  if (isAscii(text)) return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
  if (textWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const cells = textWidth(segment);
    if (used + cells > width - 1) break;
    cut += segment;
    used += cells;
  }
  return `${cut}…`;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text and blanks up to `width` cells, on the left for numbers. */
export function padText(text: string, width: number, side: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return side === 'left' ? blanks + text : text + blanks;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

const CONTROL = /\p{Cc}/gu;

/** Line breaks become ↵, other control characters nothing that a terminal obeys. */
export function visible(text: string): string {
  if (isAscii(text)) return text;
  return text
    .replace(/\r\n|\n|\r/g, '↵')
    .replaceAll('\t', ' ')
    .replace(CONTROL, '\ufffd');
}
