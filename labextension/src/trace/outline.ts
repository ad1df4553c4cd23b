/** The steps of a run as a tree: numbers, places in time, and which later step repaired a failed one. */

import type { Failure, Span, Trace } from './record';
import { list, text } from './values';

/** One span in its place. `offset` and `share` say where its time lies in the run's, each 0 to 1. */
export interface Step {
  readonly span: Span;
  /** Counts what was done, in order; null for a run inside a run and for retries. */
  readonly number: number | null;
  readonly depth: number;
  readonly offset: number;
  readonly share: number;
  readonly children: readonly Step[];
  /** The later step that succeeded where this one failed. */
  readonly repair: Step | null;
}

export interface Outline {
  readonly traceId: string;
  /** All steps, a parent before its children. */
  readonly all: readonly Step[];
  readonly top: readonly Step[];
  readonly byId: ReadonlyMap<string, Step>;
}

interface Draft {
  span: Span;
  number: number | null;
  depth: number;
  offset: number;
  share: number;
  children: Draft[];
  repair: Draft | null;
}

const COUNTED = new Set(['llm', 'tool', 'check', 'approval']);

/** A single run at the top is left out: its parts are the steps. */
export function outline(trace: Trace): Outline {
  const length = runLength(trace);
  const drafts = new Map<string, Draft>();
  const roots: Draft[] = [];
  for (const span of trace.spans) {
    const draft = place(span, length);
    const parent = span.parent === null ? undefined : drafts.get(span.parent);
    (parent ? parent.children : roots).push(draft);
    drafts.set(span.id, draft);
  }
  const only = roots.length === 1 ? roots[0] : undefined;
  const top = only?.span.kind === 'agent' && only.children.length ? only.children : roots;
  const all = walk(top);
  findRepairs(all);
  return { traceId: trace.id, all, top, byId: new Map(all.map(step => [step.span.id, step])) };
}

function place(span: Span, length: number): Draft {
  const offset = Math.min(1, span.begin / length);
  const share = Math.min(1 - offset, span.seconds / length);
  return { span, number: null, depth: 0, offset, share, children: [], repair: null };
}

function runLength(trace: Trace): number {
  let length = trace.seconds;
  for (const span of trace.spans) length = Math.max(length, span.begin + span.seconds);
  return length > 0 ? length : 1;
}

// A stack of its own: a trace may be nested deeper than calls may be.
function walk(top: readonly Draft[]): Draft[] {
  const all: Draft[] = [];
  const stack = top.toReversed();
  let number = 0;
  for (let draft = stack.pop(); draft; draft = stack.pop()) {
    if (COUNTED.has(draft.span.kind)) draft.number = ++number;
    all.push(draft);
    for (const child of draft.children.toReversed()) {
      child.depth = draft.depth + 1;
      stack.push(child);
    }
  }
  return all;
}

/** For each failed step the next one of its kind, or a tool's, that went well in a later attempt. */
function findRepairs(all: readonly Draft[]): void {
  const latest = new Map<string, Draft>();
  for (const draft of all.toReversed()) {
    const { status, kind, attempt } = draft.span;
    if (status === 'ok') latest.set(kind, draft);
    if (status !== 'error') continue;
    const good = latest.get(kind) ?? latest.get('tool');
    if (good && good.span.attempt > attempt) draft.repair = good;
  }
}

/** The program of a step: SQL, or code in another language. */
export function program(span: Span): string {
  return text(span.data.sql) || text(span.data.code);
}

/** The steps that the answer comes from: those it names, else the last that ran its program. */
export function evidence(trace: Trace, steps: Outline): readonly Step[] {
  if (trace.answer === null) return [];
  const named = list(trace.answer.evidence).flatMap(id => steps.byId.get(text(id)) ?? []);
  if (named.length) return named;
  const code = text(trace.answer.code);
  const same = (step: Step) =>
    step.span.kind === 'tool' && step.span.status === 'ok' && program(step.span) === code;
  const found = code ? steps.all.findLast(same) : undefined;
  return found ? [found] : [];
}

/** What ended the run: the error that it ended with, or that of the last step that failed. */
export function ending(trace: Trace): Failure | null {
  if (!['error', 'truncated', 'denied'].includes(trace.status)) return null;
  if (trace.error) return trace.error;
  const failed = trace.spans.filter(span => span.error);
  return (failed.find(span => span.kind === 'agent') ?? failed.at(-1))?.error ?? null;
}

/** The innermost step under way. */
export function current(trace: Trace): Span | null {
  return trace.spans.findLast(span => span.status === 'running') ?? null;
}

/** The error of the step before, which a retry gives as its reason, need not be said twice. */
export function repeats(retry: Span, before: Span | undefined): boolean {
  return Boolean(before?.error?.message && text(retry.data.reason).includes(before.error.message));
}
