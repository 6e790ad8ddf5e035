// Index kinds as far as the planner sees them: offers only, priced simply. They mimic the real kinds without their storage.

import type { Catalog } from '../../src/catalog/catalog.js';
import type { IndexDef, TableDef } from '../../src/catalog/definitions.js';
import type { Offer, Precision, Probe } from '../../src/catalog/offer.js';
import type { Estimate } from '../../src/catalog/statistics.js';
import { equalExprs } from '../../src/expr/build.js';
import type { Constraint, ValueSet } from '../../src/expr/constraint.js';
import type { Expr } from '../../src/expr/expression.js';

type Keys = Extract<Probe<Expr>, { kind: 'keys' }>;

export function stubOffers(
  index: IndexDef,
  table: TableDef,
  constraints: readonly Constraint[],
  catalog: Catalog,
): Offer[] {
  const entries = catalog.index(index).entries;
  const make = (
    probe: Probe<Expr>,
    serves: readonly number[],
    precision: Precision,
    rows: Estimate,
    more: Partial<Offer> = {},
  ): Offer => ({
    index,
    probe,
    serves,
    precision,
    rows,
    cost: 1_500 + rows.est * 40,
    order: undefined,
    walkCost: undefined,
    ...more,
  });
  const share = (part: number): Estimate => ({ lo: 0, est: entries * part, hi: entries, source: 'default' });
  switch (index.kind) {
    case 'primary':
    case 'btree': {
      const order = index.keys.map((k) => ({ expr: k.expr, desc: k.desc, nullsFirst: k.nullsFirst }));
      const whole = make(
        { kind: 'all' },
        [],
        'exact',
        { lo: entries, est: entries, hi: entries, source: 'exact' },
        { order, walkCost: 12 },
      );
      const found = keysOf(index, constraints, true);
      if (found === undefined) return [whole];
      const unique =
        index.unique &&
        found.probe.sets.length === index.keys.length &&
        found.probe.sets.every((s) => s.kind === 'values' && s.values.length === 1);
      const rows = unique ? { lo: 0, est: 1, hi: 1, source: 'index' } : share(found.share(catalog, table, index));
      return [whole, make(found.probe, found.serves, 'exact', rows, { order, walkCost: 12 })];
    }
    case 'hash': {
      const found = keysOf(index, constraints, false);
      if (found === undefined || found.probe.sets.length < index.keys.length) return [];
      return [make(found.probe, found.serves, 'superset', share(found.share(catalog, table, index)))];
    }
    case 'bitmap': {
      const found = keysOf(index, constraints, false);
      if (found !== undefined) {
        const rows = share(found.share(catalog, table, index));
        return [make(found.probe, found.serves, 'exact', rows, { cost: 1_500 + (entries / 65_536) * 1_500 })];
      }
      const at = constraints.findIndex((c) => c.kind === 'not-set' && equalExprs(c.expr, keyOf(index)));
      const constraint = constraints[at];
      return constraint?.kind === 'not-set'
        ? [make({ kind: 'not-keys', set: constraint.set }, [at], 'exact', share(0.9))]
        : [];
    }
    case 'bloom': {
      const found = keysOf(index, constraints, false);
      return found === undefined ? [] : [make(found.probe, found.serves, 'refutes', share(0.3))];
    }
    case 'rtree':
      return constraints.flatMap((c, i) =>
        c.kind === 'spatial' && equalExprs(c.expr, keyOf(index))
          ? [
              make({ kind: 'spatial', relation: c.relation, shape: c.shape, metres: c.metres }, [i], 'superset', {
                lo: 0,
                est: entries * 0.002,
                hi: entries * 0.05,
                source: 'index',
              }),
            ]
          : [],
      );
    case 'fulltext':
      return constraints.flatMap((c, i) =>
        c.kind === 'match' && c.index === index.id
          ? [
              make({ kind: 'match', field: c.field, query: c.query }, [i], 'exact', {
                lo: 0,
                est: entries * 0.005,
                hi: entries * 0.02,
                source: 'index',
              }),
            ]
          : [],
      );
    case 'columnstore':
      return [];
  }
}

function keyOf(index: IndexDef): Expr {
  const key = index.keys[0];
  if (key === undefined) throw new Error(`${index.name} has no key`);
  return key.expr;
}

/** Sets on leading keys, then (ordered kinds) a range or prefix on the next. */
function keysOf(index: IndexDef, constraints: readonly Constraint[], ordered: boolean) {
  const sets: ValueSet<Expr>[] = [];
  const serves: number[] = [];
  let at = 0;
  for (; at < index.keys.length; at++) {
    const key = index.keys[at];
    const position = constraints.findIndex(
      (c) => c.kind === 'set' && key !== undefined && equalExprs(c.expr, key.expr),
    );
    const constraint = constraints[position];
    if (constraint?.kind !== 'set') break;
    sets.push(constraint.set);
    serves.push(position);
  }
  let range: Keys['range'];
  let prefix: Expr | undefined;
  const next = index.keys[at];
  if (ordered && next !== undefined) {
    const position = constraints.findIndex(
      (c) => (c.kind === 'range' || c.kind === 'prefix') && equalExprs(c.expr, next.expr),
    );
    const constraint = constraints[position];
    if (constraint?.kind === 'range') range = { low: constraint.low, high: constraint.high };
    if (constraint?.kind === 'prefix') prefix = constraint.prefix;
    if (constraint !== undefined) serves.push(position);
    if (constraint === undefined) {
      const present = constraints.findIndex(
        (c) => c.kind === 'not-set' && c.set.kind === 'null' && equalExprs(c.expr, next.expr),
      );
      if (present !== -1) {
        range = { low: undefined, high: undefined };
        serves.push(present);
      }
    }
  }
  if (serves.length === 0) return undefined;
  const probe: Keys = { kind: 'keys', sets, range, prefix };
  const share = (catalog: Catalog, table: TableDef, of: IndexDef): number => {
    let result = 1;
    sets.forEach((set, i) => {
      const key = of.keys[i]?.expr;
      const statistics = key?.kind === 'column' ? catalog.statistics(table)?.columns[key.id] : undefined;
      const distinct = statistics?.distinct ?? catalog.index(of).distinct ?? 200;
      const values = set.kind === 'values' ? set.values : [];
      const one = values[0];
      const common = one?.kind === 'constant' ? statistics?.common.find((c) => c.value === one.value) : undefined;
      result *= values.length === 1 && common !== undefined ? common.fraction : Math.max(1, values.length) / distinct;
    });
    return Math.min(1, range !== undefined ? result / 3 : prefix !== undefined ? result * 0.02 : result);
  };
  return { probe, serves, share };
}
