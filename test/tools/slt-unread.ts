// Which statements of a sqllogictest file matter to the queries that are left in it. A table or view lives from its CREATE to its DROP;
// a life that no query reads, and from which no life that is read was filled, is left out with all its statements.

import type { SltRecord, StatementRecord } from '../slt/parse.js';

interface Life {
  readonly statements: StatementRecord[];
  /** Lives that its statements read. */
  readonly sources: Set<Life>;
  made: boolean;
  over: boolean;
}

const CREATE = /^CREATE (?:TABLE|VIEW) (?:IF NOT EXISTS )?(\w+)/i;
const DROP = /^DROP (?:TABLE|VIEW)\b/i;

export function withoutUnread(records: readonly SltRecord[]): SltRecord[] {
  const names = new Set(records.flatMap((r) => (r.kind === 'statement' ? (CREATE.exec(r.sql)?.[1] ?? []) : [])));
  const lives = new Map<string, Life>();
  const lifeOf = (name: string, making = false): Life => {
    const known = lives.get(name);
    if (known !== undefined && !known.over && !(making && known.made)) return known;
    const life: Life = { statements: [], sources: new Set(), made: false, over: false };
    lives.set(name, life);
    return life;
  };

  const read = new Set<Life>();
  const owned = new Set<SltRecord>();
  for (const record of records) {
    if (record.skipped || record.kind === 'halt') continue;
    const mentioned = [...new Set(record.sql.match(/\w+/g))].filter((name) => names.has(name));
    if (record.kind === 'query') {
      for (const name of mentioned) read.add(lifeOf(name));
      continue;
    }
    // What a statement makes or changes comes first in it.
    const [subject, ...sources] = mentioned;
    if (subject === undefined) continue;
    const making = CREATE.test(record.sql);
    const life = lifeOf(subject, making);
    life.statements.push(record);
    owned.add(record);
    life.made ||= making;
    life.over = life.made && DROP.test(record.sql);
    for (const name of sources) life.sources.add(lifeOf(name));
  }

  // A set is walked in the order of insertion, what is added on the way included.
  for (const life of read) for (const source of life.sources) read.add(source);
  const kept = new Set<SltRecord>([...read].flatMap((life) => life.statements));
  return records.filter((record) => !owned.has(record) || kept.has(record));
}
