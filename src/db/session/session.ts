// The one transaction of a database handle, and what statements run over: the newest snapshot outside a transaction, the transaction
// itself inside one. A transaction is a function's (`transaction`) or lies between statements (`begin`, `commit`).

import { LightningError } from '../../errors.js';
import { suggestion } from '../../text/suggestion.js';
import type { WorkingMemory } from '../../exec/memory/memory.js';
import type { PageStore, PageTransaction } from '../../pages/index.js';
import { PageSnapshot } from '../../pages/snapshot.js';
import { IndexUsage } from '../schema/index-usage.js';
import { FunctionRegistry } from '../input/functions.js';
import type { Schema, View } from '../schema/schema.js';
import { Views } from '../schema/schema.js';
import { workingMemory } from '../input/working-memory.js';

interface OpenTransaction {
  readonly tx: PageTransaction;
  /** Begun by a statement (`BEGIN`), and ended by one; otherwise by the function of `transaction()`. */
  readonly explicit: boolean;
  readonly readOnly: boolean;
  /** Definitions that the transaction has changed. */
  schema: Schema | undefined;
  /** One instant for all its statements. */
  readonly now: number;
  /** Calls of `transaction()` inside it that are running. */
  depth: number;
  /** Oldest first. */
  savepoints: Savepoint[];
}

interface Savepoint {
  readonly name: string;
  readonly mark: number;
  readonly schema: Schema | undefined;
  /** A savepoint belongs to the function that was running: it ends with it. */
  readonly depth: number;
}

/** A state to read from, until it is closed. */
export interface Held {
  readonly view: View;
  /** @throws LightningError CLOSED, ITERATOR_EXPIRED */
  check(): void;
  close(): void;
}

export class Session {
  /** What the application registered with this handle. */
  readonly functions = new FunctionRegistry();
  private readonly views = new Views(this.functions);
  private open: OpenTransaction | undefined;
  private ended = false;

  /** Of indexes, since the database was opened. */
  readonly usage = new IndexUsage();

  constructor(
    readonly pages: PageStore,
    private readonly readOnly: boolean,
    readonly memory: WorkingMemory = workingMemory(),
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
    if (this.open?.readOnly) {
      throw new LightningError('READ_ONLY', 'the transaction was begun as READ ONLY', {
        hint: 'end it, and begin one without READ ONLY',
      });
    }
    return this.open ? this.nested(this.open, fn) : this.outermost(fn);
  }

  private outermost<T>(fn: () => T): T {
    try {
      return this.pages.transaction((tx) => {
        this.open = opened(tx, { explicit: false, readOnly: false });
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
      open.savepoints = open.savepoints.filter((savepoint) => savepoint.depth < open.depth);
      open.depth--;
      tx.release(mark);
    }
  }

  // ---- transactions between statements ----

  /** @throws LightningError IN_TRANSACTION */
  begin(options: { readonly readOnly: boolean }): void {
    this.mustBeOpen();
    if (this.open) {
      throw new LightningError('IN_TRANSACTION', 'a transaction is open already', {
        hint: this.open.explicit ? 'COMMIT or ROLLBACK it first, or use SAVEPOINT' : 'inside it, use SAVEPOINT',
      });
    }
    this.open = opened(this.pages.begin(), { explicit: true, readOnly: options.readOnly || this.readOnly });
  }

  /** @throws LightningError NO_TRANSACTION, IN_TRANSACTION, CONFLICT */
  commit(): void {
    this.mustBeEnded('COMMIT');
    this.open = undefined;
    this.pages.commit();
  }

  /** @throws LightningError NO_TRANSACTION, IN_TRANSACTION */
  rollback(): void {
    this.mustBeEnded('ROLLBACK');
    this.open = undefined;
    this.pages.rollback();
  }

  /** Names the present state; a savepoint of the same name is hidden by it. */
  savepoint(name: string): void {
    const open = this.mustBeInTransaction('SAVEPOINT');
    open.savepoints.push({ name, mark: open.tx.mark(), schema: open.schema, depth: open.depth });
  }

  /** Forgets a savepoint and those after it; what was done since stays. */
  release(name: string): void {
    const open = this.mustBeInTransaction('RELEASE SAVEPOINT');
    const at = findSavepoint(open, name);
    open.tx.release(open.savepoints[at]!.mark);
    open.savepoints.length = at;
  }

  /** Undoes what was done since a savepoint, which stays; those after it are forgotten. */
  rollbackTo(name: string): void {
    const open = this.mustBeInTransaction('ROLLBACK TO SAVEPOINT');
    const at = findSavepoint(open, name);
    const { mark, schema } = open.savepoints[at]!;
    open.tx.rollbackTo(mark);
    open.schema = schema;
    open.savepoints.length = at + 1;
  }

  private mustBeInTransaction(statement: string): OpenTransaction {
    this.mustBeOpen();
    if (this.open) return this.open;
    throw new LightningError('NO_TRANSACTION', `${statement} outside a transaction`, { hint: 'BEGIN one first' });
  }

  private mustBeEnded(statement: string): void {
    const open = this.mustBeInTransaction(statement);
    if (open.explicit && open.depth === 0) return;
    throw new LightningError('IN_TRANSACTION', `${statement} inside the function of db.transaction`, {
      hint: 'return from the function to commit, throw to undo',
    });
  }

  close(): void {
    if (this.ended) return;
    if (this.open?.explicit && this.open.depth === 0) this.rollback();
    if (this.open) {
      throw new LightningError('IN_TRANSACTION', 'a database cannot be closed inside a transaction', {
        hint: 'close it after db.transaction has returned',
      });
    }
    this.ended = true;
    this.memory.files.close();
    this.pages.close();
  }
}

function opened(tx: PageTransaction, how: Pick<OpenTransaction, 'explicit' | 'readOnly'>): OpenTransaction {
  return { tx, ...how, schema: undefined, now: Date.now(), depth: 0, savepoints: [] };
}

/** The newest of that name. */
function findSavepoint(open: OpenTransaction, name: string): number {
  const at = open.savepoints.findLastIndex((savepoint) => savepoint.name === name && savepoint.depth === open.depth);
  if (at >= 0) return at;
  throw new LightningError('UNKNOWN_SAVEPOINT', `there is no savepoint "${name}"`, {
    hint: suggestion(
      name,
      open.savepoints.map((savepoint) => savepoint.name),
    ),
  });
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
