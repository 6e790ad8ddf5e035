import { describe, expect, it } from 'vitest';
import {
  bm25,
  compileSearch,
  createAnalyzer,
  document,
  highlight,
  matchText,
  scoreText,
  snippet,
} from '../../src/text/index.js';

const english = createAnalyzer();
const matches = (search: string, text: string): boolean =>
  matchText(compileSearch(search, english), document(english.terms(text)));

describe('matching', () => {
  it.each([
    ['harbour', 'Old harbours', true],
    ['harbour ferry', 'Old harbours', false],
    ['harbour OR ferry', 'Old harbours', true],
    ['old -harbour', 'Old harbours', false],
    ['"old harbour"', 'The old harbours', true],
    ['"old harbour"', 'harbour, old', false],
    ['"state of the art"', 'state of the art', true],
    ['"state of the art"', 'state art', false],
    ['"new york"', 'the new york', true],
    ['"a b a c"', 'b a b a b a c', true],
    ['boundary-layer', 'the boundary layer', true],
    ['nation*', 'national', true],
    ['nationa*', 'the nationality', true],
    ['nationaliti*', 'nationality', true],
    ['runn*', 'they are running', true],
    ['runni*', 'they are running', true],
    ['happy*', 'happy', true],
    ['happines*', 'happiness', true],
    ['runni*', 'rune', false],
    ['harbuor~1', 'harbour', true],
    ['harbuorr~1', 'harbour', false],
    ['harbuorr~2', 'harbour', true],
    ['the', 'the', false],
    ['the harbour', 'harbour', true],
  ])('%s in %j: %s', (search, text, expected) => {
    expect(matches(search, text)).toBe(expected);
  });

  it('finds a prefix of any inflected word, however far it is typed', () => {
    for (const word of 'harbours running nationalities hopefulness relational cities happily generously fisheries'.split(
      ' ',
    )) {
      for (let length = 3; length <= word.length; length++)
        expect([word.slice(0, length), matches(`${word.slice(0, length)}*`, word)]).toEqual([
          word.slice(0, length),
          true,
        ]);
    }
  });

  it('keeps fields apart', () => {
    const fields = [
      { name: 'title', text: english.terms('old port') },
      { name: 'body', text: english.terms('a ferry leaves the old town') },
    ];
    const found = (search: string): boolean => matchText(compileSearch(search, english), fields);
    expect(found('port ferry')).toBe(true);
    expect(found('title:ferry')).toBe(false);
    expect(found('body:(ferry old)')).toBe(true);
    expect(found('"port ferry"')).toBe(false);
  });
});

describe('scoring', () => {
  it('is BM25 with Lucene’s inverse document frequency', () => {
    // ln(1 + (10 - 3 + .5) / (3 + .5)) * 2 * 2.2 / (2 + 1.2 * (.25 + .75 * 8 / 6))
    expect(bm25(2, 3, 8, 6, 10)).toBeCloseTo((Math.log(11 / 3.5) * 4.4) / 3.5, 12);
    expect(bm25(0, 3, 8, 6, 10)).toBe(0);
    expect(bm25(5, 10, 8, 6, 10)).toBeGreaterThan(0);
  });

  it('adds what matches, once each, and nothing else', () => {
    const statistics = { documents: 10, averageLength: 3, df: (term: string) => (term === 'ferri' ? 2 : 5) };
    const text = document(english.terms('old ferry harbour harbour'));
    const score = (search: string): number => scoreText(compileSearch(search, english), text, statistics);
    const weight = (tf: number, df: number): number => bm25(tf, df, 4, 3, 10);
    expect(score('ferry')).toBe(weight(1, 2));
    expect(score('harbour^2')).toBe(2 * weight(2, 5));
    expect(score('harbour harbours')).toBe(weight(2, 5));
    expect(score('harbour ferry')).toBe(weight(2, 5) + weight(1, 2));
    expect(score('harbour ship')).toBe(0);
    expect(score('(harbour ship) OR ferry')).toBe(weight(1, 2));
    expect(score('ferry -ship')).toBe(weight(1, 2));
    expect(score('"old ferry"')).toBe(weight(1, 5) + weight(1, 2));
    expect(score('"old harbour" OR ferry')).toBe(weight(1, 2));
    expect(score('h* OR ferr*')).toBe(weight(2, 5) + weight(1, 2));
    expect(score('ferri~1 old')).toBe(weight(1, 2) + weight(1, 5));
    const tfidf = scoreText(compileSearch('ferry', english), text, statistics, { model: 'tfidf' });
    expect(tfidf).toBeCloseTo(Math.log(6) / 2, 12);
  });
});

describe('highlight and snippet', () => {
  const mark = (text: string, search: string): string =>
    highlight(text, compileSearch(search, english), english, '[', ']');

  it.each([
    ['Old Harbours, old town', 'old -town', '[Old] Harbours, [old] town'],
    ['old harbour, harbour old, Old Harbours', '"old harbour"', '[old harbour], harbour old, [Old Harbours]'],
    ['the state of the art', '"state of the art"', 'the [state of the art]'],
    ['old harbour wall', '"old harbour" "harbour wall"', '[old harbour wall]'],
    ['running shoes', 'runni*', '[running] shoes'],
    ['a 𝒳 café', 'cafe', 'a 𝒳 [café]'],
    ['nothing here', 'ferry', 'nothing here'],
  ])('%j, %s', (text, search, expected) => {
    expect(mark(text, search)).toBe(expected);
  });

  it('cuts the passage with the most distinct words, centred', () => {
    const text = 'harbour a b c d e f g h harbour and ferry i j k l m n o p';
    const cut = (search: string, words: number): string =>
      snippet(text, compileSearch(search, english), english, words, '[', ']', '…');
    expect(cut('harbour OR ferry', 5)).toBe('…h [harbour] and [ferry] i…');
    expect(cut('harbour OR ferry', 100)).toBe('[harbour] a b c d e f g h [harbour] and [ferry] i j k l m n o p');
    expect(cut('absent', 3)).toBe('harbour a b…');
    expect(cut('harbour', 1)).toBe('[harbour]…');
    expect(snippet('', compileSearch('x', english), english, 3)).toBe('');
  });
});
