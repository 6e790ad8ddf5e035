// A search over one state of an index: which documents match, and their scores to the last bit as `text/score.ts` writes them out.
// Merged documents are read from postings; pending ones are matched and scored by the text floor itself.

import { never } from '../../errors.js';
import type { PageReader } from '../../pages/index.js';
import type { TermLeafQuery, TermQuery, TextStatistics } from '../../text/index.js';
import { inverseFrequency, matchText, scoreText, termWeight } from '../../text/index.js';
import type { RowSet } from '../row-set/index.js';
import { rowSets } from '../row-set/index.js';
import { expand } from './expand.js';
import { TEXT_COUNTERS } from './layout.js';
import type { TextLayout } from './layout.js';
import { pendingViews } from './pending.js';
import type { PendingDocument, PendingView } from './pending-page.js';
import { TermHolders } from './term-holders.js';
import { ANY, NONE, TermList } from './term-list.js';

/** A term to be weighed: of a leaf, with what does not change from document to document. */
export interface Weighed {
  readonly list: TermList;
  readonly field: number;
  readonly boost: number;
  readonly df: number;
  readonly idf: number;
}

export type Node =
  | { readonly kind: 'terms'; readonly terms: readonly Weighed[]; readonly holders: TermHolders } // term, prefix, fuzzy: any of them
  | {
      readonly kind: 'phrase';
      readonly field: number;
      /** Distinct, in order of first appearance. */
      readonly terms: readonly Weighed[];
      /** Of each word, its place in `terms`. */
      readonly words: readonly number[];
      readonly offsets: readonly number[];
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Node[] }
  | { readonly kind: 'not'; readonly part: Node }
  | { readonly kind: 'none' };

/** From so many candidates for each posting on, a list is read rather than looked up. */
const LOOK_UP = 16;

export class SearchPlan implements TextStatistics {
  readonly documents: number;
  readonly averageLength: number;
  readonly root: Node;
  private overlay: Overlay | undefined;
  private readonly views: readonly PendingView[];
  private readonly lists = new Map<string, TermList>();
  private readonly dfs = new Map<string, number>();

  constructor(
    readonly reader: PageReader,
    readonly layout: TextLayout,
    readonly query: TermQuery,
  ) {
    const counters = layout.counters(reader);
    this.documents = counters[TEXT_COUNTERS.DOCUMENTS]!;
    this.averageLength = this.documents === 0 ? 0 : counters[TEXT_COUNTERS.LENGTH]! / this.documents;
    this.views = pendingViews(reader, layout);
    this.root = this.node(query);
  }

  /** Rows whose merged version is no longer theirs. */
  get removed(): ReadonlySet<number> {
    return (this.overlay ??= overlayOf(this.views)).removed;
  }

  private get pending(): ReadonlyMap<number, PendingDocument> {
    return (this.overlay ??= overlayOf(this.views)).added;
  }

  /** Live documents that hold the term. */
  df(term: string, field: string | undefined): number {
    const key = field === undefined ? term : `${term} ${field}`;
    let df = this.dfs.get(key);
    if (df === undefined) {
      const at = this.fieldOf(field);
      df = at === NONE ? 0 : this.list(term).df(at);
      if (at !== NONE) for (const { deltas } of this.views) df += deltas.get(term)?.[at + 1] ?? 0;
      this.dfs.set(key, df);
    }
    return df;
  }

  private fieldOf(field: string | undefined): number {
    if (field === undefined) return ANY;
    const at = this.layout.fields.indexOf(field);
    return at === -1 ? NONE : at;
  }

  private list(term: string, known?: Uint8Array): TermList {
    let list = this.lists.get(term);
    if (list === undefined) this.lists.set(term, (list = new TermList(term, this.reader, this.layout, known)));
    return list;
  }

  private anyOf(terms: readonly Weighed[]): Node {
    return { kind: 'terms', terms, holders: new TermHolders(terms, this.layout.fields.length) };
  }

  private weighed(leaf: TermLeafQuery, term: string): Weighed {
    const df = this.df(term, leaf.field);
    return {
      list: this.list(term),
      field: this.fieldOf(leaf.field),
      boost: leaf.boost,
      df,
      idf: inverseFrequency(df, this.documents),
    };
  }

