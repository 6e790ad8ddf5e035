// Libraries that keep one index in memory and nothing else: no rows, no transactions, no file. MiniSearch and FlexSearch over the words
// of the places, RBush over their positions. FlexSearch is the one that comes with Lightning DB, used as it would be without it.

import { createRequire } from 'node:module';
import type { Place } from '../data/places.js';

export const MINISEARCH = 'minisearch';
export const FLEXSEARCH = 'flexsearch';
export const RBUSH = 'rbush';

const require = createRequire(import.meta.url);

/** The parts that are used here: the sources type-check without the packages. */
export interface MiniSearch {
  addAll(documents: readonly object[]): void;
  search(text: string, options?: object): { readonly id: number }[];
}

export interface FlexSearch {
  add(id: number, text: string): void;
  search(text: string, options: { readonly limit: number }): number[];
}

export interface RBush {
  load(items: readonly object[]): void;
  search(box: object): { readonly id: number }[];
}

export function miniSearchPlaces(places: readonly Place[]): MiniSearch {
  const Library = require('minisearch') as new (options: object) => MiniSearch;
  const index = new Library({ fields: ['about'], idField: 'id' });
  index.addAll(places.map(({ id, about }) => ({ id, about })));
  return index;
}

export function flexSearchPlaces(places: readonly Place[]): FlexSearch {
  const { Index } = require('flexsearch') as { readonly Index: new (options: object) => FlexSearch };
  const index = new Index({ tokenize: 'strict' });
  for (const { id, about } of places) index.add(id, about);
  return index;
}

export async function rbushPlaces(places: readonly Place[]): Promise<RBush> {
  const { default: Library } = (await import('rbush')) as unknown as { readonly default: new () => RBush };
  const tree = new Library();
  tree.load(places.map(({ id, lon, lat }) => ({ id, minX: lon, maxX: lon, minY: lat, maxY: lat })));
  return tree;
}
