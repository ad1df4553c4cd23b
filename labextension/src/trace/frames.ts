/** Frames before and after a program, as `frame_diff` of a tool step keeps them. */

import { isRecord, type Json, list, number, text } from './values';

export interface FrameColumn {
  readonly name: string;
  readonly dtype: string;
  readonly missing: number | null;
}

export interface Frame {
  readonly rows: number | null;
  readonly columns: readonly FrameColumn[];
  readonly totalColumns: number;
}

export interface FrameChange {
  readonly name: string;
  readonly before: Frame | null;
  readonly after: Frame | null;
}

/** One changed column; `a → b` where a figure changed. */
export interface ColumnChange {
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly dtype: string;
  readonly missing: string;
}

export function frameChanges(value: unknown): FrameChange[] {
  return list(value)
    .filter(isRecord)
    .map(item => ({ name: text(item.name), before: frame(item.before), after: frame(item.after) }))
    .filter(change => change.before ?? change.after);
}

function frame(value: unknown): Frame | null {
  if (!isRecord(value)) return null;
  const columns = list(value.columns).map(column => columnOf(isRecord(column) ? column : { name: column }));
  return { rows: number(value.rows), columns, totalColumns: number(value.total_columns) ?? columns.length };
}

function columnOf(value: Json): FrameColumn {
  return { name: text(value.name), dtype: text(value.dtype), missing: number(value.nulls) };
}

/** The columns that differ, in the order of the frame after, those that are gone last. */
export function changes({ before, after }: FrameChange): ColumnChange[] {
  const old = new Map(before?.columns.map(column => [column.name, column]));
  const kept = new Set(after?.columns.map(column => column.name));
  const now = (after?.columns ?? []).flatMap(column => compared(old.get(column.name), column) ?? []);
  const gone = [...old.values()].filter(column => !kept.has(column.name));
  return [...now, ...gone.map(column => alone(column, 'removed'))];
}

function compared(old: FrameColumn | undefined, now: FrameColumn): ColumnChange | null {
  if (old === undefined) return alone(now, 'added');
  if (old.dtype === now.dtype && old.missing === now.missing) return null;
  return {
    name: now.name,
    kind: 'changed',
    dtype: arrow(old.dtype, now.dtype),
    missing: arrow(shown(old.missing), shown(now.missing))
  };
}

function alone(column: FrameColumn, kind: 'added' | 'removed'): ColumnChange {
  return { name: column.name, kind, dtype: column.dtype, missing: shown(column.missing) };
}

function arrow(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}

function shown(missing: number | null): string {
  return missing === null ? '' : missing.toLocaleString('en-US');
}
