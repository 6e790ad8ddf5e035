// What can only be told through statements: joins, searches, sub-queries, writes. Differences and slopes leave out what is shared.

import type { Hints } from '../../src/index.js';
import { places } from '../data/places.js';
import { lightningPlaces } from '../peers/lightning.js';
import type { Calibration } from './constant.js';
import { clock, slope } from './constant.js';

const ROWS = 30_000;

export function statementCalibrations(path: string): { readonly list: readonly Calibration[]; close(): void } {
  const db = lightningPlaces(path, places(ROWS), ['population', 'country', 'location', 'about']);
  db.exec(
    'CREATE TABLE near (id INTEGER PRIMARY KEY, far INTEGER); CREATE TABLE plain (id INTEGER PRIMARY KEY, n INTEGER)',
  );
  db.table('near').insertMany(Array.from({ length: ROWS }, (_, i) => ({ id: i + 1, far: -i - 1 })));
  db.exec('CREATE INDEX places_bloom ON places USING bloom (name)');
  db.analyze();
  const ask = (text: string, hints?: Hints) => {
    const statement = db.prepare(text, hints && { hints });
    return (...parameters: unknown[]) => statement.all(...parameters);
  };
  const hash: Hints = { join: 'hash', joinOrder: ['p', 'r'], noIndexes: true };
  const scan = ask('SELECT sum(zone) AS s FROM places', { noIndexes: true });
  const right = ask('SELECT sum(far) AS s FROM near WHERE id <= ?', { noIndexes: true });
  const built = ask(
    'SELECT count(*) AS n FROM places p JOIN near r ON p.zone = r.far WHERE r.id <= ? AND p.id <= 100',
    hash,
  );
  const probed = ask('SELECT count(*) AS n FROM places p JOIN near r ON p.zone = r.far WHERE r.id <= 100', hash);
  const joined = ask('SELECT count(*) AS n FROM places p JOIN near r ON p.zone = r.id WHERE r.id <= 100', hash);
  const lookups = ask('SELECT sum(r.far) AS s FROM places p JOIN near r ON r.id = p.id WHERE p.id <= ?', {
    join: 'lookup',
    joinOrder: ['p', 'r'],
  });
  const nearest = ask('SELECT id FROM places ORDER BY ST_Distance(location, ST_Point(2, 48)) LIMIT ?');
  const ranked = (words: string) =>
    ask(`SELECT id FROM places WHERE MATCH(about, '${words}') ORDER BY score() DESC LIMIT 10`);
  const counted = (words: string) =>
    Number((db.query(`SELECT count(*) AS n FROM places WHERE MATCH(about, '${words}')`)[0] as { n: number }).n);
  const matched = ask("SELECT count(*) AS n FROM places WHERE id <= 3000 AND MATCH(about, 'castle')", {
    noIndexes: true,
  });
  const unmatched = ask("SELECT count(*) AS n FROM places WHERE id <= 3000 AND about <> ''", { noIndexes: true });
  const correlated = ask(
    'SELECT sum((SELECT count(*) FROM near WHERE near.id = p.zone + p.id)) AS s FROM places p WHERE p.id <= ?',
  );
  const plain = ask('SELECT id FROM near WHERE id = 1');
  const wrapped = ask('SELECT id FROM (SELECT id FROM near WHERE id = 1 LIMIT 5) x LIMIT 4');
  let next = 0;
  const list: Calibration[] = [
    {
      constant: 'hashBuild',
      how: 'hash join over a larger right side, less its scan',
      measure: () => slope(1000, ROWS, (n) => built(n)) - slope(1000, ROWS, (n) => right(n)),
    },
    {
      constant: 'hashProbe',
      how: 'hash join that finds nothing, less the scan of the left side',
      measure: () => Math.max(0, clock(ROWS, () => probed()) - clock(ROWS, () => scan())),
    },
    {
      constant: 'joinRow',
      how: 'the same, where almost every row finds one',
      measure: () => Math.max(0, clock(ROWS, () => joined()) - clock(ROWS, () => probed())),
    },
    {
      constant: 'rerun',
      how: 'lookup join by primary key, per outer row',
      measure: () => slope(500, 5000, (n) => lookups(n)),
    },
    {
      constant: 'subquery',
      how: 'correlated sub-query by primary key',
      measure: () => slope(200, 2000, (n) => correlated(n)),
    },
    {
      constant: 'nearestStep',
      how: 'nearest 5,000 against nearest 500',
      measure: () => slope(500, 5000, (n) => nearest(n)),
    },
    {
      constant: 'rankedStep',
      how: 'ten best of a common word, per document that has it',
      measure: () => clock(counted('old'), () => ranked('old')()),
    },
    {
      constant: 'match',
      how: 'MATCH on the texts of rows, without the index',
      measure: () => clock(3000, () => matched()) - clock(3000, () => unmatched()),
    },
    {
      constant: 'operator',
      how: 'two operators more in a query of one row',
      measure: () => {
        const many = (fn: () => unknown) => clock(2000, () => Array.from({ length: 2000 }, fn));
        return Math.max(0, (many(() => wrapped()) - many(() => plain())) / 2);
      },
    },
    {
      constant: 'writeRow',
      how: 'rows inserted in batches of 2,000, one index beside the rows',
      measure: () =>
        clock(2000, () => {
          db.table('plain').insertMany(Array.from({ length: 2000 }, () => ({ id: next++, n: 1 })));
        }),
    },
  ];
  return { list, close: () => db.close() };
}
