// The full-text index: a dictionary of terms, blocks of postings with maxima, positions apart, and a pending list that keeps single
// writes cheap. Answers MATCH exactly, and ranks as `text/score.ts` writes it out.

import type { IndexDef } from '../../catalog/definitions.js';
import type { Probe } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import { invariant } from '../../errors.js';
import type { PageReader, PageWriter } from '../../pages/index.js';
import { TREE_COUNTERS } from '../../pages/index.js';
import { recordTextIndexOptions, textIndexOptions } from '../../text/index.js';
import type { Value } from '../../values/types.js';
import type { Entry, EntryChange, IndexKind, IndexReader, IndexWriter, Scored } from '../kind.js';
import { invalid, needsKeys, refuseInclude, refuseTypes, refuseUnique } from '../options.js';
import type { RowSet } from '../row-set/index.js';
import { rowSets } from '../row-set/index.js';
import { analysed, searchOf, weighted } from './documents.js';
import { countPrefix } from './expand.js';
import { TEXT_COUNTERS, fieldName, layoutOf } from './layout.js';
import type { TextLayout } from './layout.js';
import { TextBatch, loadBatch, mergeBatch } from './merge.js';
import { textOffers } from './offers.js';
import { LONG, SHORT, addDocument, keepWithin, removeDocument } from './pending.js';
import { lengthOf } from './pending-page.js';
import { SearchPlan } from './search-plan.js';
import { search } from './top-k.js';
import { verifyText } from './verify.js';
import { TextVocabulary } from './vocabulary.js';

const PAGE_BYTES = 4_096;
const MOST_FIELDS = 16;
/** Numbers that a build holds before it writes them. */
const BATCH = 24_000_000;
const PROGRESS = 4_096;

const NOT_TEXT = 'index a TEXT column, or an expression that gives text';

export const fulltext: IndexKind = {
  name: 'fulltext',
  spaces: 4,
  check(definition) {
    needsKeys(definition);
    refuseUnique(definition);
    refuseInclude(definition);
    const { keys } = definition;
    refuseTypes(keys, 'fulltext', {
      integer: NOT_TEXT,
      real: NOT_TEXT,
      boolean: NOT_TEXT,
      timestamp: NOT_TEXT,
      date: NOT_TEXT,
      blob: NOT_TEXT,
      json: NOT_TEXT,
      point: 'use USING rtree',
      geometry: 'use USING rtree',
    });
    if (keys.length > MOST_FIELDS)
      throw invalid(`a fulltext index has at most ${MOST_FIELDS} keys`, 'make two indexes');
    if (keys.some((key) => key.desc)) throw invalid('a fulltext index has no order', 'leave out DESC');
    const options = textIndexOptions(definition.options);
    const fields = keys.map(fieldName);
    for (const field of options.boosts.keys()) {
      if (!fields.includes(field)) {
        throw invalid(
          `the option boosts names "${field}", which is no field of ${definition.name}`,
          `its fields: ${fields.join(', ')}`,
        );
      }
    }
    return recordTextIndexOptions(options);
  },
  offers: (index, _table, constraints, catalog) => textOffers(index, constraints, catalog),
  statistics(index, reader) {
    const layout = layoutOf(index);
    const counters = reader.counters(layout.pending);
    let pages = counters?.[TEXT_COUNTERS.PAGES] ?? 0;
    for (const { space } of [layout.dictionary, layout.postings, layout.positions]) {
      const tree = reader.counters(space);
      if (tree) pages += tree[TREE_COUNTERS.NEXT_PAGE]! - tree[TREE_COUNTERS.FREE_PAGES]!;
    }
    return {
      entries: counters?.[TEXT_COUNTERS.DOCUMENTS] ?? 0,
      distinct: reader.counters(layout.dictionary.space)?.[TREE_COUNTERS.ENTRIES],
      pages,
      bytes: pages * PAGE_BYTES,
    };
  },
  create: (index, table, writer) => layoutOf(index).create(writer, table.space),
  open: (index, _table, reader) => new TextReader(index, reader),
  maintain: (index, _table, writer) => new TextWriter(index, writer),
  verify: (index, _table, reader, entries) => verifyText(reader, layoutOf(index), entries),
};

class TextReader implements IndexReader {
  private readonly layout: TextLayout;

  constructor(
    index: IndexDef,
    private readonly reader: PageReader,
  ) {
    this.layout = layoutOf(index);
  }

  rowSet(probe: Probe<Value>): RowSet {
    return this.planOf(probe)?.matches() ?? rowSets().empty;
  }

