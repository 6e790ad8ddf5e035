// Every cost constant of the planner, in nanoseconds. Nothing else in `optimize` names a time. A committed benchmark calibrates the
// defaults; an application may bring its own model (remote store, all in memory).

/** Nanoseconds per unit of work. All are positive. */
export interface CostModel {
  /** Getting a page that the cache holds. */
  readonly pageCached: number;
  /** Getting, checking and decoding a page that it does not hold. */
  readonly pageUncached: number;
  /** Share of page gets that the cache answers, 0..1. */
  readonly cachedShare: number;
  /** Positioning on a row inside its decoded page. */
  readonly rowFetch: number;
  /** Reading one field of such a row into a vector: of fixed width; of text and other bytes. */
  readonly fieldRead: number;
  readonly textRead: number;
  /** Decoding a geometry and preparing it for spatial questions, per byte of its text. */
  readonly geometryByte: number;
  /** Decoding one field of an index's entry for a covering walk: of fixed width; of text. */
  readonly entryField: number;
  readonly entryText: number;
  /** One comparison of a fused kernel, per row. */
  readonly kernel: number;
  /** A function call of an expression, per row; `LIKE`; a spatial relation; the analysis and search of a text; a sub-query's run. */
  readonly call: number;
  readonly like: number;
  readonly spatial: number;
  /** A relation between points alone; the distance itself, which no bound cuts short. */
  readonly spatialPoint: number;
  readonly distance: number;
  readonly match: number;
  readonly subquery: number;
  /** A row-set operation: its fixed part, and per id of the smaller side. */
  readonly setOperation: number;
  readonly setPerId: number;
  /** Walking an ordered index, per entry; testing membership of a set. */
  readonly walkEntry: number;
  readonly setHas: number;
  /** Seeking in an ordered index or the directory of any other. */
  readonly seek: number;
  /** A nearest-first step; scoring one document of a ranked search. */
  readonly nearestStep: number;
  readonly rankedStep: number;
  /** Building and probing a hash table, per row; per row of its output. */
  readonly hashBuild: number;
  readonly hashProbe: number;
  readonly joinRow: number;
  /** One comparison of a sort or heap. */
  readonly sortCompare: number;
  /** Reading one row of sorted input: comparing its keys with those of the row before, or of the other side. */
  readonly sortedStep: number;
  /** Writing one row to a temporary file and reading it back. */
  readonly spillRow: number;
  /** Updating one aggregate for one row. */
  readonly aggregate: number;
  /** Starting an operator; starting a lookup join's inner side again, which is done once per distinct key of a batch. */
  readonly operator: number;
  readonly rerun: number;
  /** Writing one row with its index entries. */
  readonly writeRow: number;
  /** A refuting probe of one chunk of 65,536 rows. */
  readonly refute: number;
  /** Looking at one chunk of a columnstore and its zones; reading a column of it. */
  readonly columnChunk: number;
  readonly columnPage: number;
  /** Testing one value of a column in a fused kernel; putting one into a batch. */
  readonly columnTest: number;
  readonly columnValue: number;
}

export const DEFAULT_COSTS: CostModel = {
  pageCached: 60,
  pageUncached: 4_000,
  cachedShare: 0.95,
  rowFetch: 25,
  fieldRead: 25,
  textRead: 60,
  geometryByte: 20,
  entryField: 20,
  entryText: 110,
  kernel: 5,
  call: 60,
  like: 120,
  spatial: 1_000,
  spatialPoint: 150,
  distance: 3_000,
  match: 3_000,
  subquery: 5_000,
  setOperation: 1_000,
  setPerId: 2,
  walkEntry: 40,
  setHas: 38,
  seek: 2_000,
  nearestStep: 500,
  rankedStep: 60,
  hashBuild: 250,
  hashProbe: 100,
  joinRow: 80,
  sortCompare: 30,
  sortedStep: 30,
  spillRow: 2_500,
  aggregate: 40,
  operator: 500,
  rerun: 5_000,
  writeRow: 10_000,
  refute: 300,
  columnChunk: 1_500,
  columnPage: 3_000,
  columnTest: 3,
  columnValue: 5,
};

/** Expected cost of getting one page. */
export function pageGet(costs: CostModel): number {
  return costs.pageCached * costs.cachedShare + costs.pageUncached * (1 - costs.cachedShare);
}

/** Rows merged or divided at once when they do not fit. */
const SPILL_FAN = 16;

/** Estimated bytes of rows that an operator holds. */
export function heldBytes(rows: number, columns: number): number {
  return rows * (80 + 24 * columns);
}

/**
 * What it costs to write `rows` to temporary files and read them back, because `held` bytes do not fit the budget: once, and again for each
 * further pass of merging or dividing.
 */
export function spillCost(costs: CostModel, rows: number, held: number, budget: number): number {
  if (held <= budget) return 0;
  return rows * costs.spillRow * Math.max(1, Math.ceil(Math.log(held / budget) / Math.log(SPILL_FAN)));
}

/** A full sort of `rows`, or keeping the best `keep` of them in a heap. */
export function sortCost(costs: CostModel, rows: number, keys: number, keep = rows): number {
  const depth = Math.log2(Math.max(2, Math.min(rows, keep) + 1));
  // A row that does not enter the heap costs one comparison; about keep * ln(rows / keep) do enter.
  const entering = keep >= rows ? rows : Math.min(rows, keep * (1 + Math.log(Math.max(1, rows / Math.max(1, keep)))));
  return costs.sortCompare * (1 + 0.3 * (keys - 1)) * (rows + entering * depth);
}

/**
 * Distinct pages hit when `rows` of `total` rows are read from `pages` pages (Cardenas, "Analysis and performance of inverted data base
 * structures", CACM 1975).
 */
export function pagesHit(rows: number, total: number, pages: number): number {
  if (rows >= total || total <= 0) return pages;
  if (pages <= 1) return rows > 0 ? pages : 0;
  return pages * (1 - Math.pow(1 - 1 / pages, rows));
}

/** Plans are ranked by this: an underestimate does more harm than an overestimate. */
export function rank(cost: number, high: number): number {
  return cost + 0.1 * high;
}
