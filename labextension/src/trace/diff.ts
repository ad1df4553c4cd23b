/** What changed between two texts, word by word. */

export interface Change {
  readonly text: string;
  readonly kind: 'same' | 'gone' | 'new';
}

// The table below has one cell for each pair of words.
const MOST_WORDS = 1500;

/** Longest common subsequence of words; texts too long for that count as changed altogether. */
export function wordDiff(before: string, after: string): Change[] {
  const a = wordsOf(before);
  const b = wordsOf(after);
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return whole(before, after);
  return joined(walk(a, b, lengths(a, b)));
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|./gsu) ?? [];
}

function whole(before: string, after: string): Change[] {
  if (before === after) return [{ text: before, kind: 'same' }];
  return [
    { text: before, kind: 'gone' },
    { text: after, kind: 'new' }
  ];
}

/** `lengths[i * width + j]`: length of the longest common subsequence of `a[i:]` and `b[j:]`. */
function lengths(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const below = at(table, (i + 1) * width + j);
      const right = at(table, i * width + j + 1);
      table[i * width + j] = a[i] === b[j] ? at(table, (i + 1) * width + j + 1) + 1 : Math.max(below, right);
    }
  }
  return table;
}

function at(table: Uint16Array, index: number): number {
  return table[index] ?? 0;
}

function walk(a: readonly string[], b: readonly string[], table: Uint16Array): Change[] {
  const width = b.length + 1;
  const found: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ text: a[i++] ?? '', kind: 'same' });
      j++;
    } else if (
      j === b.length ||
      (i < a.length && at(table, (i + 1) * width + j) >= at(table, i * width + j + 1))
    ) {
      found.push({ text: a[i++] ?? '', kind: 'gone' });
    } else {
      found.push({ text: b[j++] ?? '', kind: 'new' });
    }
  }
  return found;
}

function joined(changes: readonly Change[]): Change[] {
  const found: Change[] = [];
  for (const change of changes) {
    const last = found.at(-1);
    if (last?.kind === change.kind) found[found.length - 1] = { ...last, text: last.text + change.text };
    else found.push(change);
  }
  return found;
}
