import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Ticket } from '../domain/ticket.ts';
import { actions } from './actions.ts';
import { button, context, sectionWith } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan } from './escape.ts';
import { clampMessage } from './limits.ts';
import { countOf, mention, showTime } from './wording.ts';

/** A ticket that is put off, and until when. */
export interface HeldView {
  readonly ticket: Pick<Ticket, 'id' | 'subject' | 'alertCount' | 'diagnosis'>;
  readonly nextLook: Date | null;
  /** A ticket is made by then whatever the looks find; `null` if not known. */
  readonly latest: Date | null;
}

const whyHeld: Readonly<Record<Diagnosis['verdict'], string>> = {
  'network-down': 'network unclear',
  'device-down': 'does not answer',
  reachable: 'answers',
  inconclusive: 'nothing certain',
};

/** `int-2: 4 alerts, network unclear, next look 13:00, ticket at the latest 13:11` */
export function heldLine({ ticket, nextLook, latest }: HeldView, timeZone: string): string {
  const { subject, alertCount, diagnosis } = ticket;
  const facts = [
    countOf(alertCount, 'alert'),
    describeDoubt(diagnosis),
    nextLook && `next look ${showTime(nextLook, timeZone, '{time}')}`,
    latest && `ticket at the latest ${showTime(latest, timeZone, '{time}')}`,
  ];
  return `:hourglass: ${codeSpan(clampText(subject, 60))}: ${facts.filter(Boolean).join(', ')}`;
}

/** The line in the thread of a ticket that a person opened while it was held. */
export function describeOpenedByHand(diagnosis: Diagnosis | null, userId: string): string {
  return `Opened by ${mention(userId)} before the next look. It was held: ${describeDoubt(diagnosis)}.`;
}

function describeDoubt(diagnosis: Diagnosis | null): string {
  return diagnosis ? whyHeld[diagnosis.verdict] : 'not looked at yet';
}

/** More are only counted; each takes a block. */
const shown = 20;

/** What is put off now, each with *Open now*; of one channel, or of all. */
export function renderHeld(held: readonly HeldView[], timeZone: string): ChatMessage {
  if (held.length === 0) {
    const text = 'Nothing is held now.';
    return { text, blocks: [context(text)] };
  }
  const text =
    held.length === 1 && held[0] ? heldLine(held[0], timeZone) : `${countOf(held.length, 'problem')} held`;
  const lines: KnownBlock[] = held
    .slice(0, shown)
    .map((one) =>
      sectionWith(heldLine(one, timeZone), button('Open now', actions.ticketOpenNow, String(one.ticket.id))),
    );
  const more = held.length - shown;
  const rest = more > 0 ? [context(`and ${more} more: \`/restage tickets held\``)] : [];
  return clampMessage({ text, blocks: [...lines, ...rest] });
}
