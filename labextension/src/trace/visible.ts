/** What a reader cannot see can deceive: control, bidirectional and invisible characters are written out. */

// The same set as `qwen_magics/trace/escape.py`. Zero-width joiners stay: emoji and several scripts need them.
const HIDDEN =
  /(?![\n\t])\p{Cc}|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** The text with every hidden character replaced by a visible name: `⟦U+202E⟧`, `␛`. */
export function visible(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(HIDDEN, named);
}

/** Visible text on one line of at most `most` characters. */
export function oneLine(text: string, most = 200): string {
  const joined = visible(text.slice(0, 4 * most))
    .split(/\s+/)
    .join(' ')
    .trim();
  return joined.length <= most ? joined : `${joined.slice(0, most - 1).trimEnd()}…`;
}

function named(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 32) return String.fromCharCode(0x2400 + code);
  if (code === 127) return '\u2421';
  return `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`;
}
