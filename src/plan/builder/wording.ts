// How errors in a query built in code speak: in the words of its methods.

import type { Wording } from '../binding/wording.js';

const SEARCH_ONCE = "call .match('column', 'words') once";

export const BUILDER_WORDING: Wording = {
  castTo: (type) => `call .cast('${type}')`,
  castToOne: 'make them one type with .cast(type)',
  castArgument: 'convert it with .cast(type)',
  notComparable: (left, right) => {
    const [a, b] = [left, right].map(({ shown, type }) => `${shown}, which is ${type.toUpperCase()}`);
    return [`cannot compare ${a}, with ${b}`, 'make one side the type of the other with .cast(type)'];
  },
  arrayNeeded: (element) => [`in() needs an array of ${element} here`],
  noAggregates: (name, clause) => {
    const message = `${name} is an aggregate, which ${clause} cannot hold`;
    return clause === 'where' ? [message, 'conditions on aggregates stand in having'] : [message];
  },
  notGrouped: (column) => [
    `column "${column}" must be in groupBy or inside an aggregate`,
    'add it to groupBy, or take its min()',
  ],
  notFirst: [
    'with distinctOn(), orderBy begins with its expressions',
    'name those first: which row is kept depends on what follows them',
  ],
  notListed: ['with distinct(), orderBy takes expressions of the select list', 'add the expression to select'],
  notOneColumn: (columns) => [
    `a query used as a value must have one column, this has ${columns}`,
    'choose it with .select(t => ({ value: t.column }))',
  ],
  notAnArgument: [
    'with distinct(), orderBy() of an aggregate can name its arguments only',
    'order by the argument itself',
  ],
  notKnownFirst: ['limit and offset must be known before the first row', 'pass a number or a param'],
  noSearch: ['there is no search in the conditions that score() could belong to', SEARCH_ONCE],
  manySearches: ['there is more than one search in the conditions, so that score() could mean either', SEARCH_ONCE],
  noTextIndex: (column) => `a search needs a full-text index on "${column}", which defines how its text is analysed`,
  searchElsewhere: ['a search is over columns of tables in FROM', 'put the search into the query that reads the table'],
};
