-- Sub-queries as values and in comparisons, with NULLs wherever they change the meaning.
CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER, y INTEGER, s TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, x INTEGER, y INTEGER NOT NULL, r DOUBLE PRECISION);
CREATE TABLE none (x INTEGER, y INTEGER);
CREATE TABLE nulls (x INTEGER, y INTEGER);
INSERT INTO a VALUES (1, 1, 1, 'p'), (2, 2, NULL, 'q'), (3, NULL, 3, 'q'), (4, 2, 2, NULL), (5, 7, 5, 'r'), (6, 0, 6, 'p');
INSERT INTO b VALUES (1, 1, 1, 1.0), (2, 2, 2, 2.5), (3, NULL, 3, NULL), (4, 2, 2, 2.0), (5, 9, 0, 9.5), (6, 0, 0, -1.0);
INSERT INTO nulls VALUES (NULL, NULL), (2, NULL), (NULL, 3);

SELECT id FROM a WHERE x = ANY (SELECT x FROM b);
SELECT id FROM a WHERE x = SOME (SELECT x FROM b WHERE b.y = a.y);
SELECT id, x < ANY (SELECT x FROM b), x <= ANY (SELECT x FROM b), x > ANY (SELECT x FROM b), x >= ANY (SELECT x FROM b), x <> ANY (SELECT x FROM b) FROM a;
SELECT id, x < ALL (SELECT x FROM b), x <= ALL (SELECT x FROM b), x > ALL (SELECT x FROM b), x >= ALL (SELECT x FROM b), x <> ALL (SELECT x FROM b), x = ALL (SELECT x FROM b) FROM a;
SELECT id, x < ALL (SELECT y FROM b), x >= ALL (SELECT y FROM b), x = ALL (SELECT y FROM b), x <> ALL (SELECT y FROM b), x <> ANY (SELECT y FROM b WHERE y = 2) FROM a;
SELECT id, x < ANY (SELECT x FROM none), x = ALL (SELECT x FROM none), x IN (SELECT x FROM none), x NOT IN (SELECT x FROM none) FROM a;
SELECT id, x < ANY (SELECT x FROM nulls), x > ALL (SELECT x FROM nulls), x <> ANY (SELECT x FROM nulls), x = ALL (SELECT x FROM nulls) FROM a;
SELECT id FROM a WHERE x > ALL (SELECT b.x FROM b WHERE b.y = a.y);
SELECT id FROM a WHERE x <= ANY (SELECT b.x FROM b WHERE b.y = a.y AND b.id > 1);
SELECT id FROM a WHERE NOT x <= ANY (SELECT b.x FROM b WHERE b.y = a.y);
SELECT id FROM a WHERE x <> ALL (SELECT b.x FROM b WHERE b.y = a.id);
SELECT id FROM a WHERE x NOT IN (SELECT b.x FROM b WHERE b.y = a.y);
SELECT id FROM a WHERE x NOT IN (SELECT b.x FROM b WHERE b.y <> a.y);
SELECT id FROM a WHERE x = ANY (SELECT r FROM b);
SELECT id, x < ALL (SELECT r FROM b WHERE r > 0), x >= ANY (SELECT r FROM b) FROM a;
SELECT r FROM b WHERE r IN (SELECT x FROM a);
SELECT r FROM b WHERE r NOT IN (SELECT x FROM a WHERE x IS NOT NULL);
SELECT 4611686018427387904 IN (SELECT 4611686018427387904.0::double precision);

