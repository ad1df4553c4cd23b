import { expect, it } from 'vitest';
import type { Words } from '../src/trace/words';
import { ENGLISH } from '../src/trace/words';
import { offerActions } from '../src/view/actions';
import { comparison } from '../src/view/comparison';
import { RunList } from '../src/view/runList';
import { TraceView } from '../src/view/trace';
import { read, rich, span, trace } from './samples';

/** Puts brackets around whatever a translator is asked for, figures and names within it included. */
const MARKED: Words = {
  __: (message, ...args) => `⟪${ENGLISH.__(message, ...args)}⟫`,
  _n: (one, many, n, ...args) => `⟪${ENGLISH._n(one, many, n, ...args)}⟫`
};
// The same in every language: units, the product's own names, the sample of a mark.
const NEUTRAL = new Set('ms min kB MB GB AM PM abc null None x Qwen'.split(' '));
const TOLD = ['title', 'aria-label', 'placeholder'];

/** The words of a page that neither a translator was asked for nor the records hold. */
function untranslated(node: HTMLElement, records: unknown): string[] {
  const known = new Set(strings(records).flatMap(said => said.toLowerCase().split(/[^\p{L}]+/u)));
  const told = [...node.querySelectorAll('*')].flatMap(one => TOLD.map(name => one.getAttribute(name) ?? ''));
  return [...texts(node), ...told]
    .map(said => without(said))
    .flatMap(said => said.split(/[^\p{L}]+/u))
    .filter(word => word.length > 1 && !known.has(word.toLowerCase()) && !NEUTRAL.has(word));
}

/** Keys and texts of a record. */
function strings(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.entries(value).flatMap(([key, one]) => [key, ...strings(one)]);
}

function texts(node: Node): string[] {
  return node.nodeType === Node.TEXT_NODE ? [node.nodeValue ?? ''] : [...node.childNodes].flatMap(texts);
}

/** Without what is in brackets; one may stand inside another. */
function without(said: string): string {
  const less = said.replace(/⟪[^⟪⟫]*⟫/g, '');
  return less === said ? said : without(less);
}

function drawn(json: unknown): HTMLElement {
  const node = document.createElement('div');
  document.body.append(node);
  new TraceView(node, MARKED).update(json);
  const line = node.querySelector<HTMLElement>('.qm-summary[aria-expanded=false]');
  line?.click();
  for (let round = 0; round < 4; round++) {
    for (const row of node.querySelectorAll<HTMLElement>('.qm-row[aria-expanded=false]')) row.click();
    for (const fold of node.querySelectorAll('details')) {
      fold.open = true;
      fold.dispatchEvent(new Event('toggle'));
    }
  }
  return node;
}

const long = Array.from({ length: 300 }, (_, i) =>
  span(i + 1, { data: { code: 'x '.repeat(i ? 9 : 15_000) } })
);
const program = (n: number, text: string) => ({
  kind: 'check',
  attempt: n,
  data: { sql: `${text}\n`.repeat(30) }
});
const failed = { ...program(1, 'a'), status: 'error', error: { type: 'b', message: '', hint: '' } };
const table = { columns: ['n', ''], rows: Array.from({ length: 30 }, (_, i) => [i, null]), total_rows: 90 };
const RECORDS: Record<string, unknown> = {
  'one of everything': rich(),
  'a long one with long texts': trace(long, { trace_id: 'long' }),
  'a long repair': trace([span(1, failed), span(2, program(2, 'c'))], { trace_id: 'repair' }),
  'a table': trace([], { trace_id: 'table', answer: { kind: 'table', text: '', code: '', preview: table } }),
  'a stopped one': trace([span(1)], {
    trace_id: 'stopped',
    status: 'cancelled',
    redactions: 1,
    answer: null
  }),
  'a damaged one': trace([{ span_id: 7 }], { trace_id: 'damaged', notes: [] }),
  'one at work': trace([span(1, { kind: 'llm', status: 'running' })], {
    trace_id: 'work',
    status: 'running'
  }),
  'one that waits': trace([span(1, { kind: 'approval', status: 'running', data: { preview: 'POST' } })], {
    trace_id: 'waits',
    status: 'running'
  }),
  'another version': { schema: '2.0' },
  nonsense: []
};
const nothing = () => {};

it.each(Object.entries(RECORDS))('%s says nothing that cannot be translated', (_, record) => {
  const acts = { insertCell: nothing, rerun: nothing, replay: nothing, ask: nothing };
  offerActions({ ...acts, openTable: nothing, download: nothing });
  const node = drawn(record);
  offerActions(null);
  expect(node.textContent).toContain('⟪');
  expect(untranslated(node, record)).toEqual([]);
});

it('nor do the panel and the comparison', () => {
  const pair = [rich(), { ...rich(), question: 'Other?', spans: rich().spans.slice(0, 5) }];
  const [before, after] = pair.map(read) as [ReturnType<typeof read>, ReturnType<typeof read>];
  const node = document.createElement('div');
  const list = new RunList(node, MARKED, { goTo: nothing, compare: nothing, replay: nothing });
  for (const found of [[], [{ trace: before, cell: 'a', key: 'a' }]]) {
    list.update(found);
    expect(untranslated(node, pair)).toEqual([]);
  }
  list.update([], true);
  expect(untranslated(node, pair)).toEqual([]);
  expect(untranslated(comparison(before, after, MARKED), pair)).toEqual([]);
});

it('would find what is not translated', () => {
  const node = document.createElement('div');
  node.innerHTML = '<p title="Hello">⟪a ⟪b⟫⟫ data words <b>5 min</b></p>';
  expect(untranslated(node, { key: 'data' })).toEqual(['words', 'Hello']);
});
