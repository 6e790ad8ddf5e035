// Random writes over the tables of a world: every form of INSERT, UPDATE and DELETE, with sub-queries and other tables where `others` are
// given. A row changes by at most one other row, so that the outcome is the same everywhere.

import { literal } from './dialect.js';
import type { Dialect, Scalar } from './dialect.js';
import { Expressions } from './generate/expressions.js';
import { plainScope, read, visible } from './generate/scope.js';
import type { Scope } from './generate/scope.js';
import { infix, Writer } from './node.js';
import type { Node } from './node.js';
import { select, writeQuery } from './query.js';
import type { Random } from './random.js';
import { drawAbout, drawPlace, drawRow, drawValue } from './schema.js';
import type { Column, RowValues, Table } from './schema.js';
import { columnNames, everywhere, insertText, searchColumns, searchValues } from './steps.js';
import type { Step } from './steps.js';

type Tame = Pick<Column, 'arithmetic' | 'ascii'>;

export class Writes {
  private readonly expressions: Expressions;
  private readonly scope: Scope;
  private spare: Scalar[];
  private copies = 0;

  constructor(
    private readonly random: Random,
    private readonly table: Table,
    /** Tables that a statement may read beside its own. */
    private readonly others: readonly Table[] = [],
  ) {
    this.expressions = new Expressions(random, false);
    this.scope = plainScope(table.columns.map((c) => visible(table.name, c)));
    const { kind } = table.id;
    this.spare = Array.from({ length: 40 }, (_, i) => (kind === 'text' ? `new${i}` : table.id.pool.length + 10 + i));
  }

  some(): Step[] {
    return Array.from({ length: this.random.int(1, 8) }, () => this.step(0));
  }

  /** Statements that leave no fewer rows. */
  additions(): Step[] {
    return Array.from({ length: this.random.int(1, 4) }, () =>
      this.random.chance(0.5) ? this.update() : this.insert(),
    );
  }

  private step(depth: number): Step {
    const { random } = this;
    if (depth < 2 && random.chance(0.3)) {
      const steps = Array.from({ length: random.int(1, 4) }, () => this.step(depth + 1));
      return { kind: 'transaction', steps, undone: random.chance(0.5) };
    }
    return this.statement();
  }

  /** One statement; `few` rows are to stay. */
  statement(few = true): Step {
    const { random, table, others } = this;
    const keyed = table.primaryKey.length === 1;
    return random.weighted<() => Step>([
      [4, () => this.update()],
      [few ? 1.5 : 3, () => this.remove()],
      [2, () => this.insert()],
      [keyed ? 1 : 0, () => this.upsert()],
      [others.length > 0 ? 2 : 0, () => this.updateFrom()],
      [others.length > 0 ? 1 : 0, () => this.removeIn()],
      [others.length > 0 && !few ? 0 : 1, () => this.copy()],
    ])();
  }

  private text(node: Node, dialect: Dialect): string {
    return new Writer(dialect, writeQuery).node(node);
  }

  private predicate(): Node {
    return this.expressions.predicate(
      this.scope,
      this.random.weighted([
        [5, 0],
        [2, 1],
      ]),
    );
  }

  private update(): Step {
    const { random, table } = this;
    const where = this.predicate();
    if (table.search && random.chance(0.3)) {
      const row = { about: drawAbout(random), loc: drawPlace(random) };
      return everywhere((d) => {
        const names = d === 'lightning' ? ['about', 'loc'] : searchColumns();
        const values = searchValues(row, d);
        return `UPDATE ${table.name} SET ${names.map((name, i) => `${name} = ${values[i]}`).join(', ')} WHERE ${this.text(where, d)}`;
      });
    }
    const columns = table.columns.filter((c) => c !== table.id);
    const changed = random.sample(columns, random.int(1, 2)).map((column) => {
      const kept = column.nulls > 0 || column.kind === 'integer';
      if (kept && column.arithmetic && random.chance(0.4)) {
        const tame = { ...this.scope, columns: this.scope.columns.filter((from) => isAsTame(from, column)) };
        const node = this.expressions.scalar(column.kind, tame, 1);
        const whole: Node = {
          kind: column.kind,
          kids: [node],
          write: (d, [a]) => `coalesce(${a}, ${literal(d, column.pool[0]!, column.kind)})`,
        };
        return { column, node: column.nulls > 0 ? node : whole };
      }
      const scalar = drawValue(random, column);
      return {
        column,
        node: { kind: column.kind, kids: [], write: (d) => literal(d, scalar, column.kind) } satisfies Node,
      };
    });
    return everywhere(
      (d) =>
        `UPDATE ${table.name} SET ${changed.map(({ column, node }) => `${column.name} = ${this.text(node, d)}`).join(', ')} WHERE ${this.text(where, d)}`,
    );
  }

