// The pending list: documents that were added or removed since the last merge, whole and analysed, in pages that every query reads.
// A removed one is the merged version of a row, kept with its terms, so that document frequencies are exact before the merge.
// Body: for each entry row id, 1 when removed, length, and the document: fields, then for each the number of terms and each term with
// its length in bytes and the step from the last token position.

import type { PageCodec } from '../../pages/index.js';
import { ByteReader } from '../../pages/bytes.js';
import type { IndexTerms, TextDocument } from '../../text/index.js';
import { ByteWriter, textOf } from './bytes.js';
import { termBytes } from './layout.js';

/** The analysed texts of a row, by key. A NULL is an empty text. */
export type DocumentTerms = readonly IndexTerms[];

export function lengthOf(document: DocumentTerms): number {
  return document.reduce((sum, { terms }) => sum + terms.length, 0);
}

const scratch = new ByteWriter(4096);

/** A document on the list. Written by this process it is kept as it was analysed: most are merged before they are ever encoded. */
export class PendingEntry {
  private constructor(
    readonly rowId: number,
    readonly removed: boolean,
    /** Of the entry in a page, about. */
    readonly size: number,
    private encoded: Uint8Array | undefined,
    private analysed: DocumentTerms | undefined,
  ) {}

  static of(rowId: number, removed: boolean, document: DocumentTerms): PendingEntry {
    return new PendingEntry(rowId, removed, sizeOf(document) + OVERHEAD, undefined, document);
  }

  static read(rowId: number, removed: boolean, bytes: Uint8Array): PendingEntry {
    return new PendingEntry(rowId, removed, bytes.length + OVERHEAD, bytes, undefined);
  }

  get document(): DocumentTerms {
    return (this.analysed ??= decodeDocument(this.encoded!));
  }

  get bytes(): Uint8Array {
    return (this.encoded ??= encodeDocument(this.analysed!));
  }
}

/** Row id, sign and length of an entry, at most. */
const OVERHEAD = 12;

function encodeDocument(document: DocumentTerms): Uint8Array {
  scratch.reset();
  scratch.varint(document.length);
  for (const { terms, positions } of document) {
    scratch.varint(terms.length);
    let last = 0;
    for (let i = 0; i < terms.length; i++) {
      const bytes = termBytes(terms[i]!);
      scratch.varint(bytes.length);
      scratch.bytes(bytes);
      scratch.varint(positions[i]! - last);
      last = positions[i]!;
    }
  }
  return scratch.copy();
}

/** Bytes of `encodeDocument`. */
function sizeOf(document: DocumentTerms): number {
  let size = varintBytes(document.length);
  for (const { terms, positions } of document) {
    size += varintBytes(terms.length);
    let last = 0;
    for (let i = 0; i < terms.length; i++) {
      const { length } = termBytes(terms[i]!);
      size += varintBytes(length) + length + varintBytes(positions[i]! - last);
      last = positions[i]!;
    }
  }
  return size;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

function decodeDocument(bytes: Uint8Array): DocumentTerms {
  const reader = new ByteReader(bytes);
  return Array.from({ length: reader.varint() }, () => {
    const count = reader.varint();
    const terms: string[] = [];
    const positions = new Uint32Array(count);
    let last = 0;
    for (let i = 0; i < count; i++) {
      terms.push(textOf(reader.take(reader.varint())));
      positions[i] = last += reader.varint();
    }
    return { terms, positions };
  });
}

/** A pending document, ready to be matched. */
export interface PendingDocument {
  readonly rowId: number;
  readonly removed: boolean;
  readonly terms: DocumentTerms;
  readonly document: TextDocument;
  readonly length: number;
}

/** What a query asks of one pending page. */
export class PendingView {
  readonly documents: readonly PendingDocument[];
  /** Added documents by term: positions in `documents`. */
  readonly holders = new Map<string, number[]>();
  /** By how much the page changes df: in all, then by field. */
  readonly deltas = new Map<string, Int32Array>();

  constructor(entries: readonly PendingEntry[], names: readonly string[]) {
    this.documents = entries.map(({ rowId, removed, document: terms }) => {
      const document = terms.map((text, i) => ({ name: names[i]!, text }));
      return { rowId, removed, terms, document, length: lengthOf(terms) };
    });
    this.documents.forEach(({ removed, terms }, at) => this.enter(terms, removed, at, names.length));
  }

  private enter(terms: DocumentTerms, removed: boolean, at: number, fields: number): void {
    const seen = new Set<string>();
    const sign = removed ? -1 : 1;
    terms.forEach((text, f) => {
      for (const term of new Set(text.terms)) {
        let delta = this.deltas.get(term);
        if (delta === undefined) this.deltas.set(term, (delta = new Int32Array(fields + 1)));
        delta[f + 1]! += sign;
        if (seen.has(term)) continue;
        seen.add(term);
        delta[0]! += sign;
        if (removed) continue;
        const holders = this.holders.get(term);
        if (holders) holders.push(at);
        else this.holders.set(term, [at]);
      }
    });
  }
}

export class PendingPage {
  private made: PendingView | undefined;

  constructor(
    readonly entries: PendingEntry[],
    /** Of the encoded body, about. */
    public size: number,
  ) {}

  add(entry: PendingEntry): void {
    this.entries.push(entry);
    this.size += entry.size;
    this.made = undefined;
  }

  /** Gives the size of the entry that goes. */
  remove(at: number): number {
    const [entry] = this.entries.splice(at, 1) as [PendingEntry];
    this.size -= entry.size;
    this.made = undefined;
    return entry.size;
  }

  get hasView(): boolean {
    return this.made !== undefined;
  }

  view(names: readonly string[]): PendingView {
    return (this.made ??= new PendingView(this.entries, names));
  }
}

const out = new ByteWriter(8192);

export const PENDING_PAGE: PageCodec<PendingPage> = {
  name: 'pending text page',
  encode(page) {
    out.reset();
    for (const { rowId, removed, bytes } of page.entries) {
      out.varint(rowId);
      out.varint(removed ? 1 : 0);
      out.varint(bytes.length);
      out.bytes(bytes);
    }
    return out.view();
  },
  decode(body) {
    const reader = new ByteReader(body);
    const page = new PendingPage([], 0);
    while (!reader.done) {
      const rowId = reader.varint();
      const removed = reader.varint() === 1;
      page.add(PendingEntry.read(rowId, removed, reader.take(reader.varint()).slice()));
    }
    return page;
  },
  copy: (page) => new PendingPage(page.entries.slice(), page.size),
  bytes: (page) => 200 + page.entries.length * 150 + page.size * (page.hasView ? 12 : 6),
};
