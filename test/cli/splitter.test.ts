// Statements are cut at semicolons that the lexer would also see, wherever the portions of the text end.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../grammar/index.js';
import { split, Splitter } from '../../src/cli/splitter.js';

function texts(text: string): string[] {
  return split(text).map((piece) => piece.text);
}

describe('splitter', () => {
  it.each([
    ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ["SELECT 'a;b'; SELECT 2;", ["SELECT 'a;b'", 'SELECT 2']],
    ["SELECT 'it''s; fine'; x", ["SELECT 'it''s; fine'", 'x']],
    ['SELECT "a;""b" ; x', ['SELECT "a;""b"', 'x']],
    ["SELECT E'a\\';b' ; x", ["SELECT E'a\\';b'", 'x']],
    ["SELECT e'\\\\' ; x", ["SELECT e'\\\\'", 'x']],
    // The quote behind a word that ends in e opens no escaped string, so the backslash is itself.
    ["SELECT date'a\\' ; x", ["SELECT date'a\\'", 'x']],
    ['SELECT 1 -- a;b\n + 2; x', ['SELECT 1 -- a;b\n + 2', 'x']],
    ['SELECT /* a; /* b; */ c; */ 1; x', ['SELECT /* a; /* b; */ c; */ 1', 'x']],
    ['SELECT 1 - -1; SELECT 4/2*3', ['SELECT 1 - -1', 'SELECT 4/2*3']],
    ['SELECT $$a;b$$; x', ['SELECT $$a;b$$', 'x']],
    ["SELECT $q$a;$$;'$q$, $é_1$;$é$;$é_1$; x", ["SELECT $q$a;$$;'$q$, $é_1$;$é$;$é_1$", 'x']],
    // A name may hold dollars, and a number behind one is a parameter.
    ['SELECT a$$b; SELECT $1; SELECT $b; c$d$', ['SELECT a$$b', 'SELECT $1', 'SELECT $b', 'c$d$']],
    [';; ;\n;', []],
    ['-- only a comment\n/* and another; */', []],
    ['-- first\nSELECT 1', ['SELECT 1']],
    ['', []],
  ])('cuts %j', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it('tells commands from statements, and where each begins', () => {
    expect(split('\n.tables\nSELECT .5;\n  .mode csv;\n-- c\nSELECT\n 2;')).toEqual([
      { kind: 'command', text: '.tables', line: 2 },
      { kind: 'statement', text: 'SELECT .5', line: 3 },
      { kind: 'command', text: '.mode csv;', line: 4 },
      { kind: 'statement', text: 'SELECT\n 2', line: 6 },
    ]);
  });

  it('hands out what is never closed, so that the parser can say so', () => {
    for (const text of [
      "SELECT 'a; b",
      'SELECT "a; b',
      'SELECT 1 /* a; b',
      '/* a; b',
      "SELECT E'\\'",
      'SELECT $a$; $$ $b$',
    ]) {
      expect(texts(text)).toEqual([text]);
      expect(parse(text)).toMatchObject({ ok: false, problems: [{ code: 'SYNTAX' }] });
    }
  });

  it('knows what is unfinished', () => {
    const splitter = new Splitter();
    const states = ['SELECT ', "'a\n", "' ", '"', '" /* /* */', ' */ ;', ' \n', '-- c;\n'].map((text) => {
      splitter.push(text);
      return splitter.state;
    });
    expect(states).toEqual(['code', 'string', 'code', 'name', 'comment', 'blank', 'blank', 'blank']);
  });

  it('forgets what is unfinished', () => {
    const splitter = new Splitter();
    splitter.push("SELECT 'a");
    splitter.reset();
    expect(splitter.push('SELECT 1;').map((piece) => piece.text)).toEqual(['SELECT 1']);
  });

  it('cuts the same wherever portions end', () => {
    const parts = [
      'SELECT 1',
      ';',
      "'",
      "''",
      '"',
      '--',
      '/*',
      '*/',
      '-',
      '/',
      '*',
      '\n',
      ' ',
      "E'",
      '\\',
      'e',
      '.x',
      'ß',
      '$',
      '$$',
      '$q$',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 25 }), fc.array(fc.nat(40)), (words, cuts) => {
        const text = words.join('');
        const splitter = new Splitter();
        const pieces = [];
        let from = 0;
        for (const to of [...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length]) {
          pieces.push(...splitter.push(text.slice(from, to)));
          from = to;
        }
        pieces.push(...splitter.end());
        expect(pieces).toEqual(split(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with the parser about where statements end', () => {
    const statement = fc.constantFrom(
      'SELECT 1',
      "SELECT 'a;''b'",
      'SELECT 1 AS "n;"',
      "SELECT E'\\';', 'x\\'",
      'SELECT /* ; /* ; */ */ 2 - -1',
      "SELECT 1 -- c;'\n",
      "SELECT $$;'$$, $q$;$$;$q$, $1::TEXT AS a$b$",
    );
    const between = fc.constantFrom('', ' ', '\n', "-- x;'\n", '/* ; " */', ';');
    fc.assert(
      fc.property(fc.array(fc.tuple(statement, between), { maxLength: 6 }), (parts) => {
        const text = parts.map(([one, gap]) => `${one};${gap}`).join('');
        const pieces = texts(text);
        expect(parse(text)).toMatchObject({ ok: true, statements: pieces.map(() => ({})) });
        expect(pieces).toHaveLength(parts.length);
        for (const piece of pieces) expect(parse(piece).ok).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
