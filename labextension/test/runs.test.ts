import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pairs } from '../src/trace/compare';
import { ENGLISH } from '../src/trace/words';
import { comparison } from '../src/view/comparison';
import { type Run, RunList } from '../src/view/runList';
import { read, rich, span, trace } from './samples';

function run(key: string, changes: object = {}): Run {
  return { trace: read(trace([span(1)], { question: `question ${key}`, ...changes })), cell: key, key };
}

describe('the list of runs', () => {
  const host = { goTo: vi.fn(), compare: vi.fn(), replay: vi.fn() };
  let node: HTMLElement;
  let list: RunList;
  const questions = () => [...node.querySelectorAll('.qm-run-question')].map(one => one.textContent);
  const tick = (i: number) => node.querySelectorAll<HTMLInputElement>('input[type=checkbox]')[i]?.click();
  const compare = () => node.querySelector<HTMLButtonElement>('.qm-panel-tools button') as HTMLButtonElement;

  beforeEach(() => {
    vi.clearAllMocks();
    node = document.createElement('div');
    document.body.replaceChildren(node);
    list = new RunList(node, ENGLISH, host);
    list.update([run('a'), run('b', { status: 'error', answer: null }), run('c')]);
  });

  it('shows all of them with their sum', () => {
    expect(questions()).toEqual(['question a', 'question b', 'question c']);
    expect(node.textContent).toContain('3 runs · 3 min 0 s');
    expect(node.querySelectorAll('.qm-run-item')[1]?.textContent).toContain('✗ error · 60 s');
  });

  it('goes to the cell', () => {
    node.querySelectorAll<HTMLButtonElement>('.qm-run-open')[1]?.click();
    expect(host.goTo.mock.calls[0]?.[0].cell).toBe('b');
  });

  describe('by keyboard', () => {
    const opens = () => [...node.querySelectorAll<HTMLElement>('.qm-run-open')];
    const ticks = () => [...node.querySelectorAll<HTMLElement>('input[type=checkbox]')];
    const search = () => node.querySelector('input[type=search]') as HTMLInputElement;
    const press = (...keys: string[]) => {
      for (const key of keys) {
        const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
        document.activeElement?.dispatchEvent(event);
      }
      return document.activeElement;
    };

    it('moves between runs, and from the search to them and back, and chooses none', () => {
      search().focus();
      expect(press('ArrowDown')).toBe(opens()[0]);
      expect(press('ArrowDown', 'ArrowDown', 'ArrowDown')).toBe(opens()[2]);
      expect(press('ArrowUp')).toBe(opens()[1]);
      expect(press('End')).toBe(opens()[2]);
      expect(press('Home')).toBe(opens()[0]);
      expect(press('ArrowUp')).toBe(search());
      expect(press('Home', 'End', 'ArrowUp')).toBe(search());
      expect(host.goTo).not.toHaveBeenCalled();
    });

    it('moves from tick to tick', () => {
      ticks()[0]?.focus();
      expect(press('ArrowDown', 'ArrowDown')).toBe(ticks()[2]);
    });

    it('comes back to the run where it was, or to the search', () => {
      list.focus();
      expect(document.activeElement).toBe(search());
      opens()[1]?.focus();
      opens()[1]?.blur();
      list.focus();
      expect(document.activeElement).toBe(opens()[1]);
      list.update([]);
      list.update([run('a'), run('b'), run('c')]); // all of them drawn anew
      list.focus();
      expect(document.activeElement).toBe(opens()[1]);
      list.update([run('a'), run('c')]);
      list.focus();
      expect(document.activeElement).toBe(search());
    });
  });

  it('finds by question', () => {
    const search = node.querySelector('input[type=search]') as HTMLInputElement;
    search.value = 'QUESTION B';
    search.dispatchEvent(new Event('input'));
    expect(questions()).toEqual(['question b']);
  });

  it.each([
    ['question c', 'question c'],
    ['FORTY', 'question a'],
    ['from orders', 'question b'],
    ['nowhere', undefined]
  ])('finds %j in questions, answers and programs', (wanted, found) => {
    const answer = { kind: 'number', text: 'forty-two', code: '' };
    const program = { kind: 'number', text: '3', code: 'SELECT 3 FROM orders' };
    list.update([run('a', { answer }), run('b', { answer: program }), run('c')]);
    const search = node.querySelector('input[type=search]') as HTMLInputElement;
    search.value = wanted;
    search.dispatchEvent(new Event('input'));
    expect(questions()).toEqual(found ? [found] : []);
    list.update([run('a', { answer }), run('b', { answer: program }), run('c'), run('d')]);
    expect(questions()).toEqual(found ? [found] : []); // a run that is added changes nothing of that
  });

  it('compares two, in their order; a third takes the place of the first', () => {
    expect(compare().disabled).toBe(true);
    tick(2);
    tick(1);
    tick(0);
    compare().click();
    expect(host.compare.mock.calls[0]?.map(one => one.key)).toEqual(['a', 'b']);
  });

  it('replays one', () => {
    const replay = [...node.querySelectorAll('button')].find(one => one.textContent === 'Replay');
    expect(replay?.disabled).toBe(true);
    tick(1);
    replay?.click();
    expect(host.replay.mock.calls[0]?.[0].key).toBe('b');
    tick(2);
    expect(replay?.disabled).toBe(true);
  });

  it('shows a copied cell beside its original, and says when there is none', () => {
    const once = run('a');
    list.update([once, { ...once, key: 'a/copy' }]);
    expect(questions()).toEqual(['question a', 'question a']);
    list.update([]);
    expect(node.textContent).toContain('No run in this notebook yet.');
    list.update([], true);
    expect(node.textContent).toContain('Qwen is switched off for this notebook.');
  });
});

describe('the comparison', () => {
  it('of a run with itself finds no difference', () => {
    const node = comparison(read(rich()), read(rich()), ENGLISH);
    expect(node.textContent).toContain('The steps are the same');
    expect(node.querySelectorAll('tr:not(.qm-same)')).toHaveLength(1); // the head
  });

  it('marks the words that differ, and steps that only one did', () => {
    const sql = (text: string) => span(1, { data: { sql: text } });
    const before = read(trace([sql('SELECT a FROM t')]));
    const after = read(trace([sql('SELECT b FROM t'), span(2)], { answer: { text: '4' } }));
    expect(pairs(before, after).map(pair => pair.map(step => step?.number ?? null))).toEqual([
      [1, 1],
      [null, 2]
    ]);
    const node = comparison(before, after, ENGLISH);
    expect(node.querySelector('del')?.textContent).toBe('a');
    expect(node.querySelector('ins')?.textContent).toBe('b');
    expect(node.textContent).toContain('not done');
    expect(node.textContent).toContain('Answer ≠34');
  });
});
