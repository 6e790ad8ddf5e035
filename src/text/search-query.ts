// The language of search text: words (all required, with or without `AND`), `OR`, `-word` or `NOT word`, `"a phrase"`, `prefix*`, `fuzzy~1`,
// `field:word`, `word^2` and parentheses. A recursive-descent parser of bounded depth; what is malformed is an error with an offset, never a guess.
//
//   any   = all {"OR" all}     all   = item {["AND"] item}     item = ["-" | "NOT"] [name ":"] primary ["^" number]
//   primary = "(" any ")" | phrase | word ["*" | "~" ("1" | "2")]

import { LightningError } from '../errors.js';
import type { SearchToken } from './search-lexer.js';
import { lexSearch, searchPosition, searchSyntax } from './search-lexer.js';

interface Placed {
  /** In UTF-16 units of the search text. */
  readonly offset: number;
  readonly length: number;
}

interface Leaf extends Placed {
  readonly text: string;
  readonly boost: number;
  /** Undefined: any field. */
  readonly field: string | undefined;
}

/** A search as it was written, before analysis. `not` stands only among the parts of an `and`. */
export type SearchQuery =
  | (Leaf & { readonly kind: 'term' })
  | (Leaf & { readonly kind: 'prefix' })
  | (Leaf & { readonly kind: 'fuzzy'; readonly distance: 1 | 2 })
  | (Leaf & { readonly kind: 'phrase' })
  | (Placed & { readonly kind: 'and'; readonly parts: readonly SearchQuery[] })
  | (Placed & { readonly kind: 'or'; readonly parts: readonly SearchQuery[] })
  | (Placed & { readonly kind: 'not'; readonly part: SearchQuery });

const MAX_DEPTH = 64;

interface Context {
  readonly field: string | undefined;
  readonly boost: number;
  readonly depth: number;
}

/**
 * Parses a search text.
 *
 * @throws LightningError SEARCH_SYNTAX with the position within the search text; TOO_COMPLEX beyond 64 nested parentheses.
 * @example parseSearch('harbour OR "old port" -ferry')
 */
export function parseSearch(text: string): SearchQuery {
  const parser = new Parser(text, lexSearch(text));
  return parser.whole();
}

/** The fields that a search names, with where: for checking against those of the index. */
export function searchFields(query: SearchQuery): readonly (Placed & { readonly field: string })[] {
  if (query.kind === 'and' || query.kind === 'or') return query.parts.flatMap(searchFields);
  if (query.kind === 'not') return searchFields(query.part);
  return query.field === undefined ? [] : [{ field: query.field, offset: query.offset, length: query.length }];
}

