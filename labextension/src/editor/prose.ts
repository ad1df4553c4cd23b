/** How a `%%qwen` cell looks in the editor: prose in the text font, `@variables` marked. */

import { type EditorState, type Extension, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const HEADER = /^\s*%%qwen(\s|$)/;
// As the kernel reads them: not after a word, a dot, a backslash or another `@`.
const REFERENCE = /(?<![\p{L}\p{N}_.\\@])@[\p{L}_][\p{L}\p{N}_]*/gu;
const MOST_LINES_SEARCHED = 20;

const prose = Decoration.line({ class: 'qm-prose' });
const flags = Decoration.line({ class: 'qm-flags' });
const reference = Decoration.mark({ class: 'qm-reference' });

/** The number of the `%%qwen` line, which must be the first that is not blank; 0 for other cells. */
export function headerLine(state: EditorState): number {
  const last = Math.min(state.doc.lines, MOST_LINES_SEARCHED);
  for (let number = 1; number <= last; number++) {
    const { text } = state.doc.line(number);
    if (HEADER.test(text)) return number;
    if (text.trim()) return 0;
  }
  return 0;
}

/** Whether the cursor is where a question stands: below a `%%qwen` line, or in a `%qwen` line. */
export function isInQuestion(state: EditorState): boolean {
  const line = state.doc.lineAt(state.selection.main.head);
  return headerLine(state) > 0 || /^\s*([\p{L}_][\p{L}\p{N}_]*\s*=\s*)?%qwen\s/u.test(line.text);
}

/** The lines of a question are set as prose; they wrap, as prose does. */
export function proseExtension(isOn: () => boolean): Extension {
  const wrapped = EditorView.contentAttributes.of(view =>
    isOn() && headerLine(view.state) > 0 ? { class: 'cm-lineWrapping' } : null
  );
  return [wrapped, decorated(isOn)];
}

/** Decorates the lines that are visible. */
function decorated(isOn: () => boolean): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = decorate(view, isOn());
      }

      update(update: ViewUpdate): void {
        if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view, isOn());
      }
    },
    { decorations: plugin => plugin.decorations }
  );
}

function decorate(view: EditorView, on: boolean): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const header = on ? headerLine(view.state) : 0;
  if (header === 0) return builder.finish();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      if (line.number === header) builder.add(line.from, line.from, flags);
      if (line.number > header) {
        builder.add(line.from, line.from, prose);
        for (const match of line.text.matchAll(REFERENCE)) {
          const start = line.from + match.index;
          builder.add(start, start + match[0].length, reference);
        }
      }
      at = line.to + 1;
    }
  }
  return builder.finish();
}
