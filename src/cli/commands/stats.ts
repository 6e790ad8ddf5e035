// .stats: what the open database has done so far: cache, plans, store.

import type { Command } from './command.js';

export const stats: Command = {
  name: '.stats',
  usage: '',
  summary: 'show the state of the page cache, the plan cache and the store',
  arguments: [0, 0],
  run(session) {
    const rows = flatten(session.db.stats(), '');
    session.show({
      columns: [
        { name: 'name', type: 'text' },
        { name: 'value', type: 'text' },
      ],
      rows,
    });
    return true;
  },
};

function flatten(value: object, path: string): [string, string][] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]): [string, string][] => {
    const whole = path === '' ? name : `${path}.${name}`;
    if (typeof member === 'object' && member !== null) return flatten(member, whole);
    if (member === undefined) return [];
    return [
      [
        whole,
        typeof member === 'number' ? member.toLocaleString('en-US', { maximumFractionDigits: 4 }) : String(member),
      ],
    ];
  });
}
