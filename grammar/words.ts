// The keywords, and which of them may also stand as names. The classes follow PostgreSQL's appendix "SQL Key Words",
// for the words that this dialect has; a word that is listed nowhere is a plain identifier.

/** Never a name unless quoted. */
export const RESERVED = words(`
  all analyze and any as asc both case cast check collate column constraint create current_date current_timestamp
  default desc distinct do else end except false fetch for foreign from group having in intersect into lateral leading localtimestamp
  limit not null offset on only or order primary references returning select some symmetric table then to
  trailing true union unique using values when where window with
  cross full ilike inner is isnull join left like natural notnull outer right
`);

/** Names anywhere, also as an alias without AS. */
export const FREE = words(`
  abort action add alter always begin by cascade commit conflict continue data delete drop escape exists explain first format
  generated identity if include index insert key last level match materialized memo next no nothing nulls of read reindex release rename replace
  restart restrict rollback row rows savepoint serializable simple snapshot start stored transaction truncate type unknown update view work
  write zone isolation committed uncommitted repeatable
`);

/** Names, but an alias only after AS, since they may continue an expression, a type or a query. */
export const NEEDS_AS = words(`between filter over precision time varying within without`);

/** Names, but not a table's alias without AS: `UPDATE t SET ...`. */
export const NOT_TABLE_ALIAS = words(`set`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Every keyword of the language, in lower case and sorted: for completion and highlighting. */
export function keywords(): string[] {
  return [...RESERVED, ...FREE, ...NEEDS_AS, ...NOT_TABLE_ALIAS].sort();
}
