import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { LightningError } from '../../src/errors.js';
import type { TermQuery } from '../../src/text/index.js';
import { compileSearch, createAnalyzer, document, matchText, parseSearch, searchFields } from '../../src/text/index.js';

const english = createAnalyzer();

/** A query as one line. */
function shown(query: TermQuery): string {
  switch (query.kind) {
    case 'none':
      return 'none';
    case 'and':
    case 'or':
      return `(${query.parts.map(shown).join(query.kind === 'and' ? ' & ' : ' | ')})`;
    case 'not':
      return `!${shown(query.part)}`;
    case 'term':
      return leaf(query, query.term);
    case 'prefix':
      return leaf(query, [`${query.prefix}*`, ...query.stems].join('/'));
    case 'fuzzy':
      return leaf(query, `${query.term}~${query.distance}`);
    case 'phrase':
      return leaf(query, `"${query.terms.map((term, i) => `${term}@${query.offsets[i]}`).join(' ')}"`);
  }
}

const leaf = (query: { field: string | undefined; boost: number }, text: string): string =>
  (query.field ? `${query.field}:` : '') + text + (query.boost === 1 ? '' : `^${query.boost}`);

describe('the search language', () => {
  it.each([
    ['harbour ferry', '(harbour & ferri)'],
    ['harbour OR ferry boat', '(harbour | (ferri & boat))'],
    ['harbour -ferry', '(harbour & !ferri)'],
    ['-ferry harbour', '(!ferri & harbour)'],
    ['harbour NOT ferry', '(harbour & !ferri)'],
    ['harbour AND NOT(ferry OR boat) AND port', '(harbour & !(ferri | boat) & port)'],
    ['harbour AND ferry OR boat AND port', '((harbour & ferri) | (boat & port))'],
    ['NOT"old port" harbour', '(!"old@0 port@1" & harbour)'],
    ['NOTE ANDES', '(note & andes)'],
    ['"AND" harbour', 'harbour'],
    ['"the old port"', '"old@0 port@1"'],
    ['"state of the art"', '"state@0 art@3"'],
    ['boundary-layer', '"boundari@0 layer@1"'],
    ['harb*', 'harb*'],
    ['harbuor~1', 'harbuor~1'],
    ['title:harbour', 'title:harbour'],
    ['title:(a* b*) c*', '(title:a* & title:b* & c*)'],
    ['harbour^2.5', 'harbour^2.5'],
    ['(ferry boat^2)^3', '(ferri^3 & boat^6)'],
    ['((harbour))', 'harbour'],
    ['harbour -(ferry OR boat)', '(harbour & !(ferri | boat))'],
    ['the harbour', 'harbour'],
    ['the OR harbour', 'harbour'],
    ['the of', 'none'],
    ['harbour harbours^2', 'harbour^2'],
    ['or harbour', 'harbour'],
    ['3.5', '3.5'],
    ['old - port', undefined],
    ['東京', '"東@0 京@1"'],
  ])('%s', (text, expected) => {
    if (expected === undefined) expect(() => compileSearch(text, english)).toThrow(LightningError);
    else expect(shown(compileSearch(text, english))).toBe(expected);
  });

  it.each([
    ['', 0, 'the search is empty'],
    ['  ', 0, 'the search is empty'],
    ['a "b', 2, 'this quote is not closed'],
    ['a (b', 2, 'this parenthesis is not closed'],
    ['a b)', 3, 'a closing parenthesis without an opening one'],
    ['a ()', 3, 'there is nothing between the parentheses'],
    ['-a', 0, 'a search cannot only exclude'],
    ['a OR -b', 5, 'a search cannot only exclude'],
    ['a -(-b)', 4, 'a search cannot only exclude'],
    ['a OR', 2, 'OR has nothing on its right'],
    ['OR a', 0, 'OR has nothing on its left'],
    ['a OR OR b', 2, 'OR has nothing on its right'],
    ['a AND', 2, 'AND has nothing on its right'],
    ['AND a', 0, 'AND has nothing on its left'],
    ['a OR AND b', 2, 'OR has nothing on its right'],
    ['a (AND b)', 3, 'AND has nothing on its left'],
    ['a NOT', 2, 'NOT excludes nothing'],
    ['a NOT -b', 2, 'NOT excludes nothing'],
    ['NOT a', 0, 'a search cannot only exclude'],
    ['word~3', 4, 'a fuzzy word allows 1 or 2 edits'],
    ['word~', 4, 'a fuzzy word allows 1 or 2 edits'],
    ['word^', 4, 'a boost is a number above 0, at most 1000000'],
    ['word^0', 4, 'a boost is a number above 0, at most 1000000'],
    ['a title:', 2, 'the field title is given nothing to look for'],
    ['a --b', 2, 'the minus excludes nothing'],
    ['*', 0, '* is no word'],
    ['&&', 0, '&& is no word'],
    ['""', 0, 'the phrase holds no word'],
    ['wo*rd', 3, 'unexpected r after wo*'],
    ['"a b"c', 5, 'unexpected c after "a b"'],
    ['two-part*', 0, 'two-part is not one word, so it cannot be a prefix'],
  ])('refuses %j at %i', (text, offset, message) => {
    let raised: unknown;
    try {
      compileSearch(text, english);
    } catch (error) {
      raised = error;
    }
    expect(raised).toBeInstanceOf(LightningError);
    expect(raised).toMatchObject({ code: 'SEARCH_SYNTAX', message, position: { offset, line: 1, column: offset + 1 } });
    expect((raised as LightningError).hint).toBeTruthy();
  });

  it('counts lines and refuses what nests too deep', () => {
    expect(() => parseSearch('a\nb "c')).toThrow(
      expect.objectContaining({ position: { offset: 4, length: 2, line: 2, column: 3 } }),
    );
    expect(() => parseSearch('('.repeat(100) + 'a' + ')'.repeat(100))).toThrow(
      expect.objectContaining({ code: 'TOO_COMPLEX' }),
    );
  });

  it('names the fields it was given, and where', () => {
    expect(searchFields(parseSearch('a -title:b body:"c"'))).toEqual([
      { field: 'title', offset: 3, length: 7 },
      { field: 'body', offset: 11, length: 8 },
    ]);
  });

  it('never fails on random text but with its own errors', () => {
    const piece = fc.constantFrom(
      'a',
      'OR',
      'AND',
      'NOT',
      '"',
      '(',
      ')',
      '-',
      '*',
      '~',
      '1',
      '^',
      ':',
      ' ',
      'wörd',
      '.',
      "'",
      '東',
      '\ud83d',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          matchText(compileSearch(pieces.join(''), english), document(english.terms('a wörd')));
        } catch (error) {
          if (!(error instanceof LightningError) || !['SEARCH_SYNTAX', 'TOO_COMPLEX'].includes(error.code)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
