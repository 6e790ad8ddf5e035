// The temporary files of one open database: in a directory of its own, made when first needed and removed when no file is left in it.

import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SpillFile, attempt } from './spill-file.js';
import { ownerLives, ownerName } from './owner.js';

export interface TemporaryStats {
  /** Files that are there now, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Files made and bytes written since the database was opened. */
  readonly filesMade: number;
  readonly bytesWritten: number;
}

export class TemporaryFiles {
  private readonly open = new Set<SpillFile>();
  private directory: string | undefined;
  private bytes = 0;
  private filesMade = 0;
  private bytesWritten = 0;

  /** @param base the directory in which each process makes its own */
  constructor(private readonly base: string) {}

  /** @throws LightningError IO */
  create(): SpillFile {
    const directory = (this.directory ??= this.makeDirectory());
    const path = join(directory, `${this.filesMade + 1}.spill`);
    const file = new SpillFile(path, (changed, bytes, removed) => this.changed(changed, bytes, removed));
    this.filesMade++;
    this.open.add(file);
    return file;
  }

  stats(): TemporaryStats {
    return {
      files: this.open.size,
      bytes: this.bytes,
      filesMade: this.filesMade,
      bytesWritten: this.bytesWritten,
    };
  }

  /** Removes every file, also those of iterators that were never ended. */
  close(): void {
    for (const file of [...this.open]) file.remove();
  }

  private makeDirectory(): string {
    const path = join(this.base, ownerName());
    attempt(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
    return path;
  }

  private changed(file: SpillFile, bytes: number, removed: boolean): void {
    this.bytes += bytes;
    if (!removed) this.bytesWritten += bytes;
    else {
      this.open.delete(file);
      if (this.open.size === 0) this.removeDirectory();
    }
  }

  private removeDirectory(): void {
    if (this.directory === undefined) return;
    rmSync(this.directory, { recursive: true, force: true });
    this.directory = undefined;
    removeEmpty(this.base);
  }
}

/** Removes what processes that live no longer have left in a directory of temporary files. What cannot be removed stays. */
export function removeLeftovers(base: string): void {
  if (!existsSync(base)) return;
  try {
    for (const name of readdirSync(base)) {
      const path = join(base, name);
      if (!ownerLives(name, statSync(path).mtimeMs)) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // Another process may be tidying up as well, or the place is read-only: the next open tries again.
  }
  removeEmpty(base);
}

function removeEmpty(base: string): void {
  try {
    rmdirSync(base);
  } catch {
    // Others have files in it.
  }
}
