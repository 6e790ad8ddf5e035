// Plans as a flowchart and as a page: whole, well formed, and nothing of a query's text gets out of its place.

import { describe, expect, it } from 'vitest';
import { errorOf, openTest } from '../db/support.js';

const QUERY = `
  SELECT t."<b>&", (SELECT max(id) FROM "quote""d" WHERE id < t.id) AS most
  FROM "<script>" t JOIN "quote""d" q ON q.id = t.id
  WHERE t."<b>&" <> '"]; <i>#*_' ORDER BY 1 LIMIT 3`;

function explained(format: 'mermaid' | 'html', analyze: boolean): string {
  const db = openTest();
  db.exec(`
    CREATE TABLE "<script>" (id INTEGER PRIMARY KEY, "<b>&" TEXT);
    CREATE TABLE "quote""d" (id INTEGER PRIMARY KEY);
    INSERT INTO "<script>" VALUES (1, 'a'), (2, 'b');
    INSERT INTO "quote""d" VALUES (1), (2), (3)`);
  const text = db.explain(QUERY, [], { format, analyze });
  const statement = `EXPLAIN (FORMAT ${format}${analyze ? ', ANALYZE' : ''}) ${QUERY}`;
  if (!analyze) expect(db.query(statement).map((row) => Object.values(row))).toEqual([[text]]);
  return text;
}

describe('mermaid', () => {
  it('has a node for every operator, and an arrow from every input', () => {
    for (const analyze of [false, true]) {
      const lines = explained('mermaid', analyze).split('\n');
      expect(lines.shift()).toBe('flowchart BT');
      const nodes = lines.filter((line) => /^ +n\d+\["[^"]*"\]$/.test(line));
      const notes = lines.filter((line) => /^ +(cn\d+|rules)>"[^"]*"\]$/.test(line));
      const arrows = lines.flatMap((line) => /^ +(n\d+) -->\|[\d,<]+\| (n\d+)$/.exec(line) ?? []);
      const groups = lines.filter((line) => /^ +(subgraph s\d+\["Sub-query \d+"\]|end)$/.test(line));
      const ties = lines.filter((line) => / -\.- /.test(line));
      expect(nodes.length + notes.length + arrows.length / 3 + groups.length + ties.length).toBe(lines.length);
      expect(nodes.length, 'a tree each for the query and its sub-queries').toBe(
        arrows.length / 3 + 1 + groups.length / 2,
      );
      expect(nodes.some((line) => line.includes('on #60;script#62; t'))).toBe(true);
      expect(nodes.every((line) => line.includes('actual rows=') || line.includes('never run'))).toBe(analyze);
      const texts = [...nodes, ...notes].map((line) => line.replaceAll(/<br\/>|<\/?b>/g, ''));
      expect(texts.filter((line) => /[<`]/.test(line))).toEqual([]);
    }
  });
});

describe('html', () => {
  it('is one page whose elements close, without scripts or other files', () => {
    for (const analyze of [false, true]) {
      const page = explained('html', analyze);
      expect(page.startsWith('<!DOCTYPE html>')).toBe(true);
      const open: string[] = [];
      for (const [, closing, name] of page.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
        if (closing === '') {
          if (name !== 'meta') open.push(name!);
        } else expect(open.pop()).toBe(name);
      }
      expect(open).toEqual([]);
      expect(page).not.toMatch(/<script|<b>|src=|href=|url\(/);
      expect(page).toContain('on &#60;script&#62; t');
      expect(page.includes('actual rows=')).toBe(analyze);
    }
  });
});

it('other formats are refused', () => {
  const db = openTest();
  const error = errorOf(() => db.explain('SELECT 1', [], { format: 'xml' as 'text' }));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(error.hint).toBe("pass 'text', 'json', 'mermaid', 'html'");
});