  private node(query: TermQuery): Node {
    switch (query.kind) {
      case 'none':
        return query;
      case 'and':
      case 'or':
        return { kind: query.kind, parts: query.parts.map((part) => this.node(part)) };
      case 'not':
        return { kind: 'not', part: this.node(query.part) };
      case 'term':
        if (this.fieldOf(query.field) === NONE) return { kind: 'none' };
        return this.anyOf([this.weighed(query, query.term)]);
      case 'prefix':
      case 'fuzzy': {
        if (this.fieldOf(query.field) === NONE) return { kind: 'none' };
        const terms = expand(this.reader, this.layout, query);
        for (const { term, entry } of terms) this.list(term, entry);
        return this.anyOf(terms.map(({ term }) => this.weighed(query, term)));
      }
      case 'phrase': {
        if (this.fieldOf(query.field) === NONE) return { kind: 'none' };
        const distinct = [...new Set(query.terms)];
        return {
          kind: 'phrase',
          field: this.fieldOf(query.field),
          terms: distinct.map((term) => this.weighed(query, term)),
          words: query.terms.map((term) => distinct.indexOf(term)),
          offsets: query.offsets,
        };
      }
      default:
        return never(query, 'term query');
    }
  }

  /** Live rows that match. */
  matches(): RowSet {
    const merged = this.mergedMatches();
    const found = this.pendingMatches();
    return found.length === 0
      ? merged
      : merged.or(rowSets().fromUnsorted(Uint32Array.from(found, ({ rowId }) => rowId)));
  }

  /** Rows whose merged and live document matches. */
  mergedMatches(): RowSet {
    const merged = this.setOf(this.root);
    return this.removed.size === 0 ? merged : merged.andNot(rowSets().fromUnsorted(Uint32Array.from(this.removed)));
  }

  /** The score of a row's merged document. */
  mergedScore(rowId: number): number {
    return this.add(this.root, rowId, 0);
  }

  /** Number of live rows that match. */
  count(): number {
    return this.quickCount() ?? this.matches().size;
  }

  /** The number of a search for one term, from the dictionary; undefined for others. */
  quickCount(): number | undefined {
    const { query } = this;
    if (query.kind === 'none') return 0;
    return query.kind === 'term' ? this.df(query.term, query.field) : undefined;
  }

  pendingMatches(): PendingDocument[] {
    const found: PendingDocument[] = [];
    for (const view of this.views) {
      for (const at of candidates(this.query, view)) {
        const document = view.documents[at]!;
        if (matchText(this.query, document.document)) found.push(document);
      }
    }
    return found;
  }

  pendingScore(document: PendingDocument): number {
    return scoreText(this.query, document.document, this, this.layout.scoring);
  }

  /** Merged rows for which a part matches, removed ones among them. */
  private setOf(node: Node): RowSet {
    const sets = rowSets();
    switch (node.kind) {
      case 'none':
        return sets.empty;
      case 'terms':
        return sets.union(node.terms.map(({ list, field }) => sets.fromSorted(list.rowIds(field))));
      case 'phrase':
        return this.phraseRows(node);
      case 'or':
        return sets.union(node.parts.map((part) => this.setOf(part)));
      case 'and': {
        const positive = node.parts.filter((part) => part.kind !== 'not');
        const negative = node.parts.filter((part) => part.kind === 'not');
        return this.conjunction(positive, negative);
      }
      case 'not':
        return this.setOf(node.part);
      default:
        return never(node, 'search node');
    }
  }

  private conjunction(positive: readonly Node[], negative: readonly Node[]): RowSet {
    const order = positive.map((part) => ({ part, rows: estimate(part) })).sort((a, b) => a.rows - b.rows);
    let set = this.setOf(order[0]!.part);
    for (const { part, rows } of order.slice(1)) {
      if (set.size === 0) return set;
      set = set.size * LOOK_UP < rows ? this.filter(set, part, true) : set.and(this.setOf(part));
    }
    for (const part of negative) {
      if (part.kind !== 'not') continue;
      if (set.size === 0) return set;
      const rows = estimate(part.part);
      set = set.size * LOOK_UP < rows ? this.filter(set, part.part, false) : set.andNot(this.setOf(part.part));
    }
    return set;
  }

  private filter(set: RowSet, node: Node, wanted: boolean): RowSet {
    return rowSets().fromSorted(set.toArray().filter((rowId) => this.holds(node, rowId) === wanted));
  }

  private phraseRows(node: Node & { readonly kind: 'phrase' }): RowSet {
    const parts = node.terms.map((term) => this.anyOf([term]));
    return this.filter(this.conjunction(parts, []), node, true);
  }

  /** Whether the merged document of a row matches a part. */
  private holds(node: Node, rowId: number): boolean {
    switch (node.kind) {
      case 'none':
        return false;
      case 'terms':
        return node.holders.of(rowId).length > 0;
      case 'phrase':
        return phraseHolds(node, rowId, this.layout.fields.length);
      case 'and':
        return node.parts.every((part) => this.holds(part, rowId));
      case 'or':
        return node.parts.some((part) => this.holds(part, rowId));
      case 'not':
        return !this.holds(node.part, rowId);
      default:
        return never(node, 'search node');
    }
  }

