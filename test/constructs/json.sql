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
