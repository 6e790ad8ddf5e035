// Offsets -> lines and columns, as people and editors count them.

/**
 * Line and column of an offset, both from 1; columns in UTF-16 units. LF, CR LF and CR end a line. Offsets beyond the
 * text count as its end.
 *
 * @example locate('SELECT 1\nFORM t', 9) // { line: 2, column: 1 }
 */
export function locate(text: string, offset: number): { line: number; column: number } {
  const end = Math.min(offset, text.length);
  let line = 1;
  let start = 0;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(i + 1) !== 0x0a)) {
      line++;
      start = i + 1;
    }
  }
  return { line, column: end - start + 1 };
}
