/** Does what the buttons of a trace say: insert a cell, run again, open a table, save the record. */

import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { replayCell } from '../trace/cellSource';
import { askAgain } from '../trace/question';
import type { Trace } from '../trace/record';
import type { TableView } from '../trace/table';
import { ENGLISH, type Words } from '../trace/words';
import { offerActions } from '../view/actions';
import { el } from '../view/dom';
import { grid, remark } from '../view/table';
import { DOMAIN } from './domain';
import { goTo, placeOf, putBelow, runBelow, sayKept } from './place';

export const actions: JupyterFrontEndPlugin<void> = {
  id: 'qwen-magics:actions',
  description: 'Buttons of a trace: insert a cell, run again, open the whole table, export.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    labShell: ILabShell | null
  ) => {
    const words = translator?.load(DOMAIN) ?? ENGLISH;
    offerActions({
      insertCell: (node, source) => {
        const place = placeOf(tracker, node);
        if (place && putBelow(place, source) === 'kept') sayKept(words);
      },
      rerun: node => {
        const place = placeOf(tracker, node);
        if (!place) return;
        goTo(app.shell, place);
        void NotebookActions.run(place.panel.content, place.panel.sessionContext);
      },
      replay: (node, source) => {
        const place = placeOf(tracker, node);
        if (!place) return;
        runBelow(app.shell, place, replayCell(source, PathExt.basename(place.panel.context.path)));
      },
      ask: (node, question) => {
        const place = placeOf(tracker, node);
        if (!place) return;
        runBelow(app.shell, place, askAgain(question, place.cell.model.sharedModel.getSource()));
      },
      openTable: (title, table) => openTab(app, labShell, title, tableNode(title, table, words)),
      download
    });
  }
};

/** Show a node in a tab beside the notebook; in Notebook 7, which has no tabs, below or beside it. */
export function openTab(
  app: JupyterFrontEnd,
  labShell: ILabShell | null,
  title: string,
  node: HTMLElement
): void {
  const widget = new MainAreaWidget({ content: new Widget({ node: el('div', { class: 'qm-tab' }, node) }) });
  widget.content.node.tabIndex = 0; // it scrolls, so the keyboard must reach it
  widget.id = `qwen-magics-tab-${++tabs}`;
  widget.title.label = title;
  widget.title.closable = true;
  app.shell.add(widget, labShell ? 'main' : 'down', { mode: 'split-right' });
  // Several versions of Notebook 7 have nothing below the notebook, and say so in the console only.
  if (widget.parent === null) app.shell.add(widget, 'right');
  app.shell.activateById(widget.id);
}

let tabs = 0;

function tableNode(title: string, table: TableView, words: Words): HTMLElement {
  const drawn = el(
    'div',
    { class: 'qm-scroll', tabindex: 0, role: 'group', aria: { label: title } },
    grid(table, table.rows, words)
  );
  return el(
    'div',
    { class: 'qm-view' },
    el('p', { class: 'qm-facts' }, remark(table, table.rows.length, words)),
    drawn
  );
}

function download(trace: Trace, json: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(json, null, 1)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `qwen-trace-${trace.id.replace(/\W/g, '').slice(0, 12) || 'run'}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
