// Cuts a stream of text into statements and dot commands, without understanding either: it only knows where strings, quoted
// names and comments begin and end, as the lexer of `grammar` does. Text may come in any portions.

/** A statement without its semicolon, or a command's line with its dot. `line` is where it begins, from 1. */
export interface Piece {
  readonly kind: 'statement' | 'command';
  readonly text: string;
  readonly line: number;
}

/** What the text is inside of. */
type Inside =
  'blank' | 'code' | 'string' | 'escaped' | 'dollar quote' | 'name' | 'line comment' | 'block comment' | 'command';

/** What can be passed over at once. */
const PLAIN = /(?:[\w\u00a1-\uffff][\w$\u00a1-\uffff]*|[,()=<>+?])+/y;

/** The quote that opens here: `$$`, `$tag$`. */
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u00a1-\uffff][\w\u00a1-\uffff]*)?\$/y;

export class Splitter {
  /** What is not yet handed out. */
  private rest = '';
  /** How far `rest` is read. */
  private at = 0;
  private inside: Inside = 'blank';
  /** Whether anything but blanks and comments was seen since the last piece. */
  private started = false;
  private depth = 0;
  /** What closes the dollar quote. */
  private quote = '';
  /** Where `rest` begins, and where the piece's first character stands. */
  private line = 1;
  private begin = 0;

  /** What is unfinished: nothing, a statement, or what must be closed. For the prompt. */
  get state(): 'blank' | 'code' | 'string' | 'name' | 'comment' {
    switch (this.inside) {
      case 'string':
      case 'escaped':
      case 'dollar quote':
        return 'string';
      case 'name':
        return 'name';
      case 'block comment':
        return 'comment';
      default:
        return this.started ? 'code' : 'blank';
    }
  }

  /** Takes more text, and gives the pieces that it completes. */
  push(text: string): Piece[] {
    this.rest += text;
    return this.read(false);
  }

  /** The text is over: gives the last pieces, also one that lacks its semicolon or closing quote. */
  end(): Piece[] {
    const pieces = this.read(true);
    const open = this.inside === 'block comment';
    if (this.started || open) {
      if (!this.started) this.begin = 0;
      pieces.push(this.cut(this.inside === 'command' ? 'command' : 'statement', this.rest.length, 0));
    }
    this.reset();
    return pieces;
  }

  /** Forgets what is unfinished. */
  reset(): void {
    this.rest = '';
    this.at = 0;
    this.inside = 'blank';
    this.started = false;
    this.depth = 0;
    this.begin = 0;
  }

  private read(final: boolean): Piece[] {
    const pieces: Piece[] = [];
    for (;;) {
      const { rest, at } = this;
      if (at >= rest.length) break;
      const two = rest.slice(at, at + 2);
      // Two characters may mean more than one, and a backslash hides the next.
      if (!final && two.length === 1 && '-/*\\'.includes(two)) break;
      if (
        !final &&
        two.startsWith('$') &&
        this.inside !== 'dollar quote' &&
        /^\$[\w\u00a1-\uffff]*$/.test(rest.slice(at))
      )
        break;
      switch (this.inside) {
        case 'blank':
        case 'code':
          this.readCode(two, pieces);
          break;
        case 'string':
        case 'name':
          // A doubled quote closes and opens again, which comes to the same.
          this.skipTo(this.inside === 'string' ? "'" : '"');
          break;
        case 'escaped':
          if (two.startsWith('\\')) this.at += 2;
          else {
            this.at++;
            if (two.startsWith("'")) this.inside = 'code';
          }
          break;
        case 'dollar quote': {
          const end = rest.indexOf(this.quote, at);
          if (end < 0) {
            // The text may end amid the closing quote.
            this.at = Math.max(at, rest.length - this.quote.length + 1);
            return pieces;
          }
          this.open('code', end + this.quote.length - at);
          break;
        }
        case 'line comment':
          this.skipTo('\n');
          break;
        case 'block comment':
          this.at += two === '/*' || two === '*/' ? 2 : 1;
          if (two === '/*') this.depth++;
          else if (two === '*/' && --this.depth === 0) this.inside = this.started ? 'code' : 'blank';
          break;
        case 'command': {
          const end = rest.indexOf('\n', at);
          if (end < 0) {
            this.at = rest.length;
            break;
          }
          pieces.push(this.cut('command', end, 1));
          break;
        }
      }
    }
    return pieces;
  }

  /** One step outside of strings and comments. */
  private readCode(two: string, pieces: Piece[]): void {
    const character = two.charAt(0);
    if (two === '--') this.open('line comment', 2);
    else if (two === '/*') {
      this.depth = 1;
      this.open('block comment', 2);
    } else if (character === ';') {
      if (this.started) pieces.push(this.cut('statement', this.at, 1));
      else this.drop(this.at + 1);
    } else if (/\s/.test(character)) this.at++;
    else {
      if (!this.started) {
        this.started = true;
        this.begin = this.at;
        if (character === '.') return this.open('command', 1);
      }
      if (character === "'") this.open(this.escapes() ? 'escaped' : 'string', 1);
      else if (character === '"') this.open('name', 1);
      else if (character === '$') this.readDollar();
      else {
        PLAIN.lastIndex = this.at;
        this.open('code', PLAIN.exec(this.rest)?.[0].length ?? 1);
      }
    }
  }

  /** A dollar quote, a parameter, or part of a name. */
  private readDollar(): void {
    const { rest, at } = this;
    DOLLAR_QUOTE.lastIndex = at;
    const [quote] = /[\w$\u00a1-\uffff]/.test(rest.charAt(at - 1)) ? [] : (DOLLAR_QUOTE.exec(rest) ?? []);
    this.quote = quote ?? '';
    this.open(quote === undefined ? 'code' : 'dollar quote', this.quote.length || 1);
  }

  /** Whether the quote here belongs to `E'...'`: the E stands alone. */
  private escapes(): boolean {
    const { rest, at } = this;
    return /[eE]/.test(rest.charAt(at - 1)) && !/[\w$\u00a1-\uffff]/.test(rest.charAt(at - 2));
  }

  private open(inside: Inside, length: number): void {
    this.inside = inside;
    this.at += length;
  }

  private skipTo(end: string): void {
    const found = this.rest.indexOf(end, this.at);
    if (found < 0) {
      this.at = this.rest.length;
      return;
    }
    this.at = found + 1;
    this.inside = this.started ? 'code' : 'blank';
  }

  private cut(kind: Piece['kind'], end: number, behind: number): Piece {
    const line = this.line + newlines(this.rest.slice(0, this.begin));
    const text = this.rest.slice(this.begin, end).trimEnd();
    this.drop(Math.min(end + behind, this.rest.length));
    return { kind, text, line };
  }

  private drop(to: number): void {
    this.line += newlines(this.rest.slice(0, to));
    this.rest = this.rest.slice(to);
    this.at = 0;
    this.begin = 0;
    this.started = false;
    this.inside = 'blank';
  }
}

/** All pieces of a whole text. */
export function split(text: string): Piece[] {
  const splitter = new Splitter();
  return [...splitter.push(text), ...splitter.end()];
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
