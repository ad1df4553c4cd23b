/** Cuts a program into coloured pieces. A few rules for two languages; an editor's parser would be half a megabyte. */

export type Colour = 'keyword' | 'string' | 'number' | 'comment' | null;
export type Language = 'sql' | 'python' | 'text';

export interface Piece {
  readonly text: string;
  readonly colour: Colour;
}

const SQL_WORDS =
  'select from where group by having order limit offset join left right full inner outer cross on using as and or not in is null ' +
  'like ilike between case when then else end with recursive union all intersect except distinct over partition window qualify ' +
  'asc desc nulls first last filter exists cast interval values true false date timestamp';
const PYTHON_WORDS =
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda None ' +
  'nonlocal not or pass raise return True False try while with yield match case';

const WORDS: Record<Language, ReadonlySet<string>> = {
  sql: new Set(SQL_WORDS.split(' ')),
  python: new Set(PYTHON_WORDS.split(' ')),
  text: new Set()
};
const NUMBER = '(?<![\\w.])\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
const WORD = '[\\p{L}_][\\p{L}\\p{N}_]*';
const RULES: Record<Language, RegExp> = {
  sql: rule("(?<string>'(?:[^']|'')*')", '(?<comment>--[^\\n]*|/\\*[^]*?\\*/)', '"(?:[^"]|"")*"'),
  python: rule(
    '(?<string>"""[^]*?"""|\'\'\'[^]*?\'\'\'|"(?:\\\\.|[^"\\\\\\n])*"|\'(?:\\\\.|[^\'\\\\\\n])*\')',
    '(?<comment>#[^\\n]*)'
  ),
  text: /(?!)/gu
};
/** Longer programs stay plain: colours are not worth a pause. */
const LONGEST = 20_000;

function rule(...parts: string[]): RegExp {
  return new RegExp([...parts, `(?<number>${NUMBER})`, `(?<word>${WORD})`].join('|'), 'gu');
}

/** The pieces of a program, in order; together they are the program. */
export function pieces(code: string, language: Language): Piece[] {
  if (language === 'text' || code.length > LONGEST) return [{ text: code, colour: null }];
  const found: Piece[] = [];
  let end = 0;
  for (const match of code.matchAll(RULES[language])) {
    const colour = colourOf(match, language);
    if (colour === null) continue;
    if (match.index > end) found.push({ text: code.slice(end, match.index), colour: null });
    found.push({ text: match[0], colour });
    end = match.index + match[0].length;
  }
  if (end < code.length) found.push({ text: code.slice(end), colour: null });
  return found;
}

function colourOf(match: RegExpMatchArray, language: Language): Colour {
  const { string, comment, number, word } = match.groups ?? {};
  if (string) return 'string';
  if (comment) return 'comment';
  if (number) return 'number';
  if (!word) return null;
  return WORDS[language].has(language === 'sql' ? word.toLowerCase() : word) ? 'keyword' : null;
}
