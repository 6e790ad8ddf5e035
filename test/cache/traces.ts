// Reads the traces of test/data/traces and runs policies over them.

import { readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createPolicy, idHash, PolicyEntry } from '../../src/cache/index.js';
import type { PolicyName } from '../../src/cache/index.js';

export type LirsTrace = 'multi1' | 'multi2' | 'multi3' | 'sprite' | '2_pools' | 'gli' | 'ps';

const folder = new URL('../data/traces/', import.meta.url);

/** Block numbers, one per access. */
export function lirsTrace(name: LirsTrace): number[] {
  return numbers(gunzipSync(readFileSync(new URL(`lirs_${name}.trace.gz`, folder))));
}

/** Blocks numbered in the order of their first access. */
export function oltpTrace(): number[] {
  const blocks: number[] = [];
  let seen = 0;
  for (const distance of numbers(brotliDecompressSync(readFileSync(new URL('oltp.distances.txt.br', folder))))) {
    blocks.push(distance === 0 ? seen++ : blocks[blocks.length - distance]!);
  }
  return blocks;
}

function numbers(bytes: Buffer): number[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(Number);
}

/** How many accesses of the trace a policy turns into hits, each block weighing 1. */
export function hits(name: PolicyName, trace: readonly number[], budget: number, seed = 1): number {
  const held = new Map<number, PolicyEntry>();
  const policy = createPolicy(name, { budget, seed, evict: (entry: PolicyEntry) => void held.delete(entry.id) });
  let count = 0;
  for (const id of trace) {
    const entry = held.get(id);
    if (entry === undefined) {
      const added = new PolicyEntry(id, idHash(id), 1);
      held.set(id, added);
      policy.add(added);
    } else {
      count++;
      policy.hit(entry);
    }
  }
  return count;
}
