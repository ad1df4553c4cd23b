import { describe, expect, it } from 'vitest';
import { outline } from '../src/trace/outline';
import { readTrace } from '../src/trace/record';
import { id, read, rich, span, trace } from './samples';

describe('readTrace', () => {
  it('reads what is there', () => {
    const found = read(rich());
    expect(found.spans).toHaveLength(rich().spans.length);
    expect(found.damaged).toBe(0);
    expect(found.tokens.cached).toBe(412);
    expect(found.spans[2]?.begin).toBeCloseTo(2.1);
  });

  it('refuses another major version by its number', () => {
    expect(readTrace({ ...trace([]), schema: '2.0' })).toEqual({ version: '2.0' });
  });

  it.each([null, 3, 'text', [], {}, { html: '<b>' }])('says of %j that it is no trace', value => {
    expect(readTrace(value)).toBeNull();
  });

  it('leaves damaged spans out and counts them', () => {
    const found = read(trace([span(1), { span_id: 7 }, 'x' as never, span(1), span(2, { kind: 'virus' })]));
    expect(found.spans.map(one => one.id)).toEqual([id(1)]);
    expect(found.damaged).toBe(4);
  });

  it('shows what a record with nothing but spans has', () => {
    const found = read({ spans: [span(1)] });
    expect(found.spans).toHaveLength(1);
    expect(found.status).toBe('error');
  });

  it('puts a span whose parent comes later, or is itself, at the top', () => {
    const found = read(trace([span(1, { parent_id: id(2) }), span(2, { parent_id: id(2) })]));
    expect(found.spans.map(one => one.parent)).toEqual([null, null]);
  });
});

describe('outline', () => {
  it('leaves a single run at the top out and numbers the steps in order', () => {
    const { top, all } = outline(read(rich()));
    expect(top.map(step => step.number)).toEqual([1, 2, null, 3, 4, 5, 6, null]);
    expect(all.map(step => step.number).filter(n => n !== null)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('names the step that repaired a failed one', () => {
    const { all } = outline(read(rich()));
    expect(all.find(step => step.span.error)?.repair?.number).toBe(4);
  });

  it('keeps every bar inside the run', () => {
    const wild = [
      span(1, { started_at: '1999-01-01T00:00:00Z' }),
      span(2, { seconds: 1e12 }),
      span(3, { seconds: -5 })
    ];
    for (const step of outline(read(trace(wild))).all) {
      expect(step.offset).toBeGreaterThanOrEqual(0);
      expect(step.offset + step.share).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('goes as deep as a trace does', () => {
    const deep = Array.from({ length: 20_000 }, (_, i) =>
      span(i + 1, { parent_id: i ? id(i) : null, kind: 'agent' })
    );
    expect(outline(read(trace(deep))).all.at(-1)?.depth).toBe(19_998);
  });
});