-- rows of values
SELECT id FROM a WHERE (x, y) = (2, 2);
SELECT id, (x, y) = (2, 2), (x, y) <> (2, 2), (x, y) < (2, 2), (x, y) <= (2, 2), (x, y) > (2, 2), (x, y) >= (2, 2) FROM a;
SELECT id, (x, y) IS DISTINCT FROM (2, NULL), (x, y) IS NOT DISTINCT FROM (2, NULL) FROM a;
SELECT id, (x, y) IS NULL, (x, y) IS NOT NULL, NOT (x, y) IS NULL FROM a;
SELECT (NULL, NULL) IS NULL, (NULL, NULL) IS NOT NULL, ROW(1) IS NOT NULL, ROW(1) = ROW(1);
SELECT id, (x, y) IN ((1, 1), (2, NULL)), (x, y) NOT IN ((1, 1), (2, NULL)), (x, y) NOT IN ((1, 1), (2, 3)) FROM a;
SELECT id, (x, y) IN (SELECT x, y FROM b), (x, y) NOT IN (SELECT x, y FROM b), (x, y) IN (SELECT x, y FROM nulls), (x, y) NOT IN (SELECT x, y FROM nulls) FROM a;
SELECT id, (x, y) IN (SELECT x, y FROM none), (x, y) NOT IN (SELECT x, y FROM none) FROM a;
SELECT id FROM a WHERE (x, y) IN (SELECT x, y FROM b);
SELECT id FROM a WHERE (x, y) NOT IN (SELECT x, y FROM b);
SELECT id FROM a WHERE (x, y) NOT IN (SELECT x, y FROM b WHERE x IS NOT NULL);
SELECT id FROM a WHERE (x, y) NOT IN (SELECT x, y FROM nulls);
SELECT id FROM a WHERE (x, y) NOT IN (SELECT b.x, b.y FROM b WHERE b.id = a.id);
SELECT id FROM a WHERE (x, y) IN (SELECT b.x, b.y FROM b WHERE b.id = a.id);
SELECT id FROM a WHERE (id, y) NOT IN (SELECT id, y FROM b);
SELECT id FROM a WHERE (x, y) IN (VALUES (1, 1), (7, 5), (NULL, 3));
SELECT id, (x, r) IN (SELECT x, y FROM a) FROM b;
SELECT id, (x, y) < ANY (SELECT x, y FROM b), (x, y) >= ALL (SELECT x, y FROM b), (x, y) <> ANY (SELECT x, y FROM b), (x, y) = ALL (SELECT x, y FROM b WHERE id = 1) FROM a;
SELECT id, (x, y) <= ANY (SELECT x, y FROM nulls), (x, y) > ALL (SELECT x, y FROM nulls) FROM a;
SELECT id, (x, y) = (SELECT b.x, b.y FROM b WHERE b.id = a.id), (x, y) < (SELECT b.x, b.y FROM b WHERE b.id = a.id + 1) FROM a;
SELECT id FROM a WHERE (x, y) BETWEEN (1, 1) AND (2, 2);
SELECT id FROM a WHERE (id, x) < (SELECT id, x FROM b WHERE id = 4);
SELECT CASE (1, 2) WHEN (1, 1) THEN 'a' WHEN (1, 2) THEN 'b' END;
SELECT id FROM a WHERE (x, s) = (2, 'q') OR (s, x) IN (('p', 0));
SELECT (1, 'a') = ('1', 'a'), (1, 2.5) < (1, 3), (1, NULL) < (2, NULL), (1, NULL) < (1, 2), (1, NULL) = (2, 1), (1, NULL) <> (2, 1);
SELECT id FROM a WHERE x NOT BETWEEN SYMMETRIC 5 AND 1;
SELECT id FROM a WHERE x BETWEEN SYMMETRIC y AND 0;

