// The questions, from plain counts to plans that combine index kinds. Orders are total, so that answers can be compared.

import type { Parameters } from 'lightning-db';

export interface Question {
  readonly title: string;
  readonly asks: string;
  readonly sql: string;
  readonly parameters?: Parameters;
  /** What is known to be right, counted apart from this library. */
  readonly known?: readonly (readonly unknown[])[];
  /** Indexes that the plan is meant to combine. */
  readonly combines?: readonly string[];
  /** Whether to show which other plans were weighed, and why they lost. */
  readonly considered?: boolean;
}

export const QUESTIONS: readonly Question[] = [
  {
    title: 'Around Paris',
    asks: 'How many places lie within 100 km of Paris?',
    sql: `
SELECT count(*) AS places
FROM places
WHERE ST_DWithin(location, ST_Point(2.3488, 48.85341), 100000)`,
    known: [[1043]],
  },
  {
    title: 'Across the date line',
    asks: 'Which places lie within 500 km of Suva? The circle crosses the antimeridian.',
    sql: `
SELECT name, country, population,
       round(ST_Distance(location, ST_Point(178.44149, -18.14161)) / 1000) AS km
FROM places
WHERE ST_DWithin(location, ST_Point(178.44149, -18.14161), 500000)
ORDER BY km, name`,
  },
  {
    title: 'Millions',
    asks: 'How many places have a million people or more?',
    sql: `
SELECT count(*) AS places
FROM places
WHERE population >= 1000000`,
    known: [[363]],
  },
  {
    title: 'At home',
    asks: 'How many places lie inside the polygon of their own country?',
    sql: `
SELECT count(*) AS places
FROM places p JOIN countries c ON c.code = p.country
WHERE ST_Within(p.location, c.polygon)`,
    known: [[132127]],
  },
  {
    title: 'Where am I',
    asks: 'Which country is around 6.9 E, 46.4 N, and which languages does it speak?',
    sql: `
SELECT name, capital, languages
FROM countries
WHERE ST_Contains(polygon, ST_Point(6.9, 46.4))`,
  },
  {
    title: 'On parle français',
    asks: 'The most populous towns within 50 km of an airport in Oceania whose country speaks French?',
    sql: `
SELECT p.name, p.country, p.population, count(*) AS airports
FROM countries c
JOIN airports a ON a.country = c.code
JOIN places p ON ST_DWithin(p.location, a.location, 50000)
WHERE c.languages ->> 'fra' IS NOT NULL AND c.region = 'Oceania'
GROUP BY p.id, p.name, p.country, p.population
ORDER BY p.population DESC, p.id
LIMIT 10`,
  },
  {
    title: 'Ports of a polygon',
    asks: 'Which places in Italy, by its polygon, are described with a port or a harbour?',
    sql: `
SELECT p.name, p.population, p.about
FROM places p
WHERE MATCH(about, 'port OR harbour OR seaport')
  AND ST_Within(location, (SELECT polygon FROM countries WHERE code = 'IT'))
ORDER BY p.population DESC, p.id`,
  },
  {
    title: 'Nearest of a kind',
    asks: 'The ten division seats of more than 100,000 people that are nearest to Nairobi?',
    sql: `
SELECT name, country, population,
       round(ST_Distance(location, ST_Point(36.8172, -1.2864)) / 1000) AS km
FROM places
WHERE feature = 'PPLA' AND population > 100000
ORDER BY ST_Distance(location, ST_Point(36.8172, -1.2864))
LIMIT 10`,
  },
  {
    title: 'Facets of a search',
    asks: 'In which countries do most places have a saint in their name?',
    sql: `
SELECT country, count(*) AS places
FROM places
WHERE MATCH(name, 'saint OR sankt OR san OR santa OR santo OR são')
GROUP BY country
ORDER BY places DESC, country
LIMIT 10`,
  },
  {
    title: 'Facets of everything',
    asks: 'How many places are there of each kind?',
    sql: `
SELECT feature, count(*) AS places
FROM places
GROUP BY feature
ORDER BY places DESC, feature
LIMIT 10`,
  },
  {
    title: 'Four kinds of index at once',
    asks: 'The largest towns of 5,000 to 10,000 people within 400 km of Paris, seats of nothing, not named for a saint?',
    sql: `
SELECT name, country, population
FROM places
WHERE ST_DWithin(location, ST_Point(2.3488, 48.85341), 400000)
  AND NOT MATCH(name, 'saint OR sainte')
  AND feature = 'PPL'
  AND population BETWEEN 5000 AND 10000
ORDER BY population DESC, id
LIMIT 10`,
    combines: ['places_location', 'places_names', 'places_feature', 'places_population'],
    considered: true,
  },
  {
    title: 'Not every index pays',
    asks: 'Municipal seats in the box around Central America, named for a saint, of 20,000 to 60,000 people? The plan says which indexes it leaves out, and why.',
    sql: `
SELECT name, country, population
FROM places
WHERE ST_Within(location, ST_MakeEnvelope(-105, 7, -77, 23))
  AND MATCH(name, 'san OR santa OR santo')
  AND feature = 'PPLA2'
  AND population BETWEEN 20000 AND 60000
ORDER BY population DESC, id
LIMIT 10`,
    considered: true,
  },
  {
    title: 'Best definitions',
    asks: 'Which animals are defined by words like "large" and "Africa" or "African"?',
    sql: `
SELECT words, highlight(gloss, '[', ']') AS definition, score() AS score
FROM definitions
WHERE MATCH(gloss, 'large (africa OR african)') AND topic = 'noun.animal'
ORDER BY score() DESC, id
LIMIT 8`,
  },
  {
    title: 'Largest of a country',
    asks: 'The five largest places of Brazil? The covering index answers without reading a row.',
    sql: `
SELECT name, population
FROM places
WHERE country = 'BR'
ORDER BY population DESC
LIMIT 5`,
  },
  {
    title: 'Capitals',
    asks: 'Which capitals have more than eight million people? The partial index holds capitals alone.',
    sql: `
SELECT name, country, population
FROM places
WHERE feature = 'PPLC' AND population > 8000000
ORDER BY population DESC`,
    considered: true,
  },
  {
    title: 'Any case',
    asks: 'Where are the places called "san francisco", in whatever case?',
    sql: `
SELECT name, country, division, population
FROM places
WHERE lower(name) = 'san francisco'
ORDER BY population DESC, id
LIMIT 5`,
  },
  {
    title: 'Exactly named',
    asks: 'How many people live in places called Springfield?',
    sql: `
SELECT count(*) AS places, sum(population) AS people
FROM places
WHERE name = 'Springfield'`,
  },
  {
    title: 'Not there',
    asks: 'Is there a place with the GeoNames id 99,999,999? The bloom filter says no without reading a row.',
    sql: `
SELECT name, country
FROM places
WHERE geonames_id = 99999999`,
    known: [],
  },
];
