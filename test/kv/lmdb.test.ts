import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LightningError } from '../../src/errors.js';
import { openLmdb, openStore } from '../../src/kv/index.js';
import type { LmdbOptions, Reader, Store } from '../../src/kv/index.js';
import { loadWith } from '../../src/kv/lmdb/native.js';
import { makeChildren } from './child.js';
import type { Children } from './child.js';

let children: Children;
let count = 0;
const opened: Store[] = [];

beforeAll(() => {
  children = makeChildren();
});
afterAll(() => {
  for (const store of opened) store.close();
  children.dispose();
});

const freshPath = () => join(children.folder, `data-${count++}.db`);

function open(path: string, options: Omit<LmdbOptions, 'path'> = {}): Store {
  const store = openLmdb({ path, durability: 'async', ...options });
  opened.push(store);
  return store;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => (value === undefined ? undefined : new TextDecoder().decode(value));

function read(store: Store, key: string): string | undefined {
  const snapshot = store.snapshot();
  const value = text(snapshot.get(bytes(key)));
  snapshot.close();
  return value;
}

function scanned(reader: Reader): string[] {
  const found: string[] = [];
  for (const batch of reader.scan({}, 2)) {
    for (let i = 0; i < batch.count; i++) found.push(`${text(batch.key(i))}=${text(batch.value(i))}`);
  }
  return found;
}

function refusal(fn: () => unknown): Pick<LightningError, 'code' | 'message' | 'hint'> {
  try {
    fn();
  } catch (error) {
    return error as LightningError;
  }
  throw new Error('nothing was refused');
}

/** Waits for a line of a child's output. */
function said(child: ReturnType<Children['start']>, line: string): Promise<void> {
  return new Promise((done, failed) => {
    let heard = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard.includes(line)) done();
    });
    child.on('exit', (code, signal) =>
      failed(new Error(`the child ended with ${code ?? signal}, having said: ${heard}`)),
    );
  });
}

const ended = (child: ReturnType<Children['start']>) =>
  new Promise<number | string | null>((done) => child.on('exit', (code, signal) => done(code ?? signal)));

