// One column, one index over it, in a memory store: for tests that look inside.

import type { IndexDef, IndexKindName, OptionValue } from '../../src/catalog/definitions.js';
import type { Probe } from '../../src/catalog/offer.js';
import { Model } from '../../src/conformance/index-kind-model.js';
import type { Shape } from '../../src/conformance/index-kind-shapes.js';
import { kindOf } from '../../src/index/registry.js';
import { openMemory } from '../../src/kv/index.js';
import { PageStore } from '../../src/pages/page-store.js';
import type { PageReader } from '../../src/pages/page.js';
import type { PageTransaction } from '../../src/pages/transaction.js';
import type { Row, ScalarType, Value } from '../../src/values/types.js';

export class Fixture {
  readonly pages = new PageStore(openMemory());
  readonly model: Model;

  constructor(kind: IndexKindName, types: readonly ScalarType[], more: Partial<Shape> = {}) {
    const keys = types.map((type) => ({ type, value: () => null }));
    this.model = new Model(kindOf(kind), { name: 'test', keys, ...more });
    this.pages.transaction((tx) => this.model.create(tx));
  }

  get index(): IndexDef {
    return this.model.index;
  }

  write<T>(fn: (tx: PageTransaction) => T): T {
    return this.pages.transaction(fn);
  }

  insert(rows: Iterable<readonly [number, Row]>): void {
    this.write((tx) => {
      const index = this.model.maintain(tx);
      for (const [rowId, row] of rows) this.model.insert(tx, index, rowId, row);
    });
  }

  read<T>(fn: (reader: PageReader) => T): T {
    const snapshot = this.pages.snapshot();
    try {
      return fn(snapshot);
    } finally {
      snapshot.close();
    }
  }

  /** Row ids of `key = value` for a first key. */
  find(...values: Value[]): number[] {
    return this.read((reader) => [
      ...this.model
        .open(reader)
        .rowSet(equal(...values))
        .toArray(),
    ]);
  }

  verify(): string[] {
    return this.read((reader) => this.model.verify(reader));
  }
}

/** `key IN values`. */
export function equal(...values: Value[]): Probe<Value> {
  return { kind: 'keys', sets: [{ kind: 'values', values }], range: undefined, prefix: undefined };
}

/** A definition of an index that is judged only. */
export function definition(
  kind: IndexKindName,
  types: readonly ScalarType[],
  options: Readonly<Record<string, OptionValue>> = {},
  more: Partial<IndexDef> = {},
): Omit<IndexDef, 'id' | 'spaces'> {
  return {
    name: 'i',
    table: 't',
    kind,
    keys: types.map((type, id) => ({
      expr: { kind: 'column', id, name: `c${id}`, type, nullable: true },
      text: `c${id}`,
      type,
      desc: false,
      nullsFirst: false,
    })),
    include: [],
    unique: false,
    where: undefined,
    options,
    constraint: undefined,
    ...more,
  };
}
