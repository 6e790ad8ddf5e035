import { describe, expect, it } from 'vitest';
import { arrayFromText, arrayToText } from '../../src/values/array-text.js';
import { expectCode } from '../db/support.js';

describe('arrays as text', () => {
  it('read back as they were', () => {
    for (const items of [[], ['a'], [null, 'NULL', ''], ['a,b', '{c}', 'd"e\\f', ' g h ', 'ü 😀', '\n']]) {
      expect(arrayFromText(arrayToText(items, 'text'), 'text')).toEqual(items);
    }
    expect(arrayFromText(arrayToText([1, null, -3], 'integer'), 'integer')).toEqual([1, null, -3]);
  });

  it.each(['', 'a', '{', '{a', 'a}', '{a,}', '{,a}', '{a b"c}', '{"a}', '{"a"b}', '{{a}}', '{a}b', '{a\\}'])(
    'refuse %s',
    (text) => {
      expectCode('INVALID_TEXT', () => arrayFromText(text, 'text'));
    },
  );
});
