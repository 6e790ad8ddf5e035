import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LightningError } from '../../src/errors.js';
import { bounds, geometryText, makeEnvelope, makePoint, parseGeometry, parsePoint } from '../../src/geo/index.js';

const folder = new URL('../data/geojson/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.geojson'));
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** What is left of coordinates without heights. */
const flat = (value: unknown): unknown =>
  !Array.isArray(value) ? value : typeof value[0] === 'number' ? value.slice(0, 2) : value.map(flat);

describe('GeoJSON', () => {
  it.each(fixtures.filter((name) => !name.startsWith('feature') && !name.startsWith('geometrycollection')))(
    '%s',
    (name) => {
      const source = JSON.parse(read(name)) as { type: string; coordinates: unknown };
      const geometry = parseGeometry(read(name));
      expect(geometry).toEqual({ type: source.type, coordinates: flat(source.coordinates) });
      expect(parseGeometry(geometryText(geometry))).toEqual(geometry);
      expect(bounds(geometry)).toBeDefined();
    },
  );

  it('reads collections, with or without heights, and a Feature', () => {
    for (const name of ['geometrycollection.geojson', 'geometrycollection-xyz.geojson']) {
      const geometry = parseGeometry(read(name));
      expect(geometry.type).toBe('GeometryCollection');
      expect(parseGeometry(geometryText(geometry))).toEqual(geometry);
    }
    expect(parseGeometry(read('feature.geojson')).type).toBe('Polygon');
  });

  it.each([
    ['{', 'the text is no JSON'],
    [null, 'a GeoJSON object is expected'],
    [[1, 2], 'a GeoJSON object is expected'],
    [{}, 'type: nothing is no type of geometry'],
    [{ type: 'Circle' }, 'type: "Circle" is no type of geometry'],
    [{ type: 'FeatureCollection', features: [] }, 'type: a FeatureCollection is no geometry'],
    [{ type: 'Point' }, 'coordinates: a position [longitude, latitude] is expected'],
    [{ type: 'Point', coordinates: [] }, 'coordinates: a position [longitude, latitude] is expected'],
    [{ type: 'Point', coordinates: [1, 91] }, 'coordinates: 91 is no latitude'],
    [{ type: 'Point', coordinates: [181, 1] }, 'coordinates: 181 is no longitude'],
    [{ type: 'Point', coordinates: [NaN, 1] }, 'coordinates: NaN is no longitude'],
    [{ type: 'Point', coordinates: ['1', 1] }, 'coordinates: "1" is no longitude'],
    [{ type: 'LineString', coordinates: [[1, 2]] }, 'coordinates: 1 given, at least 2 needed'],
    [{ type: 'Polygon', coordinates: [] }, 'coordinates: 0 given, at least 1 needed'],
    [
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
      'coordinates[0]: the ring is not closed',
    ],
    [
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [0, 0],
              [1, 0],
              [0, 0],
            ],
          ],
        ],
      },
      'coordinates[0][0]: 3 given, at least 4 needed',
    ],
    [
      { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [0, 'x'] }] },
      'geometries[0].coordinates: "x" is no latitude',
    ],
    [{ type: 'GeometryCollection', geometries: [{ type: 'Feature' }] }, 'geometries[0]: a Feature is no geometry'],
  ])('refuses %j', (source, message) => {
    expect(() => parseGeometry(source)).toThrow(
      expect.objectContaining({ code: 'INVALID_GEOMETRY', message, hint: expect.any(String) as string }),
    );
  });

  it('makes points and envelopes', () => {
    expect(makePoint(-0, 1)).toEqual({ type: 'Point', coordinates: [0, 1] });
    expect(() => makePoint(1, 100)).toThrow(LightningError);
    expect(() => makeEnvelope(0, 2, 1, 1)).toThrow('south 2 lies north of 1');
    expect(makeEnvelope(170, -1, -170, 1)).toMatchObject({ type: 'MultiPolygon' });
    expect(() => parsePoint(makeEnvelope(0, 0, 1, 1))).toThrow('Polygon is no Point');
  });
});
