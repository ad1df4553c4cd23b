/** What a model is shown of the cells above the cursor: their Python, the nearest last. */

const MOST_CHARACTERS = 2_000;
const MAGIC = /^\s*[%!]/;

export function codeAbove(sources: readonly string[]): string {
  let shown = '';
  for (const source of sources.toReversed()) {
    if (/^\s*%%/.test(source)) continue;
    const code = source
      .split('\n')
      .filter(line => !MAGIC.test(line))
      .join('\n')
      .trim();
    if (!code) continue;
    if (shown.length + code.length > MOST_CHARACTERS) break;
    shown = `${code}\n\n${shown}`;
  }
  return shown;
}
