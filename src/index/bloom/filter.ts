// The pages of a bloom index and what is asked of them. Each chunk of 65,536 rows has a split-block filter (Putze, Sanders and Singler,
// "Cache-, hash- and space-efficient Bloom filters", 2007; salts as in Apache Parquet): a key sets one bit in each of the eight words
// of one block, so that a change touches one page however large the filter is.
// Pages 0..255 are directories: of chunks 256 d .. 256 d + 255, those that have a filter, with the pages of it that exist (an absent
// page has no bit set) and the number of entries deleted. Which directories exist is in the counters. Filter pages follow from 256 on.

import type { IndexDef } from '../../catalog/definitions.js';
import { invariant, LightningError } from '../../errors.js';
import type { PageCodec, PageReader, PageWriter } from '../../pages/page.js';
import { hashValues } from '../../values/key.js';
import type { Hash64 } from '../../values/key.js';
import type { Row, ScalarType } from '../../values/types.js';

const CHUNK_ROWS = 65_536;
const WORDS = 8;
const BLOCK_BYTES = WORDS * 4;
/** Blocks of one page. */
export const PAGE_BLOCKS = 125;
const DIRECTORIES = 256;
/** Of the pages that a directory's line has bits for. */
const MOST_BLOCKS = 64 * PAGE_BLOCKS;
const SALTS = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31] as const;

/** Positions in the counters of the index's space: then bits of existing directories, 32 to a number. */
export const BLOOM_COUNTERS = { ENTRIES: 0, DEAD: 1, PAGES: 2, CHUNKS: 3, DIRECTORIES: 4 } as const;

/** One chunk's line in a directory. */
export interface ChunkState {
  /** Bits of the filter pages that exist. */
  readonly pages: Uint32Array;
  /** Entries whose bits are still set although they are gone. */
  dead: number;
}

export type Directory = Map<number, ChunkState>;

export const DIRECTORY: PageCodec<Directory> = {
  name: 'bloom directory',
  encode(directory) {
    const out = new Uint32Array(directory.size * 4);
    let at = 0;
    for (const [chunk, { pages, dead }] of directory) {
      out.set([chunk, dead, pages[0]!, pages[1]!], at);
      at += 4;
    }
    return new Uint8Array(out.buffer);
  },
  decode(body) {
    const numbers = new Uint32Array(body.slice().buffer);
    const directory: Directory = new Map();
    for (let at = 0; at < numbers.length; at += 4) {
      directory.set(numbers[at]!, { dead: numbers[at + 1]!, pages: numbers.slice(at + 2, at + 4) });
    }
    return directory;
  },
  copy: (directory) =>
    new Map([...directory].map(([chunk, { pages, dead }]) => [chunk, { pages: pages.slice(), dead }])),
  bytes: (directory) => 200 + directory.size * 200,
};

export const FILTER_PAGE: PageCodec<Uint32Array> = {
  name: 'bloom filter page',
  encode: (words) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength),
  decode(body) {
    invariant(body.length === PAGE_BLOCKS * BLOCK_BYTES, 'a bloom filter page of another size');
    return new Uint32Array(body.slice().buffer);
  },
  copy: (words) => words.slice(),
  bytes: (words) => 150 + words.byteLength,
};

/** One bloom index, stateless. */
export class BloomFilter {
  readonly space: number;
  readonly types: readonly ScalarType[];
  /** Blocks of one chunk's filter, and the pages that hold them. */
  readonly blocks: number;
  readonly pages: number;

  constructor(readonly index: IndexDef) {
    this.space = index.spaces[0]!;
    this.types = index.keys.map((key) => key.type);
    const { bits_per_row: bits, false_positive_rate: rate } = index.options;
    if (typeof rate === 'number') this.blocks = blocksFor(rate);
    else {
      invariant(typeof bits === 'number', `bloom index ${index.name} lacks its options`);
      this.blocks = Math.ceil((CHUNK_ROWS * bits) / (BLOCK_BYTES * 8));
    }
    this.pages = Math.ceil(this.blocks / PAGE_BLOCKS);
  }

  hash(values: Row): Hash64 {
    return hashValues(values, this.types);
  }

  /** The block is chosen by one half of the hash, its bits by the other. */
  block(hash: Hash64): number {
    return Math.floor((hash.hi / 2 ** 32) * this.blocks);
  }

  directory(reader: PageReader, number: number): Directory | undefined {
    const counters = reader.counters(this.space);
    invariant(counters !== undefined, `index ${this.index.name} was not created`);
    const exists = (counters[BLOOM_COUNTERS.DIRECTORIES + (number >>> 5)]! & (1 << (number & 31))) !== 0;
    return exists ? reader.page(this.space, number, DIRECTORY) : undefined;
  }

