// EXPLAIN: a physical plan in one of the formats in which people look at it.

import { never } from '../../errors.js';
import type { PhysicalQuery } from '../physical.js';
import type { Actuals } from './figures.js';
import { explainHtml } from './html.js';
import { explainJson } from './json.js';
import { explainMermaid } from './mermaid.js';
import { explainText } from './text.js';

export { explainJson } from './json.js';
export { explainText } from './text.js';

export const EXPLAIN_FORMATS = ['text', 'json', 'mermaid', 'html'] as const;

/** `text` is indented lines, `json` plain data, `mermaid` a flowchart in Mermaid's language, `html` a page that needs nothing else. */
export type ExplainFormat = (typeof EXPLAIN_FORMATS)[number];

/** @param actual what an execution measured, where the plan was run */
export function explain(query: PhysicalQuery, format: ExplainFormat, actual?: Actuals): string {
  switch (format) {
    case 'text':
      return explainText(query, actual);
    case 'json':
      return JSON.stringify(explainJson(query, actual), null, 2);
    case 'mermaid':
      return explainMermaid(query, actual);
    case 'html':
      return explainHtml(query, actual);
    default:
      return never(format, 'explain format');
  }
}
