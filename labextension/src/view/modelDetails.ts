/** One completion: its text with forced and doubtful tokens marked, the prompt as sent, the grammar. */

import { completionFacts } from '../trace/facts';
import { percent } from '../trace/format';
import type { Span } from '../trace/record';
import { list, number, text } from '../trace/values';
import type { Words } from '../trace/words';
import { copyButton } from './buttons';
import { block, boxed } from './code';
import type { Context } from './context';
import { factLine } from './details';
import { type Child, el } from './dom';
import { fold } from './fold';

/** A token that the model itself gave less than this is marked. */
export const DOUBTFUL = 0.5;
const MOST_MARKED = 5_000;

interface Token {
  readonly text: string;
  readonly probability: number | null;
  readonly forced: boolean;
}

export function modelDetails(span: Span, context: Context): Child[] {
  const { words, memory } = context;
  const long = (title: string, key: string) => {
    const content = text(span.data[key]);
    const open = () => [block(content, { label: title, words })];
    return content && fold(title, `${span.id}/${key}`, memory, open);
  };
  return [
    completion(span, words),
    factLine(completionFacts(span, words)),
    long(words.__('Prompt as sent'), 'prompt'),
    long(words.__('Grammar'), 'grammar')
  ];
}

function completion(span: Span, words: Words): Child {
  const content = text(span.data.completion);
  const label = words.__('Completion');
  const tokens = tokensOf(span);
  // Pieces that are not the completion would show something that the model did not write.
  if (!tokens.length || tokens.map(token => token.text).join('') !== content) {
    return content && block(content, { label, words });
  }
  const code = el('code', {}, ...tokens.map(token => marked(token, words)));
  const tools = el(
    'span',
    { class: 'qm-tools' },
    copyButton(() => content, words)
  );
  return el(
    'div',
    {},
    el('div', { class: 'qm-block' }, tools, boxed(code, content, label)),
    counted(tokens, words)
  );
}

function tokensOf(span: Span): Token[] {
  const given = list(span.data.tokens);
  if (given.length > MOST_MARKED) return [];
  return given.map(item => {
    const [piece, logprob, forced] = list(item);
    const value = number(logprob);
    return {
      text: text(piece),
      probability: value === null ? null : Math.exp(value),
      forced: forced === true
    };
  });
}

function marked(token: Token, words: Words): Child {
  if (token.forced)
    return el('span', { class: 'qm-forced', title: words.__('dictated by the grammar') }, token.text);
  if (!doubtful(token)) return token.text;
  const title = words.__('probability %1', percent(token.probability ?? 0));
  return el('span', { class: 'qm-doubtful', title }, token.text);
}

function doubtful(token: Token): boolean {
  return !token.forced && token.probability !== null && token.probability < DOUBTFUL;
}

function counted(tokens: readonly Token[], words: Words): Child {
  const forced = tokens.filter(token => token.forced).length;
  const low = tokens.filter(doubtful).length;
  const key = (kind: string, said: string) =>
    el('span', { class: 'qm-key' }, el('span', { class: kind }, 'abc'), said);
  return el(
    'p',
    { class: 'qm-facts' },
    words._n('%1 token', '%1 tokens', tokens.length),
    forced > 0 && key('qm-forced', words.__('%1 dictated by the grammar', forced)),
    low > 0 && key('qm-doubtful', words.__('%1 with a probability under %2', low, percent(DOUBTFUL)))
  );
}
