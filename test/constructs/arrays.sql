-- Arrays: elements by position, slices, length, search, as text.
SELECT (ARRAY[1, 2, 3])[1], (ARRAY[1, 2, 3])[3], (ARRAY[1, 2, 3])[0], (ARRAY[1, 2, 3])[4], (ARRAY[1, 2, 3])[-1], (ARRAY['a', NULL])[2], (ARRAY[1])[NULL];
SELECT (ARRAY[1, 2, 3])[2:3], (ARRAY[1, 2, 3])[:2], (ARRAY[1, 2, 3])[2:], (ARRAY[1, 2, 3])[:], (ARRAY[1, 2, 3])[0:1], (ARRAY[1, 2, 3])[3:2], (ARRAY[1, 2, 3])[-5:9], (ARRAY[1])[NULL:2], (ARRAY[1])[1:NULL], (ARRAY[1, 2])[5:];
SELECT ('{a,"b,c"}'::text[])[2], ('{1,2}'::int[])[1] + 1, ('{1,2}'::int[])['2'], (ARRAY[1, 2])[1.2], ((ARRAY[5, 6, 7])[2:3])[1], (CAST('{t,f}' AS boolean[]))[1];
SELECT -(ARRAY[1, 2])[2], (ARRAY[2, 3])[1] ^ 2, (ARRAY[1, 2])[1] IN (1, 2), (ARRAY['a', 'b'])[1] || 'x', (ARRAY[1, 2])[2]::text || '!', NOT (ARRAY[true])[1], (ARRAY['{"a":1}'::jsonb])[1] -> 'a';
SELECT array_length(ARRAY[1, 2], 1), array_length(ARRAY[1], 2), array_length('{}'::int[], 1), array_length(ARRAY[1], NULL), cardinality('{}'::int[]), cardinality(ARRAY[1, NULL]), cardinality(NULL::int[]);
SELECT array_position(ARRAY[1, 2, 3, 2], 2), array_position(ARRAY[1, 2, 3, 2], 2, 3), array_position(ARRAY[1, NULL], NULL), array_position(ARRAY[1], 5), array_position(ARRAY[1, 2], 2.0), array_position(ARRAY['a', 'b'], 'b'), array_position(ARRAY[1, 2], 1, -5), array_position(NULL::int[], 1), array_position('{a,b}', 'b'::text);
SELECT array_to_string(ARRAY[1, NULL, 3], ','), array_to_string(ARRAY[1, NULL, 3], ',', '*'), array_to_string(ARRAY['a', 'b'], NULL), array_to_string(NULL::int[], ','), array_to_string(ARRAY[true, false], '-'), array_to_string('{}'::text[], ','), array_to_string(ARRAY[1.5, 2], ''), array_to_string(ARRAY[DATE '2024-02-29'], ','), array_to_string(ARRAY['a', NULL], ',', NULL);
-- error TYPE_MISMATCH
SELECT (1)[1];
-- error INVALID_TEXT
SELECT (ARRAY[1])['x'];
-- error INVALID_VALUE
SELECT array_position(ARRAY[1], 1, NULL);
-- error TYPE_MISMATCH
SELECT array_length(1, 1);
-- error TYPE_MISMATCH
SELECT array_position(ARRAY[1], true);
-- error SYNTAX
SELECT (ARRAY[1])[];
-- error SYNTAX
SELECT (ARRAY[1])[1 2];

CREATE TABLE readings (id INTEGER PRIMARY KEY, place TEXT, v INTEGER);
INSERT INTO readings VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 5), (4, 'a', 15), (5, 'b', NULL), (6, NULL, 1);
SELECT place, (array_agg(v ORDER BY v DESC))[1] AS top, (array_agg(id ORDER BY id))[2:], array_length(array_agg(id), 1) FROM readings GROUP BY place;
SELECT place, all_v[1], all_v[2:3], cardinality(all_v), array_to_string(all_v, ' ', '-'), array_position(all_v, NULL) FROM (SELECT place, array_agg(v ORDER BY id) AS all_v FROM readings GROUP BY place) AS t WHERE all_v[1] > 4 ORDER BY all_v[1];
SELECT id, (ARRAY['x', 'y', 'z'])[id], (ARRAY[id, v, id + v])[1:id] FROM readings WHERE (ARRAY[v, id])[1] IS NOT NULL;
SELECT r.id, (SELECT (array_agg(s.id ORDER BY s.id))[2] FROM readings AS s WHERE s.place = r.place) FROM readings AS r;
SELECT id FROM readings WHERE id = ANY ((ARRAY[1, 3, 5])[2:]);
SELECT id FROM readings WHERE array_position(ARRAY[6, 2], id) IS NOT NULL ORDER BY array_position(ARRAY[6, 2], id);
SELECT all_v[1] AS first, count(*) FROM (SELECT array_agg(v % 5 ORDER BY id) AS all_v FROM readings GROUP BY id) AS t GROUP BY all_v[1];
CREATE VIEW firsts AS SELECT place, (array_agg(id ORDER BY id))[1] AS id, (array_agg(id ORDER BY id))[2:] AS rest FROM readings GROUP BY place;
SELECT * FROM firsts WHERE rest[1] > 2;
UPDATE readings SET v = (ARRAY[100, 200])[id] WHERE id < 4 RETURNING id, v;
SELECT * FROM readings;
