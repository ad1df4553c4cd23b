import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENGLISH } from '../src/trace/words';
import { offerActions } from '../src/view/actions';
import { TraceView } from '../src/view/trace';
import { id, rich, span, trace } from './samples';

let node: HTMLElement;

beforeEach(() => {
  document.body.replaceChildren();
  node = document.createElement('div');
  document.body.append(node);
});

afterEach(() => offerActions(null));

function show(json: unknown, view = new TraceView(node, ENGLISH)): TraceView {
  view.update(json);
  return view;
}

const all = (selector: string) => [...node.querySelectorAll<HTMLElement>(selector)];
const one = (selector: string) => {
  const found = node.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
};
const rows = () => all('.qm-row:not(.qm-head)');
const labels = () => rows().map(row => row.querySelector('.qm-name')?.textContent);
const open = () => one('.qm-summary').click();
const press = (key: string) => {
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  );
};
const focused = () => document.activeElement?.querySelector('strong')?.textContent;
const fresh = () => ({ ...rich(), trace_id: crypto.randomUUID() });

describe('a trace', () => {
  it('shows the answer and its program, and one line that opens to the steps', () => {
    show(fresh());
    expect(one('.qm-big').textContent).toBe('27,789 late');
    expect(one('.qm-answer pre').textContent).toContain('SELECT count(*) AS late');
    expect(one('.qm-summary').textContent).toContain(
      'ok · 10 steps · 6.6 s · 1,004 tokens in (412 cached), 25 out'
    );
    expect(rows()).toHaveLength(0);
    open();
    expect(one('.qm-summary').getAttribute('aria-expanded')).toBe('true');
    expect(labels()).toEqual([
      '✓1. modelwrite query',
      '✗2. checkbind query',
      '↻trying again',
      '✓3. modelwrite query',
      '✓4. checkbind query',
      '✓5. toolsql',
      '✓6. toolpandas',
      '✓runlook up carrier names',
      '✓7. approvalPOST /carriers/lookup',
      '✓8. toolcrm_lookup',
      '⊘9. toolcrm_delete'
    ]);
  });

  it('puts an error beside its repair', () => {
    show(fresh());
    open();
    const failure = one('.qm-failure').closest('.qm-detail');
    expect(failure?.textContent).toContain('There is no column delay in flights.');
    expect(failure?.querySelector('.qm-sides del')?.textContent).toBe('delay');
    const repair = [...(failure?.querySelectorAll('button') ?? [])].find(
      b => b.textContent === 'Repaired by step 4'
    );
    repair?.click();
    expect(focused()).toBe('bind query');
    expect(document.activeElement?.getAttribute('aria-expanded')).toBe('true');
  });

  it('marks forced and doubtful tokens, and counts them', () => {
    show(fresh());
    open();
    rows()[0]?.click();
    const detail = one('.qm-detail');
    expect([...detail.querySelectorAll('.qm-pre .qm-forced')].map(x => x.textContent?.trim())).toContain(
      'SELECT'
    );
    expect(detail.querySelector('.qm-pre .qm-doubtful')?.getAttribute('title')).toMatch(
      /^probability \d+ %$/
    );
    expect(detail.textContent).toContain('3 dictated by the grammar');
    expect(detail.querySelector('.qm-pre')?.textContent).toBe(
      'SELECT count(*) FROM flights WHERE delay > 60'
    );
  });

  it('shows what a program changed, and the requests of a call', () => {
    show(fresh());
    open();
    rows()
      .find(row => row.textContent?.includes('pandas'))
      ?.click();
    expect(one('.qm-frames').textContent).toContain('336,776 rows × 19 columns → 27,789 rows × 19 columns');
    rows()
      .find(row => row.textContent?.includes('crm_lookup'))
      ?.click();
    expect(all('.qm-exchange').map(x => x.textContent)).toEqual([
      expect.stringContaining('✗ 503'),
      expect.stringContaining('✓ 200')
    ]);
    expect(all('a')).toEqual([]);
  });

  it.each([
    ['2.0', 'has format 2.0'],
    ['10.4', 'has format 10.4']
  ])('of version %s is refused with a reason', (schema, said) => {
    show({ ...fresh(), schema });
    expect(node.textContent).toContain(said);
  });

  it.each([null, 'x', 5, {}, [[]]])('that is %j is said to be none', json => {
    show(json);
    expect(node.textContent).toContain('no trace of qwen-magics');
  });
});

