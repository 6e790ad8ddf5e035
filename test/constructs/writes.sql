-- INSERT, UPDATE and DELETE: conflicts, other tables beside, foreign keys with actions, what is returned.
CREATE TABLE q (pid INTEGER, v INTEGER);
CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER, c INTEGER NOT NULL DEFAULT 1 CHECK (c > 0));
INSERT INTO p VALUES (102, 'a', 1), (103, 'b', 2), (104, 'c', 3);
INSERT INTO q VALUES (102, 10), (103, 20), (103, 20), (999, 1), (NULL, 5);
UPDATE p SET n = q.v FROM q WHERE q.pid = p.id RETURNING p.id, p.n, q.v;
UPDATE p SET n = q.v FROM q WHERE q.pid = p.id RETURNING *;
UPDATE p SET n = s.t FROM (SELECT pid, sum(v) AS t FROM q GROUP BY pid) s WHERE s.pid = p.id RETURNING id, n, s.t + 1, s.pid;
UPDATE p SET n = 1 FROM q, q AS r WHERE q.pid = p.id AND r.v = q.v RETURNING r.*, id, (SELECT count(*) FROM q AS z WHERE z.v = r.v);
-- error DUPLICATE_NAME
UPDATE p SET n = 1 FROM p WHERE true;
-- error AMBIGUOUS_COLUMN
UPDATE p SET n = 1 FROM p AS o WHERE o.id = p.id RETURNING id;
DELETE FROM p USING q WHERE q.pid = p.id AND q.v = 10 RETURNING p.id, q.v, (SELECT count(*) FROM q AS z WHERE z.v = q.v);
DELETE FROM p USING q AS z WHERE z.pid = p.id RETURNING *;
-- error UNKNOWN_COLUMN
DELETE FROM p USING q AS z WHERE z.pid = p.id RETURNING nope;

INSERT INTO p (id, name) VALUES (104, 'd'), (105, 'd'), (106, 'c') ON CONFLICT DO NOTHING RETURNING *;
INSERT INTO p AS t (id, n) VALUES (104, 5) ON CONFLICT (id) DO UPDATE SET n = t.n + excluded.n, c = DEFAULT WHERE t.n > 2 RETURNING *;
INSERT INTO p AS t (id, n) VALUES (104, 5) ON CONFLICT (id) DO UPDATE SET n = 0 WHERE t.n < 2 RETURNING *;
-- error CARDINALITY
INSERT INTO p (id) VALUES (200), (200) ON CONFLICT (id) DO UPDATE SET n = 1;
-- error UNIQUE
INSERT INTO p (id, name) VALUES (300, 'c') ON CONFLICT (id) DO NOTHING;
-- error CHECK
INSERT INTO p (id, c) VALUES (104, -1) ON CONFLICT (id) DO NOTHING;
-- error NOT_NULL
INSERT INTO p (id, c) VALUES (104, NULL) ON CONFLICT (id) DO UPDATE SET n = 1;
SELECT * FROM p;

CREATE TABLE par (id INTEGER PRIMARY KEY);
CREATE TABLE ch (id INTEGER PRIMARY KEY, par INTEGER DEFAULT 1 REFERENCES par (id) ON DELETE SET DEFAULT ON UPDATE SET DEFAULT);
INSERT INTO par VALUES (1), (2);
INSERT INTO ch VALUES (1, 1), (2, 2);
-- error FOREIGN_KEY
DELETE FROM par WHERE id = 1;
-- error FOREIGN_KEY
UPDATE par SET id = 3 WHERE id = 1;
-- error FOREIGN_KEY
DELETE FROM par;
DELETE FROM par WHERE id = 2;
SELECT * FROM ch;

-- common tables before a change
CREATE TABLE ledger (id INTEGER PRIMARY KEY, a INTEGER, b TEXT UNIQUE);
WITH n (k) AS (VALUES (1), (2), (3)) INSERT INTO ledger SELECT k, k * 10, 'b' || k FROM n RETURNING id, a, b;
WITH n (k) AS (VALUES (4)), m AS (SELECT k + 1 AS k FROM n) INSERT INTO ledger WITH n (k) AS (SELECT k FROM m) SELECT k, 0, NULL FROM n RETURNING *;
WITH up AS (SELECT id, a + 1 AS a FROM ledger WHERE id < 3) UPDATE ledger SET a = up.a FROM up WHERE up.id = ledger.id RETURNING ledger.id, ledger.a;
WITH top AS (SELECT max(a) AS a FROM ledger) UPDATE ledger SET b = (SELECT a FROM top)::TEXT WHERE id = 3 RETURNING b;
WITH gone AS (SELECT 5 AS id) DELETE FROM ledger WHERE id IN (SELECT id FROM gone) RETURNING id;
WITH gone AS (SELECT 2 AS id) DELETE FROM ledger USING gone WHERE ledger.id = gone.id RETURNING ledger.id, b;
WITH x AS (SELECT 1 AS a) SELECT (2) update FROM x;
-- error UNKNOWN_COLUMN
WITH x AS (SELECT nothing FROM ledger) DELETE FROM ledger;

