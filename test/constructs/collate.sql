-- COLLATE NOCASE, which PostgreSQL is asked with lower() in the places of comparison.
-- postgres CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, exact TEXT, n INTEGER)
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, exact TEXT, n INTEGER);
INSERT INTO t VALUES (1, 'Paris', 'paris', 1), (2, 'PARIS', 'Paris', 2), (3, 'rome', 'Rome', 3), (4, NULL, 'x', 4), (5, 'Zürich', 'Zürich', 5), (6, 'oslo', NULL, 6), (7, 'Oslo', 'oslo', 7), (8, 'paris', 'PARIS', 1), (9, 'a_b', 'A_b', 2);
-- postgres CREATE INDEX t_name ON t (lower(name))
CREATE INDEX t_name ON t (name);
-- postgres CREATE INDEX t_exact ON t (lower(exact))
CREATE INDEX t_exact ON t (exact COLLATE NOCASE);
-- postgres CREATE TABLE u (id INTEGER PRIMARY KEY, name TEXT, label TEXT)
CREATE TABLE u (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE "C", label TEXT COLLATE nocase DEFAULT 'none');
INSERT INTO u VALUES (1, 'PARIS', 'Town'), (2, 'Rome', 'town'), (3, 'berlin', 'City');
INSERT INTO u (id, name) VALUES (4, 'oSLO');

-- postgres SELECT id FROM t WHERE lower(name) = 'paris'
SELECT id FROM t WHERE name = 'pARIS';
-- postgres SELECT id FROM t WHERE lower(name) <> 'paris'
SELECT id FROM t WHERE 'PARIS' <> name;
-- postgres SELECT id FROM t WHERE lower(name) < 'oslp'
SELECT id FROM t WHERE name < 'OSLP';
-- postgres SELECT id FROM t WHERE lower(name) BETWEEN 'oslo' AND 'paris'
SELECT id FROM t WHERE name BETWEEN 'OSLO' AND 'Paris';
-- postgres SELECT id FROM t WHERE lower(name) IN ('oslo', 'rome')
SELECT id FROM t WHERE name IN ('OSLO', 'Rome');
-- postgres SELECT id FROM t WHERE lower(name) NOT IN ('oslo', 'rome')
SELECT id FROM t WHERE name NOT IN ('OSLO', 'Rome');
-- postgres SELECT id FROM t WHERE lower(name) = ANY ('{oslo,rome}')
SELECT id FROM t WHERE name = ANY (CAST('{OSLO,Rome}' AS TEXT[]));
-- postgres SELECT id FROM t WHERE lower(name) = ANY (ARRAY['oslo', 'rome', lower(exact)])
SELECT id FROM t WHERE name = ANY (ARRAY['OSLO', 'Rome', exact]);
-- postgres SELECT id FROM t WHERE lower(name) <> ALL (CASE WHEN id > 0 THEN CAST('{oslo,rome}' AS TEXT[]) END)
SELECT id FROM t WHERE name <> ALL (CASE WHEN id > 0 THEN CAST('{OSLO,rome}' AS TEXT[]) END);
-- postgres SELECT id FROM t WHERE lower(name) > ANY (ARRAY['oslo', NULL]) AND name COLLATE "C" = ANY (ARRAY['Paris', 'oslo', 'ROME'])
SELECT id FROM t WHERE name > ANY (ARRAY['OSLO', NULL]) AND name COLLATE BINARY = ANY (ARRAY['Paris', 'oslo', 'ROME']);
-- postgres SELECT id FROM t WHERE lower(exact) = ANY (ARRAY['oslo', 'rome']) AND lower(name) = ANY (SELECT lower(name) FROM u)
SELECT id FROM t WHERE exact = ANY (ARRAY['OSLO' COLLATE NOCASE, 'Rome']) AND name = ANY (SELECT name FROM u);
-- postgres SELECT id FROM t WHERE lower(name) IS NOT DISTINCT FROM lower(exact)
SELECT id FROM t WHERE name IS NOT DISTINCT FROM exact;
-- postgres SELECT id FROM t WHERE name = 'Paris'
SELECT id FROM t WHERE name COLLATE BINARY = 'Paris';
-- postgres SELECT id FROM t WHERE exact = 'Paris'
SELECT id FROM t WHERE exact COLLATE "C" = 'Paris';
-- postgres SELECT id FROM t WHERE lower(exact) = 'paris'
SELECT id FROM t WHERE exact COLLATE NOCASE = 'PARIS';
-- postgres SELECT id FROM t WHERE lower(exact) = 'paris'
SELECT id FROM t WHERE exact = 'PARIS' COLLATE NOCASE;
-- postgres SELECT id FROM t WHERE lower(exact || 's') = 'pariss'
SELECT id FROM t WHERE exact || 's' COLLATE NOCASE = 'PARISS';
-- What is computed compares by code point.
SELECT id FROM t WHERE name || '' = 'Paris';
-- postgres SELECT id FROM t WHERE name ILIKE 'P%'
SELECT id FROM t WHERE name LIKE 'P%';
-- postgres SELECT id FROM t WHERE name NOT ILIKE '%R_S' OR exact ILIKE 'ro%'
SELECT id FROM t WHERE name NOT LIKE '%R_S' OR exact COLLATE NOCASE LIKE 'ro%';
-- postgres SELECT id FROM t WHERE name LIKE 'P%'
SELECT id FROM t WHERE name COLLATE BINARY LIKE 'P%';
-- postgres SELECT id FROM t WHERE exact ILIKE name
SELECT id FROM t WHERE exact LIKE name;
-- An escape that is a letter stays one.
-- postgres SELECT id FROM t WHERE name ILIKE 'AX_b' ESCAPE 'X'
SELECT id FROM t WHERE name LIKE 'AX_b' ESCAPE 'X';
-- postgres SELECT id FROM t WHERE name ILIKE 'A!_B' ESCAPE '!'
SELECT id FROM t WHERE name LIKE 'A!_B' ESCAPE '!';
-- postgres SELECT id, CASE lower(name) WHEN 'paris' THEN 1 WHEN 'rome' THEN 2 END FROM t
SELECT id, CASE name WHEN 'PARIS' THEN 1 WHEN 'ROME' THEN 2 END FROM t;
-- postgres SELECT id, CASE WHEN lower(name) = 'paris' THEN NULL ELSE name END FROM t
SELECT id, nullif(name, 'PARIS') FROM t;
-- postgres SELECT id FROM t WHERE lower(name) = 'paris' AND n = 1
SELECT id FROM t WHERE (name, n) = ('PARIS', 1);

