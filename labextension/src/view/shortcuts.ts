/**
 * Keys that a focused element keeps from the application's shortcuts.
 *
 * Notebook 7 and JupyterLab 4.0 look for shortcuts before the page's own listeners hear of a key, and move between cells
 * by the same arrows. They pass over an element with this attribute; it is there for the length of one key only.
 */
const SUPPRESS = 'data-lm-suppress-shortcuts';

export function keepKeys(node: HTMLElement, wants: (event: KeyboardEvent) => boolean): void {
  const before = (event: KeyboardEvent) => {
    if (!node.isConnected) window.removeEventListener('keydown', before, true);
    else if (event.target instanceof Element && wants(event)) {
      const { target } = event; // not what is around it: a shortcut may be for whatever has the focus
      target.setAttribute(SUPPRESS, 'true');
      setTimeout(() => target.removeAttribute(SUPPRESS), 0);
    }
  };
  node.addEventListener('focusin', () => window.addEventListener('keydown', before, true));
  node.addEventListener('focusout', () => window.removeEventListener('keydown', before, true));
}
