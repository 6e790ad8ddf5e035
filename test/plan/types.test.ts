// What the type checker knows of built queries. `vitest` runs the file; `tsc` is the judge.

import { describe, expectTypeOf, it } from 'vitest';
import {
  arrayAgg,
  caseWhen,
  column,
  count,
  element,
  fn,
  from,
  param,
  scalar,
  score,
  slice,
  value,
} from '../../src/plan/builder/index.js';
import type { FacetCount, ResultRow, ResultValue, TypedExpr } from '../../src/plan/builder/index.js';
import { anyTable, countries, places, runner } from './support.js';
import type { Country, Place } from './support.js';

describe('rows', () => {
  it('are those of the table, of the select list, of groups and aggregates', () => {
    expectTypeOf(places().all()).toEqualTypeOf<Place[]>();
    expectTypeOf(places().get()).toEqualTypeOf<Place | undefined>();
    expectTypeOf(places().prepare().get()).toEqualTypeOf<Place | undefined>();
    expectTypeOf([...places().limit(1).iterate()]).toEqualTypeOf<Place[]>();
    expectTypeOf(
      places()
        .select((p) => ({ a: p.name, b: p.population, c: p.seen }))
        .all(),
    ).toEqualTypeOf<{ a: string; b: number | null; c: Date | null }[]>();
    expectTypeOf(
      places()
        .groupBy((p) => ({ kind: p.kind }))
        .aggregate((p) => ({ n: count(), top: p.population.max(), mean: p.elevation.avg() }))
        .all(),
    ).toEqualTypeOf<{ kind: 'town' | 'village'; n: number; top: number | null; mean: number | null }[]>();
    expectTypeOf(
      places()
        .aggregate(() => ({ n: count() }))
        .all(),
    ).toEqualTypeOf<{ n: number }[]>();
    expectTypeOf(
      countries()
        .extend(() => ({ s: score() }))
        .get()!.s,
    ).toEqualTypeOf<number>();
    expectTypeOf(
      countries()
        .extend(() => ({ s: score() }))
        .get()!.people,
    ).toEqualTypeOf<number | null>();
  });

  it('follow outer joins', () => {
    const query = places('p').leftJoin<Country>('countries', 'c', (p, c) => p.country.eq(c.code));
    expectTypeOf(query.select((p, c) => ({ a: p.kind, b: c.name })).all()).toEqualTypeOf<
      { a: 'town' | 'village'; b: string | null }[]
    >();
    expectTypeOf(query.get()!.name).toEqualTypeOf<string | null>();
    expectTypeOf(
      places('p')
        .rightJoin<Country>('countries', 'c', (p, c) => p.country.eq(c.code))
        .get()!.id,
    ).toEqualTypeOf<number | null>();
  });

  it('of a query as a table keep their types', () => {
    const inner = places()
      .groupBy((p) => ({ country: p.country }))
      .aggregate(() => ({ n: count() }));
    expectTypeOf(from(runner, inner, 'x').all()).toEqualTypeOf<{ country: string | null; n: number }[]>();
    expectTypeOf(
      countries('c')
        .join(inner, 'x', (c, x) => c.code.eq(x.country))
        .get()!.n,
    ).toEqualTypeOf<number>();
  });

  it('are result values when nothing is stated, never any', () => {
    expectTypeOf(anyTable('places').all()).toEqualTypeOf<ResultRow[]>();
    expectTypeOf(
      anyTable('places')
        .select((p) => ({ x: p['name']! }))
        .get()!.x,
    ).toEqualTypeOf<ResultValue>();
    expectTypeOf(column('name')).toEqualTypeOf<TypedExpr<ResultValue>>();
    expectTypeOf(fn('now')).toEqualTypeOf<TypedExpr<ResultValue>>();
  });
});

