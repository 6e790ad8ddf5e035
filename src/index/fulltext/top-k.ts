// The best of a search. Disjunctions of terms skip what cannot reach the best so far, by maxima of lists and of blocks: S. Ding and
// T. Suel, "Faster top-k document retrieval using block-max indexes", SIGIR 2011. All else is matched first and scored then.
// Answers are those of scoring everything, ties by row id included: a document is skipped only when it is surely below the last one kept.

import type { Scored } from '../kind.js';
import { membershipOf } from '../row-set/index.js';
import type { RowSet } from '../row-set/index.js';
import type { DecodedBlock } from './posting-block.js';
import type { Node, SearchPlan, Weighed } from './search-plan.js';
import { estimate } from './search-plan.js';
import { tfOf } from './term-list.js';

/** Sums of bounds are rounded otherwise than sums of scores; this covers the difference. */
const SLACK = 1 + 1e-9;
/** With more terms, keeping cursors in order costs more than it skips. */
const MOST_CURSORS = 32;
/** A larger part of the postings than one of so many prunes little. */
const LARGE = 8;
/** Rows so many times fewer than postings are scored one by one. */
const SPARSE = 8;

/** The best `limit` matches of the live documents (among `within`), best first, ties by row id. */
export function search(plan: SearchPlan, limit: number, within: RowSet | undefined): Scored[] {
  if (!(limit > 0)) return [];
  const best = new Best(limit);
  for (const document of plan.pendingMatches()) {
    if (within === undefined || within.has(document.rowId)) best.add(plan.pendingScore(document), document.rowId);
  }
  const terms = disjunction(plan.root);
  if (terms === undefined) {
    let matches = plan.mergedMatches();
    if (within !== undefined) matches = matches.and(within);
    for (const batch of matches.batches()) for (const rowId of batch) best.add(plan.mergedScore(rowId), rowId);
  } else if (within !== undefined && within.size * SPARSE < estimate(plan.root)) {
    for (const batch of within.batches()) {
      for (const rowId of batch) {
        if (plan.removed.has(rowId)) continue;
        const score = plan.mergedScore(rowId);
        if (score > 0) best.add(score, rowId);
      }
    }
  } else if (limit * LARGE < estimate(plan.root) && terms.length <= MOST_CURSORS) pruned(plan, terms, best, within);
  else termByTerm(plan, terms, best, within);
  return best.finish();
}

/** The terms of a query that any of them satisfies, in the order in which their weights are added. */
function disjunction(node: Node): readonly Weighed[] | undefined {
  if (node.kind === 'terms') return node.terms;
  if (node.kind !== 'or') return undefined;
  const terms: Weighed[] = [];
  for (const part of node.parts) {
    if (part.kind !== 'terms') return undefined;
    terms.push(...part.terms);
  }
  return terms;
}

function termByTerm(plan: SearchPlan, terms: readonly Weighed[], best: Best, within: RowSet | undefined): void {
  const sums = new Map<number, number>();
  const fields = plan.layout.fields.length;
  for (const term of terms) {
    for (let b = 0; b < term.list.blocks.length; b++) {
      const block = term.list.decoded(b);
      for (let i = 0; i < block.count; i++) {
        const tf = tfOf(block, i, term.field, fields);
        const rowId = block.rowIds[i]!;
        if (tf > 0) sums.set(rowId, (sums.get(rowId) ?? 0) + plan.weight(term, tf, block.lengths[i]!));
      }
    }
  }
  const isWithin = within && membershipOf(within);
  for (const [rowId, score] of sums) {
    if (!plan.removed.has(rowId) && (isWithin === undefined || isWithin(rowId))) best.add(score, rowId);
  }
}

const END = Infinity;

/** Walks the postings of a term. */
class Cursor {
  doc = -1;
  /** No weight of the term is above it. */
  readonly most: number;
  private block = 0;
  private at = -1;
  private decoded: DecodedBlock | undefined;
  /** The block of which the bound was last asked. */
  private bounded = 0;
  private readonly bounds: Float64Array;

  constructor(
    private readonly plan: SearchPlan,
    readonly term: Weighed,
  ) {
    const { blocks } = term.list;
    this.bounds = Float64Array.from(blocks, ({ head }) => plan.weight(term, head.maxTf, head.minLength));
    this.most = this.bounds.reduce((most, bound) => Math.max(most, bound), 0);
    this.seek(0);
  }

  /** Goes on to the first posting not below a row id. */
  seek(rowId: number): void {
    if (this.doc >= rowId) return;
    const { blocks } = this.term.list;
    let { block } = this;
    while (block < blocks.length && blocks[block]!.head.last < rowId) block++;
    if (block === blocks.length) {
      this.block = block;
      this.doc = END;
      return;
    }
    if (block !== this.block || this.decoded === undefined) {
      this.decoded = this.term.list.decoded(block);
      this.at = -1;
      this.block = block;
    }
    const { rowIds } = this.decoded;
    let at = this.at + 1;
    while (rowIds[at]! < rowId) at++;
    this.at = at;
    this.doc = rowIds[at]!;
  }