-- ordered
-- postgres SELECT id, name FROM t ORDER BY lower(name) COLLATE "C", id
SELECT id, name FROM t ORDER BY name, id;
-- ordered
-- postgres SELECT id FROM t ORDER BY lower(name) COLLATE "C" DESC NULLS LAST, id
SELECT id FROM t ORDER BY name DESC NULLS LAST, id;
-- ordered
-- postgres SELECT id FROM t ORDER BY name COLLATE "C", id
SELECT id FROM t ORDER BY name COLLATE BINARY, id;
-- ordered
-- postgres SELECT id FROM t ORDER BY lower(exact) COLLATE "C", id LIMIT 4
SELECT id FROM t ORDER BY exact COLLATE NOCASE, id LIMIT 4;

-- postgres SELECT min(name COLLATE "C"), count(*), sum(n) FROM t GROUP BY lower(name)
SELECT name, count(*), sum(n) FROM t GROUP BY name;
-- ordered
-- postgres SELECT min(name COLLATE "C"), count(*) FROM t GROUP BY lower(name) HAVING lower(name) <> 'rome' ORDER BY lower(name) COLLATE "C" DESC
SELECT name, count(*) FROM t GROUP BY name HAVING name <> 'ROME' ORDER BY name DESC;
-- postgres SELECT min(exact COLLATE "C"), count(*) FROM t GROUP BY lower(exact)
SELECT exact COLLATE NOCASE, count(*) FROM t GROUP BY exact COLLATE NOCASE;
-- postgres SELECT name, count(*) FROM t GROUP BY name
SELECT name COLLATE BINARY, count(*) FROM t GROUP BY name COLLATE BINARY;
-- postgres SELECT id, name, count(*) FROM t GROUP BY id, name
SELECT id, name, count(*) FROM t GROUP BY id;
-- postgres SELECT count(DISTINCT lower(name)), count(name) FROM t
SELECT count(DISTINCT name), count(name) FROM t;
-- postgres SELECT string_agg(name, ',' ORDER BY lower(name) COLLATE "C", id) FROM t
SELECT string_agg(name, ',' ORDER BY name, id) FROM t;
-- postgres SELECT min(name COLLATE "C"), max(name COLLATE "C") FROM t
SELECT min(name COLLATE BINARY), max(name COLLATE BINARY) FROM t;
-- Among texts that are equal, the order is that of their code points.
-- postgres SELECT (array_agg(name ORDER BY lower(name) COLLATE "C", name COLLATE "C"))[1], (array_agg(name ORDER BY lower(name) COLLATE "C" DESC NULLS LAST, name COLLATE "C" DESC))[1] FROM t
SELECT min(name), max(name) FROM t;
-- postgres SELECT n, (array_agg(name ORDER BY lower(name) COLLATE "C", name COLLATE "C"))[1], (array_agg(name ORDER BY lower(name) COLLATE "C" DESC NULLS LAST, name COLLATE "C" DESC))[1] FROM t GROUP BY n
SELECT n, min(DISTINCT name), max(name) FROM t GROUP BY n;
-- postgres SELECT (array_agg(exact ORDER BY lower(exact) COLLATE "C" DESC, exact COLLATE "C" DESC) FILTER (WHERE exact IS NOT NULL AND id > 1))[1], max(exact COLLATE "C") FROM t
SELECT max(exact COLLATE NOCASE) FILTER (WHERE id > 1), max(exact) FROM t;
-- postgres SELECT lower((array_agg(exact ORDER BY lower(exact) COLLATE "C", exact COLLATE "C"))[1]) = 'a_b', min(name COLLATE "C") = 'PARIS' FROM t WHERE exact > 'A'
SELECT min(exact COLLATE NOCASE) = 'A_B', min(name COLLATE BINARY) = 'PARIS' FROM t WHERE exact > 'A';
-- What an aggregate gives compares by code point, as anything computed.
-- postgres SELECT count(*) FROM t GROUP BY lower(name) HAVING (array_agg(name ORDER BY name COLLATE "C"))[1] = 'Oslo'
SELECT count(*) FROM t GROUP BY name HAVING min(name) = 'Oslo';
-- postgres SELECT (SELECT (array_agg(u.label ORDER BY lower(u.label) COLLATE "C" DESC NULLS LAST, u.label COLLATE "C" DESC))[1] FROM u WHERE u.id <> t.id) FROM t
SELECT (SELECT max(u.label) FROM u WHERE u.id <> t.id) FROM t;
-- postgres SELECT array_agg(name ORDER BY lower(name) COLLATE "C") FROM (SELECT DISTINCT ON (lower(name)) name FROM t ORDER BY lower(name), name COLLATE "C") s
SELECT array_agg(DISTINCT name) FROM t;
-- postgres SELECT string_agg(name, '/' ORDER BY lower(name) COLLATE "C" DESC) FROM (SELECT DISTINCT ON (lower(name)) name FROM t WHERE name IS NOT NULL ORDER BY lower(name), name COLLATE "C") s
SELECT string_agg(DISTINCT name, '/' ORDER BY name DESC) FROM t;
-- postgres SELECT n % 2, array_agg(exact ORDER BY lower(exact) COLLATE "C") FROM (SELECT DISTINCT ON (n % 2, lower(exact)) n, exact FROM t ORDER BY n % 2, lower(exact), exact COLLATE "C") s GROUP BY 1
SELECT n % 2, array_agg(DISTINCT exact COLLATE NOCASE) FROM t GROUP BY 1;
-- postgres SELECT json_agg(name ORDER BY lower(name) COLLATE "C") FROM (SELECT DISTINCT ON (lower(name)) name FROM t WHERE id > 2 ORDER BY lower(name), name COLLATE "C") s
SELECT json_agg(DISTINCT name) FILTER (WHERE id > 2) FROM t;
-- postgres SELECT id, CASE WHEN exact IS NULL THEN name WHEN name IS NULL THEN exact WHEN (lower(name), name) > (lower(exact), exact) THEN name ELSE exact END FROM (SELECT id, name COLLATE "C" AS name, exact COLLATE "C" AS exact FROM t) s
SELECT id, greatest(name, exact) FROM t;
-- postgres SELECT id, CASE WHEN lower(exact) < 'p' THEN exact ELSE 'P' END FROM t
SELECT id, least(exact COLLATE NOCASE, 'P') FROM t;
-- postgres SELECT id FROM t WHERE coalesce(lower(exact), 'a') > 'oslo' COLLATE "C"
SELECT id FROM t WHERE greatest(exact COLLATE NOCASE, 'OSLO') > 'Oslo';
-- postgres SELECT id FROM t WHERE name > exact COLLATE "C" OR exact IS NULL
SELECT id FROM t WHERE greatest(name, exact COLLATE BINARY) = name COLLATE BINARY AND name IS DISTINCT FROM exact COLLATE BINARY;

