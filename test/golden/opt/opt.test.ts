// Golden plans: `catalog` sets the hand-made catalog of a file, `opt` shows a plan. Flags: `expect=RULE` and `expect-not=RULE` judge what
// fired, `disable=RULE` switches rules off, `noindexes` forbids indexes, `considered` shows the paths that were weighed.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainText } from '../../../src/plan/explain/index.js';
import { HandMadeCatalog, planOf } from '../../optimize/catalog.js';
import { GAZETTEER } from '../../optimize/gazetteer.js';
import { runGolden } from '../runner.js';

const catalogs = new Map<string, HandMadeCatalog>();
const list = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(','));

runGolden(dirname(fileURLToPath(import.meta.url)), {
  catalog: ({ input }, file) => {
    const catalog = new HandMadeCatalog(input === 'gazetteer' ? GAZETTEER : input);
    catalogs.set(file, catalog);
    return catalog.names().join('\n');
  },
  opt: ({ input, flags }, file) => {
    const catalog = catalogs.get(file) ?? new HandMadeCatalog(GAZETTEER);
    const query = planOf(input, catalog, { disabledRules: list(flags.get('disable')), noIndexes: flags.has('noindexes') });
    const fired = query.trace.map((t) => t.rule);
    for (const rule of list(flags.get('expect'))) if (!fired.includes(rule)) throw new Error(`${rule} did not fire: ${input}`);
    for (const rule of list(flags.get('expect-not'))) if (fired.includes(rule)) throw new Error(`${rule} fired: ${input}`);
    const text = explainText(query);
    if (flags.has('considered')) return text;
    return text.replace(/^Considered\n(?: .*\n?)*/m, '');
  },
});
