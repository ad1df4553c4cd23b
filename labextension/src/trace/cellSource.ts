/** A step's program as the source of a notebook cell. */

import type { Span } from './record';
import { layOut } from './sqlLayout';
import { text } from './values';

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
}

/** What replays from a step on; null for one that was not run, failed, or wrote something. */
export function replayFrom(span: Span, traceId: string, step: number | null): ReplaySource | null {
  const able = span.kind === 'tool' && span.status === 'ok' && text(span.data.effect) !== 'write';
  if (!able || step === null || !RUN_ID.test(traceId)) return null;
  const sql = text(span.data.sql);
  return { traceId, step, program: sql ? layOut(sql).trim() : text(span.data.code).trim() };
}

/** All of a run; null where it has no id. */
export function replayAll(traceId: string): ReplaySource | null {
  return RUN_ID.test(traceId) ? { traceId, step: null, program: '' } : null;
}

const RUN_ID = /^[0-9a-f]{32}$/;
const SHORT_ID = 12;

/** The cell that replays. A notebook whose name cannot stand in quotes is left out: then the session must have the run. */
export function replayCell({ traceId, step, program }: ReplaySource, notebook: string): string {
  const id = traceId.slice(0, SHORT_ID);
  const nameable = notebook.endsWith('.ipynb') && !/["'\p{C}]/u.test(notebook);
  const named = nameable ? `${notebook}:${id}` : id;
  const quoted = /\s/.test(named) ? `"${named}"` : named;
  const line = `qwen replay ${quoted}${step === null ? '' : ` --from ${step}`}`;
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
