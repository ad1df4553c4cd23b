/** What the user was asked, and what they said. */

import type { Span } from '../trace/record';
import { isRecord, text } from '../trace/values';
import { block, sideBySide } from './code';
import type { Context } from './context';
import { factLine } from './details';
import type { Child } from './dom';
import { callArguments } from './toolDetails';

export function approvalDetails(span: Span, context: Context): Child[] {
  const { words } = context;
  const preview = text(span.data.preview);
  const facts = [
    text(span.data.tool),
    text(span.data.effect) && words.__('effect %1', text(span.data.effect)),
    text(span.data.decision) || text(span.data.approval),
    text(span.data.by) && words.__('decided by %1', text(span.data.by)),
    text(span.data.reason)
  ];
  return [
    factLine(facts.filter(Boolean)),
    preview ? block(preview, { label: words.__('What was shown'), words }) : null,
    edited(span, context) ?? callArguments(span, context)
  ];
}

function edited(span: Span, context: Context): HTMLElement | null {
  if (!isRecord(span.data.edited)) return null;
  const [before, after] = [span.data.arguments, span.data.edited].map(value =>
    JSON.stringify(value ?? {}, null, 1)
  );
  const titles = [context.words.__('As the model asked'), context.words.__('As allowed')] as const;
  return sideBySide(before ?? '', after ?? '', titles, context.words);
}
