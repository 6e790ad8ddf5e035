// Numbers, probes and sets as EXPLAIN writes them.

import type { IndexDef } from '../../catalog/definitions.js';
import type { Probe, RowSetPlan } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import type { Bound, ValueSet } from '../../expr/constraint.js';
import type { Aggregate, Expr } from '../../expr/expression.js';
import { calledName } from '../../expr/aggregates.js';
import { printExpr } from '../../expr/printer.js';
import type { SortKey } from '../logical.js';

/** `12 ns`, `3.4 us`, `5.6 ms`, `7.8 s`. */
export function formatTime(nanoseconds: number): string {
  if (nanoseconds < 1_000) return `${Math.round(nanoseconds)} ns`;
  if (nanoseconds < 1e6) return `${(nanoseconds / 1_000).toFixed(1)} us`;
  if (nanoseconds < 1e9) return `${(nanoseconds / 1e6).toFixed(1)} ms`;
  return `${(nanoseconds / 1e9).toFixed(1)} s`;
}

/** `12 B`, `3.4 kB`, `5.6 MB`, in powers of 1,000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  if (bytes < 1e6) return `${(bytes / 1_000).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

export function formatCount(count: number): string {
  if (count > 0 && count < 1) return '<1';
  return Math.round(count).toLocaleString('en-US');
}

/** `120 (40..300, sample)`; only the number where the bounds meet. */
export function formatEstimate(rows: Estimate): string {
  if (rows.lo === rows.hi) return `${formatCount(rows.est)} (${rows.source})`;
  return `${formatCount(rows.est)} (${formatCount(rows.lo)}..${formatCount(rows.hi)}, ${rows.source})`;
}

/** An expression over the index's keys: columns by their names in the table. */
function keyText(index: IndexDef, at: number): string {
  return index.keys[at]?.text ?? '?';
}

const RELATIONS = { intersects: 'ST_Intersects', within: 'ST_Within', contains: 'ST_Contains', dwithin: 'ST_DWithin' };

/** What a probe asks, without the index: `kind = 'town' AND population >= 1000`. */
export function formatProbe(index: IndexDef, probe: Probe<Expr>): string {
  switch (probe.kind) {
    case 'all':
      return index.where === undefined ? 'all' : `all where ${index.where.text}`;
    case 'keys': {
      const skipped = probe.skip === true ? 1 : 0;
      const parts = skipped === 0 ? [] : [`each ${keyText(index, 0)}`];
      parts.push(...probe.sets.map((set, i) => formatSet(keyText(index, skipped + i), set, false)));
      const at = skipped + probe.sets.length;
      const next = keyText(index, at);
      if (probe.range !== undefined) parts.push(...formatRange(next, probe.range));
      if (probe.prefix !== undefined) parts.push(`${next} begins with ${printExpr(probe.prefix)}`);
      const { after, before } = probe.beyond ?? {};
      if (after !== undefined) parts.push(`from ${formatRow(index, at, after)}`);
      if (before !== undefined) parts.push(`to ${formatRow(index, at, before)}`);
      return parts.join(' AND ') || 'all';
    }
    case 'not-keys':
      return formatSet(keyText(index, 0), probe.set, true);
    case 'spatial': {
      const metres = probe.metres === undefined ? '' : `, ${printExpr(probe.metres)}`;
      return `${RELATIONS[probe.relation]}(${keyText(index, 0)}, ${printExpr(probe.shape)}${metres})`;
    }
    case 'match':
      return `MATCH(${probe.field ?? index.keys.map((k) => k.text).join(', ')}, ${printExpr(probe.query)})`;
  }
}

/** `(country, name) = ('FR', $1)`: where in the order of an index a walk begins or ends. */
function formatRow(index: IndexDef, at: number, values: readonly Expr[]): string {
  const keys = values.map((_, i) => keyText(index, at + i));
  return `(${keys.join(', ')}) = (${values.map((value) => printExpr(value)).join(', ')})`;
}

function formatSet(key: string, set: ValueSet<Expr>, negated: boolean): string {
  switch (set.kind) {
    case 'null':
      return negated ? `${key} IS NOT NULL` : `${key} IS NULL`;
    case 'array':
      return `${key} ${negated ? '<> ALL' : '= ANY'} (${printExpr(set.array)})`;
    case 'values': {
      const [first] = set.values;
      if (set.values.length === 1 && first !== undefined) return `${key} ${negated ? '<>' : '='} ${printExpr(first)}`;
      const shown = set.values.slice(0, 8).map((v) => printExpr(v));
      if (set.values.length > shown.length) shown.push(`... ${set.values.length - shown.length} more`);
      return `${key} ${negated ? 'NOT IN' : 'IN'} (${shown.join(', ')})`;
    }
  }
}

function formatRange(key: string, range: { low: Bound<Expr> | undefined; high: Bound<Expr> | undefined }): string[] {
  const parts: string[] = [];
  if (range.low) parts.push(`${key} ${range.low.inclusive ? '>=' : '>'} ${printExpr(range.low.value)}`);
  if (range.high) parts.push(`${key} ${range.high.inclusive ? '<=' : '<'} ${printExpr(range.high.value)}`);
  return parts.length === 0 ? [`${key} IS NOT NULL`] : parts;
}

/** `and(kind = 'town' [bitmap places_kind], ST_Within(...) [rtree places_geo, superset])`. */
export function formatRowSet(set: RowSetPlan): string {
  switch (set.kind) {
    case 'probe': {
      const superset = set.precision === 'superset' ? ', superset' : '';
      return `${formatProbe(set.index, set.probe)} [${set.index.kind} ${set.index.name}${superset}]`;
    }
    case 'and':
    case 'or':
      return `${set.kind}(${set.args.map(formatRowSet).join(', ')})`;
    case 'not':
      return `not(${formatRowSet(set.arg)})`;
  }
}

export function formatSortKey(key: SortKey): string {
  const nulls = key.nullsFirst === key.desc ? '' : key.nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${printExpr(key.expr)}${key.desc ? ' DESC' : ''}${nulls}`;
}

export function formatAggregate(aggregate: Aggregate): string {
  const { keys = aggregate.args } = aggregate;
  const shown = aggregate.args.map(
    (arg, i) => `${printExpr(arg)}${keys[i] === arg ? '' : ` BY ${printExpr(keys[i]!)}`}`,
  );
  const args = shown.length === 0 ? '*' : shown.join(', ');
  const filter = aggregate.filter === undefined ? '' : ` FILTER (WHERE ${printExpr(aggregate.filter)})`;
  const order = aggregate.orderBy === undefined ? '' : ` ORDER BY ${aggregate.orderBy.map(formatSortKey).join(', ')}`;
  return `${calledName(aggregate)}(${aggregate.distinct ? 'DISTINCT ' : ''}${args}${order})${filter}`;
}
