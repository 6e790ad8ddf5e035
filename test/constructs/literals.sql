-- Literals and NULLs whose type their place decides: columns of INSERT ... SELECT, sides of set operations, casts with a length.
CREATE TABLE t (i INTEGER PRIMARY KEY, b TEXT, r DOUBLE PRECISION, f BOOLEAN, d TIMESTAMP, j JSONB);
INSERT INTO t (i, d) SELECT 1, '2020-01-01';
INSERT INTO t (i, d, r, f, j) SELECT '2', '2020-01-01', '1.5', 'true', '{"a": 1}';
INSERT INTO t (i, d) SELECT x, '2021-01-01' FROM (VALUES (3), (4)) v(x) ORDER BY 1 LIMIT 1;
INSERT INTO t (i, d) (SELECT 5, '2020-01-01');
INSERT INTO t (i, d) WITH m AS (SELECT 6 AS x) SELECT x, '2020-01-01' FROM m;
INSERT INTO t (i, d, f) SELECT x, '2020-01-01', NULL FROM (VALUES (7), (7)) v(x) GROUP BY x;
INSERT INTO t SELECT 8, 5, 2, 'f', '2020-01-01';
-- error INVALID_TEXT
INSERT INTO t (i, f) SELECT 9, 'maybe';
-- error TYPE_MISMATCH
INSERT INTO t (i, d) SELECT DISTINCT 9, '2020-01-01';
-- error TYPE_MISMATCH
INSERT INTO t (i, d) SELECT x, '2020-01-01' FROM (VALUES (9)) v(x) ORDER BY 2;
-- error TYPE_MISMATCH
INSERT INTO t (i, d) SELECT 9, '2020-01-01' UNION SELECT 10, '2020-01-02';
-- error TYPE_MISMATCH
INSERT INTO t (i, d) SELECT 9, s FROM (SELECT '2020-01-01' AS s) x;
SELECT * FROM t;

SELECT 1 UNION SELECT '2';
SELECT '1' UNION SELECT 2.5;
SELECT 'true' UNION ALL SELECT true;
SELECT NULL UNION SELECT 'a' UNION SELECT 'b';
SELECT '1' UNION (SELECT '2' UNION SELECT 3);
SELECT i FROM t INTERSECT SELECT '1';
SELECT i FROM t EXCEPT SELECT '1';
SELECT '2020-01-01' EXCEPT SELECT d FROM t WHERE i = 1;
SELECT x + 1 FROM (SELECT '1' AS x UNION SELECT 2) y;
SELECT x || 'a' FROM (SELECT '1' AS x UNION SELECT 'b') y;
SELECT i, (SELECT '1' UNION SELECT t.i) = 1 FROM t WHERE i = 1;
-- error INVALID_TEXT
SELECT 'x' UNION SELECT 2;
-- error TYPE_MISMATCH
SELECT 'a' UNION SELECT 'b' UNION SELECT 3;
-- error TYPE_MISMATCH
SELECT DISTINCT '1' UNION SELECT 2;
-- error TYPE_MISMATCH
SELECT 1 UNION SELECT true;

SELECT 'abc'::varchar(2) || 'd', CAST(12345 AS VARCHAR(3)), NULL::varchar(2), 'äöü'::varchar(2), 'abc'::varchar;

-- arrays as text
SELECT '{1,2,NULL}'::integer[], '{}'::text[], '{a,"b, c",NULL,"NULL","x\"y", d e }'::text[], '{1.5,2}'::double precision[];
SELECT 2 = ANY ('{1,2}'), 'b' = ANY ('{a,b}'), 3 = ALL ('{3,3}'), 1 = ANY ('{NULL}'), 5 > ALL ('{}');
-- error INVALID_TEXT
SELECT '{1,x}'::integer[];
-- error INVALID_TEXT
SELECT '{1,}'::integer[];
-- error INVALID_TEXT
SELECT '1,2'::integer[];
-- error INVALID_TEXT
SELECT '{{1},{2}}'::text[] = '{"a';
SELECT '{"a": {"b": [1, 2]}}'::jsonb #> '{a,b,1}', '{"a": {"b": [1, 2]}}'::jsonb #>> '{a,b,-1}', '{"a": 1}'::jsonb #> '{}', '{"a": 1}'::jsonb #>> '{x,y}', '{"a b": 1}'::jsonb #>> '{a b}';
CREATE INDEX deep ON t ((j #>> '{n,c}'));
INSERT INTO t (i, j) VALUES (20, '{"n": {"c": "p"}}'), (21, '{"n": {"c": "q"}}');
SELECT i FROM t WHERE j #>> '{n,c}' = 'p';
SELECT i FROM t WHERE j #>> '{n,c}' > 'p';

-- a unit behind an interval is the finest part that counts
SELECT TIMESTAMP '2020-01-01' + INTERVAL '1.5' HOUR, TIMESTAMP '2020-01-01' + INTERVAL '1.5' SECOND, TIMESTAMP '2020-01-01' + INTERVAL '-1.5' DAY, TIMESTAMP '2020-01-01' + INTERVAL '1.5 hours', TIMESTAMP '2020-01-01' + INTERVAL '90' MINUTE;

-- arrays
SELECT ARRAY[1, 2, 3], ARRAY['a', NULL], ARRAY[1, 2.5::double precision], ARRAY[NULL]::text[];
SELECT 1 = ANY (ARRAY[1, 2]), 3 = ANY (ARRAY[1, NULL]), 1 <> ALL (ARRAY[2, 3]), 1 < ANY (ARRAY[0, 2]), 1 >= ALL (ARRAY[0, 2]), NULL = ANY (ARRAY[1]);
SELECT '{"a":{"b":[1,2]}}'::jsonb #>> ARRAY['a', 'b', '1'], '{"a":1,"b":2}'::jsonb - ARRAY['a'];
CREATE TABLE listed (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);
CREATE INDEX listed_a ON listed (a);
INSERT INTO listed VALUES (1, 10, 'x'), (2, 20, 'y'), (3, NULL, 'z');
SELECT id FROM listed WHERE a = ANY (ARRAY[10, 20, id * 10]);
SELECT id FROM listed WHERE NOT a = ANY (ARRAY[10]) OR b = ANY (ARRAY['z']);
SELECT id FROM listed WHERE a > ALL (ARRAY[5, id]);
-- ordered
SELECT id, ARRAY[id, a] FROM listed ORDER BY ARRAY[id, a] DESC;
SELECT id FROM listed WHERE id = ANY (ARRAY['1', '3']::bigint[]);
SELECT count(*), ARRAY[b, b] FROM listed GROUP BY ARRAY[b, b];
-- error INVALID_TEXT
SELECT ARRAY[1, 'x'];
-- error SYNTAX
SELECT ARRAY[];
-- only-here UNSUPPORTED
SELECT ARRAY[ARRAY[1]];
