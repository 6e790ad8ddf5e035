// Bloom indexes: for each chunk of 65,536 rows, whether it can hold a row with these key values. They only refute: a scan skips the
// chunks that cannot. Deleted entries leave their bits behind and are counted; REINDEX makes the filters anew.
// One space: `filter.ts` draws its pages.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef, OptionValue, TableDef } from '../../catalog/definitions.js';
import type { Offer, Probe } from '../../catalog/offer.js';
import type { IndexStatistics } from '../../catalog/statistics.js';
import type { Constraint } from '../../expr/constraint.js';
import type { PageReader, PageWriter } from '../../pages/page.js';
import { PAGE_BODY } from '../../pages/page.js';
import type { Hash64 } from '../../values/key.js';
import type { Value } from '../../values/types.js';
import { REFUTE } from '../costs.js';
import { Selectivity } from '../estimates.js';
import { wrongProbe } from '../key-ranges.js';
import { matchKeys } from '../key-probes.js';
import type { Entry, EntryChange, IndexKind, IndexReader, IndexWriter, VerifyProblem } from '../kind.js';
import { invalid, needsKeys, numberWithin, onlyOptions, refuseInclude, refuseUnique, wholeNumber } from '../options.js';
import type { Definition } from '../options.js';
import { keysOf } from '../probe-values.js';
import { rowSets } from '../row-set/index.js';
import type { RowSet } from '../row-set/index.js';
import { BLOOM_COUNTERS, BloomFilter, falsePositiveRate } from './filter.js';
import { verifyBloom } from './verify.js';

const REPORT = 4_096;
/** Of false positives: those of about 24 and 4 bits a row. */
const LEAST_RATE = 0.0002;
const MOST_RATE = 0.25;
const CHUNK_ROWS = 65_536;

class BloomReader implements IndexReader {
  /** Hashes of the probe last asked about: a scan asks for each chunk in turn. */
  private probe: Probe<Value> | undefined;
  private hashes: readonly Hash64[] = [];

  constructor(
    private readonly filter: BloomFilter,
    private readonly reader: PageReader,
  ) {}

  mayContain(chunk: number, probe: Probe<Value>): boolean {
    if (probe !== this.probe) {
      this.hashes = this.hashesOf(probe);
      this.probe = probe;
    }
    return this.hashes.some((hash) => this.filter.mayContain(this.reader, chunk, hash));
  }

  /** All rows of the chunks that are not refuted: no row set of its own, but one that never misses a row. */
  rowSet(probe: Probe<Value>): RowSet {
    const kept = this.filter.chunks(this.reader).filter((chunk) => this.mayContain(chunk, probe));
    return rowSets().union(kept.map((chunk) => rowSets().fromRange(chunk * CHUNK_ROWS, (chunk + 1) * CHUNK_ROWS)));
  }

  count(probe: Probe<Value>): number {
    return this.rowSet(probe).size;
  }

  private hashesOf(probe: Probe<Value>): Hash64[] {
    const { types } = this.filter;
    if (probe.kind !== 'keys' || probe.sets.length !== types.length || probe.range || probe.prefix !== undefined) {
      throw wrongProbe('bloom', probe);
    }
    let rows: Value[][] = [[]];
    probe.sets.forEach((set, i) => {
      const keys = keysOf(set, types[i]!);
      rows = rows.flatMap((row) => keys.map((key) => [...row, key]));
    });
    return rows.map((row) => this.filter.hash(row));
  }
}

class BloomWriter implements IndexWriter {
  constructor(
    private readonly filter: BloomFilter,
    private readonly writer: PageWriter,
  ) {}

  apply({ rowId, before, after }: EntryChange): void {
    const { filter, writer } = this;
    const chunk = rowId >>> 16;
    const old = before && filter.hash(before);
    const hash = after && filter.hash(after);
    if (old !== undefined && hash !== undefined && old.hi === hash.hi && old.lo === hash.lo) return;
    if (old !== undefined) {
      filter.changeState(writer, chunk).dead++;
      const counters = writer.changeCounters(filter.space);
      counters[BLOOM_COUNTERS.ENTRIES]!--;
      counters[BLOOM_COUNTERS.DEAD]!++;
    }
    if (hash !== undefined) {
      filter.add(writer, chunk, hash);
      writer.changeCounters(filter.space)[BLOOM_COUNTERS.ENTRIES]!++;
    }
  }

