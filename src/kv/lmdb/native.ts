// The one door to the lmdb package. Its documented interface serves writing; reads go to the native transaction and cursor beneath
// it, because the documented ones read the open write transaction instead of the snapshot, make an object and a copy per entry, and
// hold snapshots by timers. What is taken from beneath is checked at load, and the store suite tests it.

import { createRequire } from 'node:module';
import { LightningError } from '../../errors.js';

/** A read transaction; `address` is 0 in none of them. Renewed and reset many times, aborted once. */
export interface NativeTxn {
  readonly address: number;
  renew(): void;
  abort(): void;
}

export interface NativeCursor {
  readonly address: number;
  close(): void;
}

export interface NativeEnv {
  readonly address: number;
  getWriteTxnId(): number;
  info(): { readonly mapSize: number; readonly lastPageNumber: number; readonly numReaders: number };
  readerCheck(): number;
}

export interface NativeDatabase {
  stat(): { readonly entryCount: number };
}

/** How a read names its transaction; without it, the handle's write transaction is read. */
export interface Reading {
  readonly transaction: NativeTxn;
}

/** The value buffer that all handles of a thread share; its `length` is redefined by each read, so that only views of it are of use. */
export type SharedValue = Uint8Array & { readonly isGlobal?: boolean };

type WriteKey = (key: Uint8Array, target: Uint8Array, start: number) => number;

/** An open database of the lmdb package. */
export interface Handle {
  readonly db: NativeDatabase;
  readonly env: NativeEnv;
  /** Bytes of the value last read. */
  readonly lastSize: number;
  writeKey: WriteKey;
  getBinaryFast(key: Uint8Array, reading?: Reading): SharedValue | undefined;
  putSync(key: Uint8Array, value: Uint8Array): boolean;
  removeSync(key: Uint8Array): boolean;
  transactionSync(fn: () => void): void;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly path: string;
  readonly noSubdir: true;
  readonly readOnly: boolean;
  readonly noSync: boolean;
  readonly overlappingSync: false;
  readonly mapSize: number;
  readonly maxReaders: number;
  readonly pageSize: number;
  readonly encoding: 'binary';
  readonly keyEncoding: 'binary';
}

interface NativeAddon {
  readonly Txn: new (env: NativeEnv, flags: number) => NativeTxn;
  readonly Cursor: new (db: NativeDatabase, txnAddress: number) => NativeCursor;
  resetTxn(txnAddress: number): void;
  position(cursorAddress: number, flags: number, offset: number, keyBytes: number, endAddress: number): number;
  iterate(cursorAddress: number): number;
  getAddress(buffer: ArrayBuffer): number;
  getEnvFlags(envAddress: number): number;
}

export interface Lmdb {
  open(options: OpenOptions): Handle;
  readonly nativeAddon: NativeAddon;
}

export const READ_ONLY_TXN = 0x20000;
export const ENV_NO_SYNC = 0x10000;
export const ENV_READ_ONLY = 0x20000;

const NEEDED = ['Txn', 'Cursor', 'resetTxn', 'position', 'iterate', 'getAddress', 'getEnvFlags'] as const;

let loaded: Lmdb | undefined;

/** The lmdb package, loaded at the first call. Errors: `ADDON_MISSING`. */
export function loadLmdb(): Lmdb {
  loaded ??= loadWith(createRequire(import.meta.url));
  return loaded;
}

/** Loads through the given `require`. */
export function loadWith(load: (name: string) => unknown): Lmdb {
  let lmdb: Partial<Lmdb>;
  try {
    lmdb = load('lmdb') as Partial<Lmdb>;
  } catch (cause) {
    throw new LightningError('ADDON_MISSING', 'the native part of the lmdb package cannot be loaded', {
      hint: "run 'npm rebuild lmdb', or install again with optional dependencies; ':memory:' works without it",
      cause,
    });
  }
  const missing = NEEDED.filter((name) => typeof lmdb.nativeAddon?.[name] !== 'function');
  if (typeof lmdb.open !== 'function' || missing.length > 0) {
    throw new LightningError(
      'ADDON_MISSING',
      `this version of the lmdb package lacks ${missing.join(', ') || 'open'}`,
      {
        hint: "install the version of lmdb that lightning-db names in its package.json: 'npm install lmdb@3'",
      },
    );
  }
  return lmdb as Lmdb;
}
