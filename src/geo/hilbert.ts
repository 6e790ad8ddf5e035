// The order in which places are put into buckets: neighbours on the Hilbert curve are neighbours on the map.

const CELLS = 0x10000;

/**
 * The index along a Hilbert curve of order 16 over the plane of longitudes and latitudes: an unsigned 32-bit number.
 * The state is carried through the 16 levels as H. S. Warren does in "Hacker's Delight", 2nd edition, chapter 16 (after D. Hilbert, 1891;
 * use for packing R-trees: I. Kamel and C. Faloutsos, "Hilbert R-tree", VLDB 1994).
 */
export function hilbert(lon: number, lat: number): number {
  const x = cell((lon + 180) / 360);
  const y = cell((lat + 90) / 180);
  return hilbertOfCell(x, y);
}

/** The index of a cell, both coordinates in [0, 65535]. */
export function hilbertOfCell(cellX: number, cellY: number): number {
  let x = cellX;
  let y = cellY;
  let index = 0;
  for (let side = CELLS >>> 1; side > 0; side >>>= 1) {
    const right = (x & side) !== 0 ? 1 : 0;
    const upper = (y & side) !== 0 ? 1 : 0;
    index = index * 4 + ((3 * right) ^ upper);
    x &= side - 1;
    y &= side - 1;
    if (upper === 0) {
      if (right === 1) {
        x = side - 1 - x;
        y = side - 1 - y;
      }
      const swap = x;
      x = y;
      y = swap;
    }
  }
  return index;
}

function cell(fraction: number): number {
  return Math.min(CELLS - 1, Math.max(0, Math.floor(fraction * CELLS)));
}
