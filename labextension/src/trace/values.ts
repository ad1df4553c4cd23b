/** Narrows what stands in a trace. It may come from anyone, so nothing about it is taken for granted. */

export type Json = Readonly<Record<string, unknown>>;

const NOTHING: Json = {};

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one. */
export function record(value: unknown): Json {
  return isRecord(value) ? value : NOTHING;
}

/** The list, or an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text, or a number or boolean as its text; empty for anything else. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A finite number, else null. */
export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A finite number of at least zero, else zero. */
export function amount(value: unknown): number {
  return Math.max(0, number(value) ?? 0);
}
