/** The record of a run, read from `schema-v1.json`'s format. Unknown keys are ignored, damaged parts left out. */

import { amount, isRecord, type Json, list, record, text } from './values';

export const MIME = 'application/vnd.qwen-magics.trace.v1+json';

export type Status = 'running' | 'ok' | 'error' | 'cancelled' | 'denied' | 'truncated';
export type Kind = 'agent' | 'llm' | 'tool' | 'check' | 'approval' | 'retry';

const STATUSES: readonly string[] = ['running', 'ok', 'error', 'cancelled', 'denied', 'truncated'];
const KINDS: readonly string[] = ['agent', 'llm', 'tool', 'check', 'approval', 'retry'];

export interface Failure {
  readonly type: string;
  readonly message: string;
  readonly hint: string;
}

/** One step. Times in seconds; `begin` counts from the start of the run. */
export interface Span {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: Kind;
  readonly name: string;
  readonly begin: number;
  readonly seconds: number;
  readonly status: Status;
  readonly attempt: number;
  readonly error: Failure | null;
  readonly data: Json;
}

export interface Tokens {
  readonly prompt: number;
  readonly cached: number;
  readonly output: number;
  readonly forced: number;
}

export interface Trace {
  readonly id: string;
  readonly startedAt: string;
  readonly status: Status;
  readonly question: string;
  readonly answer: Json | null;
  readonly error: Failure | null;
  readonly model: Json;
  readonly parameters: Json;
  readonly versions: Json;
  readonly data: readonly Json[];
  readonly steps: number;
  readonly seconds: number;
  readonly tokens: Tokens;
  readonly tokensPerSecond: number;
  readonly redactions: number;
  readonly notes: readonly string[];
  readonly spans: readonly Span[];
  /** How many spans could not be read. */
  readonly damaged: number;
}

/** A trace, or the major version that this reader does not know, or null for something else altogether. */
export type Reading = { trace: Trace } | { version: string } | null;

export function readTrace(value: unknown): Reading {
  if (!isRecord(value)) return null;
  const version = text(value.schema);
  if (/^\d+\./.test(version) && !version.startsWith('1.')) return { version };
  if (!version && !Array.isArray(value.spans)) return null;
  return { trace: traceOf(value) };
}

function traceOf(value: Json): Trace {
  const totals = record(value.totals);
  const startedAt = text(value.started_at);
  const given = list(value.spans);
  const spans = spansOf(given, moment(startedAt) ?? firstMoment(given));
  return {
    id: text(value.trace_id),
    startedAt,
    status: status(value.status) ?? 'error',
    question: text(value.question),
    answer: isRecord(value.answer) ? value.answer : null,
    error: failure(value.error),
    model: record(value.model),
    parameters: record(value.parameters),
    versions: record(value.versions),
    data: list(value.data).filter(isRecord),
    steps: amount(totals.steps),
    seconds: amount(totals.seconds),
    tokens: tokens(record(totals.tokens)),
    tokensPerSecond: amount(totals.tokens_per_second),
    redactions: amount(value.redactions),
    notes: list(value.notes).filter(note => typeof note === 'string'),
    spans,
    damaged: given.length - spans.length
  };
}

function spansOf(given: readonly unknown[], start: number): Span[] {
  const known = new Set<string>();
  const spans: Span[] = [];
  for (const item of given) {
    const span = isRecord(item) ? spanOf(item, start) : null;
    // A second span of the same name, or a parent that comes later, would tie the tree into a knot.
    if (span === null || known.has(span.id)) continue;
    spans.push(span.parent !== null && !known.has(span.parent) ? { ...span, parent: null } : span);
    known.add(span.id);
  }
  return spans;
}

function spanOf(value: Json, start: number): Span | null {
  const id = text(value.span_id);
  const kind = text(value.kind);
  if (!id || !KINDS.includes(kind)) return null;
  return {
    id,
    parent: typeof value.parent_id === 'string' ? value.parent_id : null,
    kind: kind as Kind,
    name: text(value.name),
    begin: Math.max(0, ((moment(text(value.started_at)) ?? start) - start) / 1000),
    seconds: amount(value.seconds),
    status: status(value.status) ?? 'error',
    attempt: Math.max(1, amount(value.attempt)),
    error: failure(value.error),
    data: record(value.data)
  };
}

export function tokens(value: Json): Tokens {
  const { prompt, cached, output, forced } = value;
  return { prompt: amount(prompt), cached: amount(cached), output: amount(output), forced: amount(forced) };
}

function failure(value: unknown): Failure | null {
  if (!isRecord(value)) return null;
  return { type: text(value.type), message: text(value.message), hint: text(value.hint) };
}

function status(value: unknown): Status | null {
  return typeof value === 'string' && STATUSES.includes(value) ? (value as Status) : null;
}

function moment(value: string): number | null {
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

function firstMoment(spans: readonly unknown[]): number {
  for (const span of spans) {
    const time = moment(text(record(span).started_at));
    if (time !== null) return time;
  }
  return 0;
}
