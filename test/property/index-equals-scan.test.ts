import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';
import type { Database, OpenOptions } from '../../src/index.js';
import { Random } from '../differential/random.js';
import { MIXED, SINGLE } from '../differential/schema.js';
import { replay } from '../differential/steps.js';
import { makeWorld } from '../differential/world.js';
import type { World } from '../differential/world.js';
import type { Step } from '../differential/steps.js';
import { compareHandles, compareQueries, hold, release } from './index-equals-scan.js';
import type { Held } from './index-equals-scan.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const WORLDS = Number(process.env['WORLDS'] ?? 8);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightning-property-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function check(db: Database, budget: number | undefined): void {
  const { bytes, budget: stated } = db.stats().cache;
  expect(bytes).toBeLessThanOrEqual(stated);
  if (budget !== undefined) expect(stated).toBe(budget);
}

/** Half of the worlds have one table with many indexes. */
function worldOf(seed: number): World {
  return makeWorld(seed, seed % 2 === 0 ? SINGLE : MIXED);
}

/** Replays a world step by step, asking, holding iterators and letting them go on the way. */
function live(path: string, seed: number, options: OpenOptions, budget?: number): void {
  const world = worldOf(seed);
  const random = new Random(seed ^ 0x2545f491);
  let db = open(path, { durability: 'async', ...options });
  try {
    const held: Held[] = [];
    const findings: string[] = [];
    const tables = world.tables.length;
    const isIndex = (step: Step): boolean => step.kind === 'sql' && /^CREATE.* INDEX/.test(step.text.lightning ?? '');
    const lastIndex = world.steps.findLastIndex(isIndex);
    world.steps.forEach((step, i) => {
      replay(db, [step]);
      check(db, budget);
      if (i < tables) return;
      if (random.chance(0.2)) held.push(hold(db, random.pick(world.tables).table.name, random));
      if (held.length > 0 && random.chance(0.15)) findings.push(...release(held.shift()!));
      // MATCH needs its index, and so do lookups by name.
      if (i >= lastIndex && random.chance(0.4)) findings.push(...compareQueries(db, world, random, 3));
    });
    findings.push(...held.flatMap(release));
    if (path !== ':memory:') {
      db.close();
      db = open(path, options);
    }
    findings.push(...compareQueries(db, world, random, 12), ...compareHandles(db, world, random));
    check(db, budget);
    expect(findings).toEqual([]);
    expect(db.verify().findings).toEqual([]);
  } finally {
    db.close();
  }
}

describe(`any set of indexes gives the scan's answer (seed ${SEED})`, () => {
  it.each(Array.from({ length: WORLDS }, (_, i) => SEED + i))('world %i', (seed) => {
    const file = seed % 3 === 0;
    live(file ? join(folder, `${seed}.db`) : ':memory:', seed, {});
  });
});

describe('with a cache of 1 % of the data', () => {
  it.each(['w-tinylfu', 'arc', 'slru', 'clock-pro', 'lru'] as const)('%s', (cachePolicy) => {
    for (let i = 0; i < Math.ceil(WORLDS / 8); i++) {
      const seed = SEED + 1_000 + i;
      const whole = join(folder, `${cachePolicy}-${seed}-whole.db`);
      const first = open(whole, { durability: 'async' });
      replay(first, worldOf(seed).steps);
      first.close();
      const cacheBytes = Math.ceil(statSync(whole).size / 100);
      live(join(folder, `${cachePolicy}-${seed}.db`), seed, { cachePolicy, cacheBytes }, cacheBytes);
    }
  });
});
