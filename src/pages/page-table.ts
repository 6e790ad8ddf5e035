// Finds something by page address through dense arrays: a lookup is five loads and no hash. Spaces and pages are numbered densely,
// which is what makes this cheap; scattered numbers work, and cost memory.

const SPACE_BITS = 8;
const BLOCK_BITS = 7;
const SPACES = 1 << SPACE_BITS;
const BLOCK = 1 << BLOCK_BITS;

type Block<T> = (T | undefined)[];
type Blocks<T> = (Block<T> | undefined)[];

export class PageTable<T extends object> {
  private groups: (Blocks<T> | undefined)[][] = [];

  get(space: number, page: number): T | undefined {
    const group = this.groups[space >>> SPACE_BITS];
    if (group === undefined) return undefined;
    const blocks = group[space & (SPACES - 1)];
    if (blocks === undefined) return undefined;
    const block = blocks[page >>> BLOCK_BITS];
    if (block === undefined) return undefined;
    return block[page & (BLOCK - 1)];
  }

  set(space: number, page: number, value: T): void {
    const group = (this.groups[space >>> SPACE_BITS] ??= filled<Blocks<T>>(SPACES));
    const blocks = (group[space & (SPACES - 1)] ??= []);
    const block = (blocks[page >>> BLOCK_BITS] ??= filled<T>(BLOCK));
    block[page & (BLOCK - 1)] = value;
  }

  delete(space: number, page: number): void {
    const block = this.groups[space >>> SPACE_BITS]?.[space & (SPACES - 1)]?.[page >>> BLOCK_BITS];
    if (block !== undefined) block[page & (BLOCK - 1)] = undefined;
  }

  /** What is there of one space, in page order. */
  inSpace(space: number): T[] {
    const found: T[] = [];
    this.groups[space >>> SPACE_BITS]?.[space & (SPACES - 1)]?.forEach((block) => {
      if (block === undefined) return;
      for (const value of block) if (value !== undefined) found.push(value);
    });
    return found;
  }

  deleteSpace(space: number): void {
    const group = this.groups[space >>> SPACE_BITS];
    if (group !== undefined) group[space & (SPACES - 1)] = undefined;
  }

  clear(): void {
    this.groups = [];
  }
}

function filled<V>(length: number): (V | undefined)[] {
  return new Array<V | undefined>(length).fill(undefined);
}
