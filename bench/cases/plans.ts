// The optimizer's choice against every alternative that hints can force: all subsets of the indexes that serve a condition, and the scan.

import type { Hints } from '../../src/index.js';
import { places } from '../data/places.js';
import type { Group, Setting } from '../group.js';
import type { Contest, Contestant } from '../measure.js';
import { measure, time } from '../measure.js';
import { lightningPlaces } from '../peers/lightning.js';

const SERVING = ['places_about', 'places_location', 'places_country', 'places_population'];

/** Every subset of the names, the empty one first. */
function subsets(names: readonly string[]): string[][] {
  return Array.from({ length: 1 << names.length }, (_, bits) => names.filter((_, i) => bits & (1 << i)));
}

export const plans: Group = {
  name: 'plans',
  async *contests(setting) {
    const rows = Math.round(300_000 * setting.scale);
    const db = lightningPlaces(setting.path('lightning'), places(rows), ['population', 'country', 'location', 'about']);
    const against = async (name: string, text: string, names: readonly string[]): Promise<Contest> => {
      const contestant = (label: string, hints?: Hints): Contestant => {
        const statement = db.prepare(text, hints && { hints });
        return { name: label, run: () => statement.all() };
      };
      setting.note(`${name}\n${text}\n${db.explain(text, [], { analyze: true })}`);
      const chosen = contestant('chosen');
      const forced = subsets(names).map((indexes) =>
        contestant(indexes.length === 0 ? 'scan' : indexes.join(' + '), { indexes: { places: indexes } }),
      );
      const best = await fastest(chosen, forced, setting);
      return {
        name,
        unit: 'query',
        operations: 1,
        bar: 1 / 1.5,
        rounds: 15,
        same: sameRows,
        contestants: [chosen, best],
      };
    };
    try {
      const box = 'ST_Within(location, ST_MakeEnvelope(6, 45, 14, 50))';
      yield await against(
        'four index kinds, and the best forced alternative',
        `SELECT id FROM places WHERE MATCH(about, 'river') AND ${box} AND country IN ('FR', 'DE', 'IT')
         AND population BETWEEN 1000 AND 2000`,
        SERVING,
      );
      yield await against(
        'an index refused: the condition keeps most rows',
        'SELECT sum(zone) AS total FROM places WHERE population > 100',
        ['places_population'],
      );
      yield await against(
        'three indexes refused beside a selective fourth',
        `SELECT id FROM places WHERE MATCH(about, 'river') AND ${box} AND population > 50 AND country = 'LI'`,
        SERVING,
      );
    } finally {
      db.close();
    }
  },
};

/** The fastest of the alternatives; all times are noted. */
async function fastest(chosen: Contestant, forced: readonly Contestant[], setting: Setting): Promise<Contestant> {
  const all = [chosen, ...forced];
  const { nanoseconds } = await measure({
    name: 'plans',
    unit: 'query',
    operations: 1,
    rounds: 5,
    contestants: all,
    same: sameRows,
  });
  setting.note(all.map(({ name }, i) => `${time(nanoseconds[i]!).padStart(8)}  ${name}`).join('\n'));
  const times = nanoseconds.slice(1);
  return forced[times.indexOf(Math.min(...times))]!;
}

/** Without an order, plans may give rows in any. */
function sameRows(a: unknown, b: unknown): boolean {
  return sorted(a) === sorted(b);
}

function sorted(rows: unknown): string {
  return (rows as object[])
    .map((row) => JSON.stringify(row))
    .sort()
    .join();
}
