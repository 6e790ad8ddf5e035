// A search text with some of its words replaced: what stands behind "did you mean".

import type { Analyzer } from './analysis.js';
import { lexSearch } from './search-lexer.js';
import { parseSearch } from './search-query.js';

/** A word of a search, as it was typed and as it is looked up. */
export interface TypedWord {
  readonly word: string;
  readonly term: string;
}

/**
 * The search with each word replaced by what `correct` gives for it; undefined when it gives nothing for any. Words of phrases are
 * asked for one by one; excluded, fuzzy and unfinished words, stop words and all signs stay.
 *
 * @throws LightningError SEARCH_SYNTAX
 * @example correctSearch('old harbuor', analyzer, ({ term }) => (term === 'harbuor' ? 'harbour' : undefined))
 */
export function correctSearch(
  text: string,
  analyzer: Analyzer,
  correct: (typed: TypedWord) => string | undefined,
): string | undefined {
  let made = '';
  let copied = 0;
  parseSearch(text);
  const tokens = lexSearch(text);
  tokens.forEach((token, i) => {
    const before = tokens[i - 1];
    const excluded = (before?.kind === 'field' ? tokens[i - 2] : before)?.kind === 'minus';
    if (excluded || token.suffix !== undefined || (token.kind !== 'word' && token.kind !== 'phrase')) return;
    const at = token.offset + (token.kind === 'phrase' ? 1 : 0);
    const { terms, starts, ends } = analyzer.analyze(token.text);
    const words = terms.map((term, n) => ({ term, from: at + starts[n]!, to: at + ends[n]! }));
    for (const { term, from, to } of words) {
      const found = correct({ word: text.slice(from, to), term });
      if (found === undefined) continue;
      made += text.slice(copied, from) + found;
      copied = to;
    }
  });
  return copied === 0 ? undefined : made + text.slice(copied);
}