describe('the keyboard', () => {
  beforeEach(() => {
    show(fresh());
    open();
    rows()[0]?.focus();
  });

  it('moves, opens and closes', () => {
    press('ArrowDown');
    expect(focused()).toBe('bind query');
    press('End');
    expect(focused()).toBe('crm_delete');
    press('ArrowLeft'); // closes it: a denied step is open
    press('ArrowLeft');
    expect(focused()).toBe('look up carrier names');
    press('ArrowLeft');
    expect(labels()).toHaveLength(8);
    press('ArrowRight');
    expect(labels()).toHaveLength(11);
    press('ArrowRight');
    expect(focused()).toBe('POST /carriers/lookup');
    press('Home');
    press('Enter');
    expect(document.activeElement?.getAttribute('aria-expanded')).toBe('true');
    press(' ');
    expect(document.activeElement?.getAttribute('aria-expanded')).toBe('false');
  });

  it('opens all siblings with *', () => {
    press('*');
    expect(all('.qm-row[aria-level="1"][aria-expanded="false"]')).toEqual([]);
  });

  it('leaves a detail for its row with Escape', () => {
    press('Enter');
    one('.qm-detail button').focus();
    press('Escape');
    expect(document.activeElement).toBe(rows()[0]);
  });

  it('reaches one row by Tab', () => {
    press('ArrowDown');
    expect(
      rows()
        .map(row => row.tabIndex)
        .filter(i => i === 0)
    ).toHaveLength(1);
    expect(rows()[1]?.tabIndex).toBe(0);
  });

  it('keeps its own keys from Jupyter, and no others', () => {
    const seen: string[] = [];
    const note = (event: KeyboardEvent) => seen.push(event.key);
    document.addEventListener('keydown', note);
    for (const key of ['ArrowDown', 'ArrowUp', 'Enter', 'Enter', 'b', 'Escape']) press(key);
    document.removeEventListener('keydown', note);
    expect(seen).toEqual(['b', 'Escape']);
  });

  it('keeps its keys from shortcuts that come first, and no others', () => {
    const seen: string[] = [];
    const note = (event: Event) => {
      const kept = (event.target as Element).hasAttribute('data-lm-suppress-shortcuts');
      if (kept) seen.push((event as KeyboardEvent).key);
    };
    document.addEventListener('keydown', note, true);
    rows()[1]?.focus();
    press('b');
    press('ArrowDown');
    document.removeEventListener('keydown', note, true);
    expect(seen).toEqual(['ArrowDown']);
  });

  it('tells assistive technology where a row stands', () => {
    const row = rows().at(-1);
    const told = ['level', 'posinset', 'setsize', 'expanded'].map(name => row?.getAttribute(`aria-${name}`));
    expect(told).toEqual(['2', '3', '3', 'true']);
  });
});

describe('while a run streams', () => {
  let run = 0;
  beforeEach(() => {
    run++;
  });

  const at = (n: number, last: object = {}, status = 'running') => {
    const spans = Array.from({ length: n }, (_, i) => span(i + 1, { data: { user_view: `result ${i}` } }));
    spans.push(span(n + 1, { kind: 'llm', status: 'running', data: { completion: 'SELECT' }, ...last }));
    return trace(spans, { trace_id: `stream ${run}`, status, answer: null });
  };

  it('keeps rows, focus and what is open, and draws what is new', () => {
    const view = show(at(2));
    rows()[0]?.click();
    const [row, detail] = [rows()[0], one('.qm-detail')];
    const control = detail.querySelector('button');
    control?.focus();
    show(at(4, { data: { completion: 'SELECT count(*)' } }), view);
    expect(rows()[0]).toBe(row);
    expect(one('.qm-detail')).toBe(detail);
    expect(document.activeElement).toBe(control);
    expect(rows()).toHaveLength(5);
    expect(one('.qm-ending').textContent).toContain('SELECT count(*)▌');
    show({ ...at(4, { status: 'ok' }, 'ok'), answer: { kind: 'number', text: '3', code: '' } }, view);
    expect(one('.qm-big').textContent).toBe('3');
    expect(one('.qm-ending').textContent).toBe('');
    expect(document.activeElement).toBe(control);
  });

  it('keeps what is open when the output is made anew', () => {
    show(at(2));
    rows()[1]?.click();
    const again = document.createElement('div');
    document.body.append(again);
    new TraceView(again, ENGLISH).update(at(3));
    expect(
      [...again.querySelectorAll('.qm-row')].map(row => row.getAttribute('aria-expanded')).slice(1, 4)
    ).toEqual(['false', 'true', 'false']);
  });

  it('shows the whole of what waits for approval', () => {
    const preview = `POST /orders\n${'x'.repeat(5_000)} END`;
    show(at(1, { kind: 'approval', name: 'approve order', data: { preview } }));
    const box = one('.qm-ending .qm-approving');
    expect(box.textContent).toContain('This would run. Answer below.');
    expect(box.querySelector('pre')?.textContent).toBe(preview);
    expect(box.querySelector('pre')?.tabIndex).toBe(0);
  });

  it('draws the same for the same', () => {
    const view = show(at(2));
    const before = node.innerHTML;
    show(at(2), view);
    expect(node.innerHTML).toBe(before);
  });
});

