import { cleanText } from './clean-text.ts';

/** A mail of a believed sender that no format knows. */
export interface UnknownMail {
  readonly id: number;
  /** `null` if it names no sender. */
  readonly fromAddress: string | null;
  readonly subject: string;
  readonly receivedAt: Date;
}

/** Mails of one kind: their subjects differ only in names and numbers. */
export interface UnknownKind {
  /** The newest first. */
  readonly mails: readonly [UnknownMail, ...UnknownMail[]];
  /** The most frequent first. */
  readonly senders: readonly { readonly address: string | null; readonly mails: number }[];
}

const leastLetters = 4;

/** Returns what mails of one kind have in common: the subject without names and numbers, else the sender. */
export function kindOf({ subject, fromAddress }: Pick<UnknownMail, 'subject' | 'fromAddress'>): string {
  const words = (cleanText(subject) ?? '').toLowerCase().split(/\s+/);
  const shape = words.map((word) => (/\d|[\w-]\.[\w-]/.test(word) ? '#' : word)).join(' ');
  const letters = shape.match(/\p{L}/gu) ?? [];
  return letters.length >= leastLetters ? shape : `${shape} from ${fromAddress ?? 'nobody'}`;
}

/** Groups mails by kind, the most frequent kind first. */
export function groupKinds(mails: readonly UnknownMail[]): readonly UnknownKind[] {
  const newestFirst = mails.toSorted(
    (a, b) => b.receivedAt.getTime() - a.receivedAt.getTime() || b.id - a.id,
  );
  const kinds = new Map<string, [UnknownMail, ...UnknownMail[]]>();
  for (const mail of newestFirst) {
    const known = kinds.get(kindOf(mail));
    if (known) known.push(mail);
    else kinds.set(kindOf(mail), [mail]);
  }
  return [...kinds.values()]
    .map((alike) => ({ mails: alike, senders: countSenders(alike) }))
    .toSorted((a, b) => b.mails.length - a.mails.length);
}

function countSenders(mails: readonly UnknownMail[]): UnknownKind['senders'] {
  const counts = new Map<string | null, number>();
  for (const { fromAddress } of mails) counts.set(fromAddress, (counts.get(fromAddress) ?? 0) + 1);
  return [...counts]
    .map(([address, count]) => ({ address, mails: count }))
    .toSorted((a, b) => b.mails - a.mails);
}

/**
 * Finds the mails since `since` with which something new begins: in the `restMs` before, neither their kind nor their sender had
 * any that no format knows. So a tool on many hosts begins once, and so does a sender whose subjects all differ.
 */
export function findBeginnings(
  mails: readonly UnknownMail[],
  since: Date,
  restMs: number,
): readonly UnknownMail[] {
  const lastSeen = new Map<string, number>();
  const beginnings: UnknownMail[] = [];
  const oldestFirst = mails.toSorted(
    (a, b) => a.receivedAt.getTime() - b.receivedAt.getTime() || a.id - b.id,
  );
  for (const mail of oldestFirst) {
    const keys = [`kind ${kindOf(mail)}`, `from ${mail.fromAddress ?? ''}`];
    const at = mail.receivedAt.getTime();
    const isNew = keys.every((key) => at - (lastSeen.get(key) ?? Number.NEGATIVE_INFINITY) >= restMs);
    for (const key of keys) lastSeen.set(key, at);
    if (isNew && mail.receivedAt >= since) beginnings.push(mail);
  }
  return beginnings;
}
