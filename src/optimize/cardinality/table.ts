// How many rows of one table satisfy any subset of its conjuncts. In order of trust: counts that indexes gave, the row sample evaluated on
// the whole conjunction, single-column statistics multiplied. Adding a conjunct never enlarges an estimate, by construction: each source is
// monotone, and so is every step that combines them.

import type { Estimate } from '../../catalog/statistics.js';
import { equalExprs, exprKey, hasSubquery } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { Scan } from '../../plan/logical.js';
import { compileTest } from '../../expr/evaluate.js';
import { evaluationCost } from '../access/predicates.js';
import { sampleOf } from './sample.js';
import type { Sample } from './sample.js';
import type { Planning } from '../planning.js';
import { readsOnly } from '../plan-tree.js';
import { atMost, estimate, isClose } from './estimate.js';
import type { SelectivitySource, Share } from './selectivity.js';
import { DEFAULTS, product, selectivity } from './selectivity.js';

/** Below so many matching sample rows the sample only bounds the estimate. */
const ENOUGH_HITS = 10;
/** Nanoseconds that judging the sample by one conjunct may take: planning must stay below a millisecond. */
const SAMPLE_BUDGET = 1_200_000;

/** A set of conjuncts as bits: bit i is conjunct i. */
export type Mask = number;
/** Conjuncts that fit a mask; a longer list has its tail joined into one. */
export const MOST_CONJUNCTS = 24;

interface BoundOf {
  readonly key: string;
  readonly side: 'low' | 'high';
  /** Share of rows in which the bounded expression is not NULL. */
  readonly present: number;
}

interface Item {
  readonly expr: Expr;
  readonly share: Share;
  readonly bound: BoundOf | undefined;
}

export class TableEstimator implements SelectivitySource {
  readonly rows: number;
  private readonly items: Item[] = [];
  private readonly counts: { readonly mask: Mask; readonly rows: Estimate }[] = [];
  private readonly memo = new Map<Mask, Estimate>();
  private readonly sample: Sample;

  /** @param conjuncts over the table's ordinals; what reads anything else (score, row id) is never asked of the sample. */
  constructor(
    private readonly planning: Planning,
    private readonly scan: Scan,
    conjuncts: readonly Expr[],
  ) {
    this.rows = planning.rows(scan.table);
    this.sample = sampleOf(planning.statistics(scan.table)?.sample ?? [], scan.columns.length);
    for (const expr of conjuncts) {
      this.items.push({ expr, share: selectivity(expr, this), bound: this.boundOf(expr) });
    }
  }

  column(expr: Expr) {
    return expr.kind === 'column' ? this.planning.columnStatistics(this.scan.table, expr.id) : undefined;
  }

  distinct(expr: Expr): number | undefined {
    return this.planning.distinctByIndex(this.scan.table, (key) => equalExprs(key, expr));
  }

  value(expr: Expr) {
    return this.planning.known(expr);
  }

  /** Records what an index counted for a set of conjuncts: an upper bound for every larger set. */
  learn(mask: Mask, rows: Estimate): void {
    if (mask === 0 || this.counts.some((c) => c.mask === mask && c.rows.hi <= rows.hi && c.rows.est <= rows.est))
      return;
    this.counts.push({ mask, rows });
    this.memo.clear();
  }

  /** Rows for which all conjuncts of the mask are true. */
  of(mask: Mask): Estimate {
    if (mask === 0) return { lo: this.rows, est: this.rows, hi: this.rows, source: 'exact' };
    let result = this.memo.get(mask);
    if (result === undefined) {
      result = this.compute(mask);
      this.memo.set(mask, result);
    }
    return result;
  }

  private compute(mask: Mask): Estimate {
    const counted = this.counts.find((c) => c.mask === mask);
    if (counted !== undefined && isClose(counted.rows)) return this.bounded(mask, counted.rows);
    const byColumns = this.multiplied(mask);
    const isSingle = this.counts.some(({ mask: looser, rows }) => (looser & mask) === looser && rows.hi <= 1);
    const measured = isSingle ? undefined : this.sampled(mask, byColumns);
    const share = measured ?? byColumns;
    let result = estimate(share.lo * this.rows, share.est * this.rows, share.hi * this.rows, share.source);
    if ((mask & (mask - 1)) !== 0) {
      for (let i = 0; i < this.items.length; i++) {
        if (mask & (1 << i)) result = atMost(result, this.of(1 << i));
      }
    }
    return this.bounded(mask, result);
  }

  private bounded(mask: Mask, start: Estimate): Estimate {
    let result = start;
    // What satisfies more conjuncts satisfies these.
    for (const { mask: stricter, rows } of this.counts) {
      if ((stricter & mask) === mask && rows.lo === rows.hi && rows.lo > result.est) {
        result = estimate(rows.lo, rows.lo, Math.max(result.hi, rows.lo), rows.source);
      }
    }
    for (const { mask: looser, rows } of this.counts) {
      if ((looser & mask) === looser) result = atMost(result, rows);
    }
    return result;
  }

