// The program from end to end: what it prints, where, and with which exit code.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';
import { program, Terminal } from './program.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightning-cli-'));
  file = join(folder, 'towns.db');
  using db = open(file);
  db.exec(`
    CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL, founded DATE, seen TIMESTAMP, area REAL, port BOOLEAN);
    CREATE INDEX towns_port ON towns USING bitmap (port) WHERE port;
    INSERT INTO towns (id, name, port) VALUES (1, 'Suva', TRUE), (2, 'Nadi', FALSE);
  `);
});

afterEach(() => {
  using db = open(file);
  expect(db.verify().findings).toEqual([]);
  db.close();
  rmSync(folder, { recursive: true });
});

function path(name: string, content: string): string {
  const whole = join(folder, name);
  writeFileSync(whole, content);
  return whole;
}

describe('statements', () => {
  it('come from -c, in order, and from standard input', async () => {
    const first = await program([
      file,
      '-m',
      'csv',
      '-c',
      'SELECT name FROM towns ORDER BY id; SELECT 1 AS one',
      '-c',
      '.mode json',
      '-c',
      'SELECT 2 AS two',
    ]);
    expect(first).toEqual({ code: 0, stdout: 'name\nSuva\nNadi\none\n1\n[{"two":2}]\n', stderr: '' });
    const second = await program([file, '--mode', 'ndjson'], 'SELECT id,\n name FROM towns WHERE port;\n');
    expect(second).toEqual({ code: 0, stdout: '{"id":1,"name":"Suva"}\n', stderr: '' });
  });

  it('may change rows, and say nothing of it when nobody is there', async () => {
    expect(await program([file, '-c', "UPDATE towns SET name = 'Ba' WHERE id = 2"])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await program([file, '-m', 'csv', '-c', 'SELECT name FROM towns WHERE id = 2'])).stdout).toBe('name\nBa\n');
  });

  it('stop at the first that fails, with a drawing, on stderr', async () => {
    const { code, stdout, stderr } = await program(
      [file, '-m', 'csv'],
      'SELECT 1 AS a;\n\nSELECT nam FROM towns;\nSELECT 3;',
    );
    expect(code).toBe(1);
    expect(stdout).toBe('a\n1\n');
    expect(stderr).toContain('stdin:3: error (UNKNOWN_COLUMN)');
    expect(stderr).toContain('1 | SELECT nam FROM towns\n             ^^^');
    expect(stderr).toContain('did you mean "name"?');
    expect(stderr.match(/hint:/g)).toHaveLength(1);
  });

  it('with a quote that is never closed are one clear error', async () => {
    const { code, stdout, stderr } = await program([file], "SELECT 'oops;\nSELECT 2;\n");
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('never closed');
    expect(stderr.match(/error/g)).toHaveLength(1);
  });

  it('can be explained', async () => {
    const { stdout } = await program([
      file,
      '-c',
      'EXPLAIN ANALYZE SELECT * FROM towns WHERE port',
      '-c',
      '.explain on',
      '-c',
      'SELECT id FROM towns WHERE port',
    ]);
    expect(stdout).toMatch(/^\S.* on towns .*actual rows=1/);
    expect(stdout.match(/Considered/g)).toHaveLength(2);
    expect(stdout).toMatch(/┌────┐\n│ id │\n├────┤\n│ {2}1 │\n└────┘\n$/);
  });
});

describe('the command line', () => {
  it('is refused with exit code 2 when it is wrong', async () => {
    expect(await program([file, '--nope'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'lightning: there is no option --nope\nTry: lightning --help\n',
    });
  });

  it('asks for help and for the version', async () => {
    expect((await program(['--help'])).stdout).toMatch(/^Usage: lightning/);
    expect((await program(['--version'])).stdout).toMatch(/^lightning \d+\.\d+\.\d+\n$/);
  });

  it('opens for reading only', async () => {
    const { code, stderr } = await program([file, '--readonly', '-c', 'DELETE FROM towns']);
    expect(code).toBe(1);
    expect(stderr).toContain('error (READ_ONLY)');
    const missing = await program([join(folder, 'missing.db'), '--readonly', '-c', 'SELECT 1']);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^error \(CANNOT_OPEN\): .*missing\.db/);
    expect(existsSync(join(folder, 'missing.db'))).toBe(false);
  });

  it('tells why a file cannot be opened', async () => {
    const { code, stderr } = await program([join(folder, 'no', 'such', 'folder.db'), '-c', 'SELECT 1']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error \(CANNOT_OPEN\)/);
  });
});

