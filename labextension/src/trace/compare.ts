/** Two runs beside each other: what differs in their circumstances and figures, and step by step. */

import { runFacts, statusWord } from './facts';
import { duration, grouped } from './format';
import { outline, program, type Step } from './outline';
import type { Trace } from './record';
import { list, text } from './values';
import type { Words } from './words';

export interface Fact {
  readonly name: string;
  readonly values: readonly [string, string];
  readonly same: boolean;
}

/** Steps that stand for each other; one side is null where the other run did not do such a step. */
export type Pair = readonly [Step | null, Step | null];

/** The longest runs whose steps are matched; beyond, they are paired by position. */
const MOST_STEPS = 1_000;

export function facts(before: Trace, after: Trace, words: Words): Fact[] {
  const rows: [string, (trace: Trace) => string][] = [
    [words.__('Question'), trace => trace.question],
    [words.__('Status'), trace => statusWord(trace.status, words)],
    [words.__('Answer'), trace => text(trace.answer?.text)],
    [words.__('Steps'), trace => grouped(trace.steps)],
    [words.__('Time'), trace => duration(trace.seconds)],
    [words.__('Tokens in'), trace => grouped(trace.tokens.prompt)],
    [words.__('of them cached'), trace => grouped(trace.tokens.cached)],
    [words.__('Tokens out'), trace => grouped(trace.tokens.output)],
    [words.__('of them forced'), trace => grouped(trace.tokens.forced)],
    [words.__('Model'), trace => runFacts({ ...trace, tokensPerSecond: 0 }, words).at(-1) ?? ''],
    [words.__('Parameters'), trace => settings(trace)],
    [
      words.__('Data'),
      trace => trace.data.map(item => `${text(item.name)} ${text(item.fingerprint)}`).join(', ')
    ]
  ];
  return rows.map(([name, value]) => {
    const values = [value(before), value(after)] as const;
    return { name, values, same: values[0] === values[1] };
  });
}

function settings(trace: Trace): string {
  return Object.entries(trace.parameters)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${text(value) || JSON.stringify(value)}`)
    .join(', ');
}

/** The steps of both runs in order, matched by what they are. */
export function pairs(before: Trace, after: Trace): Pair[] {
  const [a, b] = [outline(before).all, outline(after).all];
  if (a.length > MOST_STEPS || b.length > MOST_STEPS) return byPosition(a, b);
  const found: Pair[] = [];
  let j = 0;
  for (const step of a) {
    const match = b.findIndex((other, k) => k >= j && alike(step, other));
    if (match < 0) {
      found.push([step, null]);
      continue;
    }
    while (j < match) found.push([null, b[j++] ?? null]);
    found.push([step, b[j++] ?? null]);
  }
  while (j < b.length) found.push([null, b[j++] ?? null]);
  return found;
}

function alike(a: Step, b: Step): boolean {
  return a.span.kind === b.span.kind && a.span.name === b.span.name && a.span.attempt === b.span.attempt;
}

function byPosition(a: readonly Step[], b: readonly Step[]): Pair[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [a[i] ?? null, b[i] ?? null]);
}

/** What a step wrote or ran, for comparison. */
export function content(step: Step | null): string {
  if (step === null) return '';
  const { data, error } = step.span;
  return program(step.span) || text(data.completion) || error?.message || text(data.reason);
}

/** Whether two steps did and returned the same. */
export function isSame([a, b]: Pair): boolean {
  if (a === null || b === null) return false;
  const result = (step: Step) => JSON.stringify([step.span.status, list([step.span.data.user_view])]);
  return content(a) === content(b) && result(a) === result(b);
}
