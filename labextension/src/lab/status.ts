/** The status bar: which model, where it runs, whether it is at work. A click asks `%qwen doctor`. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { memoryFact } from '../trace/format';
import { type Json, record, text } from '../trace/values';
import { oneLine } from '../trace/visible';
import { ENGLISH, type Words } from '../trace/words';
import { el } from '../view/dom';
import { DOMAIN } from './domain';
import { isOff, onSwitch } from './offSwitch';
import { activePlace, runBelow } from './place';

// A kernel that has not loaded `%qwen` answers with nothing, and imports nothing.
const QUERY =
  '(lambda load, loaded: load("qwen_magics.widgets.state").widgets.state.state() if loaded else None)' +
  '(__import__, "qwen_magics.magics" in __import__("sys").modules)';
const LOADING_MS = 2_000;
const MENTIONS = /%qwen|qwen_magics/;

export const status: JupyterFrontEndPlugin<void> = {
  id: 'qwen-magics:status',
  description: 'The model, its device and whether it is busy, in the status bar.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    bar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    if (!bar) return;
    const item = new StatusItem(app.shell, tracker, translator?.load(DOMAIN) ?? ENGLISH);
    bar.registerStatusItem('qwen-magics:status', {
      item,
      align: 'left',
      rank: 20,
      isActive: () => item.isKnown,
      activeStateChanged: item.known
    });
  }
};

class StatusItem extends Widget {
  readonly known = new Signal<this, void>(this);
  private readonly button = el('button', { type: 'button', class: 'qm-status' });
  private panel: NotebookPanel | null = null;
  private model = '';
  private detail = '';
  private memory = '';
  private readonly hint: string;

  constructor(
    private readonly shell: JupyterFrontEnd.IShell,
    private readonly tracker: INotebookTracker,
    private readonly words: Words
  ) {
    super();
    this.node.append(this.button);
    this.hint = words.__('Check model and machine: %qwen doctor');
    this.button.title = this.hint;
    this.button.addEventListener('click', () => this.doctor());
    tracker.currentChanged.connect((_, panel) => this.watch(panel));
    NotebookActions.executed.connect((_, { notebook }) => {
      if (notebook === this.panel?.content) void this.query();
    });
    this.watch(tracker.currentWidget);
    onSwitch(tracker, () => {
      this.known.emit();
      void this.query();
    });
  }

  get isKnown(): boolean {
    return this.model !== '' && !isOff(this.panel);
  }

  private watch(panel: NotebookPanel | null): void {
    this.panel?.sessionContext.statusChanged.disconnect(this.draw, this);
    this.panel = panel;
    panel?.sessionContext.statusChanged.connect(this.draw, this);
    this.learn('', '');
    void panel?.sessionContext.ready.then(() => this.query());
  }

  /** Ask the kernel, if the notebook has anything to do with us. */
  private async query(): Promise<void> {
    const panel = this.panel;
    const kernel = panel?.sessionContext.session?.kernel;
    const cells = [...(panel?.content.model?.cells ?? [])];
    if (!kernel || isOff(panel) || !cells.some(cell => MENTIONS.test(cell.sharedModel.getSource()))) return;
    const request = { code: '', silent: true, store_history: false, user_expressions: { state: QUERY } };
    const reply = await kernel.requestExecute(request).done.catch(() => null);
    if (reply === null || panel !== this.panel || reply.content.status !== 'ok') return;
    const data = record(record(record(reply.content.user_expressions).state).data);
    const state = record(data['application/json']);
    // `CPU, because …`: the reason is for the pointer that rests on it.
    const provider = text(state.provider);
    const device = provider.split(',', 1)[0] ?? '';
    const said = this.stateWord(text(state.state));
    this.learn(text(state.model), [said, device].filter(Boolean).join(', '), state);
    this.button.title = [this.hint, oneLine(provider, 200)].filter(Boolean).join('\n');
    // Not for ever: whatever a kernel is asked counts as work, and servers end kernels that do none.
    if (state.state === 'loading') setTimeout(() => void this.query(), LOADING_MS);
  }

  private learn(model: string, detail: string, sizes: Json = {}): void {
    this.model = oneLine(model, 60);
    this.detail = oneLine(detail, 80);
    this.memory = memoryFact(sizes, this.words);
    this.draw();
    this.known.emit();
  }

  private draw(): void {
    const busy = this.panel?.sessionContext.kernelDisplayStatus === 'busy';
    const parts = [this.model, this.detail, this.memory, busy && this.words.__('busy')].filter(Boolean);
    this.button.textContent = this.words.__('Qwen: %1', parts.join(' · '));
  }

  private stateWord(state: string): string {
    const { words } = this;
    const known: Readonly<Record<string, string>> = {
      loaded: words.__('loaded'),
      loading: words.__('loading'),
      'not loaded': words.__('not loaded')
    };
    return known[state] ?? state;
  }

  private doctor(): void {
    const place = activePlace(this.tracker);
    if (place) runBelow(this.shell, place, '%qwen doctor');
  }
}
