import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import { context, header, section } from './blocks.ts';
import { clampMrkdwn, clampText } from './clamp-text.ts';
import { clampMessage } from './limits.ts';

/** An answer to *why*: first the answer, then what it rests on, in mrkdwn that is escaped already. */
export interface WhyView {
  /** Plain text: `int-38`, `Ticket 12`, `Mail 17`. */
  readonly title: string;
  readonly answer: string;
  readonly parts: readonly WhyPart[];
  /** What else can be asked for; `null` if nothing. */
  readonly hint: string | null;
}

export interface WhyPart {
  readonly title: string;
  readonly lines: readonly string[];
}

const linesShown = 12;
/** Of one part, so that the last ones find room too. */
const partShown = 1_500;

/** Why there is a ticket or none: every gate in a sentence, for whoever asked alone. */
export function renderWhy({ title, answer, parts, hint }: WhyView): ChatMessage {
  const blocks: KnownBlock[] = [header(clampText(`Why: ${title}`, 140)), section(answer)];
  for (const part of parts) if (part.lines.length > 0) blocks.push(section(renderPart(part)));
  if (hint !== null) blocks.push(context(hint));
  return clampMessage({ text: answer, blocks });
}

function renderPart({ title, lines }: WhyPart): string {
  const more = lines.length - linesShown;
  const shown = more > 0 ? [...lines.slice(0, linesShown), `… and ${more} more`] : lines;
  return clampMrkdwn(`*${title}*\n${shown.join('\n')}`, partShown);
}
