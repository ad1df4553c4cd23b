/** From a node of an output to its notebook and cell, and the few things that are done to cells. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { Cell, ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import { type INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { Words } from '../trace/words';

export interface Place {
  readonly panel: NotebookPanel;
  readonly cell: Cell;
  readonly index: number;
}

/** The cell that shows `node`; null for an output shown elsewhere. */
export function placeOf(tracker: INotebookTracker, node: Element): Place | null {
  const panel = tracker.find(candidate => candidate.node.contains(node));
  if (!panel) return null;
  const index = panel.content.widgets.findIndex(cell => cell.node.contains(node));
  const cell = panel.content.widgets[index];
  return cell ? { panel, cell, index } : null;
}

/** The active cell of the notebook in front. */
export function activePlace(tracker: INotebookTracker): Place | null {
  const panel = tracker.currentWidget;
  const cell = panel?.content.activeCell;
  return panel && cell ? { panel, cell, index: panel.content.activeCellIndex } : null;
}

/** The key under which a cell's metadata say what made it. */
const MADE = 'qwen_magics';

/**
 * Put `source` into a code cell below. A cell that was made so from the same place is replaced, unless somebody has
 * edited it since: then it is `kept`. Nothing is run.
 */
export function putBelow({ panel, cell, index }: Place, source: string): 'kept' | 'done' {
  const notebook = panel.content;
  const shared = notebook.model?.sharedModel;
  if (!shared) return 'done';
  const made = { from: cell.model.id, source };
  const below = notebook.widgets[index + 1]?.model;
  const mark = below?.getMetadata(MADE) as { from?: unknown; source?: unknown } | undefined;
  const isOwn = below !== undefined && mark?.from === made.from;
  const isEdited = isOwn && mark?.source !== below.sharedModel.getSource();
  if (isOwn && !isEdited) {
    replaceSource(below, source);
    below.setMetadata(MADE, made);
  } else {
    shared.insertCell(index + 1, { cell_type: 'code', source, metadata: { [MADE]: made } });
  }
  notebook.activeCellIndex = index + 1;
  notebook.mode = 'edit';
  return isEdited ? 'kept' : 'done';
}

/** Give a cell another source; the output of what stood there before goes with it. */
export function replaceSource(model: ICellModel, source: string): void {
  if (model.sharedModel.getSource() === source) return;
  model.sharedModel.setSource(source);
  if (model.type === 'code') (model as ICodeCellModel).clearExecution();
}

const SAID_MS = 10_000;

/** Why there are two cells now. Shown for a while; by default JupyterLab would only list it. */
export function sayKept(words: Words): void {
  const said = words.__('You have edited the generated cell, so it was kept. The new one is above it.');
  Notification.info(said, { autoClose: SAID_MS });
}

/** Put `source` into a cell below, in the same way, and run it; the keyboard goes with it. */
export function runBelow(shell: JupyterFrontEnd.IShell, place: Place, source: string): void {
  putBelow(place, source);
  void NotebookActions.run(place.panel.content, place.panel.sessionContext);
  shell.activateById(place.panel.id);
}

/** Make a cell the active one, bring it into view, and the keyboard to it: arrows then go on to the cells beside it. */
export function goTo(shell: JupyterFrontEnd.IShell, { panel, index }: Place): void {
  const notebook = panel.content;
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  notebook.mode = 'command';
  shell.activateById(panel.id); // first: behind another tab nothing scrolls
  const ready = () => {
    // A cell that was out of the page could not take the focus: the notebook around it has it.
    if (document.activeElement === notebook.node) notebook.activate();
  };
  // Not `scrollToCell`, which puts the cursor into the cell's editor. It fails where another scroll begins.
  void notebook.scrollToItem(index).then(ready, ready);
}