-- scalar sub-queries
SELECT id, (SELECT max(b.y) FROM b WHERE b.x = a.x), (SELECT count(*) FROM b WHERE b.x = a.x), (SELECT count(b.x) + 1 FROM b WHERE b.y > a.y) FROM a;
SELECT id, (SELECT b.r FROM b WHERE b.id = a.x) FROM a;
SELECT id FROM a WHERE (SELECT count(*) FROM b WHERE b.x = a.x) = 0;
SELECT id FROM a WHERE x > (SELECT avg(b.y) FROM b WHERE b.y <= a.id);
SELECT id, (SELECT sum(b.y) FROM b WHERE b.x = a.x AND b.y = a.y), (SELECT coalesce(sum(b.y), -1) FROM b WHERE b.x = a.x) FROM a;
SELECT id, (SELECT min(b.y) FROM b WHERE b.x = a.x HAVING count(*) > 1) FROM a;
SELECT id, (SELECT count(*) FROM b WHERE b.x = a.x HAVING count(*) > 1) FROM a;
SELECT id, (SELECT count(*) FROM b WHERE b.x IS NOT DISTINCT FROM a.x) FROM a;
SELECT id, (SELECT string_agg(CAST(c.id AS TEXT), ',') FROM b c WHERE c.id = a.id) FROM a;
SELECT id, (SELECT (SELECT max(c.id) FROM b c WHERE c.y = b.y AND c.x <> a.id) FROM b WHERE b.id = a.id) FROM a;
SELECT id, (SELECT count(*) FROM b WHERE b.x = a.x OR b.y = a.y) FROM a;
SELECT id, (SELECT b.y FROM b WHERE b.x = a.x ORDER BY b.id LIMIT 1), (SELECT b.y FROM b WHERE b.x = a.x ORDER BY b.id DESC LIMIT 1 OFFSET 1) FROM a;
SELECT s, sum((SELECT count(*) FROM b WHERE b.x = a.x)) FROM a GROUP BY s;
SELECT x, (SELECT count(*) FROM b WHERE b.x = a.x) FROM a GROUP BY x;
SELECT x FROM a GROUP BY x HAVING (SELECT count(*) FROM b WHERE b.x = a.x) > 1;
-- ordered
SELECT id FROM a ORDER BY (SELECT count(*) FROM b WHERE b.x = a.x) DESC, id;
SELECT a.id, b.id FROM a LEFT JOIN b ON b.x = (SELECT max(c.x) FROM b c WHERE c.x <= a.x);
SELECT a.id, b.id FROM a LEFT JOIN b ON b.id = a.id WHERE b.y = (SELECT min(c.y) FROM b c WHERE c.x = b.x);
SELECT id, CASE WHEN x > 0 THEN (SELECT max(y) FROM b WHERE b.x = a.x) ELSE -1 END FROM a;
-- error CARDINALITY
SELECT id, (SELECT y FROM b WHERE b.x = a.x) FROM a;
-- error CARDINALITY
SELECT (SELECT x FROM b);
-- error CARDINALITY
SELECT (1, 2) = (SELECT x, y FROM b);
-- error SUBQUERY_SHAPE
SELECT 1 WHERE (1, 2) IN (SELECT x FROM b);
-- error SUBQUERY_SHAPE
SELECT 1 WHERE 1 IN (SELECT x, y FROM b);
-- error SUBQUERY_SHAPE
SELECT 1 WHERE (1, 2, 3) = (SELECT x, y FROM b);
-- error TYPE_MISMATCH
SELECT 1 WHERE (1, 2) = (1, 2, 3);
-- error TYPE_MISMATCH
SELECT 1 WHERE (1, 2) = 3;
-- error TYPE_MISMATCH
SELECT 1 WHERE (1, 2) IN ((1, 2), (1, 2, 3));
-- only-here UNSUPPORTED
SELECT (1, 2);

-- exists, with limits, sets and values inside
SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x LIMIT 0);
SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x OFFSET 1);
SELECT id FROM a WHERE EXISTS (SELECT x FROM b WHERE b.x = a.x UNION SELECT y FROM nulls WHERE nulls.y = a.y);
SELECT id FROM a WHERE EXISTS (SELECT a.x INTERSECT SELECT x FROM b);
SELECT id FROM a WHERE NOT EXISTS (SELECT a.x EXCEPT SELECT x FROM b);
SELECT id FROM a WHERE EXISTS (SELECT count(*) FROM b WHERE b.x = a.x);
SELECT id FROM a WHERE EXISTS (SELECT count(*) FROM b WHERE b.x = a.x HAVING count(*) > 1);
SELECT id FROM a WHERE EXISTS (SELECT DISTINCT b.y FROM b WHERE b.x = a.x) OR s = 'q';
SELECT id FROM a WHERE EXISTS (VALUES (1), (2));
SELECT id FROM a WHERE EXISTS (SELECT b.* FROM b WHERE b.x = a.x AND EXISTS (SELECT 1 FROM nulls WHERE nulls.x = b.x AND a.id > 2));
SELECT EXISTS (SELECT 1 FROM none), NOT EXISTS (SELECT 1 FROM none);
SELECT id FROM a WHERE x IN (SELECT b.x FROM b WHERE b.y IN (SELECT c.y FROM b c WHERE c.id <= a.id));
SELECT id, EXISTS (SELECT 1 FROM b WHERE b.x = a.x), x IN (SELECT x FROM b WHERE b.id <> a.id) FROM a;