class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly SearchToken[],
  ) {}

  whole(): SearchQuery {
    if (this.tokens.length === 0) {
      throw searchSyntax(this.text, 0, this.text.length, 'the search is empty', 'Give at least one word.');
    }
    const query = this.any({ field: undefined, boost: 1, depth: 0 });
    const rest = this.tokens[this.at];
    if (rest !== undefined)
      throw this.error(rest, 'a closing parenthesis without an opening one', 'Remove it, or write it in quotes.');
    return query;
  }

  private any(context: Context): SearchQuery {
    const parts = [this.all(context)];
    while (this.tokens[this.at]?.kind === 'or') {
      this.operator();
      parts.push(this.all(context));
    }
    return join('or', parts);
  }

  private all(context: Context): SearchQuery {
    const first = this.tokens[this.at];
    if (first?.kind === 'or' || first?.kind === 'and') throw this.alone(first, 'left', 'before');
    const parts: SearchQuery[] = [];
    while (this.startsItem()) {
      parts.push(this.item(context));
      if (this.tokens[this.at]?.kind === 'and') this.operator();
    }
    if (parts.length === 0) {
      const here = this.tokens[this.at] ?? (this.tokens.at(-1) as SearchToken);
      throw this.error(here, 'there is nothing between the parentheses', 'Give at least one word.');
    }
    const start = parts[0] as SearchQuery;
    if (parts.every((part) => part.kind === 'not')) {
      throw searchSyntax(
        this.text,
        start.offset,
        start.length,
        'a search cannot only exclude',
        'Add a word that must be there before the words that must not.',
      );
    }
    return join('and', parts);
  }

  /** OR or AND, behind which a word must come. */
  private operator(): void {
    const operator = this.tokens[this.at++] as SearchToken;
    if (!this.startsItem()) throw this.alone(operator, 'right', 'after');
  }

  private alone(operator: SearchToken, side: string, place: string): LightningError {
    const { text } = operator;
    const hint = `Give a word ${place} ${text}, or write "${text.toLowerCase()}" in lower case to search for the word.`;
    return this.error(operator, `${text} has nothing on its ${side}`, hint);
  }

  private startsItem(): boolean {
    const kind = this.tokens[this.at]?.kind;
    return kind !== undefined && kind !== 'or' && kind !== 'and' && kind !== 'close';
  }

  private item(context: Context): SearchQuery {
    const first = this.tokens[this.at] as SearchToken;
    if (first.kind !== 'minus') return this.positive(context);
    this.at++;
    if (!this.startsItem() || this.tokens[this.at]?.kind === 'minus') {
      const what = first.text === '-' ? 'the minus' : first.text;
      throw this.error(first, `${what} excludes nothing`, 'Write the word right after it, as in -word or NOT word.');
    }
    const part = this.positive(context);
    return { kind: 'not', part, offset: first.offset, length: part.offset + part.length - first.offset };
  }

  private positive(context: Context): SearchQuery {
    const first = this.tokens[this.at++] as SearchToken;
    if (first.kind === 'field') {
      if (context.field !== undefined)
        throw this.error(first, 'a field within a field', 'Name one field for each word.');
      const next = this.tokens[this.at];
      if (next === undefined || (next.kind !== 'word' && next.kind !== 'phrase' && next.kind !== 'open')) {
        throw this.error(
          first,
          `the field ${first.text} is given nothing to look for`,
          'Write the word right after the colon, as in field:word.',
        );
      }
      const found = this.positive({ ...context, field: first.text });
      return { ...found, offset: first.offset, length: found.offset + found.length - first.offset };
    }
    if (first.kind === 'open') return this.group(first, context);
    if (first.kind === 'word' || first.kind === 'phrase') return leaf(first, context);
    throw this.error(
      first,
      'a minus stands where a word is expected',
      'Write field after the minus, as in -field:word.',
    );
  }

  private group(open: SearchToken, context: Context): SearchQuery {
    if (context.depth >= MAX_DEPTH) {
      throw new LightningError('TOO_COMPLEX', `the search nests more than ${MAX_DEPTH} parentheses`, {
        position: searchPosition(this.text, open.offset, 1),
        hint: 'Write the search with fewer parentheses.',
      });
    }
    const boost = context.boost * this.groupBoost();
    const found = this.any({ field: context.field, boost, depth: context.depth + 1 });
    const close = this.tokens[this.at];
    if (close === undefined) {
      throw this.error(open, 'this parenthesis is not closed', 'Add ) at its end, or write the parenthesis in quotes.');
    }
    this.at++;
    return { ...found, offset: open.offset, length: close.offset + close.length - open.offset };
  }

  /** The boost written behind the parenthesis that closes the group at hand. */
  private groupBoost(): number {
    let depth = 1;
    for (let i = this.at; i < this.tokens.length; i++) {
      const token = this.tokens[i] as SearchToken;
      if (token.kind === 'open') depth++;
      else if (token.kind === 'close' && --depth === 0) return token.boost;
    }
    return 1;
  }

  private error(token: SearchToken, message: string, hint: string): LightningError {
    return searchSyntax(this.text, token.offset, token.length, message, hint);
  }
}

function leaf(token: SearchToken, context: Context): SearchQuery {
  const { text, offset, length } = token;
  const base = { text, boost: context.boost * token.boost, field: context.field, offset, length };
  if (token.kind === 'phrase') return { kind: 'phrase', ...base };
  if (token.suffix === 'prefix') return { kind: 'prefix', ...base };
  if (token.suffix === undefined) return { kind: 'term', ...base };
  return { kind: 'fuzzy', distance: token.suffix, ...base };
}

function join(kind: 'and' | 'or', parts: readonly SearchQuery[]): SearchQuery {
  const first = parts[0] as SearchQuery;
  if (parts.length === 1) return first;
  const last = parts.at(-1) as SearchQuery;
  return { kind, parts, offset: first.offset, length: last.offset + last.length - first.offset };
}
