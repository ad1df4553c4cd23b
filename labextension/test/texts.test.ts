import { describe, expect, it } from 'vitest';
import { cellSource, replayCell, sqlSource } from '../src/trace/cellSource';
import { codeAbove } from '../src/trace/codeAbove';
import { wordDiff } from '../src/trace/diff';
import { bytes, duration, memoryFact, shape } from '../src/trace/format';
import { changes, frameChanges } from '../src/trace/frames';
import { generated } from '../src/trace/generated';
import { pieces } from '../src/trace/highlight';
import { askAgain } from '../src/trace/question';
import { sha256 } from '../src/trace/sha256';
import { layOut } from '../src/trace/sqlLayout';
import { tableView } from '../src/trace/table';
import { segments } from '../src/trace/timing';
import { oneLine, visible } from '../src/trace/visible';
import { ENGLISH } from '../src/trace/words';
import { read, rich, span, trace } from './samples';

describe('visible', () => {
  it.each([
    ['a\x1b[31mb\u202ec', 'a␛[31mb⟦U+202E⟧c'],
    ['x\u0000y\u007f\u009b', 'x␀y␡⟦U+009B⟧'],
    ['safe\u202egnp.exe\u2066\u200b\ufeff', 'safe⟦U+202E⟧gnp.exe⟦U+2066⟧⟦U+200B⟧⟦U+FEFF⟧'],
    ['\ud800 half \udfff', '⟦U+D800⟧ half ⟦U+DFFF⟧'],
    ['\u{e0041} tags', '⟦U+E0041⟧ tags'],
    ['line\r\nline\ttab', 'line\nline\ttab'],
    ['👩‍👧 क्‍ष 中文', '👩‍👧 क्‍ष 中文']
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('cuts a line', () => {
    expect(oneLine('a\n b '.repeat(100), 10)).toBe('a b a b a…');
  });
});

describe('the cell that replays', () => {
  const source = { traceId: '0123456789abcdef0123456789abcdef', step: 5, program: 'SELECT 1' };
  it.each([
    [source, 'a.ipynb', '%%qwen replay a.ipynb:0123456789ab --from 5\nSELECT 1'],
    [
      { ...source, goesOn: true },
      'a.ipynb',
      '%%qwen replay a.ipynb:0123456789ab --from 5 --continue\nSELECT 1'
    ],
    [{ ...source, program: '' }, 'my runs.ipynb', '%qwen replay "my runs.ipynb:0123456789ab" --from 5'],
    [{ ...source, step: null, program: '' }, 'x"\n.ipynb', '%qwen replay 0123456789ab']
  ])('%j', (given, notebook, cell) => {
    expect(replayCell(given, notebook)).toBe(cell);
  });
});

describe('the cell that asks again', () => {
  it.each([
    ['%%qwen\nHow many?', '%%qwen'],
    ['%qwen how many?', '%%qwen'],
    ['x = %qwen -o top --no-trace --sql "my shop" how many?', '%%qwen -o top --no-trace --sql "my shop"'],
    ['%%qwen -m=qwen3-4b --format table\n--seed', '%%qwen -m qwen3-4b --format table'],
    ['%%qwen --approve allow --api crm --schema {"a": 1} -o x\nq', '%%qwen --api crm'],
    ['%qwen -- -o is a flag', '%%qwen'],
    ['ask("how many?")', '%%qwen']
  ])('has the flags of %j', (asking, line) => {
    expect(askAgain('How many @orders?', asking)).toBe(`${line}\nHow many @orders?`);
  });

  it('pastes no values', () => {
    expect(askAgain('{{__import__("os")}}?', '%%qwen')).toBe('%%qwen\n\\{{__import__("os")}}?');
  });
});

describe('a generated cell', () => {
  // Made by tools/programs/cell.py.
  const cell = '# %qwen e726a810-52ba3e78: how many\nx = 1\n\ny = "Größe 数"';
  it.each([
    [cell, { link: 'e726a810', digest: '52ba3e78', isEdited: false }],
    [`${cell}\n\n`, { link: 'e726a810', digest: '52ba3e78', isEdited: false }],
    [cell.replace('x = 1', 'x = 2'), { link: 'e726a810', digest: '52ba3e78', isEdited: true }],
    ['x = 1', null],
    ['# %qwen status', null]
  ])('%j', (source, made) => {
    expect(generated(source)).toEqual(made);
  });

  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['a'.repeat(200), 'c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5']
  ])('has a digest', (text, digest) => {
    expect(sha256(text)).toBe(digest);
  });
});

describe('the code above the cursor', () => {
  it('is the Python of the nearest cells, without magics', () => {
    expect(codeAbove(['a = 1', '%%qwen\nHow many?', '%load_ext x\nb = 2', '!ls'])).toBe('a = 1\n\nb = 2\n\n');
    expect(codeAbove(['x'.repeat(3_000), 'y = 1'])).toBe('y = 1\n\n');
  });
});

describe('figures', () => {
  it.each([
    [0, '<1 ms'],
    [0.0042, '4 ms'],
    [3.456, '3.46 s'],
    [187, '3 min 7 s'],
    [7322, '122 min 2 s']
  ])('%d seconds', (seconds, shown) => {
    expect(duration(seconds)).toBe(shown);
  });

  it.each([
    [{}, ''],
    [{ memory: 2_100_000_000, weights: 505_000_000 }, '2.1 GB (model 505 MB)'],
    [{ memory: 90_000_000, weights: null }, '90 MB']
  ])('memory %j', (state, shown) => {
    expect(memoryFact(state, ENGLISH)).toBe(shown);
  });

  it('sizes', () => {
    expect(bytes(20_480)).toBe('20.5 kB');
    expect(bytes(0)).toBe('0 B');
    expect(shape(1, 2000, ENGLISH)).toBe('1 row × 2,000 columns');
    expect(shape(null, 3, ENGLISH)).toBe('3 columns');
  });
});

