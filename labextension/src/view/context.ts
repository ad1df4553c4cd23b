/** What every part of a view needs. */

import type { Outline, Step } from '../trace/outline';
import type { Words } from '../trace/words';
import type { Memory } from './memory';

export interface Context {
  readonly words: Words;
  readonly memory: Memory;
  readonly outline: Outline;
  /** Show the row of a step and move the focus there. */
  readonly goTo: (step: Step) => void;
}
