// One temporary file: blocks are appended, and read back by their place. Removed with the operator that made it, or with the database.

import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { LightningError } from '../../errors.js';

export class SpillFile {
  /** Bytes written. */
  bytes = 0;
  private readonly fd: number;
  private open = true;

  constructor(
    readonly path: string,
    private readonly onChange: (file: SpillFile, bytes: number, removed: boolean) => void,
  ) {
    // 'x': a file of this name that is not ours is never written over.
    this.fd = attempt(path, () => openSync(path, 'wx+', 0o600));
  }

  /** Appends, and gives the place of the first byte. */
  append(bytes: Uint8Array): number {
    const at = this.bytes;
    attempt(this.path, () => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.fd, bytes, done, bytes.length - done, at + done);
      }
    });
    this.bytes += bytes.length;
    this.onChange(this, bytes.length, false);
    return at;
  }

  read(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    attempt(this.path, () => {
      for (let done = 0; done < length;) {
        const read = readSync(this.fd, bytes, done, length - done, at + done);
        if (read === 0) throw new LightningError('CORRUPT', `the temporary file ${this.path} has lost its end`);
        done += read;
      }
    });
    return bytes;
  }

  /** Closes and deletes the file; doing it again is harmless. */
  remove(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.fd);
    rmSync(this.path, { force: true });
    this.onChange(this, -this.bytes, true);
  }
}

/** Runs a call of the file system. @throws LightningError IO */
export function attempt<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof LightningError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
    const message = full ? 'no room for temporary files' : 'temporary files cannot be used';
    throw new LightningError('IO', `${message}: ${path} (${code ?? String(error)})`, {
      hint: full
        ? 'free space there, name another place with tempDirectory, or give a larger memoryBudget'
        : 'name a directory that can be written with tempDirectory, or give a larger memoryBudget',
      cause: error,
    });
  }
}
