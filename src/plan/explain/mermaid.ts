// A physical plan as a flowchart in Mermaid's language: rows flow along the arrows, which say how many are expected (or were counted).

import type { PhysicalPlan, PhysicalQuery } from '../physical.js';
import type { Actuals } from './figures.js';
import { figures } from './figures.js';
import { formatCount } from './format.js';
import { describeMemo, memoLines } from './memo.js';
import { describeConsidered, describeNode, firedRules, isUnused } from './node.js';

/**
 * @example
 * flowchart BT
 *   n0["<b>Limit</b><br/>Limit: 10<br/>rows=10 (exact)  cost=1.0 us"]
 *   n1["<b>Table Scan on places</b><br/>rows=120 (sample)  cost=310.0 us"]
 *   n1 -->|120| n0
 */
export function explainMermaid(query: PhysicalQuery, actual?: Actuals): string {
  const chart = new Chart(actual);
  chart.plan(query.plan, '  ');
  query.subqueries.forEach((plan, id) => {
    if (isUnused(plan)) return;
    chart.lines.push(`  subgraph s${id}["Sub-query ${id}"]`);
    chart.plan(plan, '    ');
    chart.lines.push('  end');
  });
  if (query.trace.length > 0) chart.note('rules', [`Rules: ${firedRules(query)}`], '  ');
  describeMemo(query).forEach((group, i) => {
    chart.note(`m${i}`, [group.title, ...memoLines(group)], '  ');
  });
  return ['flowchart BT', ...chart.lines].join('\n');
}

class Chart {
  readonly lines: string[] = [];
  private count = 0;

  constructor(private readonly actual: Actuals | undefined) {}

  /** @returns the name of its node */
  plan(plan: PhysicalPlan, indent: string): string {
    const name = `n${this.count++}`;
    const { title, details, inputs, considered } = describeNode(plan);
    const under = [...details.map(([label, text]) => `${label}: ${text}`), ...figures(plan, this.actual)];
    this.lines.push(`${indent}${name}["<b>${escaped(title)}</b><br/>${under.map(escaped).join('<br/>')}"]`);
    if (considered.length > 0) {
      this.note(`c${name}`, ['Considered', ...considered.map(describeConsidered)], indent);
      this.lines.push(`${indent}c${name} -.- ${name}`);
    }
    for (const input of inputs) {
      const from = this.plan(input, indent);
      const rows = this.actual?.get(input)?.rows ?? input.expected.rows.est;
      this.lines.push(`${indent}${from} -->|${formatCount(rows)}| ${name}`);
    }
    return name;
  }

  note(name: string, lines: readonly string[], indent: string): void {
    this.lines.push(`${indent}${name}>"${lines.map(escaped).join('<br/>')}"]`);
  }
}

/** Mermaid writes the characters that would end or mark up a label as `#name;`. */
function escaped(text: string): string {
  return text.replace(/[#&<>"\\`\n]/g, (sign) => `#${sign.charCodeAt(0)};`);
}