describe('large and hostile traces', () => {
  it('builds a page of 10,000 rows at a time', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => span(i + 1, { data: { sql: `SELECT ${i}` } }));
    show(trace(spans));
    open();
    expect(rows()).toHaveLength(200);
    const more = one('.qm-more button');
    expect(more.textContent).toBe('Show 500 more of 9,800 steps');
    more.click();
    expect(rows()).toHaveLength(700);
    expect(focused()).toBe('step 201');
  });

  it('nests 5,000 levels without nesting elements', () => {
    const deep = Array.from({ length: 5_000 }, (_, i) =>
      span(i + 1, { parent_id: i ? id(i) : null, kind: 'agent' })
    );
    show(trace(deep));
    open();
    expect(rows()).toHaveLength(200);
    expect(rows().at(-1)?.textContent).toContain('level 200');
    expect(node.querySelectorAll('.qm-row .qm-row')).toHaveLength(0);
  });

  it('shows the ends of a 2 MB text, and all of it when asked', () => {
    const huge = `${'x'.repeat(1_000_000)}MIDDLE${'y'.repeat(1_000_000)}`;
    show(trace([span(1, { data: { code: huge } })]));
    open();
    rows()[0]?.click();
    expect(node.textContent?.length).toBeLessThan(30_000);
    all('.qm-detail button')
      .find(b => b.textContent?.startsWith('Show all'))
      ?.click();
    expect(one('.qm-detail code').textContent).toBe(huge);
  });

  it('says so when values are nested deeper than a stack can bear', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    show(trace([], { model: { id: deep }, answer: { kind: 'text', text: deep, code: deep } }));
    expect(node.textContent).toContain('damaged beyond reading');
  });

  it('makes nothing but text of markup, in every field', () => {
    const evil = '<img src=x onerror=alert(1)><script>alert(1)</script>" onmouseover="alert(1)';
    show(
      JSON.parse(JSON.stringify(fresh()), (key, value) =>
        typeof value === 'string' && key === 'name' ? evil : value
      )
    );
    open();
    press('*');
    const found = all('*').flatMap(item => [item.localName, ...item.getAttributeNames()]);
    expect(
      found.filter(
        name => ['img', 'script', 'iframe', 'a', 'svg', 'src', 'href'].includes(name) || name.startsWith('on')
      )
    ).toEqual([]);
    expect(node.textContent).toContain('<img src=x');
  });
});