describe('several processes', () => {
  it('a snapshot sees what another process committed in the same turn, an older one does not', () => {
    const path = freshPath();
    const store = open(path);
    store.write((writer) => writer.put(bytes('a'), bytes('ours')));
    const old = store.snapshot();
    expect(text(old.get(bytes('a')))).toBe('ours');
    for (const value of ['first', 'second']) {
      const { status, out } = children.run(`
        const store = kv.openStore(${JSON.stringify(path)}, { durability: 'async' });
        store.write((writer) => { writer.put(bytes('a'), bytes('${value}')); writer.put(bytes('b'), bytes('theirs')); });
        store.close();`);
      expect([status, out]).toEqual([0, '']);
      expect(read(store, 'a')).toBe(value);
      const snapshot = store.snapshot();
      expect(scanned(snapshot)).toEqual([`a=${value}`, 'b=theirs']);
      snapshot.close();
      store.write((writer) => expect(text(writer.get(bytes('a')))).toBe(value));
      expect(scanned(old)).toEqual(['a=ours']);
    }
    old.close();
  });

  it('writers wait their turn: no update is lost', async () => {
    const path = freshPath();
    const store = open(path);
    store.write((writer) => writer.put(bytes('n'), bytes('0')));
    const count = `(store) => {
      for (let i = 0; i < 300; i++) {
        store.write((writer) => {
          const n = Number(new TextDecoder().decode(writer.get(new TextEncoder().encode('n'))));
          writer.put(new TextEncoder().encode('n'), new TextEncoder().encode(String(n + 1)));
        });
      }
    }`;
    const child = children.start(`
      const store = kv.openStore(${JSON.stringify(path)}, { durability: 'async' });
      say('ready');
      (${count})(store);
      store.close();`);
    const end = ended(child);
    await said(child, 'ready');
    for (let i = 0; i < 300; i++) {
      store.write((writer) => {
        const n = Number(text(writer.get(bytes('n'))));
        writer.put(bytes('n'), bytes(String(n + 1)));
      });
    }
    expect(await end).toBe(0);
    expect(read(store, 'n')).toBe('600');
  });

  it('a writer waits for one that is at work in another process, and sees what it wrote', async () => {
    const path = freshPath();
    const store = open(path);
    const child = children.start(`
      const store = kv.openStore(${JSON.stringify(path)}, { durability: 'async' });
      store.write((writer) => { writer.put(bytes('a'), bytes('theirs')); say('writing'); sleep(400); });
      store.close();`);
    const end = ended(child);
    await said(child, 'writing');
    expect(read(store, 'a')).toBeUndefined();
    const start = performance.now();
    store.write((writer) => expect(text(writer.get(bytes('a')))).toBe('theirs'));
    expect(performance.now() - start).toBeGreaterThan(100);
    expect(await end).toBe(0);
  });

  it('a writer that is killed loses its transaction and frees the lock', async () => {
    const path = freshPath();
    const store = open(path);
    store.write((writer) => writer.put(bytes('a'), bytes('whole')));
    const child = children.start(`
      const store = kv.openStore(${JSON.stringify(path)}, { durability: 'async' });
      store.write((writer) => {
        writer.put(bytes('a'), bytes('torn'));
        for (let i = 0; i < 5000; i++) writer.put(bytes('bulk ' + i), new Uint8Array(2000));
        say('writing');
        sleep(20000);
      });`);
    const end = ended(child);
    await said(child, 'writing');
    child.kill('SIGKILL');
    expect(await end).toBe('SIGKILL');
    store.write((writer) => writer.put(bytes('b'), bytes('after')));
    const snapshot = store.snapshot();
    expect(scanned(snapshot)).toEqual(['a=whole', 'b=after']);
    snapshot.close();
  });

  it('threads of one process write in turns and read each their snapshot', () => {
    const path = freshPath();
    const { status, out } = children.run(`
      const { Worker, isMainThread, threadId } = await import('node:worker_threads');
      const store = kv.openStore(${JSON.stringify(path)}, { durability: 'async' });
      const number = (value) => Number(new TextDecoder().decode(value ?? bytes('0')));
      const others = isMainThread ? [1, 2].map(() => new Promise((done, failed) =>
        new Worker(new URL(import.meta.url)).on('error', failed).on('exit', done))) : [];
      for (let i = 0; i < 200; i++) {
        const snapshot = store.snapshot();
        const before = number(snapshot.get(bytes('n')));
        store.write((writer) => writer.put(bytes('n'), bytes(String(number(writer.get(bytes('n'))) + 1))));
        if (number(snapshot.get(bytes('n'))) !== before) throw new Error('a snapshot changed');
        snapshot.close();
      }
      const codes = await Promise.all(others);
      if (isMainThread) {
        const snapshot = store.snapshot();
        say(codes.join(' ') + ' ' + number(snapshot.get(bytes('n'))));
        snapshot.close();
      }
      store.close();`);
    expect([status, out]).toEqual([0, '0 0 600\n']);
  });

  it('what a killed process had committed is there', async () => {
    const path = freshPath();
    const child = children.start(`
      const store = kv.openStore(${JSON.stringify(path)}, { durability: 'async' });
      for (let i = 0; i < 50; i++) store.write((writer) => writer.put(bytes('n'), bytes(String(i))));
      say('done');
      sleep(20000);`);
    const end = ended(child);
    await said(child, 'done');
    child.kill('SIGKILL');
    await end;
    expect(read(open(path), 'n')).toBe('49');
  });

  it('the snapshot of a killed process does not make the file grow for ever', async () => {
    const path = freshPath();
    const store = open(path);
    const rewrite = () => {
      for (let i = 0; i < 20; i++) {
        store.write((writer) => {
          for (let k = 0; k < 20; k++) writer.put(bytes(`key ${k}`), new Uint8Array(3_000).fill(i));
        });
      }
      return statSync(path).size;
    };
    rewrite();
    const child = children.start(`
      const store = kv.openStore(${JSON.stringify(path)}, { durability: 'async' });
      const snapshot = store.snapshot();
      snapshot.get(bytes('key 0'));
      say('reading');
      sleep(20000);`);
    const end = ended(child);
    await said(child, 'reading');
    const before = rewrite();
    const pinned = rewrite();
    expect(pinned).toBeGreaterThan(before * 1.3);
    child.kill('SIGKILL');
    await end;
    await new Promise((done) => setTimeout(done, 1_050));
    const settled = rewrite();
    expect(rewrite()).toBeLessThanOrEqual(settled);
    expect(settled).toBeLessThanOrEqual(pinned * 1.2);
  });

  it('a process that ends without closing leaves a sound file', () => {
    const path = freshPath();
    const { status } = children.run(`
      const store = kv.openStore(${JSON.stringify(path)});
      store.write((writer) => writer.put(bytes('a'), bytes('1')));
      const snapshot = store.snapshot(); snapshot.get(bytes('a'));
      for (const batch of snapshot.scan({})) { process.exitCode = batch.count; break; }`);
    expect(status).toBe(1);
    expect(read(open(path), 'a')).toBe('1');
  });
});

