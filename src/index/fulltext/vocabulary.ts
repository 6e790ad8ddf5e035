// The dictionary asked by itself: which terms a beginning of a word may become, which resemble a term, and rows that show how a term
// is written. Merged terms and those of the pending list alike.

import type { PageReader } from '../../pages/index.js';
import type { Analyzer } from '../../text/index.js';
import { byCodePoint, expandsTo } from '../../text/index.js';
import type { TermCount, Vocabulary } from '../kind.js';
import { expand } from './expand.js';
import type { Expanding } from './expand.js';
import type { TextLayout } from './layout.js';
import { pendingViews } from './pending.js';
import type { PendingView } from './pending-page.js';
import { ANY, TermList } from './term-list.js';

const ANYWHERE = { boost: 1, field: undefined };

export class TextVocabulary implements Vocabulary {
  readonly analyzer: Analyzer;
  private readonly views: readonly PendingView[];

  constructor(
    private readonly reader: PageReader,
    private readonly layout: TextLayout,
  ) {
    this.analyzer = layout.analyzer;
    this.views = pendingViews(reader, layout);
  }

  documents(term: string): number {
    return new TermList(term, this.reader, this.layout).df(ANY) + this.pending(term);
  }

  completions(prefix: string): TermCount[] {
    const terms = this.analyzer.prefix(prefix);
    return terms === undefined ? [] : this.counted({ kind: 'prefix', ...terms, ...ANYWHERE });
  }

  resembling(term: string, distance: 1 | 2): TermCount[] {
    return this.counted({ kind: 'fuzzy', term, distance, ...ANYWHERE });
  }

  private counted(leaf: Expanding): TermCount[] {
    const documents = new Map(expand(this.reader, this.layout, leaf).map(({ term, df }) => [term, df]));
    for (const { deltas } of this.views) {
      for (const [term, delta] of deltas) {
        const known = documents.get(term);
        if (known !== undefined || expandsTo(leaf, term)) documents.set(term, (known ?? 0) + delta[0]!);
      }
    }
    return [...documents]
      .flatMap(([term, count]) => (count > 0 ? [{ term, documents: count }] : []))
      .sort((a, b) => b.documents - a.documents || byCodePoint(a.term, b.term));
  }

  private pending(term: string): number {
    return this.views.reduce((sum, { deltas }) => sum + (deltas.get(term)?.[0] ?? 0), 0);
  }

  holders(term: string, most: number): number[] {
    const removed = new Set<number>();
    const added: number[] = [];
    for (const { documents, holders } of this.views) {
      for (const document of documents) if (document.removed) removed.add(document.rowId);
      for (const at of holders.get(term) ?? []) added.push(documents[at]!.rowId);
    }
    const list = new TermList(term, this.reader, this.layout);
    const { length } = list.blocks;
    const merged = spread(length, most).flatMap((b) => {
      const { rowIds, count } = list.decoded(b);
      return spread(count, Math.ceil(most / Math.min(length, most))).map((at) => rowIds[at]!);
    });
    const live = [...merged.filter((rowId) => !removed.has(rowId)), ...added];
    return spread(live.length, most).map((at) => live[at]!);
  }
}

/** Positions from all over `length`, at most `most`. */
function spread(length: number, most: number): number[] {
  const chosen = Math.min(length, most);
  return Array.from({ length: chosen }, (_, i) => Math.floor((i * length) / chosen));
}
