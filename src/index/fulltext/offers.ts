// What a full-text index offers: a probe for each MATCH that is bound to it, always exact. Sizes come from the dictionary, where the
// words of a constant search are known.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef } from '../../catalog/definitions.js';
import type { Offer } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import type { Constraint } from '../../expr/constraint.js';
import { LightningError, never } from '../../errors.js';
import type { Analyzer, SearchQuery } from '../../text/index.js';
import { compileSearch, createAnalyzer, parseSearch, textIndexOptions } from '../../text/index.js';
import { PROBE, SEEK } from '../costs.js';

type Match = Extract<Constraint, { kind: 'match' }>;

/** Shares of the documents: of a word not known, of the rarest word of a phrase, of a search not known. */
const WORD = 0.005;
const PHRASE = 0.1;
const UNKNOWN = 0.01;
/** One posting read and joined with those of other words, nanoseconds. */
const POSTING = 30;
/** A pending page looked through. */
const PENDING = 2_000;

export function textOffers(index: IndexDef, constraints: readonly Constraint[], catalog: Catalog): Offer[] {
  const offers: Offer[] = [];
  constraints.forEach((constraint, position) => {
    if (constraint.kind !== 'match' || constraint.index !== index.id) return;
    const { rows, postings } = estimateRows(index, constraint, catalog);
    offers.push({
      index,
      probe: { kind: 'match', field: constraint.field, query: constraint.query },
      serves: [position],
      precision: 'exact',
      rows,
      cost: PROBE + PENDING + 3 * SEEK + Math.max(postings, rows.est) * POSTING,
      order: undefined,
      walkCost: undefined,
    });
  });
  return offers;
}

/** Rows that a search finds, and the postings that are read for them. */
function estimateRows(
  index: IndexDef,
  constraint: Match,
  catalog: Catalog,
): { readonly rows: Estimate; readonly postings: number } {
  const documents = catalog.index(index).entries;
  const unknown = {
    rows: { lo: 0, est: documents * UNKNOWN, hi: documents, source: 'default' },
    postings: 2 * documents * UNKNOWN,
  };
  const { query } = constraint;
  if (query.kind !== 'constant') return unknown;
  if (typeof query.value !== 'string') return { rows: { ...NO_ROWS, source: 'exact' }, postings: 0 };
  try {
    const frequencies = new Frequencies(index, constraint.field, catalog, documents);
    const rows = frequencies.rows(parseSearch(query.value)) ?? NO_ROWS;
    return { rows: { ...rows, source: 'index' }, postings: frequencies.postings };
  } catch (error) {
    // A malformed search is execution's to report.
    if (error instanceof LightningError && error.kind !== 'bug') return unknown;
    throw error;
  }
}

interface Rows {
  readonly lo: number;
  readonly est: number;
  readonly hi: number;
}

const NO_ROWS: Rows = { lo: 0, est: 0, hi: 0 };

const analyzers = new WeakMap<IndexDef, Analyzer>();

function analyzerOf(index: IndexDef): Analyzer {
  let analyzer = analyzers.get(index);
  if (analyzer === undefined) {
    analyzer = createAnalyzer(textIndexOptions(index.options).analysis);
    analyzers.set(index, analyzer);
  }
  return analyzer;
}

/** Bounds and guesses for the parts of a search, from document frequencies where the catalog can ask for them. */
class Frequencies {
  /** Of all words looked up so far. */
  postings = 0;

  constructor(
    private readonly index: IndexDef,
    private readonly field: string | undefined,
    private readonly catalog: Catalog,
    private readonly documents: number,
  ) {}

  /** Undefined for what analysis leaves nothing of. */
  rows(part: SearchQuery): Rows | undefined {
    const { documents } = this;
    switch (part.kind) {
      case 'term':
        return this.word(part.text, part.field);
      case 'phrase': {
        const words = part.text.split(/\s+/u).flatMap((word) => this.word(word, part.field) ?? []);
        return words.length === 1 ? words[0] : together(words, PHRASE);
      }
      case 'prefix': {
        const query = `${part.field === undefined ? '' : `${part.field}:`}${part.text}*`;
        const found = this.catalog.estimate(this.index, { kind: 'match', field: this.field, query });
        this.postings += found?.est ?? 4 * WORD * documents;
        return found ?? { lo: 0, est: 4 * WORD * documents, hi: documents };
      }
      case 'fuzzy':
        this.postings += 4 * WORD * documents;
        return { lo: 0, est: 4 * WORD * documents, hi: documents };
      case 'not': {
        const rows = this.rows(part.part);
        return rows && { lo: documents - rows.hi, est: documents - rows.est, hi: documents - rows.lo };
      }
      case 'or': {
        const parts = part.parts.flatMap((each) => this.rows(each) ?? []);
        if (parts.length === 0) return undefined;
        const none = parts.reduce((share, { est }) => share * (1 - est / Math.max(1, documents)), 1);
        return {
          lo: Math.max(...parts.map(({ lo }) => lo)),
          est: documents * (1 - none),
          hi: Math.min(
            documents,
            parts.reduce((sum, { hi }) => sum + hi, 0),
          ),
        };
      }
      case 'and': {
        const parts = part.parts.flatMap((each) => this.rows(each) ?? []);
        if (parts.length < 2) return parts[0];
        // Words of one search are seldom independent: the rarest counts in full, each further one by its root, and so on.
        const shares = parts.map(({ est }) => est / Math.max(1, documents)).sort((a, b) => a - b);
        return together(
          parts,
          shares.slice(1).reduce((all, share, i) => all * share ** (1 / 2 ** Math.min(i + 1, 4)), 1),
        );
      }
      default:
        return never(part, 'search query');
    }
  }

  private word(text: string, field: string | undefined): Rows | undefined {
    const quoted = `"${text.replaceAll('"', ' ')}"`;
    if (!/[\p{L}\p{N}]/u.test(text)) return undefined;
    const compiled = compileSearch(quoted, analyzerOf(this.index));
    if (compiled.kind === 'none') return undefined;
    const query = field === undefined ? quoted : `${field}:${quoted}`;
    const df = this.catalog.probe(this.index, { kind: 'match', field: this.field, query });
    const { documents } = this;
    this.postings += df ?? WORD * documents;
    return df === undefined ? { lo: 0, est: WORD * documents, hi: documents } : { lo: df, est: df, hi: df };
  }
}

/** All of several parts: at most the rarest of them, of which a share is guessed. */
function together(parts: readonly Rows[], share: number): Rows | undefined {
  if (parts.length === 0) return undefined;
  const hi = Math.min(...parts.map((part) => part.hi));
  return { lo: 0, est: Math.min(hi, share * Math.min(...parts.map(({ est }) => est))), hi };
}
