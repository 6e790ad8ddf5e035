// How errors in a text speak: in the words of SQL.

import type { Wording } from '../plan/binding/wording.js';

const SEARCH_ONCE = "write WHERE MATCH(column, 'words') once";

export const SQL_WORDING: Wording = {
  castTo: (type) => `write CAST(... AS ${type.toUpperCase()})`,
  castToOne: 'cast to one type',
  castArgument: 'cast the argument with CAST(... AS type)',
  notComparable: (left, right) => [
    `cannot compare ${left.type.toUpperCase()} with ${right.type.toUpperCase()}`,
    'cast one side with CAST(... AS type)',
  ],
  arrayNeeded: (element) => [`an array of ${element} is needed here`],
  noAggregates: (name, clause) => {
    const message = `${name} is an aggregate, which ${clause} cannot hold`;
    return clause === 'WHERE' ? [message, 'conditions on aggregates stand in HAVING'] : [message];
  },
  notGrouped: (column) => [
    `column "${column}" must be in GROUP BY or inside an aggregate`,
    `add it to GROUP BY, or write min(${column})`,
  ],
  notFirst: [
    'with DISTINCT ON, ORDER BY begins with the expressions of DISTINCT ON',
    'name those first: which row is kept depends on what follows them',
  ],
  notListed: [
    'with SELECT DISTINCT, ORDER BY expressions must be in the select list',
    'add the expression to the select list',
  ],
  notOneColumn: (columns) => [`a sub-query here must have one column, this has ${columns}`],
  notAnArgument: [
    'with DISTINCT, ORDER BY inside an aggregate can name its arguments only',
    'write the argument itself',
  ],
  notKnownFirst: ['LIMIT and OFFSET must be known before the first row'],
  noSearch: ['there is no MATCH in WHERE that it could belong to', SEARCH_ONCE],
  manySearches: ['there is more than one MATCH in WHERE, so that its meaning is open', SEARCH_ONCE],
  noTextIndex: (column) => `MATCH needs a full-text index on "${column}", which defines how its text is analysed`,
  searchElsewhere: ['MATCH searches columns of tables in FROM', 'put MATCH into the query that reads the table'],
};
