// Every example of the documentation builds, and prints the text that stands under it.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as builder from '../../src/plan/builder/index.js';
import { bound, lowered, meaning, runner } from './support.js';

const text = readFileSync(new URL('../../docs/plan-builder.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/```ts\n([^]*?)```\n\n```sql\n([^]*?)\n```/g)];

describe('docs/plan-builder.md', () => {
  it('has its examples in pairs', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
    expect([...text.matchAll(/```ts\n/g)]).toHaveLength(examples.length);
  });

  for (const [, code = '', sql = ''] of examples) {
    it(code.split('\n')[0] ?? '', () => {
      const { outputText } = ts.transpileModule(`const query = ${code}`, {
        compilerOptions: { target: ts.ScriptTarget.ES2022 },
      });
      const names = Object.keys(builder).filter((name) => !['from', 'values', 'select'].includes(name));
      const db = {
        from: (table: string, alias?: string) => builder.from(runner, table, alias),
        values: (rows: { [name: string]: unknown }[], alias?: string) => builder.values(runner, rows, alias),
        select: (items: Parameters<typeof builder.select>[1]) => builder.select(runner, items),
      };
      const make = new Function('db', ...names, `${outputText}; return query;`) as (
        ...given: unknown[]
      ) => builder.Query<readonly object[], unknown>;
      const query = make(db, ...names.map((name) => builder[name as keyof typeof builder]));
      expect(query.toSQL()).toBe(sql);
      expect(meaning(bound(sql))).toEqual(meaning(lowered(query)));
    });
  }
});
