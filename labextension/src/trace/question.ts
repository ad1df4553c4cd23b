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

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
