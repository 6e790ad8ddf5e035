// The one transaction of a database handle, and what statements run over: the newest snapshot outside a transaction, the transaction
// itself inside one.

import { LightningError } from '../errors.js';
import type { PageStore, PageTransaction } from '../pages/index.js';
import { PageSnapshot } from '../pages/snapshot.js';
import type { Schema, View } from './schema.js';
import { Views } from './schema.js';

interface OpenTransaction {
  readonly tx: PageTransaction;
  /** Definitions that the transaction has changed. */
  schema: Schema | undefined;
  /** One instant for all its statements. */
  readonly now: number;
  depth: number;
}

/** A state to read from, until it is closed. */
export interface Held {
  readonly view: View;
  /** @throws LightningError CLOSED, ITERATOR_EXPIRED */
  check(): void;
  close(): void;
}

export class Session {
  private readonly views = new Views();
  private open: OpenTransaction | undefined;
  private ended = false;

  constructor(
    readonly pages: PageStore,
    private readonly readOnly: boolean,
  ) {}

  get inTransaction(): boolean {
    return this.open !== undefined;
  }

  /** Whether the running transaction has changed definitions: its plans are its own. */
  get changedSchema(): boolean {
    return this.open?.schema !== undefined;
  }

  mustBeOpen(): void {
    if (this.ended) throw new LightningError('CLOSED', 'the database is closed', { hint: 'open it again' });
  }

  /** Milliseconds since the epoch: the statement's, or its transaction's beginning. */
  now(): number {
    return this.open?.now ?? Date.now();
  }

  /** Runs `fn` over the state that a statement sees. */
  read<T>(fn: (view: View) => T): T {
    const view = this.enter();
    try {
      return fn(view);
    } finally {
      this.leave(view);
    }
  }

  /** As `read`, for the shortest paths: the state that a statement sees, until `leave`. */
  enter(): View {
    this.mustBeOpen();
    if (this.open) return this.views.within(this.open.tx, this.open.schema);
    const snapshot = this.pages.snapshot();
    try {
      return this.views.of(snapshot);
    } catch (error) {
      snapshot.close();
      throw error;
    }
  }

  leave(view: View): void {
    if (view.reader instanceof PageSnapshot) view.reader.close();
  }

  /** A view that stays as it is until it is closed: for iterators. It outlives neither its transaction nor the database. */
  hold(): Held {
    this.mustBeOpen();
    const { open } = this;
    if (open) {
      const held = open.tx.readAt();
      const check = () => {
        if (this.open === open) return;
        throw new LightningError('ITERATOR_EXPIRED', 'the transaction that the rows were read in has ended', {
          hint: 'read them to the end inside it, or collect them with all()',
        });
      };
      return { view: this.views.within(held, open.schema), check, close: () => held.close() };
    }
    const snapshot = this.pages.snapshot();
    return { view: this.views.of(snapshot), check: () => this.mustBeOpen(), close: () => snapshot.close() };
  }

  /** Runs one change: a transaction of its own, or a savepoint of the running one. */
  change<T>(fn: (view: View, tx: PageTransaction) => T): T {
    return this.transaction(() => fn(this.views.within(this.open!.tx, this.open!.schema), this.open!.tx));
  }

  /** After a change of definitions inside the running transaction. */
  redefined(): void {
    const { open } = this;
    if (open) open.schema = this.views.within(open.tx, undefined).schema;
  }

  /** Runs `fn` inside a transaction; nested, it is a savepoint: undone alone when it throws. */
  transaction<T>(fn: () => T): T {
    this.mustBeOpen();
    if (this.readOnly) {
      throw new LightningError('READ_ONLY', 'the database is open for reading only', {
        hint: 'open it without readOnly',
      });
    }
    return this.open ? this.nested(this.open, fn) : this.outermost(fn);
  }

  private outermost<T>(fn: () => T): T {
    try {
      return this.pages.transaction((tx) => {
        this.open = { tx, schema: undefined, now: Date.now(), depth: 0 };
        return checked(fn());
      });
    } finally {
      this.open = undefined;
    }
  }

  private nested<T>(open: OpenTransaction, fn: () => T): T {
    const { tx } = open;
    const mark = tx.mark();
    const { schema } = open;
    open.depth++;
    try {
      return checked(fn());
    } catch (error) {
      tx.rollbackTo(mark);
      open.schema = schema;
      throw error;
    } finally {
      open.depth--;
      tx.release(mark);
    }
  }

  close(): void {
    if (this.ended) return;
    if (this.open) {
      throw new LightningError('IN_TRANSACTION', 'a database cannot be closed inside a transaction', {
        hint: 'close it after db.transaction has returned',
      });
    }
    this.ended = true;
    this.pages.close();
  }
}

/** An asynchronous function would commit before its work is done: refused, and undone. */
function checked<T>(result: T): T {
  if (result !== null && typeof result === 'object' && typeof (result as { then?: unknown }).then === 'function') {
    // Its rejection is not left without a listener.
    void Promise.resolve(result).catch(() => undefined);
    throw new LightningError('ASYNC_TRANSACTION', 'a transaction function must not return a promise', {
      hint: 'do the waiting before, and pass a function that is not async',
    });
  }
  return result;
}
