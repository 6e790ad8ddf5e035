// The one door to rbush: the boxes of one bucket as a tree over their positions, for windows that meet few of them.

import RBush from 'rbush';
import type { BBox } from 'rbush';

/** rbush takes its methods off the object, so they are bound to the boxes. */
class Positions extends RBush<number> {
  constructor(boxes: Float64Array) {
    super(16);
    this.toBBox = (i): BBox => ({
      minX: boxes[4 * i]!,
      minY: boxes[4 * i + 1]!,
      maxX: boxes[4 * i + 2]!,
      maxY: boxes[4 * i + 3]!,
    });
    this.compareMinX = (a, b) => boxes[4 * a]! - boxes[4 * b]!;
    this.compareMinY = (a, b) => boxes[4 * a + 1]! - boxes[4 * b + 1]!;
  }
}

export class BoxTree {
  private readonly positions: Positions;

  /** @param boxes w, s, e, n each; those that are inside out are left aside */
  constructor(boxes: Float64Array, count: number) {
    this.positions = new Positions(boxes);
    const filled: number[] = [];
    for (let i = 0; i < count; i++) if (boxes[4 * i]! <= boxes[4 * i + 2]!) filled.push(i);
    this.positions.load(filled);
  }

  /** Positions of the boxes that share a point with a window, in no order. */
  search(w: number, s: number, e: number, n: number): readonly number[] {
    return this.positions.search({ minX: w, minY: s, maxX: e, maxY: n });
  }

  /** Memory, about. */
  static bytes(count: number): number {
    return 400 + 30 * count;
  }
}