-- common tables inside, which read columns from around
SELECT id, (WITH m AS (SELECT b.y FROM b WHERE b.x = a.x) SELECT count(*) FROM m) FROM a;
SELECT id FROM a WHERE EXISTS (WITH m AS (SELECT y FROM b WHERE b.x = a.x), n AS (SELECT y FROM m WHERE y > 1) SELECT 1 FROM n, m WHERE n.y = m.y);
SELECT id, (WITH m AS (SELECT b.y FROM b WHERE b.x = a.x) SELECT (SELECT max(y) FROM m WHERE m.y >= c.y) FROM b c WHERE c.id = a.id) FROM a;
SELECT id, (SELECT (WITH m AS (SELECT a.x + b.y AS z) SELECT z FROM m) FROM b WHERE b.id = a.id) FROM a;
SELECT id, (SELECT (WITH m AS (SELECT a.x AS z UNION ALL SELECT b.y) SELECT sum(z) FROM m WHERE z > a.id - 3) FROM b WHERE b.id = a.id) FROM a;
WITH m AS (SELECT x, count(*) AS n FROM b GROUP BY x) SELECT id, (SELECT n FROM m WHERE m.x = a.x) FROM a;
-- error UNKNOWN_TABLE
SELECT id FROM a, (WITH m AS (SELECT a.x) SELECT * FROM m) n;

-- error DUPLICATE_NAME
WITH m AS (SELECT 1), m AS (SELECT 2) SELECT * FROM m;

-- aggregates over nothing but columns from around belong to the query around
SELECT (SELECT max(a.x)) FROM a;
SELECT (SELECT max(a.x) FROM b WHERE b.id = 1) FROM a;
SELECT s, (SELECT count(a.x) + count(b.x) FROM b) FROM a GROUP BY s;
SELECT s, (SELECT sum(a.x) FROM b WHERE b.id = count(a.y)) FROM a GROUP BY s;
SELECT s FROM a GROUP BY s HAVING EXISTS (SELECT 1 FROM b WHERE b.y = count(a.x));
SELECT s FROM a GROUP BY s HAVING (SELECT max(b.x + c.id) FROM b, a c WHERE c.s = a.s) > 4;
SELECT (SELECT (SELECT sum(a.x) + max(b.y) FROM b c WHERE c.id = 1) FROM b) FROM a;
SELECT id, (SELECT max(a.x + b.x) FROM b) FROM a;
SELECT (SELECT count(DISTINCT a.s) FILTER (WHERE a.x > 0) FROM b LIMIT 1) FROM a;
-- ordered
SELECT s FROM a GROUP BY s ORDER BY (SELECT sum(a.id)) DESC, s;
-- error GROUPING
SELECT id FROM a WHERE (SELECT max(a.x)) > 1;
-- error GROUPING
SELECT id, (SELECT max(a.x)) FROM a;
-- error GROUPING
SELECT (SELECT sum(max(a.x)) FROM b) FROM a;
-- error GROUPING
SELECT s, (SELECT a.x) FROM a GROUP BY s;
-- error GROUPING
SELECT id FROM a JOIN b ON (SELECT max(a.x)) = 1;
SELECT s, (SELECT sum(b.y + max(a.x)) FROM b) FROM a GROUP BY s;
SELECT s, (WITH m AS (SELECT max(a.x) AS t) SELECT t FROM m) FROM a GROUP BY s;
SELECT s, (SELECT t FROM (SELECT count(a.x) AS t) d) FROM a GROUP BY s;
SELECT (SELECT (SELECT string_agg(a.s, ',' ORDER BY a.id) FROM b c WHERE c.id = b.id) FROM b WHERE b.id = 1) FROM a;
-- error GROUPING
SELECT s, (SELECT sum(a.x + (SELECT max(a.y))) FROM b) FROM a GROUP BY s;

