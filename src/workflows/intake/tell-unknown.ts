import {
  findBeginnings,
  groupKinds,
  kindOf,
  type UnknownKind,
  type UnknownMail,
} from '../../alert/unknown-mail.ts';
import type { ChatMessage } from '../../domain/chat.ts';
import type { Tx } from '../../domain/store/store.ts';
import { atWall, formatWall, readWall } from '../../domain/zoned-time.ts';
import { renderUnknownBegins, renderUnknownDay, type ShownKind } from '../../messages/unknown-mail.ts';
import type { Deps } from '../deps.ts';

const dayMs = 24 * 3_600_000;
/** Who was silent for so long and sends unknown mail again begins anew. */
const restMs = 7 * dayMs;
/** How long ago a format may have known a sender's mail for it to count as known. */
const knownMs = 30 * dayMs;
/** So many that a flood of unknown mail costs no more than this. */
const mostMails = 5_000;
/** On the wall of the site's zone. */
const tellHour = 8;

/**
 * Tells in the fallback channel of mail that no format knows: once a day, and at once when a sender whose mail was read until
 * now begins to send it. To be called under the heartbeats' lock: so bots on one database tell once together.
 */
export async function tellUnknown(deps: Deps, tx: Tx, now: Date): Promise<void> {
  const mails = await tx.unknownMails(new Date(now.getTime() - restMs - dayMs), mostMails);
  if (mails.length === 0) return;
  await tellBeginnings(deps, tx, mails, now);
  await tellDay(deps, tx, mails, now);
}

async function tellBeginnings(deps: Deps, tx: Tx, mails: readonly UnknownMail[], now: Date): Promise<void> {
  const begun = findBeginnings(mails, new Date(now.getTime() - dayMs), restMs);
  const untold: UnknownMail[] = [];
  for (const mail of begun) if ((await tx.channelOf(noteOf(mail))) === null) untold.push(mail);
  if (untold.length === 0) return;
  const addresses = untold.flatMap(({ fromAddress }) => fromAddress ?? []);
  const known = await tx.sendersRead(addresses, new Date(now.getTime() - knownMs));
  for (const mail of untold.filter(({ fromAddress }) => fromAddress !== null && known.has(fromAddress))) {
    const [kind] = groupKinds(mails.filter((each) => isAlike(each, mail)));
    if (kind)
      await tell(deps, tx, noteOf(mail), renderUnknownBegins(shownOf(kind), deps.policies.timeZone), now);
  }
}

/** By the mail with which it began: it stays the same however much follows. */
function noteOf({ id }: UnknownMail): string {
  return `unknown-mail-${id}`;
}

function isAlike(each: UnknownMail, first: UnknownMail): boolean {
  return kindOf(each) === kindOf(first) && each.receivedAt >= first.receivedAt;
}

async function tellDay(deps: Deps, tx: Tx, mails: readonly UnknownMail[], now: Date): Promise<void> {
  const { timeZone } = deps.policies;
  const wall = readWall(now, timeZone);
  const today = atWall({ ...wall, hour: tellHour, minute: 0 }, timeZone);
  const end =
    now < today ? atWall({ ...wall, day: wall.day - 1, hour: tellHour, minute: 0 }, timeZone) : today;
  const day = formatWall(readWall(end, timeZone));
  const note = `unknown-mail-${day.slice(0, 10)}`;
  const begin = new Date(end.getTime() - dayMs);
  const ofDay = mails.filter(({ receivedAt }) => receivedAt >= begin && receivedAt < end);
  if (ofDay.length === 0 || (await tx.channelOf(note)) !== null) return;
  await tell(deps, tx, note, renderUnknownDay(groupKinds(ofDay).map(shownOf), day), now);
}

function shownOf({ mails, senders }: UnknownKind): ShownKind {
  return { mail: mails[0], count: mails.length, senders };
}

async function tell(deps: Deps, tx: Tx, id: string, body: ChatMessage, now: Date): Promise<void> {
  const channel = deps.policies.routing.fallbackChannel;
  await tx.wantDelivery({ id, kind: 'note', subjectId: id, channel, parentId: null, body }, now);
  await tx.enqueue({ queue: 'deliver', channel });
}