describe('actions', () => {
  it('are there when somebody offers them', () => {
    show(fresh());
    expect(all('.qm-bar button')).toHaveLength(1);
    const insertCell = vi.fn();
    const download = vi.fn();
    offerActions({ insertCell, download, rerun: vi.fn(), replay: vi.fn(), openTable: vi.fn(), ask: vi.fn() });
    show(fresh());
    all('button')
      .find(b => b.textContent === 'Insert as cell')
      ?.click();
    const query = 'SELECT count(*) AS late FROM flights WHERE arr_delay > 60';
    expect(insertCell).toHaveBeenCalledWith(
      expect.anything(),
      `import duckdb\n\nduckdb.sql("""\n${query}\n""").df()`
    );
    all('button')
      .find(b => b.textContent === 'Export')
      ?.click();
    expect(download.mock.calls[0]?.[1]).toMatchObject({ schema: '1.1' });
  });

  it('run again from a step that read and went well, and from no other', () => {
    const replay = vi.fn();
    offerActions({
      insertCell: vi.fn(),
      download: vi.fn(),
      rerun: vi.fn(),
      replay,
      openTable: vi.fn(),
      ask: vi.fn()
    });
    const spans = [
      span(1, { data: { sql: 'SELECT 1' } }),
      span(2, { data: { tool: 'crm_lookup', arguments: { id: 7 } } }),
      span(3, { data: { tool: 'crm_delete', effect: 'write' } }),
      span(4, { data: { sql: 'SELECT x' }, status: 'error' }),
      span(5, { data: { sql: 'SELECT 1' }, kind: 'check' })
    ];
    show(trace(spans));
    open();
    rows()[0]?.focus();
    press('*');
    const buttons = all('button').filter(b => b.textContent === 'Run from here');
    for (const button of buttons) button.click();
    expect(replay.mock.calls.map(([, source]) => [source.step, source.program])).toEqual([
      [1, 'SELECT 1'],
      [2, '']
    ]);
  });

  it('let the model go on from any program, and from any call with its arguments', () => {
    const replay = vi.fn();
    offerActions({
      insertCell: vi.fn(),
      download: vi.fn(),
      rerun: vi.fn(),
      replay,
      openTable: vi.fn(),
      ask: vi.fn()
    });
    const spans = [
      span(1, { data: { sql: 'SELECT 1' } }),
      span(2, { data: { tool: 'crm_lookup', arguments: { id: 7 } } }),
      span(3, { data: { code: 'result = x' }, status: 'error' }),
      span(4, { data: { sql: 'SELECT x', subject: 'sql' }, kind: 'check' }),
      span(5, { data: { code: 'crm_lookup(id=7)', subject: 'call' }, kind: 'check' }),
      span(6, { data: { completion: 'SELECT 1' }, kind: 'llm' })
    ];
    show(trace(spans));
    open();
    rows()[0]?.focus();
    press('*');
    const buttons = all('button').filter(b => b.textContent === 'Go on from here');
    for (const button of buttons) button.click();
    expect(replay.mock.calls.map(([, { step, program, goesOn }]) => [step, program, goesOn])).toEqual([
      [1, 'SELECT 1', true],
      [2, '{\n "id": 7\n}', true],
      [3, 'result = x', true],
      [4, 'SELECT x', true]
    ]);
  });

  it('insert a repaired cell as the Python that it is, below what was wrong', () => {
    const insertCell = vi.fn();
    const others = { download: vi.fn(), rerun: vi.fn(), replay: vi.fn(), openTable: vi.fn(), ask: vi.fn() };
    offerActions({ insertCell, ...others });
    const code = "orders['total'].sum()";
    show(trace([], { answer: { kind: 'python', text: 'The column is total.', code } }));
    expect(one('.qm-answer .qm-short').textContent).toBe('The column is total.');
    expect(one('.qm-answer pre').textContent).toBe(code);
    for (const insert of all('button').filter(b => b.textContent === 'Insert as cell')) insert.click();
    expect(insertCell.mock.calls.map(([, source]) => source)).toEqual([code]);
  });

  it('ask again with one of the readings of a question that has several', () => {
    const readings = ['How many per month (created_at)?', 'How many per month (closed_at)?'];
    const answer = {
      kind: 'text',
      text: `Which date is meant?\n\n${readings.join('\n\n')}`,
      code: '',
      status: 'ambiguous',
      readings: [...readings, null, {}, ' ', 'x'.repeat(3_000)]
    };
    show(trace([], { answer }));
    expect(one('.qm-answer .qm-lead').textContent).toBe('Which date is meant?');
    expect(all('.qm-readings li').map(item => item.textContent)).toEqual(readings);
    expect(all('.qm-readings button')).toHaveLength(0);
    const ask = vi.fn();
    const others = { insertCell: vi.fn(), download: vi.fn(), rerun: vi.fn(), replay: vi.fn() };
    offerActions({ ...others, openTable: vi.fn(), ask });
    show(trace([], { answer }));
    all('.qm-readings button')[1]?.click();
    expect(ask.mock.calls.map(([, question]) => question)).toEqual([readings[1]]);
  });

  it('lead from the answer to the step that it comes from', () => {
    show(fresh());
    open();
    const way = all('.qm-origin button').find(b => b.textContent === 'The answer comes from step 5');
    way?.click();
    expect(focused()).toBe('sql');
    expect(document.activeElement?.getAttribute('aria-expanded')).toBe('true');
  });

  it('copies the text as it is', async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    show(trace([span(1, { data: { code: 'a\u202eb' } })]));
    open();
    rows()[0]?.click();
    const copy = all('.qm-detail button').find(b => b.textContent === 'Copy');
    copy?.click();
    await vi.waitFor(() => expect(copy?.textContent).toBe('Copied'));
    expect(writeText).toHaveBeenCalledWith('a\u202eb');
    vi.unstubAllGlobals();
  });
});
