-- JSON documents joined, cut and followed, as jsonb has it.
SELECT '{"a":1}'::jsonb || '{"b":2,"a":3}', '[1]'::jsonb || '[2]'::jsonb, '[1]'::jsonb || '3', '1'::jsonb || '2'::jsonb;
SELECT '{"a":1}'::jsonb || '[1,2]'::jsonb, '{"a":1}'::jsonb || '5'::jsonb, 'null'::jsonb || '[]'::jsonb, '{"a":1}'::jsonb || NULL;
SELECT '[1]'::jsonb || 'x'::text;
SELECT '{"a":1,"b":2}'::jsonb - 'a', '["a","b","a"]'::jsonb - 'a', '{"a":1,"b":2,"c":3}'::jsonb - '{a,c}'::text[];
SELECT '["a","b"]'::jsonb - 0, '["a","b"]'::jsonb - -1, '["a","b"]'::jsonb - 5, '["a","b"]'::jsonb - -5;
SELECT 5 - '3', '5' - 3;
-- error INVALID_VALUE
SELECT '{"a":1}'::jsonb - 0;
-- error INVALID_VALUE
SELECT '1'::jsonb - 'a';
SELECT jsonb_extract_path('{"a":{"b":[1,2]}}', 'a', 'b', '1'), jsonb_extract_path_text('{"a":{"b":[1,"x"]}}', 'a', 'b', '1');
SELECT json_extract_path_text('{"a":{"b":null}}', 'a', 'b'), json_extract_path('{"a":1}', 'b'), jsonb_extract_path('{"a":1}', NULL);
SELECT '{"a": 1, "b": [1, 2]}'::jsonb -> 'b' || '[3]' -> 0;

CREATE TABLE docs (id INTEGER PRIMARY KEY, doc JSONB, tag TEXT);
INSERT INTO docs VALUES (1, '{"a": 1}', 'a'), (2, '["a", "b"]', 'b'), (3, NULL, 'a'), (4, '{"a": {"a": 2}, "b": 3}', NULL);
SELECT id, doc || '{"z": true}', doc - tag, jsonb_extract_path(doc, 'a', tag) FROM docs WHERE id <> 3;
SELECT id FROM docs WHERE doc || '{"q": 1}' @> '{"q": 1, "a": 1}';

SELECT doc['a'], doc['a']['a'], doc[0], doc['b'][1], doc[NULL], doc[tag], doc[id] FROM docs;
SELECT ('[1,[2,3]]'::jsonb)[1][-1], ('[1,2]'::jsonb)['1'], ('{"1":2}'::jsonb)[1], ('5'::jsonb)['a'], ('{"a":null}'::jsonb)['a'];
CREATE INDEX docs_a ON docs ((doc['a']));
SELECT id FROM docs WHERE doc['a'] = '1' ORDER BY doc['a'];
-- error TYPE_MISMATCH
SELECT doc[true] FROM docs;
-- error TYPE_MISMATCH
SELECT doc[1:2] FROM docs;
-- only-here UNSUPPORTED
UPDATE docs SET doc['a'] = '2';