  count(probe: Probe<Value>): number {
    if (probe.kind === 'all') return this.layout.counters(this.reader)[TEXT_COUNTERS.DOCUMENTS]!;
    return this.planOf(probe)?.count() ?? 0;
  }

  quickCount(probe: Probe<Value>): number | undefined {
    if (probe.kind === 'all') return this.count(probe);
    const compiled = probe.kind === 'match' ? searchOf(this.layout, probe.query, probe.field) : undefined;
    if (compiled === undefined) return 0;
    if (compiled.kind !== 'term' && compiled.kind !== 'none') return undefined;
    return new SearchPlan(this.reader, this.layout, compiled).quickCount();
  }

  estimate(probe: Probe<Value>): Omit<Estimate, 'source'> | undefined {
    const compiled = probe.kind === 'match' ? searchOf(this.layout, probe.query, probe.field) : undefined;
    if (compiled?.kind !== 'prefix') return undefined;
    const counters = this.layout.counters(this.reader);
    const documents = counters[TEXT_COUNTERS.DOCUMENTS]!;
    const waiting = counters[TEXT_COUNTERS.ENTRIES]!;
    const { most, sum } = countPrefix(this.reader, this.layout, compiled);
    const inAny = compiled.field === undefined ? most : 0;
    const est = Math.min(documents, sum);
    return { lo: Math.min(est, Math.max(0, inAny - waiting)), est, hi: Math.min(documents, sum + waiting) };
  }

  search(query: Value, field: string | undefined, limit: number, within: RowSet | undefined): readonly Scored[] {
    const plan = this.scored(query, field);
    return plan === undefined ? [] : search(plan, limit, within);
  }

  scores(query: Value, field: string | undefined, rowIds: Uint32Array): Float64Array {
    const plan = this.scored(query, field);
    if (plan === undefined) return new Float64Array(rowIds.length);
    return Float64Array.from(rowIds, (rowId) => plan.score(rowId));
  }

  vocabulary(): TextVocabulary {
    return new TextVocabulary(this.reader, this.layout);
  }

  private planOf(probe: Probe<Value>): SearchPlan | undefined {
    invariant(probe.kind === 'match', `a full-text index cannot answer a probe of kind ${probe.kind}`);
    return this.plan(probe.query, probe.field);
  }

  private scored(query: Value, field: string | undefined): SearchPlan | undefined {
    const { layout, reader } = this;
    const compiled = searchOf(layout, query, field);
    return compiled && new SearchPlan(reader, layout, weighted(layout, compiled));
  }

  private plan(query: Value, field: string | undefined): SearchPlan | undefined {
    const compiled = searchOf(this.layout, query, field);
    return compiled && new SearchPlan(this.reader, this.layout, compiled);
  }
}

class TextWriter implements IndexWriter {
  private readonly layout: TextLayout;
  private bound = SHORT;

  constructor(
    index: IndexDef,
    private readonly writer: PageWriter,
  ) {
    this.layout = layoutOf(index);
  }

  apply({ rowId, before, after }: EntryChange): void {
    const { layout, writer } = this;
    if (before && after && layout.fields.every((_, f) => before[f] === after[f])) return;
    const old = before && analysed(layout, before);
    if (old) removeDocument(writer, layout, rowId, old);
    const now = after && analysed(layout, after);
    if (now) addDocument(writer, layout, rowId, now);
    if (old || now) keepWithin(this.bound, writer, layout);
  }

  postpone(): void {
    this.bound = LONG;
  }

  settle(): void {
    this.bound = SHORT;
    keepWithin(SHORT, this.writer, this.layout);
  }

  build(entries: Iterable<Entry>, progress?: (done: number) => void): void {
    const { layout, writer } = this;
    let batch = new TextBatch(layout.fields.length);
    let documents = 0;
    let length = 0;
    let done = 0;
    const flush = (): void => {
      if (layout.dictionary.count(writer) === 0) loadBatch(writer, layout, batch);
      else mergeBatch(writer, layout, batch);
      batch = new TextBatch(layout.fields.length);
    };
    for (const { rowId, values } of entries) {
      const document = analysed(layout, values);
      if (++done % PROGRESS === 0) progress?.(done);
      if (document === undefined) continue;
      documents++;
      length += lengthOf(document);
      batch.add(rowId, document);
      if (batch.size > BATCH) flush();
    }
    flush();
    const counters = writer.changeCounters(layout.pending);
    counters[TEXT_COUNTERS.DOCUMENTS]! += documents;
    counters[TEXT_COUNTERS.LENGTH]! += length;
    progress?.(done);
  }
}
