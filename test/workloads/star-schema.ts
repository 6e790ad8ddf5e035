// Sales of a retailer as a star: one table of facts and four of dimensions, generated for the 13 queries of the star schema benchmark
// (O'Neil, O'Neil, Chen, Revilak, "The Star Schema Benchmark and Augmented Fact Table Indexing", TPCTC 2009). Money is in cents.

import { Random } from '../differential/random.js';
import type { WorkloadTable } from './workload.js';

const NATIONS: readonly (readonly [name: string, region: string])[] = [
  ['BRAZIL', 'AMERICA'],
  ['CHINA', 'ASIA'],
  ['FRANCE', 'EUROPE'],
  ['INDIA', 'ASIA'],
  ['UNITED KINGDOM', 'EUROPE'],
  ['UNITED STATES', 'AMERICA'],
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;

export function starSchema(): WorkloadTable[] {
  const random = new Random(13);
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
  const place = (): string[] => {
    const [nation, region] = random.pick(NATIONS);
    return [`${nation.padEnd(9).slice(0, 9)}${random.pick([1, 5])}`, nation, region];
  };
  const dates = numbers(2_557).map((day) => {
    const date = new Date(Date.UTC(1991, 11, 31) + day * DAY);
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth() + 1;
    const week = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / DAY / 7) + 1;
    const key = year * 10_000 + month * 100 + date.getUTCDate();
    return [key, date.toISOString().slice(0, 10), year, year * 100 + month, `${MONTHS[month - 1]}${year}`, week];
  });
  const customers = numbers(120).map((key) => [key, `Customer#${key}`, ...place()]);
  const suppliers = numbers(60).map((key) => [key, `Supplier#${key}`, ...place()]);
  const parts = numbers(200).map((key) => {
    const maker = `MFGR#${random.int(1, 3)}`;
    const category = `${maker}${random.pick([2, 4])}`;
    return [key, `part ${key}`, maker, category, `${category}${random.int(20, 29)}`];
  });
  const busy = dates.filter(([, , year, , month, week]) => month === 'Dec1997' || (year === 1994 && week === 6));
  const facts = numbers(4_000).map((key) => {
    const price = random.int(1_000, 100_000);
    const discount = random.int(0, 10);
    return [
      ...[
        key,
        random.int(1, 120),
        random.int(1, 200),
        random.int(1, 60),
        random.pick(random.chance(0.2) ? busy : dates)[0]!,
        random.int(1, 50),
      ],
      ...[price, discount, Math.round((price * (100 - discount)) / 100), Math.round(price * 0.6)],
    ];
  });
  return [
    {
      name: 'date',
      columns: [
        ...['d_datekey INTEGER PRIMARY KEY', 'd_date TEXT', 'd_year INTEGER', 'd_yearmonthnum INTEGER'],
        ...['d_yearmonth TEXT', 'd_weeknuminyear INTEGER'],
      ],
      rows: dates,
      indexes: [],
    },
    {
      name: 'customer',
      columns: ['c_custkey INTEGER PRIMARY KEY', 'c_name TEXT', 'c_city TEXT', 'c_nation TEXT', 'c_region TEXT'],
      rows: customers,
      indexes: ['c_region'],
    },
    {
      name: 'supplier',
      columns: ['s_suppkey INTEGER PRIMARY KEY', 's_name TEXT', 's_city TEXT', 's_nation TEXT', 's_region TEXT'],
      rows: suppliers,
      indexes: ['s_region'],
    },
    {
      name: 'part',
      columns: ['p_partkey INTEGER PRIMARY KEY', 'p_name TEXT', 'p_mfgr TEXT', 'p_category TEXT', 'p_brand1 TEXT'],
      rows: parts,
      indexes: ['p_brand1'],
    },
    {
      name: 'lineorder',
      columns: [
        ...['lo_orderkey INTEGER PRIMARY KEY', 'lo_custkey INTEGER', 'lo_partkey INTEGER', 'lo_suppkey INTEGER'],
        ...['lo_orderdate INTEGER', 'lo_quantity INTEGER', 'lo_extendedprice INTEGER', 'lo_discount INTEGER'],
        ...['lo_revenue INTEGER', 'lo_supplycost INTEGER'],
      ],
      rows: facts,
      indexes: ['lo_custkey', 'lo_partkey', 'lo_suppkey', 'lo_orderdate'],
    },
  ];
}
