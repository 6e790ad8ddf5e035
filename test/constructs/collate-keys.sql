-- Primary keys of NOCASE columns, which in PostgreSQL are unique indexes of lower(), and foreign keys to such columns.
-- postgres CREATE TABLE p (name TEXT NOT NULL, n INTEGER); CREATE UNIQUE INDEX p_key ON p (lower(name));
CREATE TABLE p (name TEXT COLLATE NOCASE PRIMARY KEY, n INTEGER);
INSERT INTO p VALUES ('Ada', 1), ('bob', 2), ('Éva', 3), ('zoë', 4);
-- only-here UNIQUE
INSERT INTO p VALUES ('ADA', 5);
-- only-here UNIQUE
INSERT INTO p VALUES ('x', 5), ('X', 6);
-- error NOT_NULL
INSERT INTO p VALUES (NULL, 5);
-- postgres SELECT name, n FROM p WHERE lower(name) = 'ada'
SELECT name, n FROM p WHERE name = 'aDA';
-- postgres SELECT name FROM p WHERE lower(name) IN ('bob', 'éva')
SELECT name FROM p WHERE name IN ('BOB', 'ÉVA');
-- postgres SELECT name FROM p WHERE name = 'Bob'
SELECT name FROM p WHERE name COLLATE BINARY = 'Bob';
-- ordered
-- postgres SELECT name FROM p WHERE lower(name) > 'ada' COLLATE "C" ORDER BY lower(name) COLLATE "C" LIMIT 2
SELECT name FROM p WHERE name > 'ADA' ORDER BY name LIMIT 2;
-- ordered
-- postgres SELECT name FROM p ORDER BY lower(name) COLLATE "C" DESC
SELECT name FROM p ORDER BY name DESC;
-- postgres INSERT INTO p VALUES ('BOB', 20) ON CONFLICT (lower(name)) DO UPDATE SET n = p.n + excluded.n RETURNING name, n
INSERT INTO p VALUES ('BOB', 20) ON CONFLICT (name) DO UPDATE SET n = p.n + excluded.n RETURNING name, n;
INSERT INTO p VALUES ('ADA', 0) ON CONFLICT DO NOTHING;
-- postgres UPDATE p SET name = 'ADA' WHERE lower(name) = 'ada' RETURNING name, n
UPDATE p SET name = 'ADA' WHERE name = 'ada' RETURNING name, n;
-- postgres UPDATE p SET name = CASE lower(name) WHEN 'ada' THEN 'Dan' ELSE 'Cy' END WHERE n IN (1, 4)
UPDATE p SET name = CASE name WHEN 'ADA' THEN 'Dan' ELSE 'Cy' END WHERE n IN (1, 4);
-- only-here UNIQUE
UPDATE p SET name = 'DAN' WHERE name = 'CY';
-- postgres DELETE FROM p WHERE lower(name) = 'cy' RETURNING name
DELETE FROM p WHERE name = 'CY' RETURNING name;
SELECT n FROM p;
-- The columns of a row are determined by its key.
-- postgres SELECT name, n, count(*) FROM p GROUP BY name, n
SELECT name, n, count(*) FROM p GROUP BY name;

-- postgres CREATE TABLE two (b INTEGER, a TEXT, c TEXT); CREATE UNIQUE INDEX two_key ON two (b, lower(a));
CREATE TABLE two (b INTEGER, a TEXT COLLATE NOCASE, c TEXT, PRIMARY KEY (b, a));
INSERT INTO two VALUES (1, 'x', 'p'), (1, 'Y', 'q'), (2, 'X', 'r');
-- only-here UNIQUE
INSERT INTO two VALUES (1, 'X', 's');
-- postgres SELECT c FROM two WHERE (b, lower(a)) = (1, 'y')
SELECT c FROM two WHERE (b, a) = (1, 'y');
-- postgres SELECT c FROM two WHERE b = 1 AND lower(a) > 'x'
SELECT c FROM two WHERE b = 1 AND a > 'X';

