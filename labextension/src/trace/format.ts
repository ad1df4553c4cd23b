/** Figures as people read them. */

import type { Tokens } from './record';
import { amount, type Json } from './values';
import type { Words } from './words';

/** With separators between thousands. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A duration with about three digits: `4 ms`, `3.46 s`, `3 min 7 s`. */
export function duration(seconds: number): string {
  if (seconds < 0.0005) return '<1 ms';
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 99.95) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.round(seconds);
  return `${grouped(Math.floor(whole / 60))} min ${whole % 60} s`;
}

/** `20 rows × 3 columns`; a part that is not known is left out. */
export function shape(rows: number | null, columns: number | null, words: Words): string {
  const parts = [];
  if (rows !== null) parts.push(words._n('%2 row', '%2 rows', rows, grouped(rows)));
  if (columns !== null) parts.push(words._n('%2 column', '%2 columns', columns, grouped(columns)));
  return parts.join(' × ');
}

/** `812 tokens in (400 cached), 41 out (12 forced)`; empty without any. */
export function tokenFacts(tokens: Tokens, words: Words): string {
  if (!tokens.prompt && !tokens.output) return '';
  const read = words._n('%2 token in', '%2 tokens in', tokens.prompt, grouped(tokens.prompt));
  const cached = tokens.cached ? ` ${words.__('(%1 cached)', grouped(tokens.cached))}` : '';
  const written = words.__('%1 out', grouped(tokens.output));
  const forced = tokens.forced ? ` ${words.__('(%1 forced)', grouped(tokens.forced))}` : '';
  return `${read}${cached}, ${written}${forced}`;
}

/** A share as percent; one digit more where it is small. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** Bytes in the largest unit that keeps a digit before the point. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, size)) / 3)));
  return `${Number((size / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** `2.1 GB (model 505 MB)`: what the kernel holds, and how much of it the weights are; empty if it does not say. */
export function memoryFact(state: Json, words: Words): string {
  const [kernel, model] = [amount(state.memory), amount(state.weights)];
  if (!kernel) return '';
  return model ? words.__('%1 (model %2)', bytes(kernel), bytes(model)) : bytes(kernel);
}
