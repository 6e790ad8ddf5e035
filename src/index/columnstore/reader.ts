// Chunks as one state sees them: stored vectors, with pending changes laid over copies of those that have some.

import type { Probe } from '../../catalog/offer.js';
import { LiveRows } from '../../pages/live-rows.js';
import type { PageReader } from '../../pages/page.js';
import { hasBit } from '../../values/column-vector.js';
import type { ColumnVector } from '../../values/column-vector.js';
import type { Value } from '../../values/types.js';
import { wrongProbe } from '../key-ranges.js';
import type { IndexReader } from '../kind.js';
import { chunkOfBits, rowSets } from '../row-set/index.js';
import type { RowSet } from '../row-set/index.js';
import { wordsOf } from './chunk-writer.js';
import type { ColumnChunk, ColumnReader } from './chunk.js';
import { COLUMN_PAGE } from './column-page.js';
import { CHUNK_SHIFT, CHUNK_SLOTS, CHUNK_WORDS, COLUMN_COUNTERS, GROUP_SHIFT } from './layout.js';
import type { ColumnLayout } from './layout.js';
import type { ChunkChanges, Overlay } from './overlay.js';
import { overlayOf } from './overlay.js';
import { packVector, patchVector } from './vector.js';
import type { ChunkZones, Zone } from './zone-page.js';
import { CHUNKS_PER_GROUP, widen } from './zone-page.js';

export class ColumnstoreReader implements IndexReader {
  constructor(
    private readonly layout: ColumnLayout,
    private readonly reader: PageReader,
  ) {}

  rowSet(probe: Probe<Value>): RowSet {
    if (probe.kind !== 'all') throw wrongProbe('columnstore', probe);
    const { layout, reader } = this;
    const groups = new Map<number, Uint32Array>();
    for (const group of layout.groups(reader)) groups.set(group, layout.group(reader, group)!.words.slice());
    for (const [chunk, { slots, rows }] of overlayOf(reader, layout)) {
      const group = chunk >>> GROUP_SHIFT;
      let words = groups.get(group);
      if (words === undefined) groups.set(group, (words = LiveRows.make().words));
      slots.forEach((slot, i) => {
        const at = (chunk % CHUNKS_PER_GROUP) * CHUNK_SLOTS + slot;
        if (rows[i] === undefined) words[at >>> 5]! &= ~(1 << (at & 31));
        else words[at >>> 5]! |= 1 << (at & 31);
      });
    }
    return rowSets().fromChunks(
      [...groups].sort(([a], [b]) => a - b).map(([group, words]) => chunkOfBits(group, words)),
    );
  }

  count(probe: Probe<Value>): number {
    if (probe.kind !== 'all') throw wrongProbe('columnstore', probe);
    return this.layout.counters(this.reader)[COLUMN_COUNTERS.ENTRIES]!;
  }

  quickCount(probe: Probe<Value>): number {
    return this.count(probe);
  }

  columns(): ColumnReader {
    return new StoredColumns(this.layout, this.reader);
  }
}

class StoredColumns implements ColumnReader {
  private readonly overlay: Overlay;

  constructor(
    private readonly layout: ColumnLayout,
    private readonly reader: PageReader,
  ) {
    this.overlay = overlayOf(reader, layout);
  }

  *chunks(): Iterable<ColumnChunk> {
    const groups = new Set<number>(this.layout.groups(this.reader));
    for (const chunk of this.overlay.keys()) groups.add(chunk >>> GROUP_SHIFT);
    for (const group of [...groups].sort((a, b) => a - b)) {
      for (let i = 0; i < CHUNKS_PER_GROUP; i++) {
        const chunk = this.chunk(group * CHUNKS_PER_GROUP + i);
        if (chunk !== undefined) yield chunk;
      }
    }
  }

  chunkOf(rowId: number): ColumnChunk | undefined {
    return this.chunk(rowId >>> CHUNK_SHIFT);
  }

  private chunk(number: number): ColumnChunk | undefined {
    const { layout, reader } = this;
    const rows = layout.group(reader, number >>> GROUP_SHIFT);
    const zones = rows && reader.page(layout.zones, number >>> GROUP_SHIFT, layout.zonePage)[number % CHUNKS_PER_GROUP];
    const changes = this.overlay.get(number);
    if (changes !== undefined) {
      const chunk = new ChangedChunk(layout, reader, number, zones, zones && wordsOf(rows!, number), changes);
      return chunk.rows === 0 ? undefined : chunk;
    }
    return zones && new StoredChunk(layout, reader, number, zones, wordsOf(rows!, number));
  }
}

class StoredChunk implements ColumnChunk {
  readonly exact = true;
  readonly first: number;
  readonly present: Uint32Array | undefined;

  constructor(
    private readonly layout: ColumnLayout,
    private readonly reader: PageReader,
    private readonly number: number,
    private readonly zones: ChunkZones,
    words: Uint32Array,
  ) {
    this.first = number * CHUNK_SLOTS;
    this.present = zones.rows === zones.length ? undefined : words;
  }

  get length(): number {
    return this.zones.length;
  }

  get rows(): number {
    return this.zones.rows;
  }

  zone(column: number): Zone {
    return this.zones.columns[column]!;
  }

  column(column: number): ColumnVector {
    return this.reader.page(this.layout.columns, this.layout.columnPage(this.number, column), COLUMN_PAGE);
  }
}

class ChangedChunk implements ColumnChunk {
  readonly exact = false;
  readonly first: number;
  readonly length: number;
  readonly rows: number;
  readonly present: Uint32Array;

  constructor(
    private readonly layout: ColumnLayout,
    private readonly reader: PageReader,
    private readonly number: number,
    private readonly zones: ChunkZones | undefined,
    words: Uint32Array | undefined,
    private readonly changes: ChunkChanges,
  ) {
    this.first = number * CHUNK_SLOTS;
    const present = words?.slice() ?? new Uint32Array(CHUNK_WORDS);
    let rows = zones?.rows ?? 0;
    let length = zones?.length ?? 0;
    changes.slots.forEach((slot, i) => {
      const is = changes.rows[i] !== undefined;
      rows += Number(is) - Number(hasBit(present, slot));
      if (is) present[slot >>> 5]! |= 1 << (slot & 31);
      else present[slot >>> 5]! &= ~(1 << (slot & 31));
      // A slot whose row was added and removed again lies beyond the vectors: they grow to hold it all the same.
      if (slot >= length) length = slot + 1;
    });
    this.rows = rows;
    this.length = length;
    this.present = present;
  }

  zone(column: number): Zone {
    const values = this.changes.rows.map((row) => row?.[column]);
    return widen(this.layout.types[column]!, this.zones?.columns[column], values);
  }

  column(column: number): ColumnVector {
    const { layout, changes } = this;
    const stored =
      this.zones === undefined
        ? packVector(layout.types[column]!, [])
        : this.reader.page(layout.columns, layout.columnPage(this.number, column), COLUMN_PAGE);
    const values = changes.rows.map((row) => row?.[column]);
    return patchVector(stored, this.length, changes.slots, values);
  }
}