describe('tables', () => {
  const cells = (name: string, ...values: unknown[]) =>
    tableView({ columns: [name], rows: values.map(value => [value]) })?.rows.map(row => row[0]?.shown);

  it('gives a column one format', () => {
    expect(cells('delay', 21.9207, 9.5, 10)).toEqual(['21.92', '9.50', '10.00']);
    expect(cells('flights', 685, 54_173)).toEqual(['685', '54,173']);
    expect(cells('order_id', 54_173)).toEqual(['54173']);
    expect(cells('tiny', 1e-9, 2.5)).toEqual(['1e-9', '2.5']);
  });

  it('keeps the exact value where it rounds', () => {
    const cell = tableView({ columns: ['x'], rows: [[21.920704845]] })?.rows[0]?.[0];
    expect(cell).toEqual({ shown: '21.92', exact: '21.920704845', missing: false });
  });

  it('fits rows that are too short, too long or none', () => {
    const view = tableView({
      columns: ['a', { name: 'b', dtype: 'str' }, null],
      rows: [[1], [1, 2, 3, 4], 'no']
    });
    expect(view?.columns.map(column => column.name)).toEqual(['a', 'b', 'None']);
    expect(view?.rows.map(row => row.length)).toEqual([3, 3]);
  });

  it.each([null, 'x', { columns: 'a' }, { rows: [] }])('%j is none', value => {
    expect(tableView(value)).toBeNull();
  });
});

describe('SQL', () => {
  it('is laid out by clauses, but not inside of quotes or parentheses', () => {
    const sql =
      "SELECT a, ' FROM x WHERE ' AS b, (SELECT 1 FROM y) FROM t LEFT JOIN u USING (k) WHERE a > 1 ORDER BY a";
    expect(layOut(sql).split('\n')).toEqual([
      "SELECT a, ' FROM x WHERE ' AS b, (SELECT 1 FROM y)",
      'FROM t',
      'LEFT JOIN u USING (k)',
      'WHERE a > 1',
      'ORDER BY a'
    ]);
  });

  it('becomes a cell that cannot be left by quotes', () => {
    const source = sqlSource('SELECT """); import os #\\');
    expect(source).toBe('import duckdb\n\nduckdb.sql("""\nSELECT \\"\\"\\"); import os #\\\\\n""").df()');
  });

  it('of another database is no cell, nor is a program in another language', () => {
    const [spans] = [
      read(
        trace([
          span(1, { data: { sql: 'SELECT 1', dialect: 'postgres' } }),
          span(2, { data: { code: 'x', language: 'r' } })
        ])
      ).spans
    ];
    expect(spans.map(cellSource)).toEqual([null, null]);
  });
});

describe('colours', () => {
  it.each(['sql', 'python'] as const)('keep the text of a %s program', language => {
    const code = `SELECT 'it''s' AS "q", 1.5e3 -- end\nif x1 == "a\\"b": # no`;
    expect(
      pieces(code, language)
        .map(piece => piece.text)
        .join('')
    ).toBe(code);
  });

  it('know keywords, strings, numbers and comments', () => {
    const found = pieces("SELECT a1 FROM t WHERE b = 'x' LIMIT 5 -- end", 'sql').filter(
      piece => piece.colour
    );
    expect(found.map(piece => [piece.text, piece.colour])).toEqual([
      ['SELECT', 'keyword'],
      ['FROM', 'keyword'],
      ['WHERE', 'keyword'],
      ["'x'", 'string'],
      ['LIMIT', 'keyword'],
      ['5', 'number'],
      ['-- end', 'comment']
    ]);
  });
});

describe('differences', () => {
  it('of words', () => {
    expect(wordDiff('WHERE delay > 60', 'WHERE arr_delay > 60')).toEqual([
      { text: 'WHERE ', kind: 'same' },
      { text: 'delay', kind: 'gone' },
      { text: 'arr_delay', kind: 'new' },
      { text: ' > 60', kind: 'same' }
    ]);
  });

  it.each([
    ['a b c', 'b c d'],
    ['', 'x'],
    ['same', 'same'],
    ['word '.repeat(2_000), 'other']
  ])('give both texts back', (before, after) => {
    const changed = wordDiff(before, after);
    const side = (kind: string) => changed.filter(c => c.kind === 'same' || c.kind === kind).map(c => c.text);
    expect([side('gone').join(''), side('new').join('')]).toEqual([before, after]);
  });

  it('of frames', () => {
    const found = frameChanges(
      rich().spans.flatMap(one => (one.data as { frame_diff?: unknown[] }).frame_diff ?? [])
    );
    expect(found.map(change => change.name)).toEqual(['late', 'flights']);
    const flights = found[1];
    expect(flights && changes(flights)).toEqual([
      { name: 'arr_delay', kind: 'changed', dtype: 'float64', missing: '9,430 → 0' },
      { name: 'hours', kind: 'added', dtype: 'float64', missing: '0' },
      { name: 'tailnum', kind: 'removed', dtype: 'str', missing: '2,512' }
    ]);
  });
});

describe('the time of a model step', () => {
  it('divides into waiting, reading and writing, as long as the step', () => {
    const usage = { queue_s: 0.25, prefill_s: 1, decode_s: 2 };
    const [step] = read(trace([span(1, { kind: 'llm', seconds: 4, data: { usage } })])).spans;
    const found = step ? segments(step) : [];
    expect(found.map(one => [one.part, one.seconds])).toEqual([
      ['queue', 0.25],
      ['prefill', 1],
      ['decode', 2.75]
    ]);
  });
});