  /** Columns that a row of another table, met by its id, may give. */
  private updateFrom(): Step {
    const { random, table, others } = this;
    const other = random.pick(others);
    const theirs = other.columns.map((c) => visible('o', c));
    const links = this.scope.columns.filter((c) => c.kind === other.id.kind);
    const pairs = table.columns.flatMap((own) => {
      if (own === table.id) return [];
      const fitting = theirs.filter(
        (c) => c.kind === own.kind && isAsTame(c, own) && (own.nulls > 0 || notNull(other, c.name)),
      );
      return fitting.length === 0 ? [] : [{ own, from: random.pick(fitting) }];
    });
    if (links.length === 0 || pairs.length === 0) return this.update();
    const chosen = random.sample(pairs, random.int(1, 2));
    const on = infix('boolean', '=', read(visible('o', other.id)), read(random.pick(links)));
    const both: Scope = { ...this.scope, columns: [...this.scope.columns, ...theirs] };
    const where = random.chance(0.5) ? infix('boolean', 'AND', on, this.expressions.predicate(both, 0)) : on;
    return everywhere((d) => {
      const sets = chosen.map(({ own, from }) => `${own.name} = ${this.text(read(from), d)}`).join(', ');
      return `UPDATE ${table.name} SET ${sets} FROM ${other.name} AS o WHERE ${this.text(where, d)}`;
    });
  }

  private remove(): Step {
    const where = this.expressions.predicate(this.scope, 0);
    return everywhere((d) => `DELETE FROM ${this.table.name} WHERE ${this.text(where, d)}`);
  }

  /** Rows that a sub-query finds or does not find, correlated in half of the cases. */
  private removeIn(): Step {
    const { random, table, others } = this;
    const other = random.pick(others);
    const theirs = other.columns.map((c) => visible('o', c));
    const inner: Scope = { ...this.scope, columns: theirs };
    const test = this.expressions.predicate(inner, 0);
    const own = random.pick(this.scope.columns);
    const fitting = theirs.filter((c) => c.kind === own.kind);
    const source = { alias: 'o', table: other.name, join: undefined, on: undefined };
    const not = random.chance(0.25) ? 'NOT ' : '';
    if (fitting.length === 0) return this.remove();
    const partner = read(random.pick(fitting));
    const link = infix('boolean', '=', partner, read(own));
    const where: Node = random.chance(0.5)
      ? {
          kind: 'boolean',
          kids: [read(own)],
          queries: [select([source], [partner], { where: test })],
          write: (_, [a, q]) => `(${a} ${not}IN (${q}))`,
        }
      : {
          kind: 'boolean',
          kids: [],
          queries: [select([source], [partner], { where: infix('boolean', 'AND', link, test) })],
          write: (_, [q]) => `(${not}EXISTS (${q}))`,
        };
    // Not most of the table.
    const bounded = infix('boolean', 'AND', where, this.expressions.predicate(this.scope, 0));
    return everywhere((d) => `DELETE FROM ${table.name} WHERE ${this.text(bounded, d)}`);
  }

  private fresh(): RowValues[] {
    const ids = this.spare.splice(0, this.random.int(1, 4));
    return ids.map((id) => drawRow(this.random, this.table, id));
  }

  private insert(): Step {
    const rows = this.fresh();
    if (rows.length === 0) return this.update();
    return everywhere((d) => insertText(this.table, rows, d));
  }

  /** Rows of the table again, under other ids. */
  private copy(): Step {
    const { random, table } = this;
    const where = infix('boolean', 'AND', this.predicate(), this.expressions.predicate(this.scope, 0));
    // Copies of copies too: powers of two have no sum in common.
    const step = 100_000 * 2 ** this.copies++;
    const ids = { integer: `id + ${step}`, text: `'n${step}' || id` };
    const id = table.id.kind === 'text' ? ids.text : ids.integer;
    const changed = table.columns.find((c) => c !== table.id && c.kind === 'integer' && c.arithmetic);
    const computed = random.chance(0.5) ? changed : undefined;
    return everywhere((d) => {
      const names = columnNames(table, d);
      const values = names.map((name) => (name === 'id' ? id : name === computed?.name ? `${name} + 1` : name));
      return `INSERT INTO ${table.name} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${table.name} WHERE ${this.text(where, d)}`;
    });
  }

  /** Rows whose ids may be there: left alone, replaced, or changed in part and on a condition. */
  private upsert(): Step {
    const { random, table } = this;
    const known = random.sample(table.id.pool, random.int(1, 5));
    const rows = known.map((id) => drawRow(random, table, id));
    const form = random.weighted([
      [3, 'replace'],
      [1, 'nothing'],
      [2, 'condition'],
    ]);
    const test = this.expressions.predicate(this.scope, 0);
    const part = random.pick(table.columns.filter((c) => c !== table.id));
    return everywhere((d) => {
      const insert = `${insertText(table, rows, d)} ON CONFLICT (id) DO`;
      if (form === 'nothing') return `${insert} NOTHING`;
      if (form === 'condition') {
        return `${insert} UPDATE SET ${part.name} = excluded.${part.name} WHERE ${this.text(test, d)}`;
      }
      const names = columnNames(table, d).filter((name) => name !== 'id');
      return `${insert} UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;
    });
  }
}

/** Whether what queries do with a column they can still do when it takes values of another. */
function isAsTame(from: Tame, to: Tame): boolean {
  return (from.arithmetic || !to.arithmetic) && (from.ascii || !to.ascii);
}

function notNull(table: Table, name: string): boolean {
  return table.columns.some((c) => c.name === name && c.nulls === 0);
}
