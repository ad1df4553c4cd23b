/** A question that runs again replaces the cell that it had put below, unless somebody has edited that. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, type Notebook, NotebookActions } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';
import { generated } from '../trace/generated';
import { ENGLISH } from '../trace/words';
import { DOMAIN } from './domain';
import { isOff } from './offSwitch';
import { replaceSource, sayKept } from './place';

export const cells: JupyterFrontEndPlugin<void> = {
  id: 'qwen-magics:cells',
  description: 'Replaces a generated cell in its place when its question runs again, unless it was edited.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator],
  activate: (_: JupyterFrontEnd, tracker: INotebookTracker, translator: ITranslator | null) => {
    const words = translator?.load(DOMAIN) ?? ENGLISH;
    // The kernel puts a cell below while the question's cell runs: what was not there before is that one.
    const before = new Map<string, Set<string>>();
    NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
      before.set(cell.model.id, new Set(notebook.widgets.map(other => other.model.id)));
    });
    NotebookActions.executed.connect((_, { notebook, cell }) => {
      const known = before.get(cell.model.id);
      before.delete(cell.model.id);
      const panel = tracker.find(candidate => candidate.content === notebook) ?? null;
      if (known && !isOff(panel) && settle(notebook, cell.model.id, known) === 'kept') sayKept(words);
    });
  }
};

/**
 * Let an older cell of the same question have what was put below it just now; `kept` if it was edited. One that was
 * made of the very same program stays as it is, edited or not.
 */
function settle(notebook: Notebook, asking: string, known: ReadonlySet<string>): 'kept' | 'replaced' | 'new' {
  const shared = notebook.model?.sharedModel;
  const at = notebook.widgets.findIndex(cell => cell.model.id === asking) + 1;
  const fresh = notebook.widgets[at]?.model;
  if (!shared || !fresh || known.has(fresh.id)) return 'new';
  const source = fresh.sharedModel.getSource();
  const now = generated(source);
  if (!now) return 'new';
  const older = notebook.widgets.map(({ model }) => ({
    model,
    made: model === fresh ? null : generated(model.sharedModel.getSource())
  }));
  const own = older.filter(({ model, made }) => model.type === 'code' && made?.link === now.link);
  const free = own.find(({ made }) => made?.isEdited === false);
  const isThere = own.some(({ made }) => made?.digest === now.digest);
  if (!free && !isThere) return own.length ? 'kept' : 'new';
  shared.transact(() => {
    if (free) replaceSource(free.model, source);
    shared.deleteCell(at);
  });
  return 'replaced';
}
