/** Cells that `%qwen` put below a question: their first line says which, and whether somebody has edited them. */

import { sha256 } from './sha256';

const HEADER = /^# %qwen ([0-9a-f]{8})-([0-9a-f]{8}): .*\n/;
const DIGITS = 8;

export interface Generated {
  /** Names the cell of the question. */
  readonly link: string;
  /** Names the program that was put there, whatever has become of it since. */
  readonly digest: string;
  readonly isEdited: boolean;
}

/** What the first line of a cell says; null for a cell that nobody generated. The same as in `tools/programs/cell.py`. */
export function generated(source: string): Generated | null {
  const found = HEADER.exec(source);
  if (found === null) return null;
  const body = source.slice(found[0].length).replace(/^\n+|\n+$/g, '');
  const [, link = '', digest = ''] = found;
  return { link, digest, isEdited: sha256(`${body}\n`).slice(0, DIGITS) !== digest };
}
