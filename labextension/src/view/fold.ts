/** A line that opens to more. What is inside is built when it is opened first. */

import { type Child, el, nodes } from './dom';
import type { Memory } from './memory';

export function fold(title: string, key: string, memory: Memory, build: () => readonly Child[]): HTMLElement {
  const node = el('details', { class: 'qm-fold' }, el('summary', {}, title));
  let built = false;
  const fill = () => {
    if (!built) node.append(...nodes(build()));
    built = true;
  };
  if (memory.isOpen(key, false)) {
    fill();
    node.open = true;
  }
  node.addEventListener('toggle', () => {
    if (node.open) fill();
    memory.setOpen(key, node.open);
  });
  return node;
}
