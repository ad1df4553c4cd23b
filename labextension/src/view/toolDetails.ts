/** One call: its program or arguments, what it returned, what it changed. Checks and runs use the same parts. */

import { cellSource, goOnFrom, replayFrom } from '../trace/cellSource';
import type { Language } from '../trace/highlight';
import type { Span } from '../trace/record';
import { layOut } from '../trace/sqlLayout';
import { tableView } from '../trace/table';
import { isRecord, list, text } from '../trace/values';
import type { Words } from '../trace/words';
import { actions } from './actions';
import { notebookButton } from './buttons';
import { block } from './code';
import type { Context } from './context';
import { factLine, json } from './details';
import { type Child, el } from './dom';
import { fold } from './fold';
import { frameDiff } from './frameDiff';
import { exchangeList } from './http';
import { table } from './table';

/** `repeated`: the program stands already beside its repair. */
export function toolDetails(span: Span, context: Context, { repeated = false } = {}): Child[] {
  const { words, memory } = context;
  const shown = text(span.data.model_view);
  const title = words.__('What the model was shown');
  const buttons = replayButtons(span, context);
  const did = !repeated && (programBlock(span, context, buttons) || callArguments(span, context, buttons));
  const changes = [frameDiff(span.data.frame_diff, words), ...exchangeList(span, context)];
  const found = result(span, context);
  return [
    did || alone(buttons),
    factLine(toolFacts(span, words)),
    ...changes,
    // Without a title it would pass for one more of the tables above it.
    found && changes.some(Boolean) && el('p', { class: 'qm-facts' }, words.__('Result')),
    found,
    shown && fold(title, `${span.id}/model_view`, memory, () => [block(shown, { label: title, words })])
  ];
}

/** Run this step and those after it again, without the model; or let the model go on from it. */
function replayButtons(span: Span, { outline, words }: Context): Child[] {
  const able = actions();
  if (able === null) return [];
  const number = outline.byId.get(span.id)?.number ?? null;
  const again = replayFrom(span, outline.traceId, number);
  const on = goOnFrom(span, outline.traceId, number);
  const hints = [
    words.__(
      'Run this tool step and the later ones again on the data of now, in a cell below where its program can be edited'
    ),
    words.__('Run this step, then let the model go on from it, in a cell below where it can be edited')
  ];
  return [
    again && notebookButton(words.__('Run from here'), at => able.replay(at, again), hints[0]),
    on && notebookButton(words.__('Go on from here'), at => able.replay(at, on), hints[1])
  ];
}

/** Buttons that stand beside no program. */
function alone(buttons: readonly Child[]): Child {
  return buttons.some(Boolean) && el('p', { class: 'qm-alone' }, ...buttons);
}

function programBlock(span: Span, { words }: Context, again: readonly Child[]): HTMLElement | null {
  const sql = text(span.data.sql);
  const code = text(span.data.code);
  if (sql) return programOf(layOut(sql), 'sql', words, cellSource(span), again);
  const language = (text(span.data.language) || 'python') === 'python' ? 'python' : 'text';
  return code ? programOf(code, language, words, cellSource(span), again) : null;
}

/** A program with its buttons; `source` is what a cell with it would hold. */
export function programOf(
  code: string,
  language: Language,
  words: Words,
  source: string | null,
  more: readonly Child[] = []
): HTMLElement {
  const able = actions();
  const hint = words.__('Put it into a new cell below, without running it');
  const insert =
    able && source && notebookButton(words.__('Insert as cell'), at => able.insertCell(at, source), hint);
  return block(code, { label: words.__('Program'), language, words, buttons: [...more, insert] });
}

export function callArguments(span: Span, context: Context, buttons: readonly Child[] = []): Child {
  const given = span.data.arguments;
  const label = context.words.__('Arguments');
  return isRecord(given) && Object.keys(given).length > 0 && json(given, label, context, buttons);
}

function toolFacts(span: Span, words: Words): string[] {
  const tables = list(span.data.tables).map(text).filter(Boolean);
  const reads = tables.length ? words.__('reads %1', tables.join(', ')) : '';
  const dialect = text(span.data.dialect);
  return [
    reads,
    dialect && words.__('dialect %1', dialect),
    text(span.data.effect) && words.__('effect %1', text(span.data.effect)),
    text(span.data.approval) && words.__('approval %1', text(span.data.approval)),
    text(span.data.reason)
  ].filter(Boolean);
}

function result(span: Span, context: Context): Child {
  const { words } = context;
  const value = span.data.user_view;
  const view = tableView(value);
  const label = words.__('Result of step');
  if (view) return view.columns.length > 0 && table(view, label, words);
  if (isRecord(value)) return json(value, label, context);
  return text(value) && block(text(value), { label, words });
}
