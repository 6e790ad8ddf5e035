// Plans as a flowchart and as a page: whole, well formed, and nothing of a query's text gets out of its place.

import { describe, expect, it } from 'vitest';
import type { ExplainJson } from '../../src/plan/explain/json.js';
import { errorOf, openTest } from '../db/support.js';

const QUERY = `
  SELECT t."<b>&", (SELECT max(id) FROM "quote""d" WHERE id < t.id) AS most
  FROM "<script>" t JOIN "quote""d" q ON q.id = t.id
  WHERE t."<b>&" <> '"]; <i>#*_' ORDER BY 1 LIMIT 3`;

function explained(format: 'mermaid' | 'html', analyze: boolean, memo = false): string {
  const db = openTest();
  db.exec(`
    CREATE TABLE "<script>" (id INTEGER PRIMARY KEY, "<b>&" TEXT);
    CREATE TABLE "quote""d" (id INTEGER PRIMARY KEY);
    INSERT INTO "<script>" VALUES (1, 'a'), (2, 'b');
    INSERT INTO "quote""d" VALUES (1), (2), (3)`);
  const text = db.explain(QUERY, [], { format, analyze, memo });
  const statement = `EXPLAIN (FORMAT ${format}${analyze ? ', ANALYZE' : ''}, MEMO ${memo}) ${QUERY}`;
  if (!analyze) expect(db.query(statement).map((row) => Object.values(row))).toEqual([[text]]);
  return text;
}

describe('mermaid', () => {
  it('has a node for every operator, and an arrow from every input', () => {
    for (const analyze of [false, true]) {
      const lines = explained('mermaid', analyze, analyze).split('\n');
      expect(lines.shift()).toBe('flowchart BT');
      const nodes = lines.filter((line) => /^ +n\d+\["[^"]*"\]$/.test(line));
      const notes = lines.filter((line) => /^ +(cn\d+|rules|m\d+)>"[^"]*"\]$/.test(line));
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
      const page = explained('html', analyze, !analyze);
      expect(page.includes('<h2>Memo</h2>')).toBe(!analyze);
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

describe('memo', () => {
  const query =
    'SELECT c.name, sum(o.total) FROM c JOIN o ON o.c = c.id WHERE c.kind = 3 GROUP BY c.name ORDER BY 1 LIMIT 2';
  const opened = () => {
    const db = openTest();
    db.exec(`
      CREATE TABLE c (id INTEGER PRIMARY KEY, name TEXT, kind INTEGER);
      CREATE TABLE o (id INTEGER PRIMARY KEY, c INTEGER, total REAL);
      CREATE INDEX c_kind ON c USING bitmap (kind);
      CREATE INDEX o_c ON o (c)`);
    for (let i = 0; i < 200; i++)
      db.exec(`INSERT INTO c VALUES (${i}, 'n${i}', ${i % 10}); INSERT INTO o VALUES (${i}, ${i % 50}, 1)`);
    return db;
  };

  it('has the ways that were priced, and does not change the plan', () => {
    const db = opened();
    const text = db.explain(query, [], { memo: true });
    expect(text.startsWith(`${db.explain(query)}\nMemo\n`)).toBe(true);
    const { plan, memo } = JSON.parse(db.explain(query, [], { memo: true, format: 'json' })) as ExplainJson;
    const groups = new Map(memo!.map((group) => [group.part, group.options]));
    const joins = groups.get('join of c, o')!;
    expect(joins.map(({ way }) => way.split('(')[0])).toEqual(
      expect.arrayContaining(['Hash Join', 'Lookup Join', 'Merge Join']),
    );
    expect(joins.map(({ cost }) => cost)).toEqual(joins.map(({ cost }) => cost).sort((a, b) => a - b));
    const [top] = groups.get('limit over c, o')!;
    expect([top!.verdict, top!.cost]).toEqual(['chosen', plan.cost]);
    for (const options of groups.values()) {
      expect(options.some(({ verdict }) => verdict !== 'dropped')).toBe(true);
      expect(new Set(options.map(({ way }) => way)).size, 'no way twice').toBe(options.length);
    }
  });

  it('follows the hints, and leaves out the dearest of many in the text', () => {
    const db = opened();
    const hashed = db.explain(query, [], { memo: true, hints: { join: 'hash' } });
    expect(hashed).toContain('+ Hash Join');
    expect(hashed).not.toContain('Lookup Join');
    const chain = Array.from({ length: 6 }, (_, i) => `JOIN o o${i} ON o${i}.c = ${i === 0 ? 'c.id' : `o${i - 1}.c`}`);
    const text = db.explain(`SELECT count(*) FROM c ${chain.join(' ')}`, [], { memo: true });
    expect(text).toMatch(/^ {4}- [\d,]+ dearer$/m);
  });

  it('is asked for with true or false', () => {
    const db = opened();
    expect(errorOf(() => db.explain(query, [], { memo: 'all' as never }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

it('other formats are refused', () => {
  const db = openTest();
  const error = errorOf(() => db.explain('SELECT 1', [], { format: 'xml' as 'text' }));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(error.hint).toBe("pass 'text', 'json', 'mermaid', 'html'");
});