-- postgres SELECT DISTINCT ON (lower(name)) name FROM t ORDER BY lower(name), name COLLATE "C"
SELECT DISTINCT name FROM t;
-- ordered
-- postgres SELECT name FROM (SELECT DISTINCT ON (lower(name)) name FROM t ORDER BY lower(name), name COLLATE "C") s ORDER BY lower(name) COLLATE "C" DESC LIMIT 3
SELECT DISTINCT name FROM t ORDER BY name DESC LIMIT 3;
-- postgres SELECT DISTINCT ON (lower(name), n) name, n FROM t ORDER BY lower(name), n, name COLLATE "C"
SELECT DISTINCT name, n FROM t;
-- postgres SELECT count(*) FROM (SELECT DISTINCT lower(exact) FROM t) s
SELECT count(*) FROM (SELECT DISTINCT exact COLLATE NOCASE FROM t) s;
-- ordered
-- postgres SELECT DISTINCT ON (lower(name) COLLATE "C") name, id FROM t ORDER BY lower(name) COLLATE "C", id DESC
SELECT DISTINCT ON (name) name, id FROM t ORDER BY name, id DESC;

-- postgres SELECT t.id, u.id FROM t JOIN u ON lower(t.name) = lower(u.name)
SELECT t.id, u.id FROM t JOIN u ON t.name = u.name;
-- postgres SELECT t.id, u.id FROM t JOIN u ON lower(t.name) = lower(u.name)
SELECT t.id, u.id FROM t JOIN u USING (name);
-- postgres SELECT count(*) FROM t FULL JOIN u ON lower(t.name) = lower(u.name) WHERE lower(coalesce(t.name, u.name)) IN ('berlin', 'oslo')
SELECT count(*) FROM t FULL JOIN u USING (name) WHERE name IN ('BERLIN', 'OSLO');
-- postgres SELECT t.id, u.id FROM t LEFT JOIN u ON t.name = u.name
SELECT t.id, u.id FROM t LEFT JOIN u ON t.name COLLATE BINARY = u.name;
-- postgres SELECT id FROM t WHERE lower(name) IN (SELECT lower(name) FROM u)
SELECT id FROM t WHERE name IN (SELECT name FROM u);
-- postgres SELECT id FROM t WHERE lower(name) NOT IN (SELECT lower(name) FROM u)
SELECT id FROM t WHERE name NOT IN (SELECT name FROM u);
-- postgres SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE lower(u.name) = lower(t.name))
SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.name = t.name);
-- postgres SELECT id, (SELECT count(*) FROM u WHERE lower(u.name) = lower(t.name)) FROM t
SELECT id, (SELECT count(*) FROM u WHERE u.name = t.name) FROM t;
-- postgres SELECT id FROM t WHERE (SELECT lower(label) FROM u WHERE u.id = t.id) = 'town'
SELECT id FROM t WHERE (SELECT label FROM u WHERE u.id = t.id) = 'TOWN';
-- postgres SELECT id FROM t WHERE lower(name) > ALL (SELECT lower(name) FROM u)
SELECT id FROM t WHERE name > ALL (SELECT name FROM u);
-- postgres SELECT s.id FROM (SELECT id, name AS other FROM t) s WHERE lower(other) = 'rome'
SELECT s.id FROM (SELECT id, name AS other FROM t) s WHERE other = 'ROME';
-- postgres SELECT s.id FROM (SELECT id, name AS a, name AS b FROM t) s WHERE lower(b) = 'rome'
SELECT s.id FROM (SELECT id, name AS a, name AS b FROM t) s WHERE b = 'ROME';
-- postgres SELECT id FROM (SELECT id, exact AS e, exact AS f FROM t) s WHERE lower(e) = 'rome' AND f = 'Rome'
SELECT id FROM (SELECT id, exact COLLATE NOCASE AS e, exact AS f FROM t) s WHERE e = 'ROME' AND f = 'Rome';
-- postgres SELECT count(*) FROM (SELECT name AS b FROM t) s WHERE b = 'Paris'
SELECT count(*) FROM (SELECT name COLLATE BINARY AS b FROM t) s WHERE b = 'Paris';
-- postgres WITH c AS (SELECT min(name) AS name FROM t GROUP BY lower(name)) SELECT count(*) FROM c WHERE lower(name) = 'oslo'
WITH c AS (SELECT name FROM t GROUP BY name) SELECT count(*) FROM c WHERE name = 'OSLO';
-- Set operations compare as their columns do; of equal rows the first by code point stays.
-- postgres SELECT DISTINCT ON (lower(name)) name FROM (SELECT name FROM t UNION ALL SELECT exact FROM t) s ORDER BY lower(name), name COLLATE "C"
SELECT name FROM t UNION SELECT exact FROM t;
-- postgres SELECT count(*) FROM (SELECT name FROM t UNION ALL SELECT exact FROM t) s WHERE lower(name) = 'paris'
SELECT count(*) FROM (SELECT exact FROM t UNION ALL SELECT name FROM t) s WHERE exact = 'PARIS';
SELECT exact FROM t UNION SELECT name COLLATE "C" FROM t;
-- ordered
-- postgres SELECT name, id FROM (SELECT name, id FROM t UNION SELECT exact, id + 10 FROM t) s ORDER BY lower(name) COLLATE "C", id
SELECT name, id FROM t UNION SELECT exact, id + 10 FROM t ORDER BY name, id;
-- postgres SELECT DISTINCT ON (lower(name)) name FROM t WHERE lower(name) IN (SELECT lower(name) FROM u) ORDER BY lower(name), name COLLATE "C"
SELECT name FROM t INTERSECT SELECT name FROM u;
-- postgres SELECT DISTINCT ON (lower(name)) name FROM t WHERE name IS NULL OR lower(name) NOT IN (SELECT lower(name) FROM u) ORDER BY lower(name), name COLLATE "C"
SELECT name FROM t EXCEPT SELECT name FROM u;
-- postgres SELECT DISTINCT ON (lower(exact), n) exact, n FROM t WHERE EXISTS (SELECT 1 FROM t o WHERE lower(o.name) IS NOT DISTINCT FROM lower(t.exact) AND o.n = t.n) ORDER BY lower(exact), n, exact COLLATE "C"
SELECT exact, n FROM t INTERSECT SELECT name, n FROM t;
-- postgres WITH l AS (SELECT name, row_number() OVER (PARTITION BY lower(name) ORDER BY name COLLATE "C") AS i FROM t), r AS (SELECT lower(exact) AS k, count(*) AS c FROM t WHERE id <> 8 GROUP BY 1) SELECT name FROM l LEFT JOIN r ON k IS NOT DISTINCT FROM lower(name) WHERE i > coalesce(c, 0)
SELECT name FROM t EXCEPT ALL SELECT exact FROM t WHERE id <> 8;
-- postgres WITH l AS (SELECT name, row_number() OVER (PARTITION BY lower(name) ORDER BY name COLLATE "C") AS i FROM t), r AS (SELECT lower(exact) AS k, count(*) AS c FROM t WHERE id < 3 GROUP BY 1) SELECT name FROM l JOIN r ON k IS NOT DISTINCT FROM lower(name) WHERE i <= c
SELECT name FROM t INTERSECT ALL SELECT exact FROM t WHERE id < 3;
-- postgres SELECT name FROM (SELECT DISTINCT ON (lower(name)) name FROM t WHERE name IS NULL OR lower(name) NOT IN (SELECT lower(name) FROM u) ORDER BY lower(name), name COLLATE "C") s WHERE name > 'a' COLLATE "C"
SELECT name FROM (SELECT name FROM t EXCEPT SELECT name FROM u) s WHERE name COLLATE BINARY > 'a';
-- postgres SELECT count(*) FROM (SELECT DISTINCT lower(name) FROM t UNION SELECT lower(name) FROM u EXCEPT SELECT 'paris') s
SELECT count(*) FROM (SELECT name FROM t UNION SELECT name FROM u EXCEPT SELECT 'PARIS') s;
-- postgres SELECT v.x FROM (VALUES ('a'), ('b')) v (x) WHERE x = 'a'
SELECT v.x FROM (VALUES ('a' COLLATE NOCASE), ('b')) v (x) WHERE x = 'A';

