// A bound probe as ranges of key bytes, in the order of the bytes: disjoint, so that what they yield is distinct.

import type { IndexKey } from '../catalog/definitions.js';
import type { Beyond, Probe } from '../catalog/offer.js';
import { KeyWriter, successor } from '../values/key.js';
import { compareBytes } from '../values/bytes.js';
import type { Value } from '../values/types.js';
import type { TreeRange } from '../pages/ordered-tree.js';
import { LightningError } from '../errors.js';
import { boundOf, keysOf } from './probe-values.js';

const NULLS_FIRST_END = Uint8Array.of(0x01);
const NULLS_LAST = Uint8Array.of(0xff);
const writer = new KeyWriter();

export type BoundKeys = Extract<Probe<Value>, { kind: 'keys' }>;

/** A probe that this kind never offers reached it. */
export function wrongProbe(kind: string, probe: Probe<Value>): LightningError {
  return new LightningError('BUG', `a ${kind} index was given a probe '${probe.kind}'`);
}

/**
 * One range for 'all'; for 'keys' one for each tuple of values.
 * @param beginning of all ranges: the bytes of the keys that stand before `keys`
 */
export function rangesOf(
  probe: Probe<Value>,
  keys: readonly IndexKey[],
  kind: string,
  beginning: Uint8Array = new Uint8Array(0),
): TreeRange[] {
  if (probe.kind === 'all') return [{}];
  if (probe.kind !== 'keys' || probe.sets.length > keys.length) throw wrongProbe(kind, probe);
  const ranges: TreeRange[] = [];
  for (const prefix of tuples(probe, keys, beginning)) {
    const whole = under(prefix, probe, keys[probe.sets.length]);
    const range = whole && probe.beyond ? between(whole, prefix, probe.beyond, keys.slice(probe.sets.length)) : whole;
    if (range !== undefined) ranges.push(range);
  }
  return ranges;
}

/** The encoded tuples of the product of the sets, ascending and distinct. */
export function tuples(
  probe: BoundKeys,
  keys: readonly IndexKey[],
  beginning: Uint8Array = new Uint8Array(0),
): Uint8Array[] {
  let beginnings: Uint8Array[] = [beginning];
  probe.sets.forEach((set, i) => {
    const { type, desc, nullsFirst } = keys[i] as IndexKey;
    const values = keysOf(set, type);
    const next: Uint8Array[] = [];
    for (const beginning of beginnings) {
      for (const value of values) {
        next.push(writer.reset().addBytes(beginning).add(value, type, desc, nullsFirst).finish());
      }
    }
    beginnings = next;
  });
  if (beginnings.length < 2) return beginnings;
  beginnings.sort(compareBytes);
  return beginnings.filter((key, i) => i === 0 || compareBytes(key, beginnings[i - 1] as Uint8Array) !== 0);
}

/** The keys that begin with `prefix` and whose next key is in the range; undefined when there can be none. */
function under(prefix: Uint8Array, probe: BoundKeys, key: IndexKey | undefined): TreeRange | undefined {
  if (probe.prefix !== undefined) {
    if (key === undefined) throw wrongProbe('keyed', probe);
    if (probe.prefix === null) return undefined;
    if (probe.prefix === '') return present(prefix, key);
    const start = writer
      .reset()
      .addBytes(prefix)
      .addTextPrefix(probe.prefix as string, key.desc)
      .finish();
    return { gte: start, lt: successor(start) };
  }
  if (probe.range !== undefined) {
    if (key === undefined) throw wrongProbe('keyed', probe);
    const low = boundOf(probe.range.low, 'low', key.type);
    const high = boundOf(probe.range.high, 'high', key.type);
    if (low === 'nothing' || high === 'nothing') return undefined;
    // In bytes a descending key runs from its high bound to its low one.
    const [first, last] = key.desc ? [high, low] : [low, high];
    const whole = present(prefix, key);
    let { gte, lt } = whole;
    if (first !== undefined) {
      const at = writer.reset().addBytes(prefix).add(first.value, key.type, key.desc, key.nullsFirst).finish();
      gte = first.inclusive ? at : successor(at);
    }
    if (last !== undefined) {
      const at = writer.reset().addBytes(prefix).add(last.value, key.type, key.desc, key.nullsFirst).finish();
      lt = last.inclusive ? successor(at) : at;
    }
    if (gte !== undefined && lt !== undefined && compareBytes(gte, lt) >= 0) return undefined;
    return { gte, lt };
  }
  return prefix.length === 0 ? {} : { gte: prefix, lt: successor(prefix) };
}

/** What of a range is not before and not after rows of the next keys. */
function between(
  { gte, lt }: TreeRange,
  prefix: Uint8Array,
  { after, before }: Beyond<Value>,
  keys: readonly IndexKey[],
): TreeRange | undefined {
  const first = after && edge(prefix, after, keys, true);
  const last = before && edge(prefix, before, keys, false);
  if (first === 'nothing' || last === 'nothing') return undefined;
  if (first !== undefined && (gte === undefined || compareBytes(first, gte) > 0)) gte = first;
  if (last !== undefined) {
    const end = successor(last);
    if (lt === undefined || (end !== undefined && compareBytes(end, lt) < 0)) lt = end;
  }
  return gte !== undefined && lt !== undefined && compareBytes(gte, lt) >= 0 ? undefined : { gte, lt };
}

/** The key with which a row begins, as far as its values are ones of the keys; undefined where that is nowhere. */
function edge(
  prefix: Uint8Array,
  row: readonly Value[],
  keys: readonly IndexKey[],
  after: boolean,
): Uint8Array | 'nothing' | undefined {
  writer.reset().addBytes(prefix);
  for (const [i, value] of row.entries()) {
    const { type, desc, nullsFirst } = keys[i] as IndexKey;
    const bound = boundOf({ value, inclusive: true }, after === desc ? 'high' : 'low', type);
    if (bound === 'nothing' && i === 0) return 'nothing';
    if (bound === undefined || bound === 'nothing') return i === 0 ? undefined : writer.finish();
    writer.add(bound.value, type, desc, nullsFirst);
    if (bound.value !== value) break;
  }
  return writer.finish();
}

/** All keys under the prefix whose next key is not NULL. */
function present(prefix: Uint8Array, key: IndexKey): TreeRange {
  const end = writer.reset().addBytes(prefix);
  if (key.nullsFirst) {
    const gte = end.addBytes(NULLS_FIRST_END).finish();
    return { gte, lt: prefix.length === 0 ? undefined : successor(prefix) };
  }
  return { gte: prefix.length === 0 ? undefined : prefix, lt: end.addBytes(NULLS_LAST).finish() };
}
