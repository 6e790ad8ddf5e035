// Strings measured and cut by code point, as PostgreSQL's characters are. Most strings have no surrogates and take the short way.
// Assumes well-formed strings.

const surrogate = /[\ud800-\udfff]/;

export function countCodePoints(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) n--;
  }
  return n;
}

/** The code points [from, to) counted from 0; both are clamped to the text. */
export function sliceCodePoints(text: string, from: number, to = Infinity): string {
  const start = Math.max(0, from);
  if (to <= start) return '';
  if (!surrogate.test(text)) return text.slice(start, to);
  return [...text].slice(start, to).join('');
}

/** The UTF-16 offset as a count of code points. */
export function codePointsBefore(text: string, offset: number): number {
  return surrogate.test(text) ? countCodePoints(text.slice(0, offset)) : offset;
}