-- postgres CREATE VIEW v AS SELECT id, lower(name) AS name FROM t
CREATE VIEW v AS SELECT id, name FROM t;
-- postgres SELECT id FROM v WHERE name = 'paris'
SELECT id FROM v WHERE name = 'PARIS';

-- Constraints.
-- postgres CREATE TABLE k (id INTEGER PRIMARY KEY, name TEXT); CREATE UNIQUE INDEX k_name ON k (lower(name));
CREATE TABLE k (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE CHECK (name <> 'NOBODY'));
INSERT INTO k VALUES (1, 'Ada'), (2, 'bob'), (3, NULL), (4, NULL);
-- only-here UNIQUE
INSERT INTO k VALUES (5, 'ADA');
-- only-here CHECK
INSERT INTO k VALUES (5, 'nobody');
-- postgres INSERT INTO k VALUES (6, 'BOB') ON CONFLICT (lower(name)) DO UPDATE SET id = 60, name = excluded.name RETURNING id, name
INSERT INTO k VALUES (6, 'BOB') ON CONFLICT (name) DO UPDATE SET id = 60, name = excluded.name RETURNING id, name;
-- postgres INSERT INTO k VALUES (7, 'adA') ON CONFLICT DO NOTHING RETURNING id
INSERT INTO k VALUES (7, 'adA') ON CONFLICT DO NOTHING RETURNING id;
-- postgres UPDATE k SET id = id + 100 WHERE lower(name) = 'ada' RETURNING id, name
UPDATE k SET id = id + 100 WHERE name = 'ADA' RETURNING id, name;
-- postgres DELETE FROM k WHERE lower(name) = 'ada' RETURNING id
DELETE FROM k WHERE name = 'ADA' RETURNING id;
SELECT id, name FROM k;
ALTER TABLE k ADD COLUMN plain TEXT;
-- postgres ALTER TABLE k ADD COLUMN nick TEXT DEFAULT 'Nick'
ALTER TABLE k ADD COLUMN nick TEXT COLLATE NOCASE DEFAULT 'Nick';
ALTER TABLE k RENAME COLUMN name TO title;
-- postgres SELECT id FROM k WHERE lower(title) = 'bob' AND lower(nick) = 'nick'
SELECT id FROM k WHERE title = 'Bob' AND nick = 'NICK';
-- only-here UNIQUE
INSERT INTO k VALUES (9, 'bOB');
ALTER TABLE k DROP COLUMN plain;
-- postgres SELECT id FROM k WHERE lower(nick) = 'nick'
SELECT id FROM k WHERE nick = 'NICK';
-- postgres CREATE TABLE copy AS SELECT title FROM k
CREATE TABLE copy AS SELECT title FROM k;
-- postgres SELECT count(*) FROM copy WHERE lower(title) = 'bob'
SELECT count(*) FROM copy WHERE title = 'boB';

