// A wholesale trader of eight tables, generated: names of tables and columns are those that the 22 queries of TPC-H
// (http://www.tpc.org/tpch) ask for, and values such that each of them finds something. Money is REAL.

import { Random } from '../differential/random.js';
import type { WorkloadTable } from './workload.js';

const NATIONS: readonly (readonly [name: string, region: number])[] = [
  ['BRAZIL', 1],
  ['CANADA', 1],
  ['CHINA', 2],
  ['FRANCE', 3],
  ['GERMANY', 3],
  ['INDIA', 2],
  ['KENYA', 0],
  ['SAUDI ARABIA', 4],
];
const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'];
const SEGMENTS = ['AUTOMOBILE', 'BUILDING', 'MACHINERY'];
const PRIORITIES = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'];
const TYPES = [
  'ECONOMY ANODIZED STEEL',
  'MEDIUM POLISHED COPPER',
  'PROMO BURNISHED TIN',
  'SMALL PLATED BRASS',
  'STANDARD POLISHED BRASS',
];
const CONTAINERS = ['SM CASE', 'SM BOX', 'MED BAG', 'MED BOX', 'LG CASE', 'LG BOX'];
const BRANDS = ['Brand#12', 'Brand#23', 'Brand#34', 'Brand#45'];
const SIZES = [1, 3, 5, 9, 14, 15, 19, 23, 36, 45, 49];
const MODES = ['AIR', 'AIR REG', 'MAIL', 'RAIL', 'SHIP'];
const INSTRUCTIONS = ['DELIVER IN PERSON', 'COLLECT COD', 'NONE'];
const COLOURS = ['forest', 'green', 'ivory', 'navy', 'plum', 'red'];
const COMMENTS = [
  'special packages and requests',
  'Customer wrote Complaints',
  'quickly',
  'ideas about deposits',
  'special ideas',
];
const FIRST_DAY = Date.UTC(1992, 0, 1);
const LAST_DAY = Date.UTC(1998, 7, 2);
const DAY = 86_400_000;

