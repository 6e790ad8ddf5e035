// A database over a store that counts what is asked of it.

import { LightningDatabase } from '../../src/db/database.js';
import { PlanCache } from '../../src/db/statement/plan-cache.js';
import { Session } from '../../src/db/session/session.js';
import type { Reader, Store } from '../../src/kv/index.js';
import { PageStore } from '../../src/pages/index.js';

export interface Counts {
  gets: number;
  scanned: number;
  puts: number;
  deletes: number;
}

/** A store that counts what is asked of it. */
function counting(store: Store, counts: Counts): Store {
  const counted = <R extends Reader>(reader: R): R =>
    new Proxy(reader, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (name === 'get') counts.gets++;
          if (name === 'getMany') counts.gets += (args[0] as readonly unknown[]).length;
          if (name === 'put') counts.puts++;
          if (name === 'delete') counts.deletes++;
          const result: unknown = (value as (...args: unknown[]) => unknown).apply(target, args);
          return name === 'scan' ? countedScan(result as ReturnType<Reader['scan']>, counts) : result;
        };
      },
    });
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name === 'snapshot') return () => counted(target.snapshot());
      if (name === 'write')
        return <T>(fn: Parameters<Store['write']>[0]): T => target.write((writer) => fn(counted(writer))) as T;
      return (value as (...args: unknown[]) => unknown).bind(target);
    },
  });
}

function* countedScan(batches: ReturnType<Reader['scan']>, counts: Counts): ReturnType<Reader['scan']> {
  for (const batch of batches) {
    counts.scanned += batch.count;
    yield batch;
  }
}

export function openCounting(store: Store): { readonly db: LightningDatabase; readonly counts: Counts } {
  const counts = { gets: 0, scanned: 0, puts: 0, deletes: 0 };
  const session = new Session(new PageStore(counting(store, counts)), false);
  session.read((view) => view.version);
  return { db: new LightningDatabase(':memory:', session, new PlanCache({ size: 100, ttl: 60_000 })), counts };
}
