/** `%%qwen` cells while they are written: the look of prose, and completion as soon as `@` is typed. */

import { EditorView, type ViewUpdate } from '@codemirror/view';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { isInQuestion, proseExtension } from '../editor/prose';
import { isOff } from './offSwitch';

const ID = 'qwen-magics:editing';
const INVOKE = 'completer:invoke-notebook';
// `@` and `@name.`: there the kernel knows what can follow.
const ASKS = /(^|[^\p{L}\p{N}_.\\@])@([\p{L}_][\p{L}\p{N}_]*\.)?$/u;

export const editing: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'The look of %%qwen cells, and completion of @variables as they are typed.',
  autoStart: true,
  requires: [IEditorExtensionRegistry],
  optional: [ISettingRegistry, INotebookTracker],
  activate: (
    app: JupyterFrontEnd,
    editors: IEditorExtensionRegistry,
    settings: ISettingRegistry | null,
    tracker: INotebookTracker | null
  ) => {
    const chosen = { prose: true, complete: true };
    void settings?.load(ID).then(loaded => {
      const read = () => {
        chosen.prose = loaded.composite.prose === true;
        chosen.complete = loaded.composite.complete === true;
      };
      read();
      loaded.changed.connect(read);
    });
    const offer = EditorView.updateListener.of(update => {
      // What is typed in is the notebook in front, or no notebook.
      if (chosen.complete && asks(update) && !isOff(tracker?.currentWidget ?? null)) invoke(app);
    });
    editors.addExtension({
      name: ID,
      factory: () =>
        EditorExtensionRegistry.createImmutableExtension([proseExtension(() => chosen.prose), offer])
    });
  }
};

function asks(update: ViewUpdate): boolean {
  if (!update.docChanged || !update.view.hasFocus) return false;
  if (!update.transactions.some(transaction => transaction.isUserEvent('input.type'))) return false;
  const { head } = update.state.selection.main;
  const before = update.state.doc.lineAt(head).text.slice(0, head - update.state.doc.lineAt(head).from);
  return ASKS.test(before) && isInQuestion(update.state);
}

/** After the update: an editor must not be changed while it changes. */
function invoke(app: JupyterFrontEnd): void {
  if (app.commands.hasCommand(INVOKE)) setTimeout(() => void app.commands.execute(INVOKE), 0);
}