  state(reader: PageReader, chunk: number): ChunkState | undefined {
    return this.directory(reader, chunk >>> 8)?.get(chunk);
  }

  /** The words of a page of a chunk's filter; undefined when none of its bits is set. */
  words(reader: PageReader, chunk: number, page: number): Uint32Array | undefined {
    const state = this.state(reader, chunk);
    if (state === undefined || (state.pages[page >>> 5]! & (1 << (page & 31))) === 0) return undefined;
    return reader.page(this.space, this.address(chunk, page), FILTER_PAGE);
  }

  mayContain(reader: PageReader, chunk: number, hash: Hash64): boolean {
    const block = this.block(hash);
    const page = Math.floor(block / PAGE_BLOCKS);
    const words = this.words(reader, chunk, page);
    return words !== undefined && hasBits(words, (block - page * PAGE_BLOCKS) * WORDS, hash.lo);
  }

  add(writer: PageWriter, chunk: number, hash: Hash64): void {
    const block = this.block(hash);
    const page = Math.floor(block / PAGE_BLOCKS);
    const at = (block - page * PAGE_BLOCKS) * WORDS;
    const words = this.words(writer, chunk, page);
    if (words === undefined) {
      const made = new Uint32Array(PAGE_BLOCKS * WORDS);
      setBits(made, at, hash.lo);
      this.place(writer, chunk, page, made);
    } else if (!hasBits(words, at, hash.lo)) {
      setBits(writer.change(this.space, this.address(chunk, page), FILTER_PAGE), at, hash.lo);
    }
  }

  /** Puts a page of a chunk's filter where none is. */
  place(writer: PageWriter, chunk: number, page: number, words: Uint32Array): void {
    writer.put(this.space, this.address(chunk, page), FILTER_PAGE, words);
    writer.changeCounters(this.space)[BLOOM_COUNTERS.PAGES]!++;
    this.changeState(writer, chunk).pages[page >>> 5]! |= 1 << (page & 31);
  }

  /** The chunk's line in its directory, made when there is none. */
  changeState(writer: PageWriter, chunk: number): ChunkState {
    const number = chunk >>> 8;
    if (this.directory(writer, number) === undefined) {
      const counters = writer.changeCounters(this.space);
      const position = BLOOM_COUNTERS.DIRECTORIES + (number >>> 5);
      counters[position] = (counters[position]! | (1 << (number & 31))) >>> 0;
      writer.put(this.space, number, DIRECTORY, new Map());
    }
    const directory = writer.change(this.space, number, DIRECTORY);
    let state = directory.get(chunk);
    if (state === undefined) {
      state = { pages: new Uint32Array(2), dead: 0 };
      directory.set(chunk, state);
      writer.changeCounters(this.space)[BLOOM_COUNTERS.CHUNKS]!++;
    }
    return state;
  }

  /** All chunks with a filter, ascending. */
  chunks(reader: PageReader): number[] {
    const chunks: number[] = [];
    for (let number = 0; number < DIRECTORIES; number++) chunks.push(...(this.directory(reader, number)?.keys() ?? []));
    return chunks.sort((a, b) => a - b);
  }

  private address(chunk: number, page: number): number {
    if (page >= this.pages) throw new LightningError('BUG', `page ${page} of a bloom filter of ${this.pages}`);
    return DIRECTORIES + chunk * this.pages + page;
  }
}

export function hasBits(words: Uint32Array, at: number, key: number): boolean {
  for (let i = 0; i < WORDS; i++) {
    if ((words[at + i]! & (1 << (Math.imul(key, SALTS[i]!) >>> 27))) === 0) return false;
  }
  return true;
}

export function setBits(words: Uint32Array, at: number, key: number): void {
  for (let i = 0; i < WORDS; i++) words[at + i]! |= 1 << (Math.imul(key, SALTS[i]!) >>> 27);
}

/**
 * The share of absent keys that a filter with so many keys lets pass: blocks fill as a Poisson process, each word of a block independently.
 * @param load keys per block
 */
export function falsePositiveRate(load: number): number {
  let rate = 0;
  let probability = Math.exp(-load);
  const most = Math.ceil(load + 12 * Math.sqrt(load + 1));
  for (let keys = 0; keys <= most; keys++) {
    if (keys > 0) probability *= load / keys;
    rate += probability * (1 - (31 / 32) ** keys) ** WORDS;
  }
  return rate;
}

const known = new Map<number, number>();

/** Blocks of a filter that, with a key for each row of a whole chunk, lets pass no more than this share of absent keys. */
function blocksFor(rate: number): number {
  let blocks = known.get(rate);
  if (blocks === undefined) {
    let low = 1;
    let high = MOST_BLOCKS;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (falsePositiveRate(CHUNK_ROWS / middle) <= rate) high = middle;
      else low = middle + 1;
    }
    known.set(rate, (blocks = low));
  }
  return blocks;
}
