// Where a point lies relative to lines, by the mod-2 rule of the OGC: an end point belongs to the boundary when it ends an odd number
// of the lines (so a closed line has no boundary), every other point on a line to the interior.

import { orientation } from './orientation.js';

type Line = readonly (readonly number[])[];

/** -1 in the interior of the lines, 0 on their boundary, 1 on none of them. */
export function lineLocation(lon: number, lat: number, lines: readonly Line[]): -1 | 0 | 1 {
  let ends = 0;
  let on = false;
  for (const line of lines) {
    for (const end of [line[0], line.at(-1)]) if (end?.[0] === lon && end[1] === lat) ends++;
    on ||= onLine(lon, lat, line);
  }
  if (!on) return 1;
  return ends % 2 === 1 ? 0 : -1;
}

function onLine(lon: number, lat: number, line: Line): boolean {
  for (let i = 1; i < line.length; i++) {
    const [x1, y1] = line[i - 1] as [number, number];
    const [x2, y2] = line[i] as [number, number];
    if (lon < Math.min(x1, x2) || lon > Math.max(x1, x2) || lat < Math.min(y1, y2) || lat > Math.max(y1, y2)) continue;
    if (orientation(x1, y1, x2, y2, lon, lat) === 0) return true;
  }
  return false;
}
