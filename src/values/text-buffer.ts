// Node's Buffer with the text methods it has always had but `@types/node` leaves out: each is one native call, without
// the dispatch on encoding names of `toString` and `write`.

export interface TextBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number, length: number): number;
  utf8Write(text: string, offset: number, length: number): number;
}

/** The same memory as a Buffer with text methods; no copy. */
export function textBuffer(bytes: Uint8Array): TextBuffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as TextBuffer;
}

/** A zeroed buffer of `size` bytes. */
export function allocateText(size: number): TextBuffer {
  return Buffer.alloc(size) as TextBuffer;
}

/** Whether a string has no lone surrogates (`String.prototype.isWellFormed`, which ES2023 typings lack). */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** Bytes with the two ways to read them; make one per page, not one per row. */
export class ByteView {
  readonly bytes: TextBuffer;
  readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = textBuffer(bytes);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
