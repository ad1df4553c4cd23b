/** What a line about a step says beside its name. */

import { duration, percent, shape, tokenFacts } from './format';
import { type Span, type Status, type Trace, tokens } from './record';
import { list, number, record, text } from './values';
import { oneLine } from './visible';
import type { Words } from './words';

export const GLYPHS: Readonly<Record<Status, string>> = {
  ok: '✓',
  error: '✗',
  cancelled: '■',
  denied: '⊘',
  truncated: '…',
  running: '▸'
};

export function statusWord(status: Status, words: Words): string {
  return {
    ok: words.__('ok'),
    error: words.__('error'),
    cancelled: words.__('cancelled'),
    denied: words.__('denied'),
    truncated: words.__('truncated'),
    running: words.__('running')
  }[status];
}

export function kindWord(span: Span, words: Words): string {
  return {
    agent: words.__('run'),
    llm: words.__('model'),
    tool: words.__('tool'),
    check: words.__('check'),
    approval: words.__('approval'),
    retry: words.__('retry')
  }[span.kind];
}

/** Steps, seconds, tokens, speed and model of a run: those that are there. */
export function runFacts(trace: Trace, words: Words): string[] {
  const { provider } = trace.model;
  const model = [trace.model.id, trace.model.quantisation].map(text).filter(Boolean).join(' ');
  const speed = trace.tokensPerSecond ? words.__('%1 tokens/s', trace.tokensPerSecond.toFixed(0)) : '';
  const place = text(provider) ? words.__('%1 on %2', model, text(provider)).trim() : model;
  return [
    words._n('%1 step', '%1 steps', trace.steps),
    duration(trace.seconds),
    tokenFacts(trace.tokens, words),
    speed,
    oneLine(place, 120)
  ].filter(Boolean);
}

/** The few figures of a step, such as `812 tokens in, 41 out`. */
export function stepFacts(span: Span, words: Words): string[] {
  const facts = ownFacts(span, words);
  if (span.attempt > 1 && span.kind !== 'retry') facts.unshift(words.__('attempt %1', span.attempt));
  return facts.filter(Boolean).map(fact => oneLine(fact, 160));
}

function ownFacts(span: Span, words: Words): string[] {
  const { data } = span;
  switch (span.kind) {
    case 'llm':
      return [
        tokenFacts(tokens(record(data.usage)), words),
        data.finish_reason === 'length' ? words.__('stopped at the token limit') : ''
      ];
    case 'tool':
      return [size(span, words), exchanges(span), approval(text(data.approval))];
    case 'check':
      return [data.result === 'ok' ? '' : text(data.result)];
    case 'approval':
      return [text(data.decision) || text(data.approval), text(data.reason)];
    case 'retry':
      return [text(data.reason)];
    default:
      return [];
  }
}

function size(span: Span, words: Words): string {
  const columns = Array.isArray(span.data.columns) ? span.data.columns.length : null;
  return shape(number(span.data.rows), columns, words);
}

function exchanges(span: Span): string {
  const first = record(list(span.data.http)[0]);
  const more = list(span.data.http).length - 1;
  const said = [first.method, first.status].map(text).filter(Boolean).join(' ');
  return more > 0 ? `${said} +${more}` : said;
}

function approval(said: string): string {
  return said === 'not needed' ? '' : said;
}

/** How sure the model was, and how long it took: the line below a completion. */
export function completionFacts(span: Span, words: Words): string[] {
  const usage = record(span.data.usage);
  const times: [string, unknown][] = [
    [words.__('waited'), usage.queue_s],
    [words.__('first token after'), usage.ttft_s],
    [words.__('prompt read in'), usage.prefill_s],
    [words.__('written in'), usage.decode_s]
  ];
  const facts = times.flatMap(([name, value]) => {
    const seconds = number(value) ?? 0;
    return seconds > 0 ? `${name} ${duration(seconds)}` : [];
  });
  const logprob = number(span.data.mean_logprob);
  const rejected = number(span.data.rejected_mass) ?? 0;
  if (logprob !== null) facts.push(words.__('mean token probability %1', percent(Math.exp(logprob))));
  if (rejected > 0) facts.push(words.__('%1 of the probability ruled out by the grammar', percent(rejected)));
  return facts;
}