  build(entries: Iterable<Entry>, progress?: (done: number) => void): void {
    const { filter, writer } = this;
    let done = 0;
    for (const { rowId, values } of entries) {
      filter.add(writer, rowId >>> 16, filter.hash(values));
      if (++done % REPORT !== 0) continue;
      writer.relieve();
      progress?.(done);
    }
    writer.changeCounters(filter.space)[BLOOM_COUNTERS.ENTRIES]! += done;
    progress?.(done);
  }
}

function check(definition: Definition): Record<string, OptionValue> {
  needsKeys(definition);
  onlyOptions(definition, ['bits_per_row', 'false_positive_rate']);
  refuseInclude(definition);
  refuseUnique(definition);
  const { bits_per_row: bits, false_positive_rate: rate } = definition.options;
  if (rate === undefined) return { bits_per_row: wholeNumber(definition, 'bits_per_row', 10, 4, 24) };
  if (bits !== undefined) {
    throw invalid(
      `index ${definition.name} has both 'bits_per_row' and 'false_positive_rate'`,
      'give one: each follows from the other',
    );
  }
  return { false_positive_rate: numberWithin(definition, 'false_positive_rate', LEAST_RATE, MOST_RATE) };
}

function offers(index: IndexDef, table: TableDef, constraints: readonly Constraint[], catalog: Catalog): Offer[] {
  const selectivity = new Selectivity(index, table, catalog);
  const match = matchKeys(index, constraints, selectivity, false);
  if (match?.sets !== index.keys.length) return [];
  const rows = catalog.rows(table);
  const chunks = Math.max(1, Math.ceil(rows / CHUNK_ROWS));
  const matches = match.share * selectivity.entries;
  const filter = new BloomFilter(index);
  const passing = Math.min(1, match.tuples * falsePositiveRate(Math.min(rows, CHUNK_ROWS) / filter.blocks));
  // Matches that are spread over the chunks leave (1 - 1/chunks)^matches of them empty.
  const hit = 1 - (1 - 1 / chunks) ** matches;
  const est = rows * Math.min(1, hit + (1 - hit) * passing);
  return [
    {
      index,
      probe: match.probe,
      serves: match.serves,
      precision: 'refutes',
      rows: { lo: 0, est, hi: rows, source: match.source },
      cost: chunks * match.tuples * REFUTE,
      order: undefined,
      walkCost: undefined,
    },
  ];
}

function statistics(index: IndexDef, reader: PageReader): IndexStatistics {
  const filter = new BloomFilter(index);
  const counters = reader.counters(filter.space);
  const entries = counters?.[BLOOM_COUNTERS.ENTRIES] ?? 0;
  const dead = counters?.[BLOOM_COUNTERS.DEAD] ?? 0;
  const chunks = counters?.[BLOOM_COUNTERS.CHUNKS] ?? 0;
  const pages = counters?.[BLOOM_COUNTERS.PAGES] ?? 0;
  return {
    entries,
    distinct: undefined,
    pages,
    bytes: pages * PAGE_BODY,
    falsePositiveRate: chunks === 0 ? 0 : falsePositiveRate((entries + dead) / (chunks * filter.blocks)),
  };
}

function verify(index: IndexDef, _table: TableDef, reader: PageReader, entries: Iterable<Entry>): VerifyProblem[] {
  return verifyBloom(new BloomFilter(index), reader, entries);
}

export const bloom: IndexKind = {
  name: 'bloom',
  spaces: 1,
  check,
  offers,
  statistics,
  create: (index: IndexDef, table: TableDef, writer: PageWriter) => {
    writer.createCounters(index.spaces[0]!, table.space);
  },
  open: (index, _table, reader) => new BloomReader(new BloomFilter(index), reader),
  maintain: (index, _table, writer) => new BloomWriter(new BloomFilter(index), writer),
  verify,
};
