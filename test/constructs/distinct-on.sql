-- DISTINCT ON: one row of each group, the first in the order.
CREATE TABLE t (id INTEGER PRIMARY KEY, g TEXT, h INTEGER, v INTEGER);
CREATE INDEX t_g_v ON t (g, v);
INSERT INTO t VALUES (1, 'a', 1, 10), (2, 'a', 2, 30), (3, 'b', 1, 20), (4, NULL, 2, 5), (5, NULL, 1, 6), (6, 'b', 2, NULL), (7, 'c', 3, 7), (8, 'a', 1, 30);

-- ordered
SELECT DISTINCT ON (g) g, id FROM t ORDER BY g, v DESC, id;
-- ordered
SELECT DISTINCT ON (g) id FROM t ORDER BY g DESC, v NULLS FIRST, id DESC;
-- ordered
SELECT DISTINCT ON (g) g, v FROM t ORDER BY g, v;
-- ordered
SELECT DISTINCT ON (g, h) g, h, id FROM t ORDER BY h, g, id DESC;
-- ordered
SELECT DISTINCT ON (g, h) g, h, id FROM t ORDER BY h DESC, g, v, id LIMIT 3 OFFSET 1;
-- ordered
SELECT DISTINCT ON (1) g, max(v) FROM t GROUP BY g, h ORDER BY 1, 2 DESC;
-- ordered
SELECT DISTINCT ON (k) upper(g) AS k, id FROM t ORDER BY k, id;
-- ordered
SELECT DISTINCT ON (v % 10) v % 10 AS m, v, id FROM t ORDER BY v % 10, v DESC, id;
-- ordered
SELECT DISTINCT ON (g, g) g, id FROM t ORDER BY g, g, id;
-- ordered
SELECT DISTINCT ON (a.g) a.g, b.id FROM t a JOIN t b ON b.h = a.h AND b.id <> a.id ORDER BY a.g, b.id DESC, a.id;
SELECT DISTINCT ON (g) g FROM t;
SELECT DISTINCT ON (g, v) g, v FROM t;
SELECT g, id FROM (SELECT DISTINCT ON (g) g, id FROM t ORDER BY g, id) s WHERE id > 1;
SELECT count(*) FROM (SELECT DISTINCT ON (h) * FROM t ORDER BY h, id) s;
SELECT id FROM t WHERE id IN (SELECT DISTINCT ON (g) id FROM t ORDER BY g, v DESC, id DESC);
SELECT id FROM t a WHERE EXISTS (SELECT DISTINCT ON (h) 1 FROM t b WHERE b.g = a.g AND b.id > a.id);
SELECT id, (SELECT DISTINCT ON (b.h) b.id FROM t b WHERE b.h = a.h ORDER BY b.h, b.v DESC NULLS LAST, b.id) FROM t a;
(SELECT DISTINCT ON (g) id FROM t ORDER BY g, id) UNION (SELECT DISTINCT ON (h) id FROM t ORDER BY h, id DESC);
SELECT DISTINCT ON (g) g, id FROM t WHERE false ORDER BY g;
-- error GROUPING
SELECT DISTINCT ON (g) g, id FROM t ORDER BY id;
-- error GROUPING
SELECT DISTINCT ON (g, h) g, id FROM t ORDER BY g, v, h;
-- error GROUPING
SELECT DISTINCT ON (v) g, max(v) FROM t GROUP BY g;
