-- Outer joins with every kind of condition, merged columns, and joins beside commas.
CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER, s TEXT);
CREATE TABLE b (id INTEGER PRIMARY KEY, x INTEGER, t TEXT);
CREATE TABLE c (x INTEGER, y REAL, u TEXT);
CREATE TABLE one (x INTEGER);
CREATE TABLE none (x INTEGER, z INTEGER);
INSERT INTO a VALUES (1, 10, 'a1'), (2, 20, 'a2'), (3, 20, 'a3'), (4, NULL, 'a4'), (5, 50, NULL);
INSERT INTO b VALUES (1, 20, 'b1'), (2, 20, 'b2'), (3, 30, 'b3'), (4, NULL, 'b4'), (6, 50, 'b6');
INSERT INTO c VALUES (20, 2.5, 'c1'), (50, 5.0, 'c2'), (70, 7.5, 'c3'), (NULL, 1.0, 'c4');
INSERT INTO one VALUES (20);

SELECT * FROM a FULL JOIN b ON a.x = b.x;
SELECT * FROM a FULL OUTER JOIN b ON a.x = b.x AND a.id < b.id;
SELECT * FROM a FULL JOIN b ON a.id = b.id AND a.s > b.t;
SELECT a.id, b.id FROM a FULL JOIN b ON FALSE;
SELECT a.id, b.id FROM a FULL JOIN b ON TRUE;
SELECT a.id, b.id FROM a FULL JOIN b ON a.x = b.x WHERE a.id IS NULL OR b.id IS NULL;
SELECT a.id, b.id FROM a FULL JOIN b ON a.x = b.x WHERE a.id > 1;
SELECT a.id, b.id FROM a FULL JOIN b ON a.x = b.x WHERE b.t < 'b3';
SELECT a.id, b.id FROM a FULL JOIN b ON a.x = b.x WHERE a.id > 1 AND b.id > 1;
SELECT a.id, b.id FROM a FULL JOIN b ON a.x = b.x WHERE coalesce(a.id, 9) > 2;
SELECT a.id, b.id FROM a FULL JOIN b ON a.x = b.x AND a.id > 1 AND b.id > 1;
SELECT a.id, none.z FROM a FULL JOIN none ON a.x = none.x;
SELECT a.id, none.z FROM none FULL JOIN a ON a.x = none.x;
SELECT a.id, none.z FROM none FULL JOIN a USING (x) WHERE none.z IS NULL;
SELECT count(*) FROM none n FULL JOIN none m ON n.x = m.x;
SELECT count(*), count(a.id), count(b.id) FROM a FULL JOIN b USING (x);
SELECT DISTINCT x FROM a FULL JOIN b USING (x);
SELECT x, count(*) FROM a FULL JOIN b USING (x) GROUP BY x;
SELECT x FROM a FULL JOIN b USING (x) FULL JOIN c USING (x);
SELECT * FROM a FULL JOIN b USING (x) FULL JOIN c USING (x);
SELECT * FROM a FULL JOIN b USING (id, x);
SELECT id, x, a.id, b.id, a.x, b.x FROM a FULL JOIN b USING (id, x) WHERE x = 20;
SELECT * FROM a NATURAL FULL JOIN b;
SELECT a.*, b.* FROM a NATURAL FULL JOIN b;
SELECT * FROM a NATURAL JOIN b;
SELECT * FROM a NATURAL LEFT JOIN b;
SELECT * FROM a NATURAL RIGHT JOIN b;
SELECT * FROM a LEFT JOIN b USING (x) LEFT JOIN c USING (x);
SELECT * FROM a RIGHT JOIN b USING (x) RIGHT JOIN c USING (x);
SELECT x, a.x, b.x, c.x FROM a LEFT JOIN b USING (x) RIGHT JOIN c USING (x);
SELECT x, a.x, b.x, c.x FROM a RIGHT JOIN b USING (x) LEFT JOIN c USING (x);
SELECT x, a.x, b.x, c.x FROM a RIGHT JOIN b USING (x) FULL JOIN c USING (x) WHERE x > 20;
SELECT * FROM a JOIN (b JOIN c USING (x)) USING (x);
SELECT * FROM a LEFT JOIN (b JOIN c USING (x)) USING (x);
SELECT * FROM a FULL JOIN (b FULL JOIN c USING (x)) USING (x);
SELECT a.id, b.id, c.u FROM a LEFT JOIN (b FULL JOIN c ON b.x = c.x) ON a.x = b.x;
SELECT a.id, b.id, c.u FROM (a FULL JOIN b ON a.x = b.x) JOIN c ON c.x = a.x OR c.x = b.x;
SELECT a.id, b.id, c.u FROM a FULL JOIN b ON a.x = b.x LEFT JOIN c ON c.x = b.x;
-- postgres SELECT a.id, b.id FROM a LEFT JOIN b ON a.x > b.x UNION ALL SELECT NULL, id FROM b WHERE NOT EXISTS (SELECT 1 FROM a WHERE a.x > b.x)
SELECT a.id, b.id FROM a FULL JOIN b ON a.x > b.x;
-- postgres SELECT a.id, b.id FROM a LEFT JOIN b ON a.x IS NOT DISTINCT FROM b.x UNION ALL SELECT NULL, id FROM b WHERE id = 3
SELECT a.id, b.id FROM a FULL JOIN b ON a.x IS NOT DISTINCT FROM b.x;
SELECT a.id, c.u FROM a FULL JOIN c ON a.x = c.y;
SELECT n.x, c.y, u FROM (SELECT id AS y, x FROM a) n FULL JOIN c USING (y);
SELECT y FROM (SELECT id AS y, x FROM a) n FULL JOIN c USING (y);
SELECT y FROM (SELECT id AS y FROM a) n JOIN c USING (y);
SELECT y FROM (SELECT id AS y FROM a) n LEFT JOIN c USING (y);
SELECT sum(y) FROM (SELECT id AS y FROM a) n RIGHT JOIN c USING (y);
SELECT a.id FROM a, one JOIN b ON one.x = b.x WHERE a.x = b.x;
SELECT a.id, b.id FROM one CROSS JOIN a LEFT JOIN b ON b.x = one.x AND b.id = a.id;
SELECT a.id, b.id, n.z FROM a, b LEFT JOIN none n ON n.x = b.x WHERE a.id = b.id;
-- error UNKNOWN_TABLE
SELECT a.id FROM a, one JOIN b ON a.x = b.x;
-- error AMBIGUOUS_COLUMN
SELECT x FROM a JOIN b ON a.x = b.x;
-- error AMBIGUOUS_COLUMN
SELECT * FROM a JOIN b ON a.x = b.x JOIN c USING (x);
-- error UNKNOWN_COLUMN
SELECT * FROM a JOIN b USING (s);
-- error DUPLICATE_NAME
SELECT * FROM a JOIN b USING (x, x);
-- error DUPLICATE_NAME
SELECT 1 FROM a FULL JOIN a ON TRUE;
-- error TYPE_MISMATCH
SELECT * FROM (SELECT s AS x FROM a) a FULL JOIN b USING (x);
-- ordered
SELECT a.id, b.id FROM a FULL JOIN b ON a.x = b.x ORDER BY a.id, b.id;
-- ordered
SELECT a.id, b.id FROM a FULL JOIN b ON a.x = b.x ORDER BY a.id DESC NULLS LAST, b.id LIMIT 4 OFFSET 2;
-- ordered
SELECT x, y FROM a FULL JOIN c USING (x) ORDER BY x, y, a.id;
SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b FULL JOIN c ON b.x = c.x WHERE b.x = a.x OR c.x = a.x);
SELECT id FROM a WHERE x IN (SELECT x FROM b FULL JOIN c USING (x));
SELECT id, (SELECT count(*) FROM b FULL JOIN c ON b.x = c.x AND b.x = a.x) FROM a;
UPDATE a SET s = n.t FROM (SELECT a.id, b.t FROM a FULL JOIN b ON a.x = b.x AND b.id < 3) n WHERE n.id = a.id AND n.t > 'b1';
SELECT * FROM a;