-- documents built of values
SELECT to_jsonb(1), to_jsonb(1.5), to_jsonb('a"b'::text), to_jsonb(true), to_jsonb(NULL::int), to_jsonb('{"a":1}'::jsonb), to_jsonb(ARRAY[1, NULL, 3]), to_json('x'::text);
SELECT to_jsonb(DATE '2024-02-29'), to_jsonb(TIMESTAMP '2024-02-29 12:34:56'), to_jsonb(ARRAY['a', 'b,c']), to_jsonb('null'::jsonb);
SELECT jsonb_build_array(), jsonb_build_array(1, 'a', NULL, true, 2.5, '{"z":[1]}'::jsonb, ARRAY[1, 2], DATE '2024-02-29'), json_build_array('x', 1);
SELECT jsonb_build_object(), jsonb_build_object('a', 1, 'b', NULL, 'c', '[1]'::jsonb, 'd', ARRAY['x']), json_build_object('a', 1.5);
SELECT jsonb_build_object(1, 2, true, 'b'), jsonb_build_object(1.5, 'x'), jsonb_build_object('a', 1, 'a', 2), jsonb_build_object(DATE '2024-02-29', 0);
-- error INVALID_VALUE
SELECT jsonb_build_object('a');
-- error INVALID_VALUE
SELECT jsonb_build_object(NULL, 1);
-- error INVALID_VALUE
SELECT jsonb_build_object('[1]'::jsonb, 1);
-- error INVALID_VALUE
SELECT jsonb_build_object(ARRAY[1], 1);
SELECT jsonb_set('{"a":1}', '{a}', '2'), jsonb_set('{"a":1}', '{b}', '2'), jsonb_set('{"a":1}', '{b}', '2', false), jsonb_set('{"a":1}', '{a}', '2', false), jsonb_set('{}', '{b}', '2', false);
SELECT jsonb_set('{"a":{"b":[1,2]}}', '{a,b,1}', '"x"'), jsonb_set('{"a":{"b":[1,2]}}', '{a,c,d}', '1'), jsonb_set('{"a":1}', '{a,b}', '1'), jsonb_set('{"a":{}}', '{a,b}', '1');
SELECT jsonb_set('[1,2]', '{0}', '9'), jsonb_set('[1,2]', '{-1}', '9'), jsonb_set('[1,2]', '{5}', '9'), jsonb_set('[1,2]', '{-5}', '9'), jsonb_set('[]', '{3}', '9');
SELECT jsonb_set('[1,2]', '{5}', '9', false), jsonb_set('[1,2]', '{-5}', '9', false), jsonb_set('[[1],[2]]', '{-1,0}', '9'), jsonb_set('[1,2]', '{}', '9'), jsonb_set('[{"a":1}]', '{0,a}', 'null');
SELECT jsonb_set(NULL, '{a}', '1'), jsonb_set('{}', NULL, '1'), jsonb_set('{}', '{a}', NULL), jsonb_set('{}', '{a}', '1', NULL), jsonb_set('{"a":1}', '{__proto__}', '1') ->> '__proto__';
-- error INVALID_VALUE
SELECT jsonb_set('1', '{a}', '1');
-- error INVALID_TEXT
SELECT jsonb_set('[1]', '{a}', '1');
-- error INVALID_VALUE
SELECT jsonb_set('{"a":1}', ARRAY[NULL::text], '1');
SELECT jsonb_insert('[1,2]', '{0}', '9'), jsonb_insert('[1,2]', '{0}', '9', true), jsonb_insert('[1,2]', '{-1}', '9'), jsonb_insert('[1,2]', '{-1}', '9', true), jsonb_insert('[1,2]', '{9}', '9'), jsonb_insert('[1,2]', '{-9}', '9', true);
SELECT jsonb_insert('{"a":[1]}', '{a,0}', '0'), jsonb_insert('{"a":1}', '{b}', '2'), jsonb_insert('{"a":1}', '{b}', '2', true), jsonb_insert('[]', '{0}', '1', true), jsonb_insert('{"a":{}}', '{b,c}', '1');
-- error INVALID_VALUE
SELECT jsonb_insert('{"a":1}', '{a}', '2');
SELECT '{"a":{"b":1,"c":2}}'::jsonb #- '{a,b}', '[1,[2,3]]'::jsonb #- '{1,0}', '[1,2]'::jsonb #- '{-1}', '[1,2]'::jsonb #- '{7}', '[1,2]'::jsonb #- '{-7}', '{"a":1}'::jsonb #- '{b,c}', '{"a":1}'::jsonb #- '{}', '{"a":1}'::jsonb #- ARRAY['a'];
-- error INVALID_VALUE
SELECT '1'::jsonb #- '{a}';
-- error INVALID_TEXT
SELECT '[1]'::jsonb #- '{a}';
SELECT jsonb_strip_nulls('{"a":null,"b":[null,{"c":null,"d":1}],"e":{"f":null}}'), json_strip_nulls('null'), jsonb_strip_nulls('[1,null]');
SELECT jsonb_exists('{"a":null}', 'a'), jsonb_exists('{"a":1}', 'b'), jsonb_exists('["a",1]', 'a'), jsonb_exists('["a",1]', '1'), jsonb_exists('"a"', 'a'), jsonb_exists('1', '1'), jsonb_exists('{}', NULL);
SELECT jsonb_exists_any('{"a":1}', '{b,a}'), jsonb_exists_any('{"a":1}', '{}'), jsonb_exists_all('["a","b"]', '{b,a}'), jsonb_exists_all('["a"]', '{b,a}'), jsonb_exists_all('{}', '{}'), jsonb_exists_any('{"a":1}', ARRAY[NULL, 'a']), jsonb_exists_all('{"a":1}', ARRAY[NULL, 'a']);
SELECT '{"a":1}'::jsonb <@ '{"a":1,"b":2}', '[1]'::jsonb <@ '[2]';

SELECT id, jsonb_build_object('idn', id, 'doc', doc, 'tag', jsonb_build_array(tag, id + 1)), to_jsonb(tag), to_jsonb(id) || to_jsonb(tag) FROM docs;
SELECT id, doc #- '{a}', jsonb_set(doc, ARRAY[tag], to_jsonb(id)) FROM docs WHERE id IN (1, 3);
SELECT id FROM docs WHERE jsonb_exists(doc, tag);
UPDATE docs SET doc = jsonb_set(doc, '{a,a}', '7') WHERE id = 4 RETURNING id, doc;
SELECT jsonb_agg(tag ORDER BY id DESC), jsonb_agg(DISTINCT tag), jsonb_agg(id ORDER BY id) FILTER (WHERE tag = 'a'), jsonb_object_agg(id, tag), jsonb_object_agg(tag, id ORDER BY id) FILTER (WHERE tag IS NOT NULL) FROM docs;
SELECT jsonb_object_agg(id = 2, id ORDER BY id) -> 'false', jsonb_object_agg(id + 0.5, tag) FILTER (WHERE id < 3) FROM docs;
-- error INVALID_VALUE
SELECT jsonb_object_agg(tag, id) FROM docs;
-- error TYPE_MISMATCH
SELECT jsonb_object_agg(doc, id) FROM docs;
SELECT tag, jsonb_agg(jsonb_build_object('id', id) ORDER BY id) FROM docs GROUP BY tag;
-- postgres SELECT 1
CREATE INDEX docs_built ON docs ((jsonb_build_array(id, tag)));
SELECT id FROM docs WHERE jsonb_build_array(id, tag) = '[2, "b"]';
