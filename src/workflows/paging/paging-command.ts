import type { ButtonClick, ChatMessage, Person, SlashCommand } from '../../domain/chat.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { Tx } from '../../domain/store/store.ts';
import { suggestWords } from '../../domain/suggest.ts';
import { renderDoAnyway } from '../../messages/do-anyway.ts';
import { describeUnknownWord } from '../../messages/unknown-word.ts';
import { codeSpan, escapeText } from '../../messages/escape.ts';
import { renderMarkup, renderNotice } from '../../messages/notice.ts';
import { renderPagingOverview } from '../../messages/paging-overview.ts';
import { showTime } from '../../messages/wording.ts';
import { findSwitch } from '../../paging/decide-page.ts';
import type { Deps } from '../deps.ts';
import { endPages, lookAgain, pageFor, pageSubjectOf } from './paging.ts';
import { viewPaging } from './view-paging.ts';

export const pagingUsage =
  '`/restage paging` shows who is on call and who was paged; `/restage paging off DEVICE [FAILURE] [for 4h]` and `/restage paging on DEVICE [FAILURE]` switch it.';

interface Wanted {
  readonly on: boolean;
  readonly device: string;
  /** null: every failure. */
  readonly failure: string | null;
  /** null: until somebody switches it on. */
  readonly forMs: number | null;
}

/** Shows paging, or switches it off or on for a device or one failure of it (A19). */
export async function handlePaging(
  deps: Deps,
  command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  if (words.length === 0) return renderPagingOverview(await viewPaging(deps), deps.policies.timeZone);
  const [first = ''] = words;
  if (!/^(?:on|off)$/i.test(first))
    return renderNotice(
      `${describeUnknownWord(first, 'word of paging', ['on', 'off'])}\nUsage: ${pagingUsage}`,
    );
  const wanted = readWords(words);
  if (!wanted) return renderNotice(`Usage: ${pagingUsage}`);
  if (deps.inventory.find(wanted.device)) return applySwitch(deps, command, wanted);
  const names = deps.inventory.all().map(({ name }) => name);
  return renderDoAnyway({
    problem: 'The inventory does not know a device of that name.',
    near: suggestWords(wanted.device, names, 3),
    about: 'paging',
    value: words.join(' '),
  });
}

/** *Do it anyway*: switches paging for a device that the inventory does not know. */
export async function switchPagingAnyway(deps: Deps, click: ButtonClick): Promise<ChatMessage> {
  const wanted = readWords(click.value.split(' '));
  return wanted ? applySwitch(deps, click, wanted) : renderNotice(`Usage: ${pagingUsage}`);
}

type Asked = Pick<SlashCommand, 'person' | 'channel' | 'deliveryKey'>;

async function applySwitch(deps: Deps, asked: Asked, wanted: Wanted): Promise<ChatMessage> {
  const device = deps.inventory.find(wanted.device)?.name ?? wanted.device;
  const answer = await deps.store.transaction(async (tx) => {
    const isNew = await tx.firstSight(asked.deliveryKey, deps.clock.now());
    return isNew ? turn(deps, tx, { ...wanted, device }, asked) : 'This is done already.';
  });
  return renderMarkup(answer);
}

/** `off int-38 connection for 4h`; null where it can't be read. */
function readWords(words: readonly string[]): Wanted | null {
  const [, on, device, failure, duration] =
    /^(on|off)\s+(\S+)(?:\s+(?!for\s)(\S+))?(?:\s+for\s+(.+))?$/i.exec(words.join(' ')) ?? [];
  const forMs = duration === undefined ? null : parseDuration(duration);
  if (!on || !device || forMs === 0 || (duration !== undefined && forMs === null)) return null;
  const isOn = on.toLowerCase() === 'on';
  if (isOn && duration !== undefined) return null;
  return { on: isOn, device: device.toLowerCase(), failure: failure?.toLowerCase() ?? null, forMs };
}

async function turn(deps: Deps, tx: Tx, wanted: Wanted, { person, channel }: Asked): Promise<string> {
  const now = deps.clock.now();
  const { device, failure, on } = wanted;
  const about = [device, failure].filter(Boolean).join(' ');
  const until = wanted.forMs === null ? null : new Date(now.getTime() + wanted.forMs);
  const what = on ? 'paging on' : `paging off${until ? ` until ${until.toISOString()}` : ''}`;
  await tx.audit({ at: now, who: `${person.teamId}/${person.userId}`, what, about });
  const name = `${codeSpan(device)}${failure === null ? '' : ` (${escapeText(failure)})`}`;
  if (on) {
    const wasOff = await tx.switchPagingOn(device, failure);
    await followSwitch(deps, tx, device, person, channel);
    return wasOff ? `Paging is on for ${name}.` : `Paging was not off for ${name}.`;
  }
  await tx.switchPagingOff({ device, failure, until, by: person.userId, at: now });
  await followSwitch(deps, tx, device, person, channel);
  const end = until ? `until ${showTime(until, deps.policies.timeZone)}` : 'until somebody switches it on';
  return `Nobody is paged about ${name} ${end}.`;
}

/** The device's open tickets: pages start, end, are held back or go on. */
async function followSwitch(
  deps: Deps,
  tx: Tx,
  device: string,
  person: Person,
  channel: string,
): Promise<void> {
  const switches = await tx.pagingSwitches();
  for (const ticket of await tx.ticketsIn(['open'])) {
    if (ticket.subject.toLowerCase() !== device) continue;
    const off = findSwitch(pageSubjectOf(deps, ticket), switches, deps.clock.now());
    if (off?.until === null) {
      await endPages(deps, tx, ticket.id, {
        reason: 'switched-off',
        userId: person.userId,
        place: channel,
      });
    } else {
      await pageFor(deps, tx, ticket.id);
      await lookAgain(deps, tx, ticket.id);
    }
  }
}