describe('commands', () => {
  it('show tables, indexes, schema and state', async () => {
    const { code, stdout, stderr } = await program(
      [file, '-m', 'csv'],
      '.tables\n.indexes towns\n.schema towns\n.stats\n.verify\n.help\n',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('name,kind,rows,columns,indexes\ntowns,table,2,6,2\n');
    expect(stdout).toMatch(/\ntowns,towns_port,bitmap,port where .*port.*,1,\d+\n/);
    expect(stdout).toContain('CREATE TABLE towns (\n  id INTEGER PRIMARY KEY,');
    expect(stdout).toMatch(/\ncache.policy,w-tinylfu\n/);
    expect(stdout).toContain('\nall is well\n');
    expect(stdout).toMatch(/\n\.import FILE TABLE +load/);
  });

  it('print a schema that makes the same again', async () => {
    const { stdout } = await program([file, '-c', '.schema']);
    const copy = await program([':memory:'], `${stdout}\n.schema\n`);
    expect(copy).toEqual({ code: 0, stdout, stderr: '' });
  });

  it.each([
    ['.tabels', 'there is no command .tabels\n  hint: did you mean .tables?'],
    ['.mode xml', 'there is no mode "xml"\n  hint: modes are box, json, csv, ndjson'],
    ['.timer perhaps', '"perhaps" is neither on nor off'],
    ['.schema towsn', 'there is no table "towsn"\n  hint: did you mean "towns"?'],
    ['.import x.csv', '.import does not take 1 arguments\n  hint: write .import FILE TABLE'],
    ['.read missing.sql', 'cannot read missing.sql: ENOENT'],
  ])('%s is told what is wrong', async (command, message) => {
    const { code, stdout, stderr } = await program([file, '-c', command]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('read files, which name themselves in errors and may read others', async () => {
    const inner = path('inner.sql', "-- one\nSELECT 1 AS a;\nSELECT 'x'::integer;\nSELECT 3 AS c;\n");
    const outer = path('outer file.sql', `.mode csv\n.read ${inner}\nSELECT 4 AS d;\n`);
    const { code, stdout, stderr } = await program([file, '-c', `.read '${outer}'`]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'a\n1\n' });
    expect(stderr).toContain(`${inner}:3: error (INVALID_TEXT)`);
    const loop = join(folder, 'loop.sql');
    writeFileSync(loop, `.read ${loop}\n`);
    expect((await program([file, '-c', `.read ${loop}`])).stderr).toContain('files read each other 20 deep');
  });

  it('time statements on stderr', async () => {
    const { stdout, stderr } = await program([file, '-m', 'csv', '-c', '.timer on; ', '-c', 'SELECT 1 AS a']);
    expect(stdout).toBe('a\n1\n');
    expect(stderr).toMatch(/^time: [\d.]+ (us|ms|s)\n$/);
  });

  it('leave in the middle', async () => {
    expect(await program([file, '-m', 'csv'], 'SELECT 1 AS a;\n.quit\nSELECT nonsense;\n')).toEqual({
      code: 0,
      stdout: 'a\n1\n',
      stderr: '',
    });
  });
});

describe('.import', () => {
  async function imported(name: string, content: string): Promise<{ code: number; stderr: string; rows: unknown[] }> {
    const { code, stderr } = await program([file, '-c', `.import ${path(name, content)} towns`]);
    using db = open(file);
    return {
      code,
      stderr: stderr.replaceAll(`${folder}/`, ''),
      rows: db.query('SELECT * FROM towns WHERE id > 2 ORDER BY id'),
    };
  }

  it('loads CSV through the types of the columns', async () => {
    const { code, stderr, rows } = await imported(
      'a.csv',
      '\ufeffname,ID,founded,seen,area,port\r\n"Lev""uka, old",3,1820-05-01,2024-05-17 08:30:00,8.5e1,yes\r\n\r\n"",9007199254740993,,,,\r\n"two\nlines",4,,,NaN,f',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '3 rows imported into towns\n' });
    expect(rows).toEqual([
      {
        id: 3,
        name: 'Lev"uka, old',
        founded: '1820-05-01',
        seen: new Date('2024-05-17T08:30:00Z'),
        area: 85,
        port: true,
      },
      { id: 4, name: 'two\nlines', founded: null, seen: null, area: NaN, port: false },
      { id: 9007199254740993n, name: '', founded: null, seen: null, area: null, port: null },
    ]);
  });

  it('loads NDJSON, and tabs between cells', async () => {
    const json = await imported(
      'a.ndjson',
      '{"id":3,"name":"Ba","founded":"1939-01-01","port":true}\n\n{"id":"4","name":"Tavua","seen":"2024-05-17T08:30:00Z"}\n',
    );
    expect(json.stderr).toBe('2 rows imported into towns\n');
    expect(json.rows).toMatchObject([
      { id: 3, founded: '1939-01-01', port: true },
      { id: 4, seen: new Date('2024-05-17T08:30:00Z'), port: null },
    ]);
    expect((await imported('b.tsv', 'id\tname\n5\tRakiraki\n')).rows).toHaveLength(3);
  });

  it('comes back as it was printed', async () => {
    await imported('a.csv', 'id,name,area,port\n3,"",1.5,true\n4,"a ""b""\nc",,\n');
    for (const mode of ['csv', 'ndjson']) {
      const { stdout } = await program([file, '-m', mode, '-c', 'SELECT * FROM towns ORDER BY id']);
      const copy = join(folder, `copy-${mode}.db`);
      const dump = path(`dump.${mode}`, stdout);
      await program([
        copy,
        '-c',
        'CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL, founded DATE, seen TIMESTAMP, area REAL, port BOOLEAN)',
      ]);
      expect((await program([copy, '-c', `.import ${dump} towns`])).code).toBe(0);
      expect((await program([copy, '-m', mode, '-c', 'SELECT * FROM towns ORDER BY id'])).stdout).toBe(stdout);
    }
  });

  it.each([
    ['a.csv', 'id,name\n3,Ba\nfour,Tavua\n', 'a.csv, row 2 (line 3), column "id": ', 'INVALID_TEXT'],
    ['a.csv', 'id,name\n3,"B\na"\n\n1,Suva\n', 'a.csv, row 2 (line 5): ', 'UNIQUE'],
    ['a.csv', 'id,name\n3,Ba\n4,\n', 'a.csv, row 2 (line 3): ', 'NOT_NULL'],
    [
      'a.csv',
      'id,nmae\n3,Ba\n',
      'a.csv, line 1: the table has no column "nmae"\n  hint: did you mean "name"?',
      'UNKNOWN_COLUMN',
    ],
    ['a.csv', 'id,id\n3,4\n', 'a.csv, line 1 names the column "id" twice', 'DUPLICATE_NAME'],
    ['a.csv', 'id,name\n3\n', 'a.csv, row 1 (line 2) has 1 cells, but the header names 2 columns', 'INVALID_TEXT'],
    ['a.csv', 'id,name\n3,B"a\n4,"\n', 'a.csv, near line 2, is not CSV: ', 'INVALID_TEXT'],
    ['a.csv', '', 'a.csv is empty', 'INVALID_TEXT'],
    ['a.ndjson', '{"id":3,"name":"Ba"}\n{"id":4\n', 'a.ndjson, row 2 (line 2) is not JSON: ', 'INVALID_TEXT'],
    ['a.ndjson', '[1]\n', 'a.ndjson, row 1 (line 1) is not a JSON object', 'INVALID_TEXT'],
    ['a.ndjson', '{"id":3,"name":"Ba"}\n{"id":4,"name":5}\n', 'a.ndjson, row 2 (line 2): ', 'TYPE_MISMATCH'],
    [
      'a.ndjson',
      '{"id":3,"name":"Ba","founded":"soon"}\n',
      'a.ndjson, row 1 (line 1), member "founded": ',
      'INVALID_TEXT',
    ],
    ['a.ndjson', '{"id":3,"name":"Ba","mayor":"X"}\n', 'a.ndjson, row 1 (line 1): ', 'UNKNOWN_COLUMN'],
  ])('names row and line, and loads nothing: %s %j', async (name, content, message, errorCode) => {
    const { code, stderr, rows } = await imported(name, content);
    expect({ code, rows }).toEqual({ code: 1, rows: [] });
    expect(stderr).toContain(`error (${errorCode}): ${message}`);
  });

  it('cuts portions between records', async () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `${i + 3},"town ""${i}"",\n${'x'.repeat(i % 60)}"`);
    const { rows, stderr } = await imported('big.csv', `id,name\n${lines.join('\n')}\n`);
    expect(stderr).toBe('40,000 rows imported into towns\n');
    expect(rows.at(-1)).toMatchObject({ id: 40_002, name: `town "39999",\n${'x'.repeat(39_999 % 60)}` });
  });
});

