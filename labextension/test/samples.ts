/** Traces for the tests. `rich` is also opened in a real JupyterLab by tests/labextension. */

import RICH from '../../tests/labextension/trace.json';
import { readTrace, type Trace } from '../src/trace/record';

type Loose = Record<string, unknown>;

/** One of everything: a repair, a program, a frame diff, approvals, HTTP. */
export function rich(): Loose & { spans: Loose[] } {
  return structuredClone(RICH);
}

export function read(json: unknown): Trace {
  const reading = readTrace(json);
  if (reading === null || !('trace' in reading)) throw new Error('not a trace');
  return reading.trace;
}

export function id(n: number): string {
  return n.toString(16).padStart(16, '0');
}

export function span(n: number, changes: Loose = {}): Loose {
  const second = String(n % 60).padStart(2, '0');
  const base = { span_id: id(n), parent_id: null, kind: 'tool', name: `step ${n}`, status: 'ok', attempt: 1 };
  return {
    ...base,
    started_at: `2026-11-23T09:30:${second}.000Z`,
    seconds: 1,
    error: null,
    data: {},
    ...changes
  };
}

export function trace(spans: Loose[], changes: Loose = {}): Loose {
  return {
    schema: '1.1',
    trace_id: crypto.randomUUID().replaceAll('-', ''),
    started_at: '2026-11-23T09:30:00.000Z',
    status: 'ok',
    question: 'How many?',
    answer: { kind: 'number', text: '3', code: '' },
    error: null,
    model: { id: 'qwen2.5-coder-0.5b' },
    parameters: {},
    versions: {},
    data: [],
    totals: { steps: spans.length, seconds: 60, tokens: {}, tokens_per_second: null },
    redactions: 0,
    notes: [],
    spans,
    ...changes
  };
}
