import { expect, it } from 'vitest';
import { outline } from '../src/trace/outline';
import { ENGLISH } from '../src/trace/words';
import { TraceView } from '../src/view/trace';
import { read } from './samples';

/** The traces of every released format, kept by the Python tests. */
const GOLDEN = import.meta.glob<{
  default: { question: string; answer: { text: string } | null; spans: unknown[] };
}>('../../tests/trace/golden/*/*.json', { eager: true });

it('finds them', () => {
  expect(Object.keys(GOLDEN).length).toBeGreaterThan(5);
});

it.each(Object.entries(GOLDEN))('%s stays readable', (_, module) => {
  const json = module.default;
  const trace = read(json);
  expect(trace.damaged).toBe(0);
  expect(trace.spans).toHaveLength(json.spans.length);
  const node = document.createElement('div');
  document.body.append(node);
  new TraceView(node, ENGLISH).update(json);
  const line = node.querySelector<HTMLElement>('.qm-summary');
  if (line?.getAttribute('aria-expanded') === 'false') line.click();
  expect(node.querySelectorAll('.qm-row:not(.qm-head)')).toHaveLength(outline(trace).all.length);
  expect(node.textContent).toContain(json.question.slice(0, 40));
  if (json.answer) expect(node.querySelector('.qm-answer')?.textContent).toContain(json.answer.text);
  for (const row of node.querySelectorAll<HTMLElement>('.qm-row[aria-expanded=false]')) row.click();
  expect(node.querySelectorAll('.qm-row[aria-expanded=false]')).toHaveLength(0);
});
