-- Common tables evaluated once, or as part of the query that reads them.
CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER, s TEXT);
INSERT INTO t VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'a'), (4, NULL, 'c'), (5, 2, NULL), (6, 3, 'a');
CREATE INDEX t_k ON t (k);
WITH x AS MATERIALIZED (SELECT * FROM t WHERE k < 3) SELECT * FROM x;
WITH x AS NOT MATERIALIZED (SELECT * FROM t WHERE k < 3) SELECT a.id, b.id FROM x a JOIN x b ON a.k = b.k AND a.id < b.id;
WITH x AS MATERIALIZED (SELECT * FROM t WHERE k < 3) SELECT a.id, b.id, b.s FROM x a JOIN x AS b ON a.k = b.k AND a.id < b.id;
WITH x (p, q) AS MATERIALIZED (SELECT k, count(*) FROM t GROUP BY k) SELECT t.id, x.q FROM t LEFT JOIN x ON x.p = t.k WHERE t.s IS NOT NULL;
WITH x AS MATERIALIZED (SELECT k, max(id) AS m FROM t GROUP BY k), y AS MATERIALIZED (SELECT m * 10 AS m FROM x WHERE m > 2), z AS (SELECT * FROM y UNION ALL SELECT m FROM x) SELECT m FROM z;
WITH x AS MATERIALIZED (SELECT id, k FROM t) SELECT id, (SELECT count(*) FROM x WHERE x.k = t.k), EXISTS (SELECT 1 FROM x WHERE x.id > t.id + 4), k IN (SELECT k FROM x WHERE id > 4) FROM t;
WITH x AS MATERIALIZED (SELECT id, id, s AS "S s", NULL AS n, 'lit' AS l FROM t ORDER BY s DESC NULLS LAST, id LIMIT 4) SELECT x.l, "S s", n FROM x;
-- ordered
WITH x AS MATERIALIZED (SELECT s, id FROM t ORDER BY id DESC OFFSET 1) SELECT s, id FROM x ORDER BY s, id LIMIT 3;
WITH x AS MATERIALIZED (SELECT 1 AS a WHERE false) SELECT count(*), max(a) FROM x;
WITH x AS MATERIALIZED (SELECT id FROM t) SELECT count(*) FROM x a, x b, x c WHERE a.id < b.id AND b.id < c.id;
WITH x AS MATERIALIZED (VALUES (1, 'one'), (2, 'two')) SELECT * FROM x AS v (n, word) WHERE n > 1;
WITH x AS MATERIALIZED (TABLE t), x2 AS (SELECT k FROM x EXCEPT SELECT 2) TABLE x2;
WITH x AS MATERIALIZED (SELECT DISTINCT k FROM t), unread AS (SELECT * FROM x), unread2 AS MATERIALIZED (SELECT * FROM unread) SELECT count(*) FROM x;
SELECT * FROM (WITH x AS MATERIALIZED (SELECT k, s FROM t WHERE id > 3) SELECT k, s FROM x UNION SELECT k, 'z' FROM x) AS d WHERE k IS NOT NULL;
SELECT id, (WITH x AS MATERIALIZED (SELECT min(id) AS m FROM t) SELECT m FROM x WHERE m < t.id) FROM t;
SELECT id, (WITH x AS NOT MATERIALIZED (SELECT t.id + 1 AS m) SELECT m FROM x) FROM t;
WITH x AS MATERIALIZED (SELECT k, id FROM t) SELECT id FROM t WHERE (WITH unread AS (SELECT k FROM x) SELECT count(*) FROM x WHERE x.k = t.k) > 1;
WITH x AS MATERIALIZED (SELECT k FROM t WHERE id = 1) UPDATE t SET k = t.k + x.k FROM x WHERE t.k = x.k RETURNING t.id, t.k, (SELECT count(*) FROM x);
WITH x AS MATERIALIZED (SELECT id + 10 AS id, k FROM t) INSERT INTO t SELECT id, (SELECT max(k) FROM x), 'n' FROM x WHERE id < 14 RETURNING *;
WITH gone AS MATERIALIZED (SELECT id FROM t WHERE id > 10) DELETE FROM t USING gone WHERE gone.id = t.id RETURNING t.id;
CREATE VIEW per_k AS WITH x AS MATERIALIZED (SELECT k, count(*) AS n FROM t GROUP BY k) SELECT a.k, a.n, (SELECT sum(n) FROM x) AS total FROM x AS a;
SELECT p.k, p.n, q.total FROM per_k p JOIN per_k q ON q.k = p.k;
WITH materialized AS (SELECT 1 AS materialized) SELECT materialized FROM materialized AS materialized;
-- only-here UNSUPPORTED
SELECT id, (WITH x AS MATERIALIZED (SELECT t.id + 1 AS m) SELECT m FROM x) FROM t;
-- error UNKNOWN_COLUMN
WITH x AS MATERIALIZED (SELECT nothing FROM t) SELECT 1;
-- error SYNTAX
WITH x AS NOT (SELECT 1) SELECT 1;
-- error DUPLICATE_NAME
WITH x AS MATERIALIZED (SELECT 1), x AS (SELECT 2) TABLE x;
