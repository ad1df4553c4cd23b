/** The HTTP exchanges of a call. Addresses are text: nothing here can be followed by a click. */

import { bytes, duration } from '../trace/format';
import type { Span } from '../trace/record';
import { isRecord, type Json, list, number, text } from '../trace/values';
import { block } from './code';
import type { Context } from './context';
import { factLine } from './details';
import { type Child, el } from './dom';
import { fold } from './fold';

const MOST_SHOWN = 50;

export function exchangeList(span: Span, context: Context): Child[] {
  const all = list(span.data.http).filter(isRecord);
  const drawn = all.slice(0, MOST_SHOWN).map((exchange, i) => one(exchange, `${span.id}/http${i}`, context));
  const more = all.length - MOST_SHOWN;
  return more > 0 ? [...drawn, factLine([context.words.__('and %1 more requests', more)])] : drawn;
}

function one(exchange: Json, key: string, context: Context): HTMLElement {
  const { words } = context;
  const status = number(exchange.status);
  const failed = status === null || status >= 400;
  const said = status === null ? words.__('no reply') : text(exchange.status);
  const line = el(
    'div',
    { class: 'qm-exchange' },
    el('strong', {}, text(exchange.method)),
    el('code', {}, text(exchange.url)),
    el('span', { class: failed ? 'qm-bad' : 'qm-good' }, `${failed ? '✗' : '✓'} ${said}`),
    factLine(facts(exchange, context))
  );
  const body = (title: string, name: string) => {
    const content = text(exchange[name]);
    const open = () => [block(content, { label: title, words })];
    return content && fold(title, `${key}/${name}`, context.memory, open);
  };
  return el(
    'div',
    {},
    line,
    body(words.__('Request body'), 'request_body'),
    body(words.__('Reply'), 'response_body')
  );
}

function facts(exchange: Json, { words }: Context): string[] {
  const [sent, received] = [number(exchange.request_bytes), number(exchange.response_bytes)];
  const seconds = number(exchange.seconds);
  return [
    sent ? words.__('sent %1', bytes(sent)) : '',
    received ? words.__('received %1', bytes(received)) : '',
    text(exchange.content_type),
    seconds === null ? '' : duration(seconds),
    text(exchange.error)
  ].filter(Boolean);
}