  /** Independent columns; a lower and an upper bound of one expression are taken together. */
  private multiplied(mask: Mask): Share {
    let all: Share | undefined;
    const ranges = new Map<string, { present: number; low: Share | undefined; high: Share | undefined }>();
    for (let i = 0; i < this.items.length; i++) {
      const item = this.items[i];
      if (item === undefined || !(mask & (1 << i))) continue;
      const share = this.shareOf(i, item);
      if (item.bound === undefined) {
        all = all === undefined ? share : product(all, share);
        continue;
      }
      const range = ranges.get(item.bound.key) ?? { present: item.bound.present, low: undefined, high: undefined };
      const other = range[item.bound.side];
      range[item.bound.side] = other === undefined || share.est < other.est ? share : other;
      ranges.set(item.bound.key, range);
    }
    for (const { low, high, present } of ranges.values()) {
      const share = low === undefined || high === undefined ? (low ?? high) : overlap(low, high, present);
      if (share !== undefined) all = all === undefined ? share : product(all, share);
    }
    return all ?? { lo: 1, est: 1, hi: 1, source: 'exact' };
  }

  /** A conjunct's own share, sharpened by what an index counted for it alone. */
  private shareOf(i: number, item: Item): Share {
    const count = this.counts.find((c) => c.mask === 1 << i);
    if (count === undefined || this.rows === 0) return item.share;
    // What an index knows closely replaces a guess; an upper bound only lowers what statistics say.
    const better = isClose(count.rows) || item.share.source === 'default';
    if (!better && count.rows.est >= item.share.est * this.rows) return item.share;
    return {
      lo: Math.min(1, count.rows.lo / this.rows),
      est: Math.min(1, count.rows.est / this.rows),
      hi: Math.min(1, count.rows.hi / this.rows),
      source: count.rows.source,
    };
  }

  private sampled(mask: Mask, byColumns: Share): Share | undefined {
    const { size } = this.sample;
    if (size === 0) return undefined;
    let hits: Uint32Array | undefined;
    let rest: Share | undefined;
    for (let i = 0; i < this.items.length; i++) {
      const item = this.items[i];
      if (item === undefined || !(mask & (1 << i))) continue;
      const own = this.hitsOf(item);
      if (own === null) {
        const share = this.shareOf(i, item);
        rest = rest === undefined ? share : product(rest, share);
      } else if (hits === undefined) hits = own.slice();
      else for (let w = 0; w < hits.length; w++) hits[w] = (hits[w] as number) & (own[w] as number);
    }
    if (hits === undefined) return undefined;
    const found = countBits(hits);
    const noise = 2 * Math.sqrt(found + 1);
    const lo = Math.max(0, found - noise) / size;
    const hi = Math.min(1, (found + noise + 1) / size);
    const judged: Share =
      found >= ENOUGH_HITS
        ? { lo, est: found / size, hi, source: 'sample' }
        : {
            lo: Math.min(lo, byColumns.lo),
            est: Math.min(Math.max(rest === undefined ? byColumns.est : 0, found / (2 * size)), (found + 1) / size),
            hi,
            source: found === 0 ? byColumns.source : 'sample',
          };
    return rest === undefined ? judged : product(judged, rest);
  }

  private boundOf(expr: Expr): BoundOf | undefined {
    if (expr.kind !== 'compare') return undefined;
    const { operator, left, right } = expr;
    if (operator === '=' || operator === '<>' || left.kind !== 'column' || right.kind === 'column') return undefined;
    const side = operator === '>' || operator === '>=' ? 'low' : 'high';
    return { key: exprKey(left), side, present: 1 - (this.column(left)?.nullFraction ?? 0) };
  }

  /** Over the sample, once per planning run; null when the conjunct cannot be judged now. */
  private hitsOf(item: Item): Uint32Array | null {
    const { sampleHits } = this.planning;
    let known = sampleHits.get(this.sample);
    if (known === undefined) sampleHits.set(this.sample, (known = new Map()));
    let hits = known.get(item.expr);
    if (hits === undefined) known.set(item.expr, (hits = this.judged(item.expr)));
    return hits;
  }

  private judged(expr: Expr): Uint32Array | null {
    const judgeable =
      expr.kind !== 'constant' &&
      readsOnly(expr, this.sample.ids) &&
      !hasSubquery(expr) &&
      evaluationCost(expr, this.planning.costs) * this.sample.size < SAMPLE_BUDGET &&
      this.planning.hasKnownParameters(expr);
    if (!judgeable) return null;
    const bits = new Uint32Array((this.sample.size + 31) >>> 5);
    const { columns, layout, size } = this.sample;
    const { evaluation } = this.planning;
    try {
      const test = compileTest(expr, layout, true);
      for (let r = 0; r < size; r++) {
        if (test(columns, r, evaluation)) bits[r >>> 5] = (bits[r >>> 5] as number) | (1 << (r & 31));
      }
    } catch {
      // An error belongs to execution, if it comes to that.
      return null;
    }
    return bits;
  }
}

function overlap(low: Share, high: Share, present: number): Share {
  if (low.source === 'default' || high.source === 'default') {
    const est = Math.min(DEFAULTS.range, low.est, high.est);
    return { lo: 0, est, hi: Math.min(low.hi, high.hi), source: 'default' };
  }
  const est = Math.max(0, low.est + high.est - present);
  return {
    lo: Math.max(0, low.lo + high.lo - present),
    est: Math.min(est, low.est, high.est),
    hi: Math.max(est, Math.min(low.hi, high.hi, Math.max(0, low.hi + high.hi - present))),
    source: 'histogram',
  };
}

function countBits(words: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    let w = words[i] as number;
    w -= (w >>> 1) & 0x55555555;
    w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
    count += Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
