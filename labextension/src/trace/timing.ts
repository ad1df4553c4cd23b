/** How a step's time divides: waiting for the model, reading the prompt, writing; or one piece. */

import type { Span } from './record';
import { amount, record } from './values';

export type Part = 'queue' | 'prefill' | 'decode' | 'tool' | 'check' | 'approval' | 'agent' | 'retry';

export interface Segment {
  readonly part: Part;
  readonly seconds: number;
}

/** The pieces in order; together they are as long as the step. */
export function segments(span: Span): Segment[] {
  if (span.kind !== 'llm') return [{ part: span.kind, seconds: span.seconds }];
  const usage = record(span.data.usage);
  const queue = amount(usage.queue_s);
  const prefill = amount(usage.prefill_s);
  const decode = amount(usage.decode_s);
  const known = queue + prefill + decode;
  if (known <= 0) return [{ part: 'decode', seconds: span.seconds }];
  // What is between the parts belongs to the writing: grammar, text, bookkeeping.
  const rest = Math.max(0, span.seconds - known);
  const parts: Segment[] = [
    { part: 'queue', seconds: queue },
    { part: 'prefill', seconds: prefill },
    { part: 'decode', seconds: decode + rest }
  ];
  return parts.filter(segment => segment.seconds > 0);
}
