// What hints say about names that are not there.

import { describe, expect, it } from 'vitest';
import { suggestion } from '../../src/text/suggestion.js';

describe('A suggestion', () => {
  it('names the nearest candidate, else what there is', () => {
    expect(suggestion('harbuor', ['town', 'harbour'], 'there are')).toBe('did you mean "harbour"?');
    expect(suggestion('x', ['harbour', 'town', 'town'], 'there are')).toBe('there are: harbour, town');
    expect(suggestion('x', ['harbour'])).toBeUndefined();
    expect(suggestion('x', [], 'there are')).toBeUndefined();
  });

  it('names ten at most', () => {
    const names = Array.from({ length: 11 }, (_, i) => `candidate${i}`);
    expect(suggestion('x', names, 'there are')).toBe(`there are: ${names.slice(0, 10).join(', ')}, ...`);
  });
});
