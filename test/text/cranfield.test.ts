// Retrieval quality of the default analysis, by brute force over the written-out scoring: what an index is held to.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AnalysisOptions } from '../../src/text/index.js';
import { bm25, compileSearch, createAnalyzer } from '../../src/text/index.js';

interface Cranfield {
  documents: [string, string][];
  queries: [string, string, string[]][];
}

const data = JSON.parse(
  gunzipSync(readFileSync(new URL('../data/cranfield/cranfield.json.gz', import.meta.url))).toString(),
) as Cranfield;

interface Figures {
  map: number;
  ndcg: number;
}

function evaluate(options: Partial<AnalysisOptions>): Figures {
  const analyzer = createAnalyzer(options);
  const documents = data.documents.map(([id, text]) => ({ id, terms: analyzer.terms(text).terms }));
  const postings = new Map<string, Map<number, number>>();
  documents.forEach(({ terms }, i) => {
    for (const term of terms) {
      const list = postings.get(term) ?? new Map<number, number>();
      postings.set(term, list.set(i, (list.get(i) ?? 0) + 1));
    }
  });
  const average = documents.reduce((sum, { terms }) => sum + terms.length, 0) / documents.length;
  let map = 0;
  let ndcg = 0;
  let judged = 0;
  for (const [, text, relevant] of data.queries) {
    if (relevant.length === 0) continue;
    judged++;
    const scores = new Map<number, number>();
    const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
    const query = compileSearch(words.join(' OR '), analyzer);
    const leaves = query.kind === 'or' ? query.parts : [query];
    for (const leaf of leaves) {
      if (leaf.kind !== 'term') throw new Error(`expected a term, got ${leaf.kind}`);
      const list = postings.get(leaf.term) ?? new Map<number, number>();
      for (const [i, tf] of list) {
        const length = documents[i]?.terms.length ?? 0;
        const weight = bm25(tf, list.size, length, average, documents.length);
        scores.set(i, (scores.get(i) ?? 0) + weight);
      }
    }
    const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const wanted = new Set(relevant);
    let hits = 0;
    let precision = 0;
    let gain = 0;
    ranked.forEach(([i], rank) => {
      if (!wanted.has(documents[i]?.id ?? '')) return;
      hits++;
      precision += hits / (rank + 1);
      if (rank < 10) gain += 1 / Math.log2(rank + 2);
    });
    let ideal = 0;
    for (let rank = 0; rank < Math.min(10, wanted.size); rank++) ideal += 1 / Math.log2(rank + 2);
    map += precision / wanted.size;
    ndcg += gain / ideal;
  }
  return { map: map / judged, ndcg: ndcg / judged };
}

describe('Cranfield under BM25, OR queries', () => {
  it('ranks with the default analysis at least as well as the stated bars', () => {
    const { map, ndcg } = evaluate({});
    expect(map).toBeGreaterThanOrEqual(0.31);
    expect(ndcg).toBeGreaterThanOrEqual(0.377);
  });

  it('gains from stemming and from stop words, each by itself', () => {
    const full = evaluate({}).map;
    const unstemmed = evaluate({ stem: false }).map;
    const unstopped = evaluate({ stopWords: false }).map;
    const plain = evaluate({ language: 'none' }).map;
    expect(unstemmed).toBeLessThan(full);
    expect(unstopped).toBeLessThan(full);
    expect(plain).toBeLessThan(unstopped);
    expect(plain).toBeGreaterThan(0.26);
  });
});
