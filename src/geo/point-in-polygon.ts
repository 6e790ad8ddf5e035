// Point in polygon for many points and one polygon. Edges are sorted into latitude bands once; a point then looks only at the edges
// of its band. Decided exactly: a point on an edge is on the boundary, never inside or outside by rounding.
// The longitudes -180 and 180 are the same meridian: a seam along it, with the polygon on both sides, is no boundary.

import type { Geometry } from '../values/types.js';
import { orientation } from './orientation.js';

type Rings = readonly (readonly (readonly number[])[])[];

/** -1 inside, 0 on the boundary, 1 outside. */
export type Location = -1 | 0 | 1;

export type PointLocator = (lon: number, lat: number) => Location;

/**
 * A locator for the polygons of a geometry (anything else in it is ignored). Rings of a polygon alternate between inside and outside;
 * a point is inside a MultiPolygon when inside any of its polygons.
 *
 * @example preparePolygon(makeEnvelope(0, 0, 10, 10))(5, 5) // -1
 */
export function preparePolygon(geometry: Geometry): PointLocator {
  const parts = polygons(geometry).map((rings) => new BandedPolygon(rings));
  const single = parts[0];
  const locate: PointLocator =
    parts.length === 1 && single !== undefined
      ? (lon, lat) => single.locate(lon, lat)
      : (lon, lat) => {
          let location: Location = 1;
          for (const part of parts) {
            const here = part.locate(lon, lat);
            if (here < 0) return -1;
            if (here === 0) location = 0;
          }
          return location;
        };
  return (lon, lat) => (lon === 180 || lon === -180 ? onAntimeridian(parts, locate, lat) : locate(lon, lat));
}

function onAntimeridian(parts: readonly BandedPolygon[], locate: PointLocator, lat: number): Location {
  const east = locate(-180, lat);
  const west = locate(180, lat);
  if (east < 0 || west < 0) return -1;
  if (east > 0 && west > 0) return 1;
  const joined = [180, -180].every((seam) => parts.some((part) => part.runsAlong(seam, lat)));
  return joined ? -1 : 0;
}

/** The rings of every polygon in a geometry. */
export function polygons(geometry: Geometry): Rings[] {
  switch (geometry.type) {
    case 'Polygon':
      return [geometry.coordinates];
    case 'MultiPolygon':
      return geometry.coordinates;
    case 'GeometryCollection':
      return geometry.geometries.flatMap(polygons);
    default:
      return [];
  }
}

const MAX_BANDS = 4096;

class BandedPolygon {
  private w = Infinity;
  private s = Infinity;
  private e = -Infinity;
  private n = -Infinity;
  /** x1, y1, x2, y2 of each edge. */
  private readonly edges: Float64Array;
  private readonly bands: number;
  private readonly bandsPerDegree: number;
  /** Edges of band i: `members[firsts[i]]` to `members[firsts[i + 1] - 1]`. */
  private readonly firsts: Uint32Array;
  private readonly members: Uint32Array;

  constructor(rings: Rings) {
    const numbers: number[] = [];
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i++) {
        const [x, y] = ring[i] as [number, number];
        this.w = Math.min(this.w, x);
        this.e = Math.max(this.e, x);
        this.s = Math.min(this.s, y);
        this.n = Math.max(this.n, y);
        const next = ring[i + 1];
        if (next !== undefined) numbers.push(x, y, next[0] as number, next[1] as number);
      }
    }
    this.edges = Float64Array.from(numbers);
    const count = this.edges.length / 4;
    this.bands = Math.max(1, Math.min(MAX_BANDS, count >>> 2));
    this.bandsPerDegree = this.n > this.s ? this.bands / (this.n - this.s) : 0;
    this.firsts = new Uint32Array(this.bands + 1);
    this.eachBandOfEdge((band) => this.firsts[band + 1]!++);
    for (let band = 0; band < this.bands; band++) this.firsts[band + 1]! += this.firsts[band]!;
    this.members = new Uint32Array(this.firsts[this.bands]!);
    const next = this.firsts.slice();
    this.eachBandOfEdge((band, edge) => (this.members[next[band]!++] = edge));
  }

  locate(lon: number, lat: number): Location {
    if (!(lon >= this.w && lon <= this.e && lat >= this.s && lat <= this.n)) return 1;
    const { edges, members, firsts } = this;
    const band = this.bandOf(lat);
    let inside = false;
    for (let i = firsts[band]!, end = firsts[band + 1]!; i < end; i++) {
      const at = members[i]! * 4;
      const x1 = edges[at]!;
      const y1 = edges[at + 1]!;
      const x2 = edges[at + 2]!;
      const y2 = edges[at + 3]!;
      const above1 = y1 > lat;
      const above2 = y2 > lat;
      if (above1 !== above2) {
        if (x1 < lon && x2 < lon) continue;
        if (x1 > lon && x2 > lon) {
          inside = !inside;
          continue;
        }
        const side = orientation(x1, y1, x2, y2, lon, lat);
        if (side === 0) return 0;
        if (above2 === side > 0) inside = !inside;
      } else if (y1 === lat || y2 === lat) {
        if (y1 === y2 ? lon >= Math.min(x1, x2) && lon <= Math.max(x1, x2) : lon === (y1 === lat ? x1 : x2)) return 0;
      }
    }
    return inside ? -1 : 1;
  }

  /** Whether an edge lies on the meridian `lon` and goes on beyond `lat` both ways. */
  runsAlong(lon: number, lat: number): boolean {
    if (!(lat >= this.s && lat <= this.n && (lon === this.w || lon === this.e))) return false;
    let below = false;
    let above = false;
    const band = this.bandOf(lat);
    for (let i = this.firsts[band]!; i < this.firsts[band + 1]!; i++) {
      const at = this.members[i]! * 4;
      if (this.edges[at] !== lon || this.edges[at + 2] !== lon) continue;
      const low = Math.min(this.edges[at + 1]!, this.edges[at + 3]!);
      const high = Math.max(this.edges[at + 1]!, this.edges[at + 3]!);
      if (low < lat && high >= lat) below = true;
      if (high > lat && low <= lat) above = true;
    }
    return below && above;
  }

  /** Monotone in the latitude, so an edge reaches every band between those of its ends. */
  private bandOf(lat: number): number {
    return Math.min(this.bands - 1, Math.floor((lat - this.s) * this.bandsPerDegree));
  }

  private eachBandOfEdge(visit: (band: number, edge: number) => void): void {
    const count = this.edges.length / 4;
    for (let edge = 0; edge < count; edge++) {
      const y1 = this.edges[edge * 4 + 1]!;
      const y2 = this.edges[edge * 4 + 3]!;
      const last = this.bandOf(Math.max(y1, y2));
      for (let band = this.bandOf(Math.min(y1, y2)); band <= last; band++) visit(band, edge);
    }
  }
}
