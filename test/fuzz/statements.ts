// Runs texts that nobody wrote for this dialect against a small database, statement by statement. Whatever they are, the engine answers or
// rejects them in time, with an error of its own that says where.

import { parse } from '../../grammar/index.js';
import { Splitter } from '../../src/cli/splitter.js';
import { LightningError } from '../../src/errors.js';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';

export interface Finding {
  readonly statement: string;
  readonly what: string;
}

export interface Tally {
  statements: number;
  answered: number;
  /** By code. */
  readonly rejected: Map<string, number>;
  readonly findings: Finding[];
  slowest: { ms: number; statement: string };
}

/** No statement takes longer, milliseconds of processor: the machine may be busy with other things. */
export const LONGEST = 2_000;

/** The names that SQLite's texts use most, so that many of them bind. */
const SETUP = `
  CREATE TABLE t0 (a INTEGER, b TEXT, c REAL, d BOOLEAN, c0 INTEGER, c1 TEXT, c2 REAL);
  CREATE TABLE t1 (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, c TEXT, d REAL, x INTEGER, y TEXT);
  CREATE TABLE t2 (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c INTEGER, x REAL, y DATE, content TEXT);
  CREATE TABLE t3 (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b BOOLEAN, c TIMESTAMP, x POINT);
  CREATE TABLE counts (v INTEGER PRIMARY KEY, n INTEGER);
  CREATE TABLE x (y TEXT, a INTEGER);
  CREATE TABLE t (a INTEGER, b TEXT, x INTEGER, j JSON);
  CREATE INDEX t1a ON t1 (a, b);
  CREATE INDEX t1c ON t1 USING bitmap (c);
  CREATE INDEX t1b ON t1 USING hash (b);
  CREATE INDEX t2f ON t2 USING fulltext (content);
  CREATE INDEX t3x ON t3 USING rtree (x);
  CREATE VIEW v1 AS SELECT a, count(*) AS n FROM t1 GROUP BY a;
  INSERT INTO t0 VALUES (1, 'a', 0.5, TRUE, 1, 'one', 1), (NULL, NULL, NULL, NULL, NULL, NULL, NULL), (2, '', -1, FALSE, 0, 'two', 2);
  INSERT INTO t1 VALUES (1, 1, 2, 'abc', 1.5, 10, 'x'), (2, NULL, 2, NULL, NULL, 11, ''), (3, 3, -1, 'ABC', -0.5, NULL, 'yy');
  INSERT INTO t2 VALUES (1, 'x', '1', 1, 0.5, DATE '2020-02-29', 'one two three'), (2, NULL, 'y', 2, NULL, NULL, NULL), (3, 'z', '', 3, 3, DATE '1969-12-31', 'two');
  INSERT INTO t3 VALUES (1, 1, TRUE, TIMESTAMP '2020-01-01 10:00:00', ST_Point(1, 2)), (2, 2, NULL, NULL, NULL);
  INSERT INTO counts VALUES (1, 1), (2, 5);
  INSERT INTO x VALUES ('bb cc', 1), (NULL, NULL);
  INSERT INTO t VALUES (1, 'b', 2, '{"a": [1, null, "x"]}'), (NULL, NULL, NULL, NULL);
`;

export class StatementFuzz {
  readonly tally: Tally = {
    statements: 0,
    answered: 0,
    rejected: new Map(),
    findings: [],
    slowest: { ms: 0, statement: '' },
  };
  private db: Database | undefined;

  /** @param answer how a statement is run, where it is not as usual */
  constructor(private readonly answer: (db: Database, statement: string) => void = answered) {}

  /** All statements of a text, each in the state that those before it left; the database is made anew once one of them has changed it. */
  run(text: string): void {
    const db = (this.db ??= fresh());
    const before = db.stats().sequence;
    const splitter = new Splitter();
    const pieces = [...splitter.push(text), ...splitter.end()];
    for (const statement of [text, ...(pieces.length > 1 ? pieces.map((piece) => piece.text) : [])]) {
      this.statement(db, statement);
    }
    if (db.inTransaction || db.stats().sequence !== before) {
      this.check(text, () => {
        if (db.inTransaction) db.exec('ROLLBACK');
        const { findings } = db.verify();
        if (findings.length > 0) this.found(text, `verify: ${findings.map((f) => `${f.table}: ${f.what}`).join('; ')}`);
      });
      this.close();
    }
  }

  close(): void {
    this.db?.close();
    this.db = undefined;
  }

  private statement(db: Database, statement: string): void {
    const start = process.cpuUsage();
    this.check(statement, () => {
      this.answer(db, statement);
      this.tally.answered++;
    });
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1000;
    this.tally.statements++;
    if (ms > this.tally.slowest.ms) this.tally.slowest = { ms, statement };
    if (ms > LONGEST) this.found(statement, `took ${ms.toFixed(0)} ms`);
  }

  private check(statement: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      const wrong = wrongWith(error, statement);
      if (wrong !== undefined) this.found(statement, wrong);
      const code = error instanceof LightningError ? error.code : 'none';
      this.tally.rejected.set(code, (this.tally.rejected.get(code) ?? 0) + 1);
    }
  }

  private found(statement: string, what: string): void {
    this.tally.findings.push({ statement, what });
  }
}

function answered(db: Database, statement: string): void {
  const parsed = parse(statement);
  if (parsed.ok && parsed.statements.length !== 1) db.exec(statement);
  else db.prepare(statement).values();
}

/** Errors of values and definitions, found when the text has been understood; so is that what is to be dropped is not there. */
const PLACELESS: ReadonlySet<string> = new Set([
  ...['ALREADY_EXISTS', 'INVALID_DEFINITION', 'DEPENDENT_OBJECT', 'PARAMETER', 'NO_INDEX', 'SEARCH_SYNTAX'],
  ...['INVALID_VALUE', 'OUT_OF_RANGE', 'DIVISION_BY_ZERO', 'INVALID_TEXT', 'INVALID_GEOMETRY', 'CARDINALITY'],
]);

/** What a rejection owes and lacks. */
function wrongWith(error: unknown, statement: string): string | undefined {
  if (!(error instanceof LightningError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { code, kind, position, message } = error;
  if (kind === 'bug' || kind === 'corrupt' || kind === 'io') return `${code}: ${error.stack}`;
  if (message === '') return `${code} without a message`;
  if (position === undefined) {
    const owes = kind === 'input' && !PLACELESS.has(code) && !/\bDROP\b/i.test(statement);
    return owes ? `${code} without a position: ${message}` : undefined;
  }
  const { offset, length } = position;
  return offset >= 0 && length >= 0 && offset + length <= statement.length
    ? undefined
    : `${code} with a position outside: ${message}`;
}

function fresh(): Database {
  const db = open(':memory:');
  db.exec(SETUP);
  return db;
}
