// The command line: what is asked for, and what cannot be meant.

import { describe, expect, it } from 'vitest';
import { readArguments, UsageError } from '../../src/cli/arguments.js';

describe('arguments', () => {
  it('reads a file and options in any order', () => {
    expect(readArguments(['--mode', 'json', 'a.db', '-c', 'SELECT 1', '-c', '.tables', '--readonly'])).toEqual({
      file: 'a.db',
      commands: ['SELECT 1', '.tables'],
      mode: 'json',
      readOnly: true,
      action: 'run',
    });
  });

  it('opens memory when no file is named', () => {
    expect(readArguments([])).toMatchObject({ file: ':memory:', mode: 'box', commands: [] });
  });

  it('takes a file that begins with a dash behind --', () => {
    expect(readArguments(['--', '-odd.db']).file).toBe('-odd.db');
  });

  it.each(['--help', '-h'])('knows %s', (option) => {
    expect(readArguments([option]).action).toBe('help');
  });

  it.each(['--version', '-v'])('knows %s', (option) => {
    expect(readArguments([option]).action).toBe('version');
  });

  it.each([
    [['--readonyl', 'a.db'], 'there is no option --readonyl; did you mean --readonly?'],
    [['-x'], 'there is no option -x'],
    [['a.db', 'b.db'], 'one FILE can be opened, but there are 2: a.db b.db'],
    [['--mode', 'xml', 'a.db'], 'there is no mode "xml"; modes are box, json, csv, ndjson'],
    [['--readonly'], '--readonly needs the FILE'],
    [[''], 'the name of FILE is empty'],
    [['-c'], "Option '-c, --command <value>' argument missing"],
    [['--readonly=yes', 'a.db'], "Option '--readonly' does not take an argument"],
  ])('refuses %j', (argv, message) => {
    expect(() => readArguments(argv)).toThrow(UsageError);
    expect(() => readArguments(argv)).toThrow(message);
  });
});
