import { describe, expect, it } from 'vitest';
import { call, canRaise, cast, column, constant } from '../../src/expr/build.js';
import { compileProjection, evaluateConstant } from '../../src/expr/evaluate.js';
import type { Expr } from '../../src/expr/expression.js';
import type { Value } from '../../src/values/types.js';

const k = (v: Value, type: Parameters<typeof constant>[1] = 'real'): Expr => constant(v, type);
const value = (e: Expr): Value => evaluateConstant(e, { parameters: [], now: 0 });
const point = (lon: number, lat: number): Expr => call('st_point', [k(lon), k(lat)]);
const box = (...sides: number[]): Expr =>
  call(
    'st_makeenvelope',
    sides.map((n) => k(n)),
  );
const place = column(0, 'p', 'point', true);

describe('geo functions', () => {
  it('make and take apart', () => {
    expect(value(call('st_x', [point(3, 4)]))).toBe(3);
    expect(value(call('st_y', [cast(point(3, 4), 'geometry')]))).toBe(4);
    expect(value(call('st_asgeojson', [point(3, 4)]))).toBe('{"type":"Point","coordinates":[3,4]}');
    const parsed = call('st_geomfromgeojson', [k('{"type":"Point","coordinates":[3,4]}', 'text')]);
    expect(value(call('st_distance', [parsed, point(3, 4)]))).toBe(0);
    expect(() => value(point(200, 0))).toThrow(expect.objectContaining({ code: 'INVALID_GEOMETRY' }));
    expect(() => value(call('st_x', [box(0, 0, 1, 1)]))).toThrow(/no Point/);
  });

  it('relate', () => {
    expect(value(call('st_within', [point(1, 1), box(0, 0, 2, 2)]))).toBe(true);
    expect(value(call('st_within', [box(0, 0, 2, 2), point(1, 1)]))).toBe(false);
    expect(value(call('st_contains', [box(0, 0, 2, 2), point(1, 1)]))).toBe(true);
    expect(value(call('st_intersects', [box(0, 0, 2, 2), box(2, 2, 3, 3)]))).toBe(true);
    expect(value(call('st_intersects', [box(170, 0, -170, 2), point(-175, 1)]))).toBe(true);
    expect(value(call('st_dwithin', [point(0, 0), point(1, 0), k(112_000)]))).toBe(true);
    expect(value(call('st_dwithin', [point(0, 0), point(1, 0), k(111_000)]))).toBe(false);
  });

  it('judge rows, NULLs included', () => {
    for (const mode of ['closure', 'generated'] as const) {
      const out: Value[] = [];
      const kernel = compileProjection(call('st_within', [place, box(0, 0, 2, 2)]), new Map([[0, 0]]), { mode });
      const points = [
        [1, 1],
        [3, 3],
      ].map((coordinates) => ({ type: 'Point' as const, coordinates }));
      kernel([[...points, null]], undefined, 3, out, { parameters: [], now: 0 });
      expect(out).toEqual([true, false, null]);
    }
  });

  it('do not keep predicates over points from being moved', () => {
    expect(canRaise(call('st_within', [place, k(null, 'geometry')]))).toBe(false);
    expect(canRaise(call('st_contains', [column(1, 'g', 'geometry', true), place]))).toBe(false);
    const [g, h] = [column(1, 'g', 'geometry', true), column(2, 'h', 'geometry', true)];
    expect(canRaise(call('st_contains', [g, h]))).toBe(true);
  });
});
