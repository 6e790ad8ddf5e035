// Rows as text. Bytes count: what is printed is read by other programs.

import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { format, type Answer, type FormatOptions } from '../../src/cli/formats/format.js';
import { cutText, textWidth } from '../../src/cli/formats/width.js';
import type { Mode } from '../../src/cli/formats/modes.js';

const towns: Answer = {
  columns: [
    { name: 'name', type: 'text' },
    { name: 'population', type: 'integer' },
    { name: 'share', type: 'real' },
  ],
  rows: [
    ['Suva', 93_970, 0.5],
    ['東京', 8_336_599n, null],
  ],
};

function print(mode: Mode, answer: Answer, options?: FormatOptions): string {
  return [...format(mode, answer, options)].join('');
}

function one(type: string, value: Answer['rows'][number][number]): Answer {
  return { columns: [{ name: 'v', type }], rows: [[value]] };
}

describe('box', () => {
  it('draws a table, numbers on the right, wide characters as two cells', () => {
    expect(print('box', towns)).toBe(
      [
        '┌──────┬────────────┬───────┐',
        '│ name │ population │ share │',
        '├──────┼────────────┼───────┤',
        '│ Suva │      93970 │   0.5 │',
        '│ 東京 │    8336599 │  NULL │',
        '└──────┴────────────┴───────┘',
        '',
      ].join('\n'),
    );
  });

  it('draws the head alone when there are no rows', () => {
    expect(print('box', { columns: [{ name: 'a', type: 'text' }], rows: [] })).toBe('┌───┐\n│ a │\n├───┤\n└───┘\n');
  });

  it('cuts the widest columns to the width of the terminal, and nothing without one', () => {
    const answer: Answer = {
      columns: ['a', 'b', 'c'].map((name) => ({ name, type: 'text' })),
      rows: [['x'.repeat(100), 'y'.repeat(60), 'zz']],
    };
    const lines = print('box', answer, { width: 50 }).trimEnd().split('\n');
    expect(lines.map(textWidth)).toEqual([50, 50, 50, 50, 50]);
    expect(lines[3]).toMatch(/^│ x+… +│ y+… │ zz │$/);
    expect(print('box', answer)).toContain('x'.repeat(100));
  });

  it('never breaks the drawing, nor lets text speak to the terminal', () => {
    const text = print('box', one('text', 'a\nb\r\nc\td\u001b[31mred\u0007'));
    expect(text.split('\n')[3]).toBe('│ a↵b↵c d\ufffd[31mred\ufffd │');
  });

  it('colours only when it may', () => {
    expect(print('box', towns)).not.toContain('\u001b');
    expect(print('box', towns, { colour: true })).toContain('\u001b[2m NULL\u001b[0m');
  });

  it('prints each type in its form', () => {
    const shown = (type: string, value: Answer['rows'][number][number]): string =>
      print('box', one(type, value)).split('\n')[3]?.slice(2, -2).trim() ?? '';
    expect(shown('timestamp', new Date('2024-05-17T08:30:00Z'))).toBe('2024-05-17 08:30:00');
    expect(shown('timestamp', new Date('2024-05-17T08:30:00.250Z'))).toBe('2024-05-17 08:30:00.250');
    expect(shown('date', '2024-05-17')).toBe('2024-05-17');
    expect(shown('blob', new Uint8Array([0, 255]))).toBe('\\x00ff');
    expect(shown('boolean', true)).toBe('true');
    expect(shown('real', NaN)).toBe('NaN');
    expect(shown('json', { a: [1, 'x', null] })).toBe('{"a":[1,"x",null]}');
    expect(shown('json', 'text')).toBe('"text"');
    expect(shown('point', { type: 'Point', coordinates: [1, 2] })).toBe('{"type":"Point","coordinates":[1,2]}');
  });
});

describe('json and ndjson', () => {
  it('print one row a line, exactly', () => {
    expect(print('json', towns)).toBe(
      '[{"name":"Suva","population":93970,"share":0.5},\n {"name":"東京","population":8336599,"share":null}]\n',
    );
    expect(
      print('ndjson', towns)
        .split('\n')
        .slice(0, 2)
        .map((line) => (JSON.parse(line) as { name: string }).name),
    ).toEqual(['Suva', '東京']);
  });

  it('print an empty array, and no line at all', () => {
    expect(print('json', { ...towns, rows: [] })).toBe('[]\n');
    expect(print('ndjson', { ...towns, rows: [] })).toBe('');
  });

  it('keep big integers, what JSON has no number for, and columns of one name', () => {
    const answer: Answer = {
      columns: ['n', 'n', 'n_2'].map((name) => ({ name, type: 'integer' })),
      rows: [[9_007_199_254_740_993n, -Infinity, new Date(0)]],
    };
    expect(print('ndjson', answer)).toBe('{"n":9007199254740993,"n_3":"-Infinity","n_2":"1970-01-01T00:00:00.000Z"}\n');
  });
});

describe('csv', () => {
  it('tells NULL from the empty text, and quotes what needs it', () => {
    const answer: Answer = {
      columns: ['a', 'b', 'c, d'].map((name) => ({ name, type: 'text' })),
      rows: [
        [null, '', 'plain'],
        ['a"b', 'line\nbreak', 'x,y'],
      ],
    };
    const text = print('csv', answer);
    expect(text).toBe('a,b,"c, d"\n,"",plain\n"a""b","line\nbreak","x,y"\n');
    expect(parse(text)[2]).toEqual(['a"b', 'line\nbreak', 'x,y']);
  });

  it('prints booleans and numbers in full', () => {
    expect(
      print('csv', {
        columns: ['t', 'f', 'n'].map((name) => ({ name, type: 'boolean' })),
        rows: [[true, false, 10n ** 18n]],
      }),
    ).toBe('t,f,n\ntrue,false,1000000000000000000\n');
  });
});

describe('width', () => {
  it('cuts behind whole characters', () => {
    expect(cutText('東京都港区', 6)).toBe('東京…');
    expect(cutText('ééééé', 4)).toBe('ééé…');
    expect(cutText('plain', 5)).toBe('plain');
    expect(cutText('plainer', 5)).toBe('plai…');
  });
});
