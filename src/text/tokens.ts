// Splits text into tokens by Unicode properties, in the spirit of UAX #29 word boundaries: runs of letters, marks and numbers;
// apostrophes inside a word belong to it; a point or comma between digits belongs to the number; each character of a script
// written without spaces (Han, kana, Thai, ...) is a token of its own, so that its words are found as phrases.

const UNSPACED =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}\\p{scx=Bopomofo}';
const LETTER = `[[\\p{L}\\p{N}]--[${UNSPACED}]]`;
const INNER = `[[\\p{L}\\p{N}\\p{M}]--[${UNSPACED}]]`;

const TOKEN = new RegExp(
  `\\p{Nd}+(?:[.,]\\p{Nd}+)+|${LETTER}${INNER}*(?:['\\u2019]${LETTER}${INNER}*)*|[[\\p{L}\\p{N}]&&[${UNSPACED}]]\\p{M}*`,
  'gv',
);

/** Offsets of tokens in UTF-16 units: token i is `text.slice(starts[i], ends[i])` for i < count. Reused between calls. */
export interface TokenOffsets {
  count: number;
  starts: Uint32Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
}

export function tokenOffsets(): TokenOffsets {
  return { count: 0, starts: new Uint32Array(256), ends: new Uint32Array(256) };
}

/** Fills `out` with the tokens of `text`, in order. */
export function tokenize(text: string, out: TokenOffsets): void {
  out.count = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
    if (out.count === out.starts.length) grow(out);
    out.starts[out.count] = found.index;
    out.ends[out.count++] = TOKEN.lastIndex;
  }
}

function grow(out: TokenOffsets): void {
  const starts = new Uint32Array(out.starts.length * 2);
  const ends = new Uint32Array(starts.length);
  starts.set(out.starts);
  ends.set(out.ends);
  out.starts = starts;
  out.ends = ends;
}