describe('opening', () => {
  it('refuses what is no database, with one clear error, and leaves it as it is', () => {
    const garbage = freshPath();
    const content = Buffer.alloc(20_000, 'not a database ');
    writeFileSync(garbage, content);
    expect(refusal(() => open(garbage))).toMatchObject({
      code: 'CANNOT_OPEN',
      message: expect.stringContaining('not a Lightning DB file') as string,
    });
    expect(readFileSync(garbage)).toEqual(content);
    expect(existsSync(`${garbage}-lock`)).toBe(false);
    const short = freshPath();
    writeFileSync(short, 'short');
    expect(refusal(() => open(short)).code).toBe('CANNOT_OPEN');
  });

  it('takes an empty file for a database to be made', () => {
    const path = freshPath();
    writeFileSync(path, '');
    expect(refusal(() => open(path, { readOnly: true })).code).toBe('CANNOT_OPEN');
    const store = open(path);
    store.write((writer) => writer.put(bytes('a'), bytes('1')));
    expect(read(store, 'a')).toBe('1');
  });

  it('refuses a directory, a missing directory, and a path through a file', () => {
    expect(refusal(() => open(children.folder))).toMatchObject({ code: 'CANNOT_OPEN', hint: 'name a file inside it' });
    const missing = join(children.folder, 'no', 'such', 'place.db');
    expect(refusal(() => open(missing))).toMatchObject({ code: 'CANNOT_OPEN', hint: 'create the directory first' });
    expect(existsSync(join(children.folder, 'no'))).toBe(false);
    const file = freshPath();
    writeFileSync(file, 'a file');
    expect(refusal(() => open(join(file, 'x.db'))).code).toBe('CANNOT_OPEN');
  });

  it('refuses to make a file when asked not to', () => {
    const path = freshPath();
    expect(refusal(() => open(path, { create: false })).code).toBe('CANNOT_OPEN');
    expect(refusal(() => open(path, { readOnly: true })).code).toBe('CANNOT_OPEN');
    expect(existsSync(path)).toBe(false);
  });

  // Only root can become another user, and only to root do permissions not apply.
  it.runIf(process.getuid?.() === 0)('refuses what may not be written', () => {
    const nobody = 65_534;
    const folder = join(children.folder, 'locked');
    mkdirSync(folder);
    const path = join(folder, 'data.db');
    open(path).close();
    chmodSync(folder, 0o755);
    chmodSync(path, 0o644);
    const attempt = (name: string, options: string) =>
      children.run(
        `try { kv.openStore(${JSON.stringify(join(folder, name))}, ${options}); say('opened'); }
         catch (error) { say([error.name, error.code, error.message, error.hint].join(' | ')); }`,
        nobody,
      ).out;
    expect(attempt('new.db', '{}')).toMatch(/^LightningError \| CANNOT_OPEN \| .*directory is not writable \| .+/);
    expect(attempt('data.db', '{}')).toMatch(/^LightningError \| CANNOT_OPEN \| .*it is not writable \| .+/);
  });

  it('refuses a truncated file instead of ending the process', () => {
    const path = freshPath();
    const store = open(path);
    store.write((writer) => {
      for (let i = 0; i < 400; i++) writer.put(bytes(`key ${i}`), new Uint8Array(i % 2 === 0 ? 3_000 : 300).fill(i));
    });
    store.close();
    const { size } = statSync(path);
    for (const kept of [size - 4_096, size >> 1, 5 * 4_096, 2 * 4_096]) {
      truncateSync(path, kept);
      expect(
        refusal(() => open(path)),
        `${kept} bytes of ${size}`,
      ).toMatchObject({ code: 'CANNOT_OPEN', hint: 'restore it from a backup' });
    }
    truncateSync(path, 4_097);
    expect(refusal(() => open(path)).code).toBe('CANNOT_OPEN');
  });

  it('opens a file whose last pages were freed before they were ever written', () => {
    const path = freshPath();
    const store = open(path);
    store.write((writer) => {
      for (let i = 0; i < 300; i++) writer.put(bytes(`key ${i}`), new Uint8Array(3_000));
      for (let i = 20; i < 300; i++) writer.delete(bytes(`key ${i}`));
    });
    store.close();
    const again = open(path);
    expect(again.stats().entries).toBe(20);
  });

  it('refuses another mode than the one in which this process has it open', () => {
    const path = freshPath();
    const first = open(path, { durability: 'sync' });
    expect(refusal(() => open(path, { durability: 'async' })).code).toBe('CANNOT_OPEN');
    const reader = open(path, { readOnly: true });
    first.write((writer) => writer.put(bytes('a'), bytes('1')));
    expect(read(reader, 'a')).toBe('1');
    first.close();
    reader.close();
    const alone = open(path, { readOnly: true });
    expect(refusal(() => open(path)).code).toBe('CANNOT_OPEN');
    alone.close();
    expect(read(open(path), 'a')).toBe('1');
  });

  it('in memory there is nothing to read only', () => {
    expect(refusal(() => openStore(':memory:', { readOnly: true })).code).toBe('INVALID_ARGUMENT');
    expect(refusal(() => openStore(':memory:', { create: false })).code).toBe('INVALID_ARGUMENT');
    expect(openStore(':memory:', { durability: 'sync' }).name).toBe('memory');
  });

  it('makes the lock file whole and leaves no draft of it', () => {
    const path = freshPath();
    open(path);
    const lock = statSync(`${path}-lock`);
    expect(lock.blocks * 512).toBeGreaterThanOrEqual(lock.size);
    expect(
      readdirSync(children.folder)
        .filter((name) => name.startsWith(basename(path)))
        .sort(),
    ).toEqual([basename(path), `${basename(path)}-lock`]);
  });

  it('says what to do when the native part is missing or of another version', () => {
    const missing = refusal(() =>
      loadWith(() => {
        throw new Error('No native build was found');
      }),
    );
    expect(missing).toMatchObject({
      code: 'ADDON_MISSING',
      hint: expect.stringContaining('npm rebuild lmdb') as string,
    });
    expect(refusal(() => loadWith(() => ({ open() {}, nativeAddon: {} }))).code).toBe('ADDON_MISSING');
  });
});

