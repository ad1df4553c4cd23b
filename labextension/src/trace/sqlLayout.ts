/** Lays a SQL text out for reading. Only white space changes: what is copied still runs. */

const CLAUSES =
  'FROM|WHERE|GROUP\\s+BY|HAVING|WINDOW|QUALIFY|ORDER\\s+BY|LIMIT|OFFSET|UNION|INTERSECT|EXCEPT|' +
  '(?:(?:LEFT|RIGHT|FULL|INNER|CROSS|NATURAL|ASOF|ANTI|SEMI)\\s+)?(?:OUTER\\s+)?JOIN';
// Literals, quoted names and comments are kept as they are.
const TOKEN = new RegExp(
  `'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\\n]*|/\\*[^]*?\\*/|(\\()|(\\))|\\s+((?:${CLAUSES})\\b)|[^]`,
  'gi'
);
const LONGEST_LINE = 60;
const LONGEST_TEXT = 20_000;

/** Each clause of a long one-line query on its own line; a text that has lines already stays as it is. */
export function layOut(sql: string): string {
  const trimmed = sql.trim();
  if (trimmed.length <= LONGEST_LINE || trimmed.includes('\n') || trimmed.length > LONGEST_TEXT) return sql;
  let depth = 0;
  return trimmed.replace(TOKEN, (token: string, open?: string, close?: string, clause?: string) => {
    depth += open ? 1 : close ? -1 : 0;
    return clause && depth === 0 ? `\n${clause}` : token;
  });
}
