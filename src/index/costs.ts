// What indexes cost, in nanoseconds: each kind prices its offers with these. The optimizer's own constants are in `optimize/cost.ts`.
// Measured by `bench/` over cached pages.

/** Descending to a leaf (three levels) or to a page found by number. */
export const SEEK = 900;
/** Beginning a probe: encoding its keys, making the set. */
export const PROBE = 1_500;
/** One entry of an ordered tree into a row set, its place in the order of row ids included. */
export const ENTRY = 40;
/** One entry of an ordered walk: row id only. */
export const WALK = 12;
/** One bitmap container of 65,536 rows into a row set. */
export const CONTAINER = 1_500;
/** One row id out of the small lists that stand in for a container. */
export const INLINE_ID = 3;
/** Asking one chunk's filter about one key. */
export const REFUTE = 250;
