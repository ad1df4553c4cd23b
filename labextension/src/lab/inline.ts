/**
 * Suggestions at the cursor of code cells, for JupyterLab's inline completer (4.1 and later). Off until it is switched on
 * in the completer's settings. The model in the kernel's memory writes them; nothing is asked of a kernel that is at work.
 */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  type CompletionHandler,
  ICompletionProviderManager,
  type IInlineCompletionContext,
  type IInlineCompletionList,
  type IInlineCompletionProvider
} from '@jupyterlab/completer';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { ITranslator } from '@jupyterlab/translation';
import { codeAbove } from '../trace/codeAbove';
import { record, text } from '../trace/values';
import { ENGLISH, type Words } from '../trace/words';
import { DOMAIN } from './domain';
import { isOff } from './offSwitch';

const TARGET = 'qwen_magics.inline';
/** Whoever goes on typing within this time is asked about nothing. */
const PAUSE_MS = 250;
/** So long a kernel may take to end what typing on gave up: no more than a chunk of the prompt. */
const SETTLES_MS = 1_500;
const LOOKS_MS = 50;
const NOTHING: IInlineCompletionList = { items: [] };

export const inline: JupyterFrontEndPlugin<void> = {
  id: 'qwen-magics:inline',
  description: 'Suggestions at the cursor of code cells, written by the model in the kernel. Off by default.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICompletionProviderManager, ITranslator],
  activate: (
    _: JupyterFrontEnd,
    tracker: INotebookTracker,
    manager: ICompletionProviderManager | null,
    translator: ITranslator | null
  ) => {
    // JupyterLab 4.0 has no inline completer.
    manager?.registerInlineProvider?.(new Provider(tracker, translator?.load(DOMAIN) ?? ENGLISH));
  }
};

class Provider implements IInlineCompletionProvider {
  readonly identifier = 'qwen-magics';
  readonly name: string;
  private enabled = false;
  private latest = 0;
  private line: Line | null = null;

  constructor(
    private readonly tracker: INotebookTracker,
    words: Words
  ) {
    this.name = words.__('Qwen');
  }

  /** JupyterLab adds the switch and the other properties that all providers have. */
  get schema() {
    return { default: { enabled: false, timeout: 15_000 } };
  }

  configure(settings: { [property: string]: unknown }): void {
    this.enabled = settings.enabled === true;
  }

  async fetch(
    request: CompletionHandler.IRequest,
    context: IInlineCompletionContext
  ): Promise<IInlineCompletionList> {
    const id = ++this.latest;
    this.line?.cancel();
    const panel = this.tracker.find(
      candidate => candidate.content === context.widget || candidate === context.widget
    );
    const kernel = panel?.sessionContext.session?.kernel;
    if (!this.enabled || !panel || !kernel || isOff(panel)) return NOTHING;
    await pause(PAUSE_MS);
    if (id !== this.latest || !request.text.trim() || /^\s*%%/.test(request.text)) return NOTHING;
    await settled(kernel);
    if (id !== this.latest) return NOTHING;
    const line = await this.open(kernel);
    if (line === null || id !== this.latest || kernel.status !== 'idle') return NOTHING;
    const before = `${above(panel)}${request.text.slice(0, request.offset)}`;
    const insertText = await line.ask(id, before, request.text.slice(request.offset));
    return insertText && id === this.latest ? { items: [{ insertText }] } : NOTHING;
  }

  /** The line to this kernel; null while it has not loaded `%qwen`. */
  private async open(kernel: Kernel.IKernelConnection): Promise<Line | null> {
    if (this.line?.kernel === kernel && !this.line.isClosed) return this.line;
    if (kernel.status !== 'idle' || !(await listens(kernel))) return null;
    this.line = new Line(kernel);
    return this.line;
  }
}

/** One comm, and the one question that waits for its answer. */
class Line {
  private readonly comm: Kernel.IComm;
  private waiting: { id: number; answer: (text: string) => void } | null = null;
  isClosed = false;

  constructor(readonly kernel: Kernel.IKernelConnection) {
    this.comm = kernel.createComm(TARGET);
    this.comm.onMsg = message => this.heard(message);
    this.comm.onClose = () => this.close();
    kernel.statusChanged.connect((_, status) => {
      if (status === 'restarting' || status === 'dead') this.close();
    });
    kernel.disposed.connect(() => this.close());
    this.comm.open();
  }

  ask(id: number, before: string, after: string): Promise<string> {
    return new Promise(answer => {
      this.waiting = { id, answer };
      this.comm.send({ id, before, after });
    });
  }

  cancel(): void {
    if (this.waiting === null || this.isClosed) return;
    this.comm.send({ cancel: true });
    this.give('');
  }

  private heard(message: KernelMessage.ICommMsgMsg): void {
    const data = record(message.content.data);
    if (data.id === this.waiting?.id) this.give(text(data.text));
  }

  private close(): void {
    this.isClosed = true;
    this.give('');
  }

  private give(said: string): void {
    this.waiting?.answer(said);
    this.waiting = null;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(done => setTimeout(done, milliseconds));
}

/** Until a busy kernel is done, or for a while. One that runs a cell is then still at work. */
async function settled(kernel: Kernel.IKernelConnection): Promise<void> {
  for (let waited = 0; kernel.status === 'busy' && waited < SETTLES_MS; waited += LOOKS_MS) {
    await pause(LOOKS_MS);
  }
}

/** Whether the kernel has loaded `%qwen`; one that has not imports nothing for being asked. */
async function listens(kernel: Kernel.IKernelConnection): Promise<boolean> {
  const code = '"qwen_magics.widgets.inline" in __import__("sys").modules';
  const request = { code: '', silent: true, store_history: false, user_expressions: { loaded: code } };
  const reply = await kernel.requestExecute(request).done.catch(() => null);
  if (reply === null || reply.content.status !== 'ok') return false;
  const data = record(record(record(reply.content.user_expressions).loaded).data);
  return data['text/plain'] === 'True';
}

function above(panel: NotebookPanel): string {
  const cells = [...(panel.content.model?.cells ?? [])].slice(0, panel.content.activeCellIndex);
  return codeAbove(cells.filter(cell => cell.type === 'code').map(cell => cell.sharedModel.getSource()));
}
