import { groupBy } from '../domain/group-by.ts';
import type { Card } from './read-cards.ts';

/** A time in which a ticket was open, from its first card to the one that closes it. */
export interface Episode {
  readonly ticketId: number;
  readonly subject: string;
  readonly channel: string;
  readonly from: Date;
  /** `null` while it is open. */
  readonly until: Date | null;
  readonly names: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
  /** When the bot closed it; people close what they like. */
  readonly closings: readonly Pick<Card, 'at'>[];
}

/** Divides each ticket's cards where it was closed; a ticket that opens again begins another episode. */
export function readEpisodes(cards: readonly Card[]): readonly Episode[] {
  return [...groupBy(cards, ({ ticketId }) => ticketId).values()].flatMap(divide);
}

function divide(cards: readonly Card[]): readonly Episode[] {
  const parts: Card[][] = [];
  let isOpen = false;
  for (const card of cards) {
    const isOver = card.state === 'resolved' || card.state === 'joined';
    if (isOpen) parts.at(-1)?.push(card);
    else if (!isOver) parts.push([card]);
    isOpen = !isOver;
  }
  return parts.flatMap((part) => toEpisode(part) ?? []);
}

function toEpisode(cards: readonly Card[]): Episode | null {
  const [first, last] = [cards[0], cards.at(-1)];
  if (!first || !last) return null;
  const isOver = last.state === 'resolved' || last.state === 'joined';
  return {
    ...{ ticketId: first.ticketId, subject: last.subject, channel: first.channel },
    ...{ from: first.at, until: isOver ? last.at : null },
    names: new Set(cards.flatMap(({ names }) => [...names])),
    packages: new Set(cards.flatMap(({ packages }) => [...packages])),
    closings: cards.filter(({ state, byPerson }) => state === 'resolved' && !byPerson).slice(0, 1),
  };
}