describe('the prompt', () => {
  it('takes several lines, lives through errors, and leaves by Ctrl-D', async () => {
    const terminal = new Terminal([file]);
    expect(await terminal.wait('lightning> ')).toContain('Type .help for help');
    expect(await terminal.type('SELECT name\r', '...> ')).not.toContain('error');
    expect(await terminal.type("FROM towns WHERE name > 'a\r", "'> ")).not.toContain('error');
    expect(await terminal.type("' OR name < 'N';\r", 'lightning> ')).toContain('0 rows');
    expect(await terminal.type('SELEC 1;\r', 'lightning> ')).toContain('error (SYNTAX)');
    expect(await terminal.type("UPDATE towns SET name = 'Ba' WHERE id = 2;\r", 'lightning> ')).toContain(
      '1 row changed',
    );
    expect(await terminal.type('SELECT name FROM towns ORDER BY id;\r', '2 rows')).toContain('│ Ba ');
    terminal.input.write('\u0004');
    expect(await terminal.ended).toBe(0);
  });

  it('shows that a transaction is open', async () => {
    const terminal = new Terminal([file]);
    await terminal.wait('lightning> ');
    await terminal.type('BEGIN;\r', 'lightning*> ');
    await terminal.type('DELETE FROM towns;\r', 'lightning*> ');
    await terminal.type('ROLLBACK;\r', 'lightning> ');
    expect(await terminal.type('SELECT count(*) > 0 AS kept FROM towns;\r', '1 row')).toContain('true');
    terminal.input.write('.quit\r');
    expect(await terminal.ended).toBe(0);
  });

  it('drops what is typed at Ctrl-C', async () => {
    const terminal = new Terminal([file]);
    await terminal.wait('lightning> ');
    await terminal.type("SELECT 'never closed\r", "'> ");
    expect(await terminal.type('more\u0003', 'lightning> ')).toContain('^C');
    expect(await terminal.type('SELECT 7 AS seven;\r', '1 row')).toContain('seven');
    expect(await terminal.type('\u0003', 'lightning> ')).toContain('Ctrl-D leaves');
    terminal.input.write('.quit\r');
    expect(await terminal.ended).toBe(0);
  });

  it('completes keywords, names, functions and commands', async () => {
    const terminal = new Terminal([file]);
    await terminal.wait('lightning> ');
    const completed: [typed: string, whole: string][] = [
      ['SELECT foun', 'founded'],
      ['SELECT 1 FROM tow', 'towns'],
      ['DROP INDEX towns_p', 'towns_p'],
      ['SELECT st_dw', 'st_dwithin'],
      ['SELECT ST_DW', 'ST_DWITHIN'],
      ['INTERS', 'INTERSECT'],
      ['.sch', '.schema'],
      ['.schema to', 'towns'],
      ['.import a.csv t', 'towns'],
      ['.mode nd', 'ndjson'],
    ];
    for (const [typed, whole] of completed) {
      expect(await terminal.type(`${typed}\t`, whole)).toContain(whole);
      await terminal.type('\u0003', 'lightning> ');
    }
    terminal.input.write('\u0004');
    await terminal.ended;
  });

  it('remembers what was typed, in a file for its owner', async () => {
    const history = join(folder, 'history');
    for (const text of ['SELECT 1;', 'SELECT 2;']) {
      const terminal = new Terminal([file], history);
      await terminal.wait('lightning> ');
      await terminal.type(`${text}\r`, '1 row');
      await terminal.type('.quit\r', '');
      await terminal.ended;
    }
    expect(readFileSync(history, 'utf8')).toBe('SELECT 1;\nSELECT 2;\n.quit\n');
    const terminal = new Terminal([file], history);
    await terminal.wait('lightning> ');
    expect(await terminal.type('\u001b[A\u001b[A', 'SELECT 2;')).toContain('SELECT 2;');
    terminal.input.write('\u0003\u0004');
    await terminal.ended;
  });
});
