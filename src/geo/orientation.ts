// On which side of a line a point lies, decided exactly.

/** Relative error of the determinant in double arithmetic (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997). */
const ERROR_BOUND = 3.3306690738754716e-16;

/** Above 0 when (x, y) lies left of the line from (x1, y1) to (x2, y2), below 0 when right of it, 0 exactly when on it. */
export function orientation(x1: number, y1: number, x2: number, y2: number, x: number, y: number): number {
  const left = (x2 - x1) * (y - y1);
  const right = (y2 - y1) * (x - x1);
  const determinant = left - right;
  if (Math.abs(determinant) > ERROR_BOUND * (Math.abs(left) + Math.abs(right))) return determinant;
  return exactOrientation(x1, y1, x2, y2, x, y);
}

function exactOrientation(x1: number, y1: number, x2: number, y2: number, x: number, y: number): number {
  const [ax, ay] = [scaled(x1), scaled(y1)];
  const left = (scaled(x2) - ax) * (scaled(y) - ay);
  const right = (scaled(y2) - ay) * (scaled(x) - ax);
  return left > right ? 1 : left < right ? -1 : 0;
}

const view = new DataView(new ArrayBuffer(8));

/** A double times 2 to the 1074, which is a whole number. */
function scaled(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return value < 0 ? -magnitude : magnitude;
}