-- postgres CREATE TABLE j (id INTEGER PRIMARY KEY, name TEXT, doc JSONB)
CREATE TABLE j (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, doc JSON);
INSERT INTO j VALUES (1, 'a', '{"x": 1}'), (2, 'A', '{"x": 1}'), (3, 'A', NULL), (4, 'a', NULL);
-- postgres SELECT DISTINCT ON (lower(name), doc) name, doc FROM j ORDER BY lower(name), doc, name COLLATE "C"
SELECT DISTINCT name, doc FROM j;
-- only-here TYPE_MISMATCH
SELECT id FROM t WHERE name COLLATE NOCASE = 'a' COLLATE BINARY;
-- error TYPE_MISMATCH
SELECT n COLLATE "C" FROM t;
-- error UNSUPPORTED
SELECT name COLLATE "de_XX" FROM t;
-- only-here UNSUPPORTED
CREATE INDEX words ON t USING fulltext (name COLLATE NOCASE);
-- only-here TYPE_MISMATCH
CREATE TABLE x (n INTEGER COLLATE NOCASE);
-- only-here UNSUPPORTED
CREATE TABLE x (name TEXT DEFAULT 'a' COLLATE NOCASE);
-- error SYNTAX
CREATE TABLE x (name TEXT COLLATE NOCASE COLLATE NOCASE);
ALTER TABLE k DROP COLUMN title;
SELECT id FROM k;

