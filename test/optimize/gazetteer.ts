// The catalog that most tests of the planner share.

export const GAZETTEER = `
CREATE TABLE countries (code TEXT PRIMARY KEY, name TEXT NOT NULL, continent TEXT NOT NULL, language TEXT);
CREATE TABLE places (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, country TEXT, population INTEGER,
  active BOOLEAN NOT NULL, geo POINT NOT NULL, about TEXT, rating REAL);
CREATE TABLE airports (iata TEXT PRIMARY KEY, place INTEGER, country TEXT NOT NULL, geo POINT NOT NULL, runways INTEGER);
CREATE INDEX places_kind ON places USING bitmap (kind);
CREATE INDEX places_country ON places USING bitmap (country);
CREATE INDEX places_population ON places USING btree (population);
CREATE INDEX places_country_name ON places USING btree (country, name) INCLUDE (population);
CREATE INDEX places_geo ON places USING rtree (geo);
CREATE INDEX places_about ON places USING fulltext (about);
CREATE INDEX places_name ON places USING hash (name);
CREATE INDEX places_lower ON places USING btree (lower(name));
CREATE INDEX places_rating ON places USING bloom (rating);
CREATE INDEX places_big ON places USING btree (population) WHERE active;
CREATE INDEX airports_country ON airports USING btree (country);
ROWS countries 200
ROWS places 1000000
ROWS airports 5000
COLUMN countries.code distinct=200
COLUMN countries.continent distinct=7 common=Europe:0.25,Africa:0.27
COLUMN countries.language distinct=80 common=French:0.15 nulls=0.05
COLUMN places.id distinct=1000000 min=1 max=1000000 correlation=1
COLUMN places.name distinct=700000
COLUMN places.kind distinct=5 common=village:0.7,town:0.1,city:0.01
COLUMN places.country distinct=200 common=FR:0.05,US:0.2
COLUMN places.population distinct=50000 min=0 max=1000000 nulls=0.1
COLUMN places.active distinct=2 common=true:0.9
COLUMN places.rating distinct=1000 min=0 max=5
COLUMN airports.iata distinct=5000
COLUMN airports.place distinct=5000 min=1 max=1000000
COLUMN airports.country distinct=200
COLUMN airports.runways distinct=6 min=1 max=8
`;