-- postgres CREATE TABLE late (name TEXT)
CREATE TABLE late (name TEXT COLLATE NOCASE);
INSERT INTO late VALUES ('a'), ('B'), ('b');
-- only-here UNIQUE
ALTER TABLE late ADD PRIMARY KEY (name);
-- postgres DELETE FROM late WHERE name = 'b'
DELETE FROM late WHERE name COLLATE BINARY = 'b';
-- postgres CREATE UNIQUE INDEX late_key ON late (lower(name))
ALTER TABLE late ADD PRIMARY KEY (name);
ALTER TABLE late RENAME COLUMN name TO title;
-- postgres SELECT title FROM late WHERE lower(title) = 'a'
SELECT title FROM late WHERE title = 'A';
-- only-here UNIQUE
INSERT INTO late VALUES ('A');
-- postgres SELECT late.title, p.n FROM late LEFT JOIN p ON lower(late.title) = lower(p.name)
SELECT late.title, p.n FROM late LEFT JOIN p ON late.title = p.name;

-- What a row names is compared as the column that it names.
-- postgres CREATE TABLE c (id INTEGER PRIMARY KEY, ref TEXT)
CREATE TABLE c (id INTEGER PRIMARY KEY, ref TEXT REFERENCES late ON DELETE CASCADE ON UPDATE CASCADE);
INSERT INTO c VALUES (1, 'A'), (2, 'a'), (3, 'b'), (4, NULL);
-- only-here FOREIGN_KEY
INSERT INTO c VALUES (5, 'c');
-- postgres SELECT id, title FROM c JOIN late ON lower(ref) = lower(title)
SELECT id, title FROM c JOIN late ON ref = title;
-- postgres UPDATE late SET title = 'Z' WHERE lower(title) = 'b'; UPDATE c SET ref = 'Z' WHERE lower(ref) = 'b';
UPDATE late SET title = 'Z' WHERE title = 'b';
SELECT id, ref FROM c;
-- Another spelling of a key goes with it.
-- postgres UPDATE late SET title = 'z' WHERE lower(title) = 'z'; UPDATE c SET ref = 'z' WHERE lower(ref) = 'z';
UPDATE late SET title = 'z' WHERE title = 'Z';
SELECT id, ref FROM c;
-- postgres DELETE FROM c WHERE lower(ref) = 'a'
DELETE FROM late WHERE title = 'A';
SELECT id, ref FROM c;
-- postgres DELETE FROM late WHERE lower(title) = 'a'
DELETE FROM late WHERE title = 'a';

-- A NOCASE column that names one that is not is compared by code point.
CREATE TABLE exact (code TEXT PRIMARY KEY);
INSERT INTO exact VALUES ('a'), ('A');
-- postgres CREATE TABLE d (code TEXT REFERENCES exact ON DELETE SET NULL)
CREATE TABLE d (code TEXT COLLATE NOCASE REFERENCES exact ON DELETE SET NULL);
CREATE INDEX d_code ON d (code);
INSERT INTO d VALUES ('a'), ('A');
DELETE FROM exact WHERE code = 'A';
SELECT code FROM d;
-- error FOREIGN_KEY
INSERT INTO d VALUES ('A');

-- postgres CREATE TABLE self (name TEXT, boss TEXT)
CREATE TABLE self (name TEXT COLLATE NOCASE PRIMARY KEY, boss TEXT REFERENCES self);
INSERT INTO self VALUES ('Ann', 'ann'), ('Ben', 'ANN');
-- only-here FOREIGN_KEY
DELETE FROM self WHERE name = 'ann';
-- Rows that name a key name it in any spelling.
-- postgres UPDATE self SET name = 'ANN' WHERE name = 'Ann'
UPDATE self SET name = 'ANN' WHERE name = 'ann';
-- only-here FOREIGN_KEY
UPDATE self SET name = 'Ann2' WHERE name = 'ann';
SELECT name, boss FROM self;

-- only-here INVALID_DEFINITION
CREATE TABLE x (name TEXT REFERENCES c (ref));
CREATE TABLE bin (name TEXT);
-- A unique index that compares otherwise than the column is no key of it.
CREATE UNIQUE INDEX bin_name ON bin (lower(name));
-- error INVALID_DEFINITION
CREATE TABLE x (name TEXT REFERENCES bin (name));
