// Bounds the height of a tree, so that whoever walks it by recursion has stack enough. Parentheses are bounded by the lexer
// already; what remains are long chains: `1 + 1 + ...`, `NOT NOT ...`, UNIONs, joins.

import type { Span } from './ast.js';

/** A node at most this many levels below its statement. AND, OR, lists and rows are one level however long. */
export const MAX_HEIGHT = 500;

/** The first node that is too far down, or undefined. Iterative. */
export function tooHigh(root: object): Span | undefined {
  let level: object[] = [root];
  for (let height = 0; level.length > 0; height++) {
    const next: object[] = [];
    for (const node of level) {
      if (height > MAX_HEIGHT && 'offset' in node && 'length' in node) return node as Span;
      for (const child of Object.values(node) as unknown[]) {
        if (typeof child !== 'object' || child === null || ArrayBuffer.isView(child)) continue;
        if (!Array.isArray(child)) next.push(child);
        else for (const item of child as unknown[]) if (typeof item === 'object' && item !== null) next.push(item);
      }
    }
    level = next;
  }
  return undefined;
}
