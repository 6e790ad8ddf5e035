// Expressions as trees that write themselves in each language, and can be made smaller.

import { castType, literal, parameter } from './dialect.js';
import type { Dialect, Kind, Scalar } from './dialect.js';
import type { Query } from './query.js';

export interface Node {
  readonly kind: Kind;
  readonly kids: readonly Node[];
  readonly write: (dialect: Dialect, kids: readonly string[]) => string;
  /** Reads a column: such an expression may be sorted and grouped by. */
  readonly column?: boolean;
  /** What the column that this is draws from. */
  readonly pool?: readonly Scalar[];
  /** A value; `bound` as a parameter. */
  readonly value?: { readonly scalar: Scalar; readonly bound: boolean; readonly pool: readonly Scalar[] };
  /** A list bound as one array parameter, after a kid. */
  readonly list?: readonly Scalar[];
  /** Sub-queries, written after the kids. */
  readonly queries?: readonly Query[];
  /** For coverage: and, or, not, match, spatial, ... */
  readonly what?: string;
  /** PostgreSQL alone can say what it should be. */
  readonly notInSqlite?: boolean;
}

export class Writer {
  readonly parameters: (Scalar | Date | readonly (Scalar | Date)[])[] = [];

  constructor(
    readonly dialect: Dialect,
    private readonly writeQuery: (query: Query, writer: Writer) => string,
  ) {}

  node(node: Node): string {
    if (node.value !== undefined) return this.value(node.value.scalar, node.value.bound, node.kind);
    const kids = node.kids.map((kid) => this.node(kid));
    if (node.list !== undefined) kids.push(this.list(node.list, node.kids[0]!.kind));
    for (const query of node.queries ?? []) kids.push(this.writeQuery(query, this));
    return node.write(this.dialect, kids);
  }

  private value(scalar: Scalar, bound: boolean, kind: Kind): string {
    // PostgreSQL is asked many queries at once, which leaves no place for parameters; they would mean the same.
    if (!bound || this.dialect === 'postgres') return literal(this.dialect, scalar, kind);
    this.parameters.push(parameter(this.dialect, scalar, kind));
    const n = this.parameters.length;
    return this.dialect === 'sqlite' ? `?${n}` : `$${n}`;
  }

  private list(list: readonly Scalar[], kind: Kind): string {
    if (this.dialect !== 'lightning') {
      return `IN (${list.map((value) => literal(this.dialect, value, kind)).join(', ')})`;
    }
    this.parameters.push(list.map((value) => parameter(this.dialect, value, kind)));
    const n = this.parameters.length;
    return n % 2 === 0 ? `IN $${n}` : `= ANY($${n})`;
  }
}

export function value(scalar: Scalar, kind: Kind, pool: readonly Scalar[] = [], bound = false): Node {
  return { kind, kids: [], write: () => '', value: { scalar, bound: bound && scalar !== null, pool } };
}

/** `template('integer', [a, b], (k) => ...)` for what is written alike everywhere. */
export function same(
  kind: Kind,
  kids: readonly Node[],
  write: (kids: readonly string[]) => string,
  what?: string,
): Node {
  const column = kids.some((kid) => kid.column === true);
  return { kind, kids, write: (_, texts) => write(texts), column, ...(what === undefined ? {} : { what }) };
}

export function infix(kind: Kind, operator: string, left: Node, right: Node, what?: string): Node {
  return same(kind, [left, right], ([a, b]) => `(${a} ${operator} ${b})`, what);
}

/** As `same`, where SQLite writes it in its own way; `undefined`: SQLite has it not. */
export function unlike(
  kind: Kind,
  kids: readonly Node[],
  write: (kids: readonly string[], dialect: Dialect) => string,
  sqlite: ((kids: readonly string[]) => string) | undefined,
  what?: string,
): Node {
  return {
    ...same(kind, kids, () => '', what),
    write: (d, texts) => (d === 'sqlite' && sqlite !== undefined ? sqlite(texts) : write(texts, d)),
    ...(sqlite === undefined ? { notInSqlite: true } : {}),
  };
}

export function cast(node: Node, kind: Kind): Node {
  return {
    kind,
    kids: [node],
    column: node.column === true,
    what: 'cast',
    // PostgreSQL has no cast from boolean to bigint in one step.
    write: (d, [a]) =>
      d === 'postgres' && node.kind === 'boolean'
        ? `CAST(CAST(${a} AS INTEGER) AS BIGINT)`
        : `CAST(${a} AS ${castType(d, kind)})`,
  };
}

/** Every node of a tree, not those of sub-queries. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const kid of node.kids) walk(kid, visit);
}

/** Trees that are smaller by one step: a descendant of the same kind in the node's place, or a smaller kid. */
export function smallerNodes(node: Node): Node[] {
  const found: Node[] = [];
  const add = (kid: Node): void => {
    if (kid.kind === node.kind) found.push(kid);
    else kid.kids.forEach(add);
  };
  node.kids.forEach(add);
  if (node.value?.bound === true) found.push({ ...node, value: { ...node.value, bound: false } });
  node.kids.forEach((kid, i) => {
    for (const smaller of smallerNodes(kid)) found.push({ ...node, kids: node.kids.with(i, smaller) });
  });
  return found;
}