  /** The score of a row's live document: 0 unless it matches. */
  score(rowId: number): number {
    const pending = this.pending.get(rowId);
    if (pending !== undefined) return this.pendingScore(pending);
    return this.removed.has(rowId) ? 0 : this.mergedScore(rowId);
  }

  /** A sum of contributions with those of one more part. */
  private add(node: Node, rowId: number, sum: number): number {
    switch (node.kind) {
      case 'none':
      case 'not':
        return sum;
      case 'terms': {
        let total = sum;
        for (const at of node.holders.of(rowId)) total = this.weigh(node.terms[at]!, rowId, total);
        return total;
      }
      case 'phrase': {
        if (!this.holds(node, rowId)) return sum;
        let total = sum;
        for (const term of node.terms) total = this.weigh(term, rowId, total);
        return total;
      }
      case 'and':
      case 'or': {
        if (!this.holds(node, rowId)) return sum;
        let total = sum;
        for (const part of node.parts) total = this.add(part, rowId, total);
        return total;
      }
      default:
        return never(node, 'search node');
    }
  }

  private weigh(term: Weighed, rowId: number, sum: number): number {
    const { list, field } = term;
    if (!list.find(rowId)) return sum;
    const tf = list.tf(field);
    return tf === 0 ? sum : sum + this.weight(term, tf, list.length);
  }

  /** One contribution: as `termWeight` has it, with the logarithm taken once for each term. */
  weight({ boost, df, idf }: Weighed, tf: number, length: number): number {
    const { scoring } = this.layout;
    if (scoring.model === 'tfidf') {
      return boost * termWeight(scoring, tf, df, length, this.averageLength, this.documents);
    }
    const { k1, b } = scoring;
    const norm = k1 * (1 - b + (b * length) / this.averageLength);
    return boost * ((idf * tf * (k1 + 1)) / (tf + norm));
  }
}

/** The pending documents by row. */
interface Overlay {
  readonly added: Map<number, PendingDocument>;
  readonly removed: Set<number>;
}

function overlayOf(views: readonly PendingView[]): Overlay {
  const overlay: Overlay = { added: new Map(), removed: new Set() };
  for (const { documents } of views) {
    for (const document of documents) {
      if (document.removed) overlay.removed.add(document.rowId);
      else overlay.added.set(document.rowId, document);
    }
  }
  return overlay;
}

/** Postings that a part reads at most, about. */
export function estimate(node: Node): number {
  switch (node.kind) {
    case 'terms':
      return node.terms.reduce((sum, { list, field }) => sum + list.df(field), 0);
    case 'phrase':
      return Math.min(...node.terms.map(({ list, field }) => list.df(field)));
    case 'and':
      return Math.min(...node.parts.filter((part) => part.kind !== 'not').map(estimate));
    case 'or':
      return node.parts.reduce((sum, part) => sum + estimate(part), 0);
    default:
      return 0;
  }
}

function phraseHolds(node: Node & { readonly kind: 'phrase' }, rowId: number, fields: number): boolean {
  const { terms, words, offsets } = node;
  if (!terms.every(({ list }) => list.find(rowId))) return false;
  const [from, to] = node.field === ANY ? [0, fields] : [node.field, node.field + 1];
  for (let field = from; field < to; field++) {
    if (!terms.every(({ list }) => list.tf(field) > 0)) continue;
    const places = terms.map(({ list }) => list.positions(field));
    const sets = places.map((positions) => new Set(positions));
    const starts = places[words[0]!]!;
    if (starts.some((start) => words.every((word, i) => sets[word]!.has(start + offsets[i]!)))) return true;
  }
  return false;
}

/** Added documents of a page that may match: those that hold what the query cannot do without. */
function candidates(query: TermQuery, view: PendingView): readonly number[] {
  switch (query.kind) {
    case 'none':
    case 'not':
      return [];
    case 'term':
      return view.holders.get(query.term) ?? [];
    case 'phrase':
      return view.holders.get(query.terms[0]!) ?? [];
    case 'prefix':
    case 'fuzzy':
      return view.documents.flatMap(({ removed }, at) => (removed ? [] : [at]));
    case 'and': {
      const lists = query.parts.filter((part) => part.kind !== 'not').map((part) => candidates(part, view));
      return lists.reduce((least, list) => (list.length < least.length ? list : least));
    }
    case 'or':
      return [...new Set(query.parts.flatMap((part) => candidates(part, view)))];
    default:
      return never(query, 'term query');
  }
}
