// How texts compare: BINARY, by code point, or NOCASE, by their lower-case forms. Of the bound query NOCASE leaves no trace but lower()
// (and lower_each, greatest_nocase, least_nocase): what compares, orders, groups or keys a text puts it around, so that indexes and rules
// need to know nothing of it.

import { foldedText, foldedTexts } from '../../catalog/keys.js';
import type { Collation, ColumnDef } from '../../catalog/definitions.js';
import * as build from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';

/** How an expression, or an element of an array, compares, and whether a COLLATE says so: then it wins over what a column's definition says. */
export interface Derivation {
  readonly collation: Collation;
  readonly explicit: boolean;
  /** The COLLATE stands inside an aggregate's argument. */
  readonly inside?: boolean;
}

export class Collations {
  private readonly columns = new Set<ColumnId>();
  private readonly exprs = new WeakMap<Expr, Derivation>();
  /** What lower() was put around. */
  private readonly folded = new WeakMap<Expr, Expr>();
  private anyExplicit = false;

  /** Notes that a column of the query holds values of a stored column. */
  stored(id: ColumnId, { collation }: Pick<ColumnDef, 'collation'>): void {
    if (collation === 'nocase') this.columns.add(id);
  }

  /** Notes that a column of the query compares as an expression does. */
  like(id: ColumnId, expr: Expr): void {
    if (this.isNocase(expr)) this.columns.add(id);
  }

  /** The collation of a column of the query. */
  ofColumn(id: ColumnId): Collation | undefined {
    return this.columns.has(id) ? 'nocase' : undefined;
  }

  /** `expr COLLATE collation`. */
  collate(expr: Expr, collation: Collation): Expr {
    this.anyExplicit = true;
    return this.note(expr, { collation, explicit: true });
  }

  /** An expression that yields values of a column: of a query around, or of a sub-query. */
  valueOf(id: ColumnId, expr: Expr): Expr {
    const collation = this.ofColumn(id);
    return collation === undefined || expr.kind === 'column' ? expr : this.note(expr, { collation, explicit: false });
  }

  /** What stands for an aggregate: as anything computed, it compares as a COLLATE in its arguments says. */
  aggregated(expr: Expr, args: readonly Expr[]): Expr {
    const derivation = isText(expr) ? this.explicitIn(args) : undefined;
    return derivation === undefined ? expr : this.note(expr, { ...derivation, inside: true });
  }

  private explicitIn(exprs: readonly Expr[]): Derivation | undefined {
    if (!this.anyExplicit) return undefined;
    return exprs.map((expr) => this.of(expr)).find((derivation) => derivation?.explicit);
  }

  private note(expr: Expr, derivation: Derivation): Expr {
    const copy = { ...expr };
    this.exprs.set(copy, derivation);
    return copy;
  }

  /** What is computed compares BINARY, unless a COLLATE stands inside. */
  of(expr: Expr): Derivation | undefined {
    const noted = this.exprs.get(expr);
    if (noted) return noted;
    if (expr.kind === 'column') return this.columns.has(expr.id) ? { collation: 'nocase', explicit: false } : undefined;
    if (!isText(expr) || this.folded.has(expr) || !isComputed(expr)) return undefined;
    return this.explicitIn(build.children(expr));
  }

  isNocase(expr: Expr): boolean {
    return this.of(expr)?.collation === 'nocase';
  }

  /** What the expression was made of, with the COLLATE that stands around it, for printing. */
  written(expr: Expr): { readonly expr: Expr; readonly collation: Collation | undefined } | undefined {
    const original = this.folded.get(expr);
    // An array compares as what stands beside it: of it nothing is written.
    if (original) return { expr: original, collation: typeOf(expr) === 'text' ? 'nocase' : undefined };
    const noted = this.exprs.get(expr);
    return noted?.explicit && !noted.inside ? { expr: { ...expr }, collation: noted.collation } : undefined;
  }

  /** What stands for a text where it is ordered, grouped or keyed: itself, or its lower-case form. */
  key(expr: Expr): Expr {
    return this.isNocase(expr) ? this.fold(expr) : expr;
  }

  /** The lower-case form, of texts and arrays of them; anything else as it is. */
  fold(expr: Expr): Expr {
    if (!isText(expr)) return expr;
    const bare = { ...expr };
    const folded = typeOf(expr) === 'text' ? foldedText(bare) : foldedTexts(bare);
    if (folded.kind === 'call') this.folded.set(folded, bare);
    return folded;
  }
}

function isText(expr: Expr): boolean {
  const type = typeOf(expr);
  return type === 'text' || type === 'text[]';
}

function isComputed(expr: Expr): boolean {
  return expr.kind === 'call' || expr.kind === 'case' || expr.kind === 'cast';
}
