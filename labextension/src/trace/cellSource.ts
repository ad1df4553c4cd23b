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

function isDuckdb(dialect: string): boolean {
  return dialect === '' || dialect.toLowerCase() === 'duckdb';
}

// Whatever stands in the text, it stays inside the quotes: an untrusted notebook's trace may hold anything.
function pythonText(content: string): string {
  const escaped = content.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"');
  return `"""\n${escaped}\n"""`;
}