-- in statements that write
UPDATE a SET y = (SELECT max(b.y) FROM b WHERE b.x = a.x) WHERE (x, id) IN (SELECT x, id FROM b);
DELETE FROM a WHERE (x, y) = ANY (SELECT x, y FROM b WHERE b.id = a.id) RETURNING id, (SELECT count(*) FROM b WHERE b.x = a.x);
SELECT * FROM a;

SELECT concat('a', 1, NULL, TRUE), concat_ws('-', 'a', NULL, 1.5, FALSE), concat(NULL, DATE '2024-02-29');

-- a value of a sub-query beside rows in an order
CREATE TABLE bids (id INTEGER PRIMARY KEY, lot INTEGER, amount INTEGER);
CREATE TABLE lots (lot INTEGER, x INTEGER);
INSERT INTO bids VALUES (1, 5, 9), (2, 4, 8), (3, 5, 7), (4, 3, 6), (5, 1, 5), (6, NULL, 4);
INSERT INTO lots VALUES (5, 1), (4, 2), (3, 3), (5, 4), (NULL, 5);
-- ordered
SELECT amount, (SELECT max(x) FROM lots WHERE lots.lot = bids.lot) FROM bids ORDER BY amount;
-- ordered
SELECT amount, (SELECT max(x) FROM lots WHERE lots.lot = bids.lot) AS m FROM bids ORDER BY m DESC, amount;
-- ordered
SELECT amount, (SELECT count(*) FROM lots WHERE lots.lot = bids.lot) FROM bids ORDER BY amount DESC LIMIT 3 OFFSET 1;
-- ordered
SELECT (SELECT min(x) FROM lots WHERE lots.lot = bids.lot), (SELECT max(x) FROM lots WHERE lots.lot = bids.lot) FROM bids ORDER BY amount;
-- ordered
SELECT DISTINCT ON (lot) lot, amount, (SELECT max(x) FROM lots WHERE lots.lot = bids.lot) FROM bids ORDER BY lot DESC, amount;
-- ordered
SELECT b.amount, (SELECT max(x) FROM lots WHERE lots.lot = a.lot) AS m, a.id FROM bids a LEFT JOIN bids c ON a.lot = c.id RIGHT JOIN bids b ON c.id = b.id ORDER BY 1 DESC, 2 NULLS LAST, 3;

-- a table as a query
TABLE a;
-- ordered
TABLE b ORDER BY b.id DESC LIMIT 2 OFFSET 1;
TABLE nulls UNION ALL (TABLE none) UNION ALL VALUES (8, 9);
SELECT id FROM a WHERE (x, y) IN (TABLE nulls) OR EXISTS (TABLE none) OR id > ALL (SELECT x FROM (TABLE a) AS t WHERE x > 5);
WITH w (k) AS (SELECT x + 1 FROM a) TABLE w;
CREATE TABLE copies AS TABLE nulls;
INSERT INTO copies TABLE nulls RETURNING *;
CREATE VIEW whole AS TABLE copies;
CREATE VIEW both_of AS TABLE copies UNION (TABLE whole ORDER BY whole.x);
TABLE both_of;
ALTER TABLE copies RENAME COLUMN y TO "Y y";
TABLE both_of;
ALTER TABLE copies RENAME TO copied;
TABLE whole;
ALTER TABLE copied ADD COLUMN z INTEGER DEFAULT 5;
TABLE both_of;
ALTER VIEW whole RENAME TO wholly;
TABLE both_of;
TABLE copied;
-- error UNKNOWN_TABLE
TABLE nothing;
-- error SYNTAX
TABLE a WHERE x = 1;

-- strings between dollars
SELECT $$it's$$, $q$a $$ b \n$q$, $$$$, $Q$$q$$Q$ || $$;$$, length($é$a
b$é$), $$1$$::int, DATE $$2024-02-29$$ = '2024-02-29';
SELECT s FROM a WHERE s = $$p$$ OR s LIKE $x$q%$x$;
-- error SYNTAX
SELECT $a$b$A$;