describe('expressions', () => {
  it('carry their types and NULLs', () => {
    places().select((p) => {
      expectTypeOf(p.id.plus(1)).toEqualTypeOf<TypedExpr<number>>();
      expectTypeOf(p.id.plus(p.population)).toEqualTypeOf<TypedExpr<number | null>>();
      expectTypeOf(p.population.coalesce(0)).toEqualTypeOf<TypedExpr<number>>();
      expectTypeOf(p.country.upper()).toEqualTypeOf<TypedExpr<string | null>>();
      expectTypeOf(p.name.concat('!')).toEqualTypeOf<TypedExpr<string>>();
      expectTypeOf(p.name.concat('!', p.country)).toEqualTypeOf<TypedExpr<string | null>>();
      expectTypeOf(p.id.cast('text')).toEqualTypeOf<TypedExpr<string>>();
      expectTypeOf(p.location.distanceTo([0, 0])).toEqualTypeOf<TypedExpr<number | null>>();
      expectTypeOf(caseWhen(p.capital, 'a').otherwise(p.population)).toEqualTypeOf<TypedExpr<string | number | null>>();
      expectTypeOf(caseWhen(p.capital, 1).end()).toEqualTypeOf<TypedExpr<number | null>>();
      expectTypeOf(value('2024-05-17', 'timestamp')).toEqualTypeOf<TypedExpr<Date>>();
      expectTypeOf(scalar(countries().aggregate(() => ({ n: count() })))).toEqualTypeOf<TypedExpr<number | null>>();
      expectTypeOf(element(arrayAgg(p.name), 1)).toEqualTypeOf<TypedExpr<string | null>>();
      expectTypeOf(slice(arrayAgg(p.id), 1)).toEqualTypeOf<TypedExpr<number[] | null>>();
      return { ids: arrayAgg(p.id) };
    });
    expectTypeOf(
      places()
        .aggregate((p) => ({ ids: arrayAgg(p.id) }))
        .get()!.ids,
    ).toEqualTypeOf<number[] | null>();
  });

  it('refuse operands and operations of other types', () => {
    places().where((p) => {
      // @ts-expect-error a number is no kind
      void p.kind.eq(5);
      // @ts-expect-error a kind that there is not
      void p.kind.eq('city');
      // @ts-expect-error NULL has tests of its own
      void (() => p.country.eq(null));
      // @ts-expect-error numbers have no patterns
      void (() => p.id.like('x'));
      // @ts-expect-error texts have no sum
      void (() => p.name.sum());
      // @ts-expect-error texts and numbers do not compare
      void p.name.eq(p.id);
      // @ts-expect-error no such column
      void p.nmae;
      return p.population
        .gt(10n)
        .and(p.seen.lt('2024-01-01'), p.seen.lt(new Date()), p.id.in([1, 2n]), p.kind.eq(p.name));
    });
    // @ts-expect-error a condition is a truth value
    places().where((p) => p.name);
    const named = places().select((p) => ({ n: p.name }));
    // @ts-expect-error the result has no such column
    named.orderBy('m');
    // @ts-expect-error rows of other types
    void (() => named.union(countries().select((c) => ({ n: c.people }))));
  });

  it('leave untyped columns every operation', () => {
    anyTable('places').where((p) => {
      const { name, population, location, seen, capital } = p as Record<string, TypedExpr<ResultValue>>;
      return name!
        .like('S%')
        .and(
          population!.plus(1).gt(2),
          location!.near([0, 0], { metres: 5 }),
          capital!.not(),
          seen!.plusInterval('1 day').isNull(),
        );
    });
  });

  it('take parameters of the type stated, or of any', () => {
    places().where((p) =>
      p.population.gt(param<number>('least')).and(p.name.eq(param('name')), p.id.in(param<number[]>('ids'))),
    );
  });
});

describe('facets', () => {
  it('have the columns asked for', () => {
    const facets = places().facets('kind', 'country');
    expectTypeOf(facets.country).toEqualTypeOf<readonly FacetCount<string | null>[]>();
    // @ts-expect-error no such column
    void (() => places().facets('knid'));
  });
});
