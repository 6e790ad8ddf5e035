// Distances between words: optimal string alignment (Levenshtein's insertions, deletions and substitutions, and Damerau's swap of
// neighbours, no substring edited twice), counted in code points. Assumes nothing, so that every floor may use it.

function codePoints(text: string): readonly number[] {
  const points: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point > 0xffff) i++;
    points.push(point);
  }
  return points;
}

/**
 * The optimal string alignment distance, or `bound + 1` when it is greater than `bound`.
 * Rows of the dynamic programme are filled only within `bound` of the diagonal (E. Ukkonen, "Algorithms for approximate string
 * matching", Information and Control 64, 1985).
 *
 * @example boundedDistance('harbuor', 'harbour', 2) // 1
 */
export function boundedDistance(a: string, b: string, bound: number): number {
  if (a === b) return 0;
  const from = codePoints(a);
  const to = codePoints(b);
  if (Math.abs(from.length - to.length) > bound) return bound + 1;
  const width = to.length + 1;
  const far = bound + 1;
  let beforeLast = new Array<number>(width).fill(far);
  let last = Array.from({ length: width }, (_, j) => Math.min(j, far));
  let row = new Array<number>(width).fill(far);
  for (let i = 1; i <= from.length; i++) {
    const low = Math.max(1, i - bound);
    const high = Math.min(to.length, i + bound);
    row.fill(far);
    if (i <= bound) row[0] = i;
    let best = row[0] as number;
    for (let j = low; j <= high; j++) {
      const same = from[i - 1] === to[j - 1];
      let cost = (last[j - 1] as number) + (same ? 0 : 1);
      cost = Math.min(cost, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] as number) + 1);
      }
      row[j] = Math.min(cost, far);
      if (cost < best) best = cost;
    }
    // A swap reaches back two rows, so both must be out of bounds before giving up.
    if (best > bound && Math.min(...last) > bound) return far;
    const spare = beforeLast;
    beforeLast = last;
    last = row;
    row = spare;
  }
  return last[to.length] as number;
}

/** Whether `a` becomes `b` by at most `k` edits. */
export function withinDistance(a: string, b: string, k: number): boolean {
  return boundedDistance(a, b, k) <= k;
}

/**
 * The candidate that a misspelt name most likely meant: nearest, ignoring case, within a third of its length; the first wins ties.
 *
 * @example closest('naem', ['id', 'name']) // 'name'
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let bound = Math.max(1, Math.floor(wanted.length / 3));
  let found: string | undefined;
  for (const candidate of candidates) {
    const distance = boundedDistance(wanted, candidate.toLowerCase(), bound);
    if (distance > bound) continue;
    found = candidate;
    bound = distance - 1;
    if (bound < 0) break;
  }
  return found;
}
