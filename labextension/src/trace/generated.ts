/** Cells that `%qwen` put below a question: their first line says which, and whether somebody has edited them. */

import { sha256 } from './sha256';

const HEADER = /^# %qwen ([0-9a-f]{8})-([0-9a-f]{8}): .*\n/;
const DIGITS = 8;

export interface Generated {
  /** Names the cell of the question. */
  readonly link: string;
  readonly isEdited: boolean;
}

/** What the first line of a cell says; null for a cell that nobody generated. The same as in `tools/programs/cell.py`. */
export function generated(source: string): Generated | null {
  const found = HEADER.exec(source);
  if (found === null) return null;
  const body = source.slice(found[0].length).replace(/^\n+|\n+$/g, '');
  return { link: found[1] ?? '', isEdited: sha256(`${body}\n`).slice(0, DIGITS) !== found[2] };
}
