// MATCH judged on a row's own texts, with the analysis of the index that defines it.

import { createAnalyzer } from '../../text/analysis.js';
import { textIndexOptions } from '../../text/index-options.js';
import { matchText } from '../../text/match-text.js';
import { compileSearch } from '../../text/term-query.js';
import type { TermQuery } from '../../text/term-query.js';
import type { Value } from '../../values/types.js';
import type { Match } from '../expression.js';
import { remember } from './remember.js';

/**
 * Three-valued: NULL when the query is NULL or all the texts are. A text that is NULL beside one that is not counts as empty.
 * `texts` are the values of the match's fields, in order.
 */
export type MatchTest = (query: Value, texts: readonly Value[]) => boolean | null;

export function matchTest(match: Match): MatchTest {
  const analyzer = createAnalyzer(textIndexOptions(match.analysis).analysis);
  const names = match.fields.map((field) => field.name);
  const compile = remember((query): TermQuery => compileSearch(query as string, analyzer, names));
  return (query, texts) => {
    if (query === null) return null;
    const compiled = compile(query);
    const fields = [];
    for (let i = 0; i < names.length; i++) {
      const text = texts[i]!;
      if (text !== null) fields.push({ name: names[i]!, text: analyzer.terms(text as string) });
    }
    return fields.length === 0 ? null : matchText(compiled, fields);
  };
}
