// A physical plan as a page of HTML that needs no other file and runs no script: operators as a tree that opens and closes, with the
// share of the cost (or of the time, where the plan was run) that each of them takes.

import type { PhysicalPlan, PhysicalQuery } from '../physical.js';
import type { Actuals } from './figures.js';
import { figures } from './figures.js';
import { describeMemo, memoLines } from './memo.js';
import { describeConsidered, describeNode, firedRules, isUnused } from './node.js';

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em; color: #223; background: #fff; }
h1, h2 { font-size: 1.1em; }
ul { list-style: none; margin: 0; padding-left: 1.6em; border-left: 1px solid #ccd; }
body > ul { padding-left: 0; border: 0; }
summary { cursor: pointer; }
.title { font-weight: 600; }
.figures { color: #567; margin-left: .8em; }
.share { display: inline-block; width: 6em; height: .6em; margin-right: .6em; background: #eef; }
.share > i { display: block; height: 100%; background: #47a; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; margin: .2em 0 .4em 7.4em; }
dl.memo { display: block; margin: .2em 0 .4em 1.6em; }
dt { color: #567; } dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { color: #dde; background: #16181d; } .share { background: #2a2e38; } .figures, dl.memo { display: block; margin: .2em 0 .4em 1.6em; }
dt { color: #9ab; } }
`.trim();

/** The page, from `<!DOCTYPE html>` on. */
export function explainHtml(query: PhysicalQuery, actual?: Actuals): string {
  const page = [
    '<!DOCTYPE html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${escaped(describeNode(query.plan).title)}</title><style>\n${STYLE}\n</style></head>`,
    '<body>',
    `<h1>Plan${actual === undefined ? '' : ', as it was run'}</h1>`,
    ...tree(query.plan, actual),
  ];
  query.subqueries.forEach((plan, id) => {
    if (!isUnused(plan)) page.push(`<h2>Sub-query ${id}</h2>`, ...tree(plan, actual));
  });
  if (query.trace.length > 0) page.push(`<p>Rules: ${escaped(firedRules(query))}</p>`);
  const memo = describeMemo(query);
  if (memo.length > 0) page.push('<h2>Memo</h2>');
  for (const group of memo) {
    const lines = memoLines(group).map((line) => `<dd>${escaped(line)}</dd>`);
    page.push(`<details><summary>${escaped(group.title)}</summary><dl class="memo">${lines.join('')}</dl></details>`);
  }
  page.push('</body>', '</html>');
  return page.join('\n');
}

function tree(plan: PhysicalPlan, actual: Actuals | undefined): string[] {
  const whole = spent(plan, actual);
  const item = (node: PhysicalPlan): string[] => {
    const { title, details, inputs, considered } = describeNode(node);
    const below = inputs.reduce((sum, input) => sum + spent(input, actual), 0);
    const share = whole === 0 ? 0 : Math.min(100, Math.max(0, ((spent(node, actual) - below) / whole) * 100));
    const bar = `<span class="share"><i style="width:${share.toFixed(0)}%"></i></span>`;
    const numbers = figures(node, actual).map((text) => `<span class="figures">${escaped(text)}</span>`);
    const facts = [...details, ...considered.map((path): [string, string] => ['Considered', describeConsidered(path)])];
    return [
      `<li><details open><summary>${bar}<span class="title">${escaped(title)}</span>${numbers.join('')}</summary>`,
      ...(facts.length === 0 ? [] : [`<dl>${facts.map(fact).join('')}</dl>`]),
      ...(inputs.length === 0 ? [] : ['<ul>', ...inputs.flatMap(item), '</ul>']),
      '</details></li>',
    ];
  };
  return ['<ul>', ...item(plan), '</ul>'];
}

/** Nanoseconds, inputs included: measured where the plan was run, else expected. */
function spent(plan: PhysicalPlan, actual: Actuals | undefined): number {
  return actual === undefined ? plan.expected.cost : (actual.get(plan)?.ns ?? 0);
}

function fact([label, text]: readonly [label: string, text: string]): string {
  return `<dt>${escaped(label)}</dt><dd>${escaped(text)}</dd>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