export function decisionSupport(): WorkloadTable[] {
  const random = new Random(22);
  const money = (low: number, high: number): number => random.int(low * 100, high * 100) / 100;
  const date = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
  const phone = (nation: number): string => `${nation + 10 + random.pick([0, 3, 9])}-${random.int(100, 999)}`;
  const comment = (): string => random.pick(COMMENTS);

  const suppliers = numbers(40).map((key) => {
    const nation = random.int(0, NATIONS.length - 1);
    return [key, `Supplier#${key}`, `Street ${key}`, nation, phone(nation), money(-900, 9_000), comment()];
  });
  const customers = numbers(200).map((key) => {
    const nation = random.int(0, NATIONS.length - 1);
    const segment = random.pick(SEGMENTS);
    return [key, `Customer#${key}`, `Road ${key}`, nation, phone(nation), money(-900, 9_000), segment, comment()];
  });
  const parts = numbers(150).map((key) => [
    key,
    random.sample(COLOURS, 2).join(' '),
    `Manufacturer#${random.int(1, 5)}`,
    random.pick(BRANDS),
    random.pick(TYPES),
    random.pick(SIZES),
    random.pick(CONTAINERS),
    money(900, 1_900),
    comment(),
  ]);
  const stock = parts.flatMap(([part]) =>
    random
      .sample(suppliers, 4)
      .map(([supplier]) => [part!, supplier!, random.int(1, 120), money(1, 1_000), comment()] as const),
  );
  const orders: (string | number)[][] = [];
  const lines: (string | number)[][] = [];
  for (const key of numbers(800)) {
    const placed = random.int(FIRST_DAY / DAY, LAST_DAY / DAY) * DAY;
    const finished = random.chance(0.5);
    let total = 0;
    for (const line of numbers(random.int(1, 7))) {
      const [part, supplier] = random.pick(stock);
      const shipped = placed + random.int(1, 120) * DAY;
      const price = money(900, 50_000);
      total += price;
      lines.push([
        ...[key, part, supplier, line, random.int(1, 50), price, random.int(0, 10) / 100, random.int(0, 8) / 100],
        ...[finished ? random.pick(['A', 'R']) : 'N', finished ? 'F' : 'O'],
        ...[shipped, placed + random.int(30, 90) * DAY, shipped + random.int(1, 30) * DAY].map(date),
        ...[random.pick(INSTRUCTIONS), random.pick(MODES), comment()],
      ]);
    }
    orders.push([
      ...[key, random.int(1, 160), finished ? 'F' : 'O', Math.round(total * 100) / 100, date(placed)],
      ...[random.pick(PRIORITIES), `Clerk#${random.int(1, 9)}`, 0, comment()],
    ]);
  }
  return [
    {
      name: 'region',
      columns: ['r_regionkey INTEGER PRIMARY KEY', 'r_name VARCHAR(25)'],
      rows: REGIONS.map((name, i) => [i, name]),
      indexes: [],
    },
    {
      name: 'nation',
      columns: ['n_nationkey INTEGER PRIMARY KEY', 'n_name VARCHAR(25)', 'n_regionkey INTEGER REFERENCES region'],
      rows: NATIONS.map(([name, region], i) => [i, name, region]),
      indexes: [],
    },
    {
      name: 'supplier',
      columns: [
        ...['s_suppkey INTEGER PRIMARY KEY', 's_name VARCHAR(25)', 's_address VARCHAR(40)'],
        ...['s_nationkey INTEGER REFERENCES nation', 's_phone VARCHAR(15)', 's_acctbal REAL', 's_comment VARCHAR(101)'],
      ],
      rows: suppliers,
      indexes: ['s_nationkey'],
    },
    {
      name: 'customer',
      columns: [
        ...['c_custkey INTEGER PRIMARY KEY', 'c_name VARCHAR(25)', 'c_address VARCHAR(40)'],
        ...['c_nationkey INTEGER REFERENCES nation', 'c_phone VARCHAR(15)', 'c_acctbal REAL'],
        ...['c_mktsegment VARCHAR(10)', 'c_comment VARCHAR(117)'],
      ],
      rows: customers,
      indexes: ['c_nationkey'],
    },
    {
      name: 'part',
      columns: [
        ...['p_partkey INTEGER PRIMARY KEY', 'p_name VARCHAR(55)', 'p_mfgr VARCHAR(25)', 'p_brand VARCHAR(10)'],
        ...['p_type VARCHAR(25)', 'p_size INTEGER', 'p_container VARCHAR(10)', 'p_retailprice REAL'],
        'p_comment VARCHAR(40)',
      ],
      rows: parts,
      indexes: [],
    },
    {
      name: 'partsupp',
      columns: [
        ...['ps_partkey INTEGER REFERENCES part', 'ps_suppkey INTEGER REFERENCES supplier', 'ps_availqty INTEGER'],
        ...['ps_supplycost REAL', 'ps_comment VARCHAR(199)', 'PRIMARY KEY (ps_partkey, ps_suppkey)'],
      ],
      rows: stock,
      indexes: ['ps_suppkey'],
    },
    {
      name: 'orders',
      columns: [
        ...['o_orderkey INTEGER PRIMARY KEY', 'o_custkey INTEGER REFERENCES customer', 'o_orderstatus VARCHAR(1)'],
        ...['o_totalprice REAL', 'o_orderdate DATE', 'o_orderpriority VARCHAR(15)', 'o_clerk VARCHAR(15)'],
        ...['o_shippriority INTEGER', 'o_comment VARCHAR(79)'],
      ],
      rows: orders,
      indexes: ['o_custkey', 'o_orderdate'],
    },
    {
      name: 'lineitem',
      columns: [
        ...['l_orderkey INTEGER REFERENCES orders', 'l_partkey INTEGER', 'l_suppkey INTEGER', 'l_linenumber INTEGER'],
        ...['l_quantity REAL', 'l_extendedprice REAL', 'l_discount REAL', 'l_tax REAL', 'l_returnflag VARCHAR(1)'],
        ...['l_linestatus VARCHAR(1)', 'l_shipdate DATE', 'l_commitdate DATE', 'l_receiptdate DATE'],
        ...['l_shipinstruct VARCHAR(25)', 'l_shipmode VARCHAR(10)', 'l_comment VARCHAR(44)'],
        ...['PRIMARY KEY (l_orderkey, l_linenumber)', 'FOREIGN KEY (l_partkey, l_suppkey) REFERENCES partsupp'],
      ],
      rows: lines,
      indexes: ['l_partkey, l_suppkey', 'l_shipdate'],
    },
  ];
}
