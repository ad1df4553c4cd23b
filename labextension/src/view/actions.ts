/** What the surroundings can do for a trace. The renderer works without: then these buttons are not there. */

import type { ReplaySource } from '../trace/cellSource';
import type { Trace } from '../trace/record';
import type { TableView } from '../trace/table';

export interface Actions {
  /** Put a code cell with this source below the cell that shows `node`; it is not run. */
  insertCell(node: Element, source: string): void;
  /** Run the cell that shows `node` again. */
  rerun(node: Element): void;
  /** Put a cell that replays the run below the cell that shows `node`, and run it. */
  replay(node: Element, source: ReplaySource): void;
  /** Ask a question in a cell below the cell that shows `node`, and run it. */
  ask(node: Element, question: string): void;
  /** Show a whole table in a tab of its own. */
  openTable(title: string, table: TableView): void;
  /** Save the record. */
  download(trace: Trace, json: unknown): void;
}

let offered: Actions | null = null;

/** Called once by the plugin that can do these things. */
export function offerActions(actions: Actions | null): void {
  offered = actions;
}

export function actions(): Actions | null {
  return offered;
}
