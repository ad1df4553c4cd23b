/** Questions about a cell, as the source of a `%%qwen` cell. */

/** Text that is pasted into a question: `@` and `{{` in it are not read as references. */
export function literal(text: string): string {
  return text.replace(/@/g, '\\@').replace(/\{\{/g, '\\{{');
}

/** A question to be written above the cell that it is about, and the cell's error if it has one. */
export function questionAbout(source: string, error: string | null): string {
  const fence = '`'.repeat(Math.max(3, longestRun(source) + 1));
  const said = error ? `\n\nIt failed with:\n${literal(error)}` : '';
  return `%%qwen\n\n\nThe cell:\n${fence}python\n${literal(source)}\n${fence}${said}`;
}

/** Where the cursor goes: the empty line below `%%qwen`. */
export const QUESTION_LINE = 1;

/**
 * The cell that asks one reading of a question that had several. It has the flags of the cell that asked, but for
 * those about approvals; braces of the reading paste nothing, whoever wrote them.
 */
export function askAgain(reading: string, asking: string): string {
  return `%%qwen${flagsOf(asking)}\n${reading.replace(/\{\{/g, '\\{{')}`;
}

const ASKING = /^\s*(?:[\p{L}_][\p{L}\p{N}_]*\s*=\s*)?%%?qwen(?=\s|$)/u;
const FLAG = /^\s+(--?[\p{L}][\p{L}-]*)(?:(?:=|\s+)("[^"\n]*"|'[^'\n]*'|[^\s"'{]\S*)(?=\s|$))?/u;
const WITHOUT_VALUE = new Set(['-c', '--continue', '--dry-run', '--no-trace']);

/** The flags of a `%qwen` line, each after a blank; those that cannot be told from the question are left out. */
function flagsOf(source: string): string {
  const [line = ''] = source.split('\n', 1);
  let rest = line.slice(ASKING.exec(line)?.[0].length ?? line.length);
  let flags = '';
  for (let found = FLAG.exec(rest); found; found = FLAG.exec(rest)) {
    const [all, name = '', value] = found;
    const alone = WITHOUT_VALUE.has(name);
    if (!alone && value === undefined) break;
    if (name !== '--approve') flags += alone ? ` ${name}` : ` ${name} ${value}`;
    rest = rest.slice(alone ? all.indexOf(name) + name.length : all.length);
  }
  return flags;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
