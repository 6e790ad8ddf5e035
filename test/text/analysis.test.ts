import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { LightningError } from '../../src/errors.js';
import { ANALYSIS_VERSION, analysisOptions, createAnalyzer } from '../../src/text/index.js';
import { stemEnglish } from '../../src/text/stem-english.js';

const english = createAnalyzer();
const terms = (text: string, options = {}): readonly string[] => createAnalyzer(options).terms(text).terms;

function codeOf(action: () => unknown): [string, string | undefined] {
  try {
    action();
  } catch (error) {
    if (error instanceof LightningError) return [error.code, error.hint];
    throw error;
  }
  throw new Error('nothing was raised');
}

describe('analysis', () => {
  it('stems, folds, stops, and leaves gaps where stop words were', () => {
    const text = 'The Harbours of Gênes: cafés & naïve fishermen';
    const { terms, positions, starts, ends } = english.analyze(text);
    expect(terms).toEqual(['harbour', 'gene', 'cafe', 'naiv', 'fishermen']);
    expect([...positions]).toEqual([1, 3, 4, 5, 6]);
    expect(terms.map((_, i) => text.slice(starts[i], ends[i]))).toEqual([
      'Harbours',
      'Gênes',
      'cafés',
      'naïve',
      'fishermen',
    ]);
  });

  it('takes apostrophes, contractions and numbers as people write them', () => {
    expect(terms("She'll moor O’Brien's boat; don't pay 1,234.50 for 1000 or 100")).toEqual([
      'moor',
      'obrien',
      'boat',
      'pay',
      '1,234.50',
      '1000',
      '100',
    ]);
    expect(terms("l'homme qu'il aime", { language: 'fr', stopWords: false, stem: false })).toEqual([
      'homme',
      'il',
      'aime',
    ]);
  });

  it('keeps numbers and repeated letters apart, which flexsearch alone would not', () => {
    expect(terms('1000 100 10')).toEqual(['1000', '100', '10']);
    expect(terms('aa a', { language: 'none' })).toEqual(['aa', 'a']);
  });

  it('finds words of scripts without spaces by their characters', () => {
    expect(terms('東京タワー, Tokyo')).toEqual(['東', '京', 'タ', 'ワ', 'ー', 'tokyo']);
  });

  it('folds or keeps accents, also those written as combining marks', () => {
    expect(terms('Ærø Łódź Straße cafe\u0301', { language: 'none' })).toEqual(['aero', 'lodz', 'strasse', 'cafe']);
    expect(terms('Ærø cafe\u0301', { language: 'none', accents: 'keep' })).toEqual(['ærø', 'café']);
  });

  it('takes own stop words, folded, and a least length', () => {
    expect(terms('Quai du Port', { stopWords: ['QUAI', 'du'] })).toEqual(['port']);
    expect(terms('vitamin c', { minLength: 2 })).toEqual(['vitamin']);
  });

  it('cuts long tokens alike in text and query', () => {
    const long = 'x'.repeat(100);
    expect(terms(long)).toEqual([english.analyzeTerm(`${'x'.repeat(64)}yyy`)]);
  });

  it('stems German and French by their endings, three letters always left', () => {
    expect(terms('Freiheiten Häuser Ei', { language: 'de' })).toEqual(['frei', 'hau', 'ei']);
    expect(terms('rapidement nation', { language: 'fr' })).toEqual(['rapid', 'nat']);
  });

  it('says what is wrong with an option', () => {
    expect(codeOf(() => analysisOptions({ langage: 'en' }))).toEqual(['UNKNOWN_OPTION', 'Did you mean language?']);
    expect(codeOf(() => analysisOptions({ language: 'xx' }))[0]).toBe('INVALID_VALUE');
    expect(codeOf(() => analysisOptions({ min_length: 0 }))[0]).toBe('INVALID_VALUE');
    expect(codeOf(() => analysisOptions({ stop_words: [1] }))[0]).toBe('INVALID_VALUE');
    expect(codeOf(() => analysisOptions({ stem: 'yes' }))[0]).toBe('INVALID_VALUE');
    expect(codeOf(() => analysisOptions({ version: ANALYSIS_VERSION + 1 }))[0]).toBe('FORMAT_VERSION');
  });

  it('reads back what it recorded', () => {
    const recorded = JSON.parse(
      JSON.stringify(createAnalyzer({ language: 'fr', stopWords: ['un'] }).options),
    ) as object;
    expect(createAnalyzer(recorded).options).toEqual(recorded);
    expect(analysisOptions({ language: 'none' })).toMatchObject({ stem: false, stopWords: false });
  });

  it('gives the same terms whatever was analysed before, in order, each within its place', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 5 }), (texts) => {
        const used = createAnalyzer();
        for (const text of texts) used.terms(text);
        for (const text of texts) {
          const again = used.analyze(text);
          expect(again).toEqual(createAnalyzer().analyze(text));
          for (let i = 0; i < again.terms.length; i++) {
            expect(again.starts[i]).toBeLessThan(again.ends[i] ?? 0);
            if (i > 0) expect(again.positions[i]).toBeGreaterThan(again.positions[i - 1] ?? 0);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the English stemmer', () => {
  it.each(
    (
      'consign consign,consigned consign,consigning consign,consistency consist,consolation consol,consolatory consolatori,' +
      'knackeries knackeri,knightly knight,knots knot,king king,nation nation,nationalities nation,relational relat,' +
      'conditional condit,vietnamization vietnam,operator oper,feudalism feudal,decisiveness decis,hopefulness hope,' +
      'formality formal,triplicate triplic,electrical electr,revival reviv,allowance allow,adjustable adjust,homologous homolog,' +
      'effective effect,hopping hop,hoping hope,falling fall,agreed agre,feed feed,happy happi,ties tie,cries cri,gas gas,this this,' +
      'gaps gap,kiwis kiwi,caresses caress,dying die,skies sky,generate generat,general general,communism communism,' +
      'sensational sensat,rational ration,proceed proceed,inning inning,say say,enjoy enjoy,by by,probate probat,controlling control,' +
      'luxuriated luxuri,bled bled,apology apolog,bias bias,news news'
    )
      .split(',')
      .map((pair) => pair.split(' ')),
  )('%s becomes %s', (word, stem) => {
    expect(stemEnglish(word ?? '')).toBe(stem);
  });
});
