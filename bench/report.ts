// Figures as lines for a terminal and as a table for RESULTS.md.

import type { Measured } from './measure.js';
import { rate, time } from './measure.js';

export function heading(name: string): string {
  return `\n${name}`;
}

function ratios({ nanoseconds }: Measured): number[] {
  return nanoseconds.slice(1).map((each) => each / nanoseconds[0]!);
}

function shownRatio(ratio: number): string {
  return `${ratio >= 100 ? ratio.toFixed(0) : Number(ratio.toPrecision(3))}x`;
}

function verdict(measured: Measured): string {
  const { bar, most } = measured.contest;
  const found = ratios(measured);
  const [first] = found;
  if (first === undefined) return '';
  if (most !== undefined) return `at most ${shownRatio(most)} ${first <= most ? 'met' : 'missed'}`;
  const bars = Array.isArray(bar) ? (bar as readonly (number | undefined)[]) : [bar as number | undefined];
  const said = found.map((ratio, i) => {
    const aim = bars[i];
    if (aim === undefined) return ratio < 1 ? 'slower' : '';
    const wanted = `bar ${shownRatio(aim)}`;
    return ratio >= aim ? `${wanted} met` : `${ratio < 1 ? 'slower, ' : ''}${wanted} missed`;
  });
  return said.some((each) => each !== '') ? said.map((each) => each || '-').join('; ') : '';
}

export function row(measured: Measured): string {
  const { contest, nanoseconds } = measured;
  const times = contest.contestants.map(({ name }, i) => `${name} ${time(nanoseconds[i]!)} (${rate(nanoseconds[i]!)})`);
  const compared = ratios(measured).map(shownRatio).join(', ');
  return `  ${contest.name}, per ${contest.unit}: ${times.join(' | ')}  ${compared}  ${verdict(measured)}`.trimEnd();
}

export function table(
  machine: string,
  scale: number,
  results: readonly { readonly name: string; readonly measured: readonly Measured[] }[],
  notes: readonly string[],
): string {
  const lines = [
    '# Results',
    '',
    `Medians of interleaved rounds in one process${scale === 1 ? '' : `, at ${scale} of the default size`}; compare ratios, not times. Written by \`npm run bench -- --write\`.`,
    '',
    machine,
    '',
  ];
  for (const { name, measured } of results) {
    lines.push(`## ${name}`, '', '| what | per | times | ratio | |', '|---|---|---|---|---|');
    for (const each of measured) {
      const times = each.contest.contestants.map((one, i) => `${one.name} ${time(each.nanoseconds[i]!)}`).join('<br>');
      const compared = ratios(each).map(shownRatio).join('<br>');
      lines.push(`| ${each.contest.name} | ${each.contest.unit} | ${times} | ${compared} | ${verdict(each)} |`);
    }
    lines.push('');
  }
  if (notes.length > 0) lines.push('## Plans', '', ...notes.map((note) => `\`\`\`\n${note}\n\`\`\`\n`));
  return lines.join('\n');
}