-- the least text of a group, asked for, is ordered as any other text
-- postgres SELECT min(exact COLLATE "C"), count(*) FROM t GROUP BY lower(exact) ORDER BY min(exact COLLATE "C") DESC
-- ordered
SELECT min(exact), count(*) FROM t GROUP BY exact COLLATE NOCASE ORDER BY min(exact) DESC;
-- postgres SELECT least FROM (SELECT min(exact COLLATE "C") AS least FROM t GROUP BY lower(exact)) AS g WHERE least > 'a' COLLATE "C"
SELECT least FROM (SELECT min(exact) AS least FROM t GROUP BY exact COLLATE NOCASE) AS g WHERE least > 'a';

-- A new type has the collation that is written beside it, or none.
-- postgres CREATE TABLE w (id INTEGER PRIMARY KEY, a TEXT, b TEXT, n INTEGER); CREATE UNIQUE INDEX w_a ON w (lower(a));
CREATE TABLE w (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE UNIQUE, b TEXT, n INTEGER);
CREATE INDEX w_b ON w (b, n DESC);
-- postgres CREATE INDEX w_a2 ON w (a)
CREATE INDEX w_a2 ON w USING hash (a COLLATE BINARY);
INSERT INTO w VALUES (1, 'x', 'P', 1), (2, 'Y', 'q', 2), (3, 'z', 'p', 3);
-- postgres ALTER TABLE w ALTER COLUMN a TYPE VARCHAR(9)
ALTER TABLE w ALTER COLUMN a TYPE VARCHAR(9) COLLATE NOCASE;
-- postgres SELECT id FROM w WHERE lower(a) = 'y'
SELECT id FROM w WHERE a = 'y';
-- only-here UNIQUE
INSERT INTO w VALUES (4, 'X', 'r', 4);
-- postgres ALTER TABLE w ALTER COLUMN a TYPE TEXT USING a || ''; DROP INDEX w_a; CREATE UNIQUE INDEX w_a ON w (a);
ALTER TABLE w ALTER COLUMN a TYPE TEXT USING a || '';
SELECT id FROM w WHERE a = 'y';
SELECT id FROM w WHERE a = 'Y';
INSERT INTO w VALUES (4, 'X', 'r', 4);
-- postgres ALTER TABLE w ALTER COLUMN b TYPE TEXT
ALTER TABLE w ALTER COLUMN b SET DATA TYPE TEXT COLLATE NOCASE;
-- postgres SELECT id FROM w WHERE lower(b) = 'p' AND n > 1
SELECT id FROM w WHERE b = 'P' AND n > 1;
-- ordered
-- postgres SELECT id FROM w ORDER BY lower(b), n DESC
SELECT id FROM w ORDER BY b, n DESC;
-- only-here UNIQUE
ALTER TABLE w ALTER COLUMN a TYPE TEXT COLLATE NOCASE;
SELECT id FROM w WHERE a = 'X';
DELETE FROM w WHERE id IN (1, 4);
-- postgres ALTER TABLE w ALTER COLUMN b TYPE INTEGER USING length(b)
ALTER TABLE w ALTER COLUMN b TYPE INTEGER USING length(b);
SELECT id, b FROM w WHERE b = 1;
-- only-here TYPE_MISMATCH
ALTER TABLE w ALTER COLUMN n TYPE INTEGER COLLATE NOCASE;
-- postgres CREATE INDEX w_low ON w (lower(a))
CREATE INDEX w_low ON w (a COLLATE NOCASE);
-- only-here DEPENDENT_OBJECT
ALTER TABLE w ALTER COLUMN a TYPE TEXT COLLATE NOCASE;
-- postgres CREATE TABLE keyed (name TEXT); CREATE UNIQUE INDEX keyed_name ON keyed (lower(name));
CREATE TABLE keyed (name TEXT PRIMARY KEY);
INSERT INTO keyed VALUES ('a'), ('B');
-- postgres SELECT 1
ALTER TABLE keyed ALTER COLUMN name TYPE TEXT COLLATE NOCASE;
-- postgres SELECT name FROM keyed WHERE lower(name) = 'b'
SELECT name FROM keyed WHERE name = 'b';
-- only-here UNIQUE
INSERT INTO keyed VALUES ('A');