  /** The greatest weight in the block where a row id, not below `doc`, would lie. */
  boundAt(rowId: number): number {
    const { blocks } = this.term.list;
    if (this.bounded < this.block) this.bounded = this.block;
    while (this.bounded < blocks.length && blocks[this.bounded]!.head.last < rowId) this.bounded++;
    return this.bounded === blocks.length ? 0 : this.bounds[this.bounded]!;
  }

  /** The last row id of the block that was asked for its bound. */
  get boundedTo(): number {
    return this.term.list.blocks[this.bounded]?.head.last ?? END;
  }

  /** The weight at the document where it stands; 0 when the term is in other fields. */
  get tf(): number {
    return tfOf(this.decoded!, this.at, this.term.field, this.plan.layout.fields.length);
  }

  weight(tf: number): number {
    return this.plan.weight(this.term, tf, this.decoded!.lengths[this.at]!);
  }
}

function pruned(plan: SearchPlan, terms: readonly Weighed[], best: Best, within: RowSet | undefined): void {
  const inOrder = terms.map((term) => new Cursor(plan, term));
  const cursors = inOrder.filter(({ doc }) => doc !== END);
  const isWithin = within && membershipOf(within);
  for (;;) {
    byDocument(cursors);
    while (cursors.length > 0 && cursors[cursors.length - 1]!.doc === END) cursors.pop();
    const { threshold } = best;
    let sum = 0;
    let pivot = 0;
    while (pivot < cursors.length && (sum += cursors[pivot]!.most) * SLACK < threshold) pivot++;
    if (pivot === cursors.length) return;
    const { doc } = cursors[pivot]!;
    while (pivot + 1 < cursors.length && cursors[pivot + 1]!.doc === doc) pivot++;
    let bound = 0;
    for (let i = 0; i <= pivot; i++) bound += cursors[i]!.boundAt(doc);
    if (bound * SLACK < threshold) {
      let next = cursors[pivot + 1]?.doc ?? END;
      for (let i = 0; i <= pivot; i++) next = Math.min(next, cursors[i]!.boundedTo + 1);
      for (let i = 0; i <= pivot; i++) cursors[i]!.seek(next);
    } else if (cursors[0]!.doc === doc) {
      if (!plan.removed.has(doc) && (isWithin === undefined || isWithin(doc))) evaluate(inOrder, doc, best);
      for (let i = 0; i <= pivot; i++) cursors[i]!.seek(doc + 1);
    } else for (let i = 0; cursors[i]!.doc < doc; i++) cursors[i]!.seek(doc);
  }
}

function evaluate(cursors: readonly Cursor[], doc: number, best: Best): void {
  let score = 0;
  let matches = false;
  for (const cursor of cursors) {
    if (cursor.doc !== doc) continue;
    const { tf } = cursor;
    if (tf === 0) continue;
    matches = true;
    score += cursor.weight(tf);
  }
  if (matches) best.add(score, doc);
}

/** By insertion: between two steps few change places. */
function byDocument(cursors: Cursor[]): void {
  for (let i = 1; i < cursors.length; i++) {
    const cursor = cursors[i]!;
    let at = i;
    for (; at > 0 && cursors[at - 1]!.doc > cursor.doc; at--) cursors[at] = cursors[at - 1]!;
    cursors[at] = cursor;
  }
}

/** The best so far: a heap with the worst on top, or all of them when there is no limit. */
class Best {
  private readonly scores: number[] = [];
  private readonly rowIds: number[] = [];

  constructor(private readonly limit: number) {}

  /** What a score must not be below. */
  get threshold(): number {
    return this.scores.length < this.limit ? -Infinity : this.scores[0]!;
  }

  add(score: number, rowId: number): void {
    const { scores, rowIds } = this;
    if (scores.length < this.limit) {
      scores.push(score);
      rowIds.push(rowId);
      if (this.limit === Infinity) return;
      for (let at = scores.length - 1; at > 0;) {
        const above = (at - 1) >>> 1;
        if (!this.worse(at, above)) return;
        this.swap(at, above);
        at = above;
      }
      return;
    }
    if (score < scores[0]! || (score === scores[0] && rowId > rowIds[0]!)) return;
    scores[0] = score;
    rowIds[0] = rowId;
    for (let at = 0; ;) {
      let worst = at;
      for (const below of [2 * at + 1, 2 * at + 2])
        if (below < scores.length && this.worse(below, worst)) worst = below;
      if (worst === at) return;
      this.swap(at, worst);
      at = worst;
    }
  }

  finish(): Scored[] {
    const all = this.rowIds.map((rowId, i) => ({ rowId, score: this.scores[i]! }));
    return all.sort((a, b) => b.score - a.score || a.rowId - b.rowId);
  }

  private worse(a: number, b: number): boolean {
    const { scores, rowIds } = this;
    return scores[a]! < scores[b]! || (scores[a] === scores[b] && rowIds[a]! > rowIds[b]!);
  }

  private swap(a: number, b: number): void {
    const { scores, rowIds } = this;
    [scores[a], scores[b]] = [scores[b]!, scores[a]!];
    [rowIds[a], rowIds[b]] = [rowIds[b]!, rowIds[a]!];
  }
}
