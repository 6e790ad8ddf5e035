// Loading 300,000 places and making the indexes for text, map and filters; and what that takes on disk, and of memory.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { places } from '../data/places.js';
import type { Group } from '../group.js';
import type { Contestant } from '../measure.js';
import { LIGHTNING, lightningPlaces } from '../peers/lightning.js';
import { FLEXSEARCH, flexSearchPlaces, MINISEARCH, miniSearchPlaces, RBUSH, rbushPlaces } from '../peers/libraries.js';
import { PGLITE, pglitePlaces } from '../peers/pglite.js';
import { SQLITE, sqlitePlaces } from '../peers/sqlite.js';

const INDEXED = ['country', 'kind', 'zone', 'population', 'location', 'about'] as const;

export const footprint: Group = {
  name: 'footprint',
  async *contests({ scale, path, note }) {
    const rows = [...places(Math.round(300_000 * scale))];
    const sizes = new Map<string, string>();
    /** @param make gives what closes it, and the bytes on disk where it has a file */
    const contestant = (name: string, make: () => Made | Promise<Made>): Contestant => ({
      name,
      run: async () => {
        const before = resident();
        const { bytes, close } = await make();
        const memory = resident() - before;
        // The first time: later ones find the memory that it has left.
        const told = `${megabytes(memory)} of memory more${bytes === undefined ? '' : `, ${megabytes(bytes)} on disk`}`;
        if (!sizes.has(name)) sizes.set(name, `${name}: ${told}`);
        await close();
        return rows.length;
      },
    });
    yield {
      name: `load of ${rows.length} places, indexes for text, map and filters, statistics`,
      unit: 'row',
      operations: rows.length,
      rounds: 1,
      contestants: [
        contestant(LIGHTNING, () => {
          const file = path('lightning');
          const db = lightningPlaces(file, rows, INDEXED);
          return { bytes: sizeOf(file), close: () => db.close() };
        }),
        contestant(SQLITE, () => {
          const file = path('sqlite');
          const db = sqlitePlaces(file, rows, INDEXED);
          db.pragma('wal_checkpoint(TRUNCATE)');
          return { bytes: sizeOf(file), close: () => db.close() };
        }),
        contestant(PGLITE, async () => {
          const db = await pglitePlaces(rows);
          const size = await db.query<{ bytes: number }>("SELECT pg_total_relation_size('places')::int AS bytes");
          return { bytes: size.rows[0]!.bytes, close: () => db.close() };
        }),
        contestant(MINISEARCH, () => held(miniSearchPlaces(rows))),
        contestant(FLEXSEARCH, () => held(flexSearchPlaces(rows))),
        contestant(RBUSH, async () => held(await rbushPlaces(rows))),
      ],
    };
    note([...sizes.values()].join('\n'));
  },
};

interface Made {
  readonly bytes?: number;
  close(): void | Promise<void>;
}

/** Keeps it until memory has been read. */
function held(index: object): Made {
  return { close: () => void index };
}

function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

/** A file, or all files of a directory. */
function sizeOf(path: string): number {
  const info = statSync(path);
  if (!info.isDirectory()) return info.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