describe('limits and modes', () => {
  it('reading only refuses to write', () => {
    const path = freshPath();
    open(path).close();
    const store = open(path, { readOnly: true });
    expect(store.capabilities.readOnly).toBe(true);
    expect(refusal(() => store.write(() => 1)).code).toBe('READ_ONLY');
    expect(read(store, 'a')).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('a file that may not grow refuses the transaction and stays usable', () => {
    const path = freshPath();
    const body = `
      process.on('SIGXFSZ', () => {});
      const store = kv.openStore(${JSON.stringify(path)});
      store.write((writer) => writer.put(bytes('a'), bytes('1')));
      try {
        store.write((writer) => { for (let i = 0; i < 2000; i++) writer.put(bytes('bulk ' + i), new Uint8Array(3000)); });
        say('written');
      } catch (error) { say(error.code + ': ' + error.hint.slice(0, 21)); }
      const read = () => { const s = store.snapshot(); const v = s.get(bytes('a')); const t = v && new TextDecoder().decode(v); s.close(); return t; };
      say('a=' + read() + ' entries=' + store.stats().entries);
      store.write((writer) => writer.put(bytes('a'), bytes('2')));
      say('a=' + read());
      store.close();`;
    const { out } = children.run(body, undefined, 1_024 * 1_024);
    expect(out).toContain('IO: look for a full quota\na=1 entries=1\na=2\n');
    expect(read(open(path, { durability: 'sync' }), 'a')).toBe('2');
  });

  it('too many snapshots are refused, and closing some is enough', () => {
    const store = open(freshPath());
    const held: { close(): void }[] = [];
    const refused = refusal(() => {
      for (let i = 0; i < 2_000; i++) held.push(store.snapshot());
    });
    expect(refused.code).toBe('BUSY');
    for (const snapshot of held.splice(0, 10)) snapshot.close();
    held.push(store.snapshot());
    for (const snapshot of held) snapshot.close();
    expect(store.stats().snapshots).toBe(0);
    store.write((writer) => writer.put(bytes('a'), bytes('1')));
    expect(read(store, 'a')).toBe('1');
  });

  it('flush makes async commits durable, and may be under way while the store closes', async () => {
    const store = open(freshPath());
    store.write((writer) => writer.put(bytes('a'), bytes('1')));
    await store.flush();
    const flushing = store.flush();
    store.close();
    await flushing;
  });

  it('snapshots and scans hold no memory back in one long turn', () => {
    const store = open(freshPath());
    store.write((writer) => {
      for (let i = 0; i < 50; i++) writer.put(bytes(`key ${i}`), new Uint8Array(100));
    });
    const round = () => {
      for (let i = 0; i < 20_000; i++) {
        const snapshot = store.snapshot();
        snapshot.get(bytes('key 7'));
        if (i % 20 === 0) for (const batch of snapshot.scan({}, 10)) if (batch.count > 0) break;
        snapshot.close();
      }
      return process.memoryUsage().heapUsed;
    };
    round();
    const before = round();
    expect(round() - before).toBeLessThan(30_000_000);
  });
});
