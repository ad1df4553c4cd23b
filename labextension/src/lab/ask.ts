/** Commands on a cell: ask about it, fix its error. They write a cell below and run nothing. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { QUESTION_LINE, questionAbout } from '../trace/question';
import { text } from '../trace/values';
import { ENGLISH } from '../trace/words';
import { DOMAIN } from './domain';
import { askIcon } from './icon';
import { isOff } from './offSwitch';
import { activePlace, type Place, placeOf, putBelow } from './place';

const ASK = 'qwen-magics:ask-about-cell';
const FIX = 'qwen-magics:fix-cell';
const ESCAPES = /\p{Cc}\[[0-9;]*m/gu;

export const ask: JupyterFrontEndPlugin<void> = {
  id: 'qwen-magics:ask',
  description: 'Commands to ask about a cell and to fix its error; a button in the toolbar of cells.',
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
    const cellOf = (args: ReadonlyPartialJSONObject): Place | null => {
      // A right click does not make a cell the active one.
      const clicked = args.menu
        ? app.contextMenuHitTest(node => node.classList.contains('jp-Cell'))
        : undefined;
      return clicked ? placeOf(tracker, clicked) : activePlace(tracker);
    };
    // Menu and palette are about the notebook in front. A button may be in another one beside it, so the notebook's own
    // mark hides it.
    const isOffered = (args: ReadonlyPartialJSONObject) =>
      !(args.menu || args.palette) || !isOff(tracker.currentWidget);
    app.commands.addCommand(ASK, {
      label: words.__('Ask Qwen about this cell'),
      icon: askIcon,
      isVisible: isOffered,
      isEnabled: args => cellOf(args)?.cell.model.type === 'code',
      execute: args => {
        const place = cellOf(args);
        if (!place) return;
        putBelow(place, questionAbout(place.cell.model.sharedModel.getSource(), errorOf(place.cell)));
        putCursor(place.panel.content.activeCell, QUESTION_LINE);
      }
    });
    app.commands.addCommand(FIX, {
      label: words.__('Fix the error of this cell with Qwen'),
      caption: words.__('Write a %qwen fix cell below'),
      isVisible: isOffered,
      isEnabled: args => {
        const cell = cellOf(args)?.cell;
        return cell !== undefined && errorOf(cell) !== null;
      },
      execute: args => {
        const place = cellOf(args);
        if (!place) return;
        putBelow(place, '%qwen fix');
        putCursor(place.panel.content.activeCell, 0);
      }
    });
    for (const command of [ASK, FIX])
      palette?.addItem({ command, args: { palette: true }, category: words.__('Qwen') });
  }
};

/** The error among the outputs of a cell, as `NameError: name 'x' is not defined`. */
function errorOf(cell: Cell): string | null {
  if (cell.model.type !== 'code') return null;
  const { outputs } = cell.model as ICodeCellModel;
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs.get(i).toJSON();
    if (output.output_type === 'error')
      return `${text(output.ename)}: ${text(output.evalue)}`.replace(ESCAPES, '');
  }
  return null;
}

/** Menu and palette leave the keyboard where it was before them. */
function putCursor(cell: Cell | null, line: number): void {
  void cell?.ready.then(() => {
    cell.editor?.setCursorPosition({ line, column: 0 });
    cell.editor?.focus();
  });
}
