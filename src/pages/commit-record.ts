// The one value that each commit writes beside its pages: the newest sequence, and what the last commits changed, so that caches of
// other processes forget just that. It always fits one page of the store; what no longer fits is remembered by space, then not at all.
// Body: sequence (inverted, 6 B), then varints: space floor, spaces {space, sequence}, detail floor, commits newest first
// {sequence, spaces {space, pages + 1 or 0 for all, page deltas}}.

import { ByteReader, ByteWriter } from './bytes.js';
import { HEAD_KEY, openPage, PAGE_HEADER, readSequence, sealPage, sequenceOf, writeSequence } from './page-format.js';
import { PAGE_BODY } from './page.js';

/** What a commit changed in one space; undefined pages: everything. Pages ascend. */
export interface SpaceChanges {
  readonly space: number;
  readonly pages: readonly number[] | undefined;
}

interface Commit {
  readonly sequence: number;
  readonly changes: readonly SpaceChanges[];
  /** As encoded. */
  readonly bytes: Uint8Array;
}

/** Commits over this many bytes of addresses are remembered by space. */
const COMMIT_BYTES = 2_000;
const MAX_SPACES = 128;
const WHAT = 'commit record';
const writer = new ByteWriter(PAGE_BODY);

export class CommitRecord {
  static readonly key = HEAD_KEY;

  private constructor(
    readonly sequence: number,
    /** Later commits are all in `commits`. */
    private readonly detailFloor: number,
    /** Newest first. */
    private readonly commits: readonly Commit[],
    /** Commits after this and up to `detailFloor` are in `spaces`: the last of them that changed each space. */
    private readonly spaceFloor: number,
    private readonly spaces: ReadonlyMap<number, number>,
  ) {}

  /** Before the first commit. */
  static readonly empty = new CommitRecord(0, 0, [], 0, new Map());

  /** The sequence of a stored record, when it plainly is intact; undefined asks for `decode`. */
  static peek(value: Uint8Array): number | undefined {
    if (value.length < PAGE_HEADER + 6) return undefined;
    const sequence = sequenceOf(value);
    return readSequence(value, PAGE_HEADER) === 0xffff_ffff_ffff - sequence ? sequence : undefined;
  }

  /** @throws LightningError `CORRUPT`, `FORMAT_VERSION` */
  static decode(value: Uint8Array): CommitRecord {
    const reader = new ByteReader(openPage(0, 0, value, WHAT));
    const sequence = 0xffff_ffff_ffff - readSequence(reader.take(6), 0);
    const spaceFloor = reader.varint();
    const spaces = new Map<number, number>();
    for (let n = reader.varint(); n > 0; n--) {
      const space = reader.varint();
      spaces.set(space, reader.varint());
    }
    const detailFloor = reader.varint();
    const commits: Commit[] = [];
    for (let n = reader.varint(); n > 0; n--) {
      const start = reader.at;
      const at = reader.varint();
      const changes: SpaceChanges[] = [];
      for (let s = reader.varint(); s > 0; s--) {
        const space = reader.varint();
        const count = reader.varint();
        if (count === 0) {
          changes.push({ space, pages: undefined });
          continue;
        }
        const pages: number[] = [];
        for (let i = 1, page = 0; i < count; i++) pages.push((page += reader.varint()));
        changes.push({ space, pages });
      }
      commits.push({ sequence: at, changes, bytes: reader.since(start) });
    }
    return new CommitRecord(sequence, detailFloor, commits, spaceFloor, spaces);
  }

  /** The record after one more commit. */
  next(changed: readonly SpaceChanges[]): CommitRecord {
    const sequence = this.sequence + 1;
    // More pages than could be kept anyway are not worth their encoding.
    const changes = changed.map(({ space, pages }) =>
      pages !== undefined && pages.length > COMMIT_BYTES ? { space, pages: undefined } : { space, pages },
    );
    const bytes = encodeCommit(sequence, changes);
    const candidates = [{ sequence, changes, bytes }, ...this.commits];
    const spaces = new Map(this.spaces);
    let { detailFloor, spaceFloor } = this;
    // Room for the detail is what the spaces leave at their most: each takes up to 12 bytes.
    let room = PAGE_BODY - 64 - 12 * MAX_SPACES;
    const commits: Commit[] = [];
    let full = false;
    for (const commit of candidates) {
      full ||= commit.bytes.length > Math.min(room, COMMIT_BYTES);
      if (full) {
        detailFloor = Math.max(detailFloor, commit.sequence);
        for (const { space } of commit.changes) {
          spaces.set(space, Math.max(commit.sequence, spaces.get(space) ?? 0));
        }
      } else {
        room -= commit.bytes.length;
        commits.push(commit);
      }
    }
    if (spaces.size > MAX_SPACES) {
      const oldestFirst = [...spaces].sort((a, b) => a[1] - b[1]);
      for (const [space, last] of oldestFirst.slice(0, spaces.size - MAX_SPACES)) {
        spaces.delete(space);
        spaceFloor = Math.max(spaceFloor, last);
      }
    }
    return new CommitRecord(sequence, detailFloor, commits, spaceFloor, spaces);
  }

  /** What has changed since a sequence; undefined: perhaps everything. */
  changedSince(sequence: number): SpaceChanges[] | undefined {
    if (sequence > this.sequence || sequence < this.spaceFloor) return undefined;
    const changed: SpaceChanges[] = [];
    if (sequence < this.detailFloor) {
      for (const [space, last] of this.spaces) if (last > sequence) changed.push({ space, pages: undefined });
    }
    for (const commit of this.commits) if (commit.sequence > sequence) changed.push(...commit.changes);
    return changed;
  }

  /** The value to store, in a buffer that the next sealing reuses. */
  encode(): Uint8Array {
    writer.reset();
    const inverted = new Uint8Array(6);
    writeSequence(inverted, 0, 0xffff_ffff_ffff - this.sequence);
    writer.bytes(inverted);
    writer.varint(this.spaceFloor);
    writer.varint(this.spaces.size);
    for (const [space, last] of this.spaces) {
      writer.varint(space);
      writer.varint(last);
    }
    writer.varint(this.detailFloor);
    writer.varint(this.commits.length);
    for (const commit of this.commits) writer.bytes(commit.bytes);
    return sealPage(0, 0, this.sequence, writer.finish());
  }
}

function encodeCommit(sequence: number, changes: readonly SpaceChanges[]): Uint8Array {
  writer.reset();
  writer.varint(sequence);
  writer.varint(changes.length);
  for (const { space, pages } of changes) {
    writer.varint(space);
    if (pages === undefined) {
      writer.varint(0);
      continue;
    }
    writer.varint(pages.length + 1);
    let previous = 0;
    for (const page of pages) {
      writer.varint(page - previous);
      previous = page;
    }
  }
  return writer.copy();
}
