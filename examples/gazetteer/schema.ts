// The tables of the gazetteer, and its indexes: every kind, each with the questions that it is for.

/** Goes up whenever tables, indexes or sources change: a file of another version is built anew. */
export const VERSION = 1;

/** Says whose file it is, and whether it was built to the end. */
export const MARKER = `
CREATE TABLE gazetteer (version INTEGER PRIMARY KEY, complete BOOLEAN NOT NULL)`;

export const TABLES = `
CREATE TABLE countries (
  code      TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  region    TEXT NOT NULL,
  subregion TEXT NOT NULL,
  capital   TEXT,
  languages JSON NOT NULL,
  borders   JSON NOT NULL,
  area      REAL NOT NULL,
  polygon   GEOMETRY
);
CREATE TABLE airports (
  id        INTEGER PRIMARY KEY,
  name      TEXT NOT NULL,
  city      TEXT NOT NULL,
  country   TEXT,
  iata      TEXT,
  icao      TEXT,
  altitude  INTEGER NOT NULL,
  timezone  TEXT,
  location  POINT NOT NULL
);
CREATE TABLE definitions (
  id             INTEGER PRIMARY KEY,
  part_of_speech TEXT NOT NULL,
  topic          TEXT NOT NULL,
  words          TEXT NOT NULL,
  gloss          TEXT NOT NULL
);
CREATE TABLE places (
  id          INTEGER PRIMARY KEY,
  geonames_id INTEGER NOT NULL,
  name        TEXT NOT NULL,
  country     TEXT NOT NULL,
  feature     TEXT NOT NULL,
  division    TEXT NOT NULL,
  population  INTEGER NOT NULL,
  location    POINT NOT NULL,
  about       TEXT
)`;

export interface IndexPlan {
  readonly name: string;
  /** What stands behind CREATE INDEX name. */
  readonly on: string;
  readonly purpose: string;
}

export const INDEXES: readonly IndexPlan[] = [
  { name: 'countries_polygon', on: 'countries USING rtree (polygon)', purpose: 'the country around a point' },
  { name: 'airports_country', on: 'airports USING bitmap (country)', purpose: 'airports of a country' },
  { name: 'airports_iata', on: 'airports USING hash (iata)', purpose: 'an airport by its code' },
  { name: 'airports_location', on: 'airports USING rtree (location)', purpose: 'the nearest airport' },
  { name: 'definitions_gloss', on: 'definitions USING fulltext (gloss)', purpose: 'words of a definition' },
  { name: 'definitions_topic', on: 'definitions USING bitmap (topic)', purpose: 'topics: filters and facets' },
  { name: 'places_location', on: 'places USING rtree (location)', purpose: 'boxes, circles, polygons, nearest first' },
  { name: 'places_country', on: 'places USING bitmap (country)', purpose: 'countries: filters and facets' },
  { name: 'places_feature', on: 'places USING bitmap (feature)', purpose: 'kinds of places: filters and facets' },
  { name: 'places_population', on: 'places USING btree (population)', purpose: 'ranges of population, and their order' },
  {
    name: 'places_largest',
    on: 'places USING btree (country, population DESC) INCLUDE (name)',
    purpose: 'covering: the largest of a country without reading a row',
  },
  {
    name: 'places_capitals',
    on: "places USING btree (population DESC) INCLUDE (name, country) WHERE feature = 'PPLC'",
    purpose: 'partial: capitals alone',
  },
  { name: 'places_folded', on: 'places USING btree (lower(name))', purpose: 'expression: names in any case' },
  { name: 'places_name', on: 'places USING hash (name)', purpose: 'a place by its exact name' },
  { name: 'places_geonames', on: 'places USING bloom (geonames_id)', purpose: 'ids that are not there' },
  { name: 'places_names', on: 'places USING fulltext (name) WITH (language = none)', purpose: 'words of a name' },
  { name: 'places_about', on: 'places USING fulltext (about)', purpose: 'words of what is known about a place' },
];
