/** A step's program as the source of a notebook cell. */

import type { Span } from './record';
import { layOut } from './sqlLayout';
import { isRecord, text } from './values';

/** What to put into a code cell, or null where the program cannot run as one: another database's dialect. */
export function cellSource(span: Span): string | null {
  const sql = text(span.data.sql);
  if (sql) return isDuckdb(text(span.data.dialect)) ? sqlSource(sql) : null;
  const code = text(span.data.code);
  const language = text(span.data.language) || 'python';
  return code && language === 'python' ? `${code.trimEnd()}\n` : null;
}

/** DuckDB finds the frames of the notebook by their names. */
export function sqlSource(sql: string): string {
  return `import duckdb\n\nduckdb.sql(${pythonText(layOut(sql).trim())}).df()`;
}

/** What is to be run again. */
export interface ReplaySource {
  readonly traceId: string;
  /** The step to begin with; null for all of them. */
  readonly step: number | null;
  /** The program of the step, to be edited; empty without one. */
  readonly program: string;
  /** The model goes on from the step to an answer; otherwise the recorded steps after it run again. */
  readonly goesOn?: boolean;
}

/** What replays from a step on; null for one that was not run, failed, or wrote something. */
export function replayFrom(span: Span, traceId: string, step: number | null): ReplaySource | null {
  const able = span.kind === 'tool' && span.status === 'ok' && text(span.data.effect) !== 'write';
  if (!able || step === null || !RUN_ID.test(traceId)) return null;
  const sql = text(span.data.sql);
  return { traceId, step, program: sql ? layOut(sql).trim() : text(span.data.code).trim() };
}

/** What a run can go on from: a program, be it a failed one, or a call, whose arguments then stand for it. */
export function goOnFrom(span: Span, traceId: string, step: number | null): ReplaySource | null {
  if (step === null || !RUN_ID.test(traceId)) return null;
  if (span.kind === 'tool' && text(span.data.tool) && !text(span.data.sql) && !text(span.data.code)) {
    const { arguments: given } = span.data;
    return isRecord(given) ? { traceId, step, program: JSON.stringify(given, null, 1), goesOn: true } : null;
  }
  const checked = span.kind === 'check' && LANGUAGES.includes(text(span.data.subject));
  const program = text(span.data.sql) ? layOut(text(span.data.sql)) : text(span.data.code);
  const able = (span.kind === 'tool' || checked) && program;
  return able ? { traceId, step, program: program.trim(), goesOn: true } : null;
}

/** All of a run; null where it has no id. */
export function replayAll(traceId: string): ReplaySource | null {
  return RUN_ID.test(traceId) ? { traceId, step: null, program: '' } : null;
}

const RUN_ID = /^[0-9a-f]{32}$/;
const LANGUAGES = ['sql', 'python'];
const SHORT_ID = 12;

/** The cell that replays. A notebook whose name cannot stand in quotes is left out: then the session must have the run. */
export function replayCell({ traceId, step, program, goesOn }: ReplaySource, notebook: string): string {
  const id = traceId.slice(0, SHORT_ID);
  const nameable = notebook.endsWith('.ipynb') && !/["'\p{C}]/u.test(notebook);
  const named = nameable ? `${notebook}:${id}` : id;
  const quoted = /\s/.test(named) ? `"${named}"` : named;
  const from = step === null ? '' : ` --from ${step}`;
  const line = `qwen replay ${quoted}${from}${goesOn ? ' --continue' : ''}`;
  return program ? `%%${line}\n${program}` : `%${line}`;
}

function isDuckdb(dialect: string): boolean {
  return dialect === '' || dialect.toLowerCase() === 'duckdb';
}

// Whatever stands in the text, it stays inside the quotes: an untrusted notebook's trace may hold anything.
function pythonText(content: string): string {
  const escaped = content.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"');
  return `"""\n${escaped}\n"""`;
}
