/** The side panel: all runs of the notebook in front. */

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { ICodeCellModel } from '@jupyterlab/cells';
import { ActivityMonitor, PathExt } from '@jupyterlab/coreutils';
import { type INotebookModel, INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { replayAll, replayCell } from '../trace/cellSource';
import { MIME, readTrace } from '../trace/record';
import { ENGLISH, type Words } from '../trace/words';
import { comparison } from '../view/comparison';
import { type Run, RunList } from '../view/runList';
import { openTab } from './actions';
import { DOMAIN } from './domain';
import { runsIcon } from './icon';
import { isOff, onSwitch } from './offSwitch';
import { goTo, type Place, runBelow } from './place';

const SHOW = 'qwen-magics:show-runs';
/** While a run streams its output changes ten times a second. */
const REST_MS = 400;

export const runs: JupyterFrontEndPlugin<void> = {
  id: 'qwen-magics:runs',
  description: 'A side panel with all runs of the notebook.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ILabShell, ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ) => {
    const words = translator?.load(DOMAIN) ?? ENGLISH;
    const panel = new RunsPanel(app, tracker, labShell, words);
    app.shell.add(panel, 'right', { rank: 700 });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(SHOW, {
      label: words.__('Show the Runs of This Notebook'),
      // Some versions of Notebook 7 close a panel that is open already.
      execute: () => (panel.isVisible ? panel.activate() : app.shell.activateById(panel.id))
    });
    palette?.addItem({ command: SHOW, category: words.__('Qwen') });
  }
};

class RunsPanel extends Widget {
  private readonly list: RunList;
  private notebook: NotebookPanel | null = null;
  private monitor: ActivityMonitor<INotebookModel, void> | null = null;

  constructor(
    private readonly app: JupyterFrontEnd,
    tracker: INotebookTracker,
    labShell: ILabShell | null,
    words: Words
  ) {
    super();
    this.id = 'qwen-magics-runs';
    this.title.icon = runsIcon;
    this.title.caption = words.__('Runs of Qwen in this notebook');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', this.title.caption);
    this.list = new RunList(document.createElement('div'), words, {
      goTo: run => this.goTo(run),
      replay: run => this.replay(run),
      compare: (before, after) => {
        openTab(app, labShell, words.__('Two runs'), comparison(before.trace, after.trace, words));
      }
    });
    this.node.append(this.list.node);
    tracker.currentChanged.connect((_, panel) => this.watch(panel));
    this.watch(tracker.currentWidget);
    onSwitch(tracker, () => this.refresh());
  }

  protected override onActivateRequest(): void {
    this.list.focus();
  }

  protected override onAfterShow(): void {
    this.refresh();
  }

  private watch(panel: NotebookPanel | null): void {
    if (panel === this.notebook) return;
    this.monitor?.dispose();
    this.monitor = null;
    this.notebook = panel;
    void panel?.context.ready.then(() => {
      const { model } = panel.content;
      if (this.notebook !== panel || model === null || panel.isDisposed) return;
      this.monitor = new ActivityMonitor({ signal: model.contentChanged, timeout: REST_MS });
      this.monitor.activityStopped.connect(() => this.refresh());
      this.refresh();
    });
    panel?.disposed.connect(() => this.watch(null));
    this.refresh();
  }

  private refresh(): void {
    if (!this.isVisible) return;
    const off = isOff(this.notebook);
    const model = off ? null : this.notebook?.content.model;
    this.list.update(model ? runsOf(model) : [], off);
  }

  private goTo(run: Run): void {
    const place = this.placeOf(run);
    if (place) goTo(this.app.shell, place);
  }

  private replay(run: Run): void {
    const place = this.placeOf(run);
    const source = replayAll(run.trace.id);
    if (!place || !source) return;
    goTo(this.app.shell, place);
    runBelow(this.app.shell, place, replayCell(source, PathExt.basename(place.panel.context.path)));
  }

  private placeOf(run: Run): Place | null {
    const panel = this.notebook;
    const index = panel?.content.widgets.findIndex(cell => cell.model.id === run.cell) ?? -1;
    const cell = panel?.content.widgets[index];
    return panel && cell ? { panel, cell, index } : null;
  }
}

/** The traces in the outputs of a notebook, in the order of its cells. */
function runsOf(model: INotebookModel): Run[] {
  const found: Run[] = [];
  for (const cell of model.cells) {
    if (cell.type !== 'code') continue;
    const { outputs } = cell as ICodeCellModel;
    for (let i = 0; i < outputs.length; i++) {
      const reading = readTrace(outputs.get(i).data[MIME]);
      if (reading !== null && 'trace' in reading) {
        found.push({ trace: reading.trace, cell: cell.id, key: `${cell.id}/${i}` });
      }
    }
  }
  return found;
}
