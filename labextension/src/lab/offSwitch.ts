/** Whether a notebook wants any of this. Its own metadata say so, and go with it to whoever opens it. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';
import { ENGLISH } from '../trace/words';
import { DOMAIN } from './domain';

const TOGGLE = 'qwen-magics:toggle-notebook';
const KEY = 'qwen_magics';
/** On the notebook's node while it is off: what must not be seen there, the style sheet hides. */
const MARK = 'qm-is-off';

export const offSwitch: JupyterFrontEndPlugin<void> = {
  id: 'qwen-magics:switch',
  description: 'A command that switches completion, toolbar button, status bar and panel off for a notebook.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const words = translator?.load(DOMAIN) ?? ENGLISH;
    app.commands.addCommand(TOGGLE, {
      label: words.__('Use Qwen in This Notebook'),
      caption: words.__('Completion, toolbar button, status bar and panel; traces are drawn all the same'),
      isToggleable: true,
      isToggled: () => tracker.currentWidget !== null && !isOff(tracker.currentWidget),
      isEnabled: () => tracker.currentWidget?.content.model?.readOnly === false,
      execute: () => tracker.currentWidget && setOff(tracker.currentWidget, !isOff(tracker.currentWidget))
    });
    palette?.addItem({ command: TOGGLE, category: words.__('Qwen') });
    onSwitch(tracker, () => app.commands.notifyCommandChanged(TOGGLE));
    tracker.forEach(mark);
    tracker.widgetAdded.connect((_, panel) => mark(panel));
  }
};

/** Whether a notebook is switched off. */
export function isOff(panel: NotebookPanel | null): boolean {
  const found = panel?.content.model?.getMetadata(KEY);
  return typeof found === 'object' && found !== null && found.off === true;
}

/** Call `act` when another notebook comes to the front, and when the one in front is switched. */
export function onSwitch(tracker: INotebookTracker, act: () => void): void {
  let watched: NotebookPanel | null = null;
  let before = false;
  const check = () => {
    if (before === isOff(watched)) return;
    before = !before;
    act();
  };
  const watch = (panel: NotebookPanel | null) => {
    watched?.content.model?.metadataChanged.disconnect(check);
    watched = panel;
    before = isOff(panel);
    act();
    void panel?.context.ready.then(() => {
      if (panel !== watched || panel.isDisposed) return;
      panel.content.model?.metadataChanged.connect(check);
      check();
    });
  };
  tracker.currentChanged.connect((_, panel) => watch(panel));
  watch(tracker.currentWidget);
}

/** Keep the mark of a notebook, in front or not. */
function mark(panel: NotebookPanel): void {
  const draw = () => panel.toggleClass(MARK, isOff(panel));
  void panel.context.ready.then(() => {
    if (panel.isDisposed) return;
    panel.content.model?.metadataChanged.connect(draw);
    draw();
  });
}

function setOff(panel: NotebookPanel, off: boolean): void {
  const model = panel.content.model;
  const { off: _, ...others } = (model?.getMetadata(KEY) ?? {}) as Record<string, unknown>;
  if (off) model?.setMetadata(KEY, { ...others, off: true });
  else if (Object.keys(others).length) model?.setMetadata(KEY, others);
  else model?.deleteMetadata(KEY);
}