-- rows of assignments
UPDATE ledger SET (a, b) = (a + 100, 'z' || a), id = id + 10 WHERE id = 1 RETURNING *;
UPDATE ledger SET (a, b) = ROW (DEFAULT, DEFAULT) WHERE id = 11 RETURNING *;
INSERT INTO ledger VALUES (3, 7, 'q') ON CONFLICT ON CONSTRAINT ledger_pkey DO UPDATE SET (a, b) = (excluded.a, excluded.b) RETURNING *;
INSERT INTO ledger VALUES (30, 8, 'q') ON CONFLICT ON CONSTRAINT ledger_b_key DO UPDATE SET a = ledger.a + excluded.a RETURNING *;
INSERT INTO ledger VALUES (3, 0, 'q') ON CONFLICT ON CONSTRAINT ledger_pkey DO NOTHING RETURNING *;
-- error UNIQUE
INSERT INTO ledger VALUES (31, 0, 'q') ON CONFLICT ON CONSTRAINT ledger_pkey DO NOTHING;
-- error UNKNOWN_CONSTRAINT
INSERT INTO ledger VALUES (31, 0, 'q') ON CONFLICT ON CONSTRAINT nothing DO NOTHING;
-- error SYNTAX
UPDATE ledger SET (a, b) = (1, 'x', 2);
-- error DUPLICATE_NAME
UPDATE ledger SET (a, a) = (1, 2);
SELECT b, a, count(*) FROM ledger GROUP BY (b, a);

-- several columns from one sub-query
CREATE TABLE goal (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, d BOOLEAN DEFAULT true);
CREATE TABLE step (goal INTEGER, a INTEGER, b TEXT);
INSERT INTO goal VALUES (1, 1, 'one'), (2, 2, 'two'), (3, 3, 'three');
INSERT INTO step VALUES (1, 10, 'ten'), (1, 20, 'twenty'), (2, 5, NULL);
UPDATE goal SET (a, b) = (SELECT max(a), min(b) FROM step WHERE step.goal = goal.id) RETURNING *;
UPDATE goal SET (b, a) = (SELECT b, a FROM step WHERE step.goal = goal.id ORDER BY a DESC LIMIT 1) WHERE id < 3 RETURNING id, a, b;
UPDATE goal SET (b, a) = (SELECT b, a FROM step WHERE step.goal = goal.id AND a < 0), d = DEFAULT RETURNING *;
UPDATE goal SET (a) = (SELECT count(*) FROM step), (b, d) = (SELECT 'x' || goal.id, false) WHERE id = 2 RETURNING *;
UPDATE goal SET (a, b) = (VALUES (7, 'seven')) WHERE id = 3 RETURNING *;
UPDATE goal SET (a, b) = (SELECT step.a, s.b FROM step WHERE step.a = s.a) FROM step AS s WHERE s.goal = goal.id AND s.goal = 2 RETURNING goal.*, s.a;
WITH top AS (SELECT goal, max(a) AS a, count(*) AS n FROM step GROUP BY goal) UPDATE goal SET (a, b) = (SELECT a, n::text FROM top WHERE top.goal = goal.id) RETURNING *;
INSERT INTO goal (id, a) VALUES (1, 4), (9, 9) ON CONFLICT (id) DO UPDATE SET (a, b) = (SELECT sum(s.a) + excluded.a, goal.b || count(*) FROM step AS s WHERE s.goal = goal.id) RETURNING *;
INSERT INTO goal (id) VALUES (3), (2) ON CONFLICT (id) DO UPDATE SET (a, b) = (SELECT s.a, s.b FROM step AS s WHERE s.goal = excluded.id AND s.goal > 2), d = NULL RETURNING *;
-- error CARDINALITY
UPDATE goal SET (a, b) = (SELECT a, b FROM step WHERE step.goal = goal.id);
-- error CARDINALITY
INSERT INTO goal (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET (a, b) = (SELECT a, b FROM step);
-- error SUBQUERY_SHAPE
UPDATE goal SET (a, b) = (SELECT a FROM step);
-- error SUBQUERY_SHAPE
INSERT INTO goal (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET (a, b) = (SELECT 1, 'b', 2);
-- error TYPE_MISMATCH
UPDATE goal SET (a, d) = (SELECT 1, 'true');
-- error DUPLICATE_NAME
UPDATE goal SET (a, b) = (SELECT 1, 'b'), a = 2;
SELECT * FROM goal;

-- names of columns before AS
CREATE TABLE copied (k, word) AS SELECT id, b, a AS "A" FROM ledger;
SELECT k, word, "A" FROM copied;
