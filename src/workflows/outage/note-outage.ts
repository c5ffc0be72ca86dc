import type {
  ButtonClick,
  ChatMessage,
  FormFaults,
  ModalSubmission,
  Person,
  SlashCommand,
} from '../../domain/chat.ts';
import type { OutageTarget } from '../../domain/outage.ts';
import { suggestWords } from '../../domain/suggest.ts';
import { renderDoAnyway } from '../../messages/do-anyway.ts';
import { codeSpan, escapeText } from '../../messages/escape.ts';
import { renderMarkup, renderNotice } from '../../messages/notice.ts';
import { outageFields, outageForm } from '../../messages/outage-form.ts';
import { countOf, showSpan, showTime } from '../../messages/wording.ts';
import { listCovered } from '../../outage/list-covered.ts';
import { namesOfKind } from '../../outage/names-of-kind.ts';
import { readTimes } from '../../outage/read-times.ts';
import { parseTarget, spellTarget } from '../../outage/targets.ts';
import type { Deps } from '../deps.ts';

export const outageUsage =
  '`/restage outage` shows a form for a maintenance window; `/restage outage WHAT DURATION [reason]` takes something out from now on, such as `/restage outage int-38 2h disk swap`. WHAT is a device, or group:NAME, server:NAME, building:NAME, region:NAME.';

/** For how long the button on a ticket takes its device out, unless the person says otherwise. */
const ticketOutageLength = '2h';

interface PlannedOutage {
  readonly target: OutageTarget;
  readonly from: Date;
  readonly until: Date;
  readonly reason: string;
}

/** `/restage outage …` (A10): without anything more it shows the form. */
export async function noteOutage(
  deps: Deps,
  command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const [what, length, ...reason] = words;
  if (what === undefined) {
    await deps.chat.openModal(
      command.triggerId,
      outageForm({ target: '', end: '2h', reason: '' }, command.responseUrl),
    );
    return renderNotice('The form shows what to fill in.');
  }
  const target = parseTarget(what);
  const times = readTimes('', length ?? '', deps.clock.now(), 'UTC');
  if (!target || 'faults' in times) return renderNotice(`Usage: ${outageUsage}`);
  const outage = { target, ...times, reason: reason.join(' ') || 'maintenance' };
  const unknown = describeUnknown(deps, target);
  if (unknown) return renderUnknown(deps, outage, unknown);
  return plan(deps, outage, command);
}

async function plan(
  deps: Deps,
  outage: PlannedOutage,
  { person, deliveryKey }: Pick<SlashCommand, 'person' | 'deliveryKey'>,
): Promise<ChatMessage> {
  const isNew = await planOutage(deps, outage, person, deliveryKey);
  if (!isNew) return renderNotice('This outage is noted already.');
  return renderMarkup(describePlan(deps, outage));
}

/** The button *Out for 2 h* on a ticket: the form, with the ticket's device filled in. */
export async function askForOutage(deps: Deps, click: ButtonClick): Promise<string | null> {
  const ticket = await deps.store.transaction((tx) => tx.ticket(Number(click.value)));
  if (!ticket) return 'This ticket is not known any more.';
  const filledIn = { target: ticket.device, end: ticketOutageLength, reason: `ticket ${ticket.id}` };
  await deps.chat.openModal(click.triggerId, outageForm(filledIn, click.responseUrl));
  return null;
}

/** The form that somebody sent. */
export async function submitOutage(deps: Deps, submission: ModalSubmission): Promise<FormFaults> {
  const text = (field: string) => {
    const value = submission.values[field];
    return typeof value === 'string' ? value : '';
  };
  const target = parseTarget(text(outageFields.target));
  const zone = await deps.chat.timeZoneOf(submission.person);
  const times = readTimes(text(outageFields.begin), text(outageFields.end), deps.clock.now(), zone);
  const unknown = target && describeUnknown(deps, target);
  const targetFault = target ? target.kind !== 'device' && unknown : noTarget;
  const faults = {
    ...(targetFault && { [outageFields.target]: targetFault }),
    ...('faults' in times && times.faults),
  };
  if (!target || 'faults' in times || targetFault) return faults;
  const reason = text(outageFields.reason).trim() || 'maintenance';
  const outage = { target, ...times, reason };
  const answer = unknown ? renderUnknown(deps, outage, unknown) : await plan(deps, outage, submission);
  await confirm(deps, submission.metadata, answer);
  return null;
}

const noTarget = 'Write a device, or group:, server:, building: or region: and a name.';

/** *Do it anyway*: takes out what the inventory does not know, for the times that were asked for. */
export async function planOutageAnyway(deps: Deps, click: ButtonClick): Promise<ChatMessage> {
  const [what = '', from = '', until = '', ...reason] = click.value.split(' ');
  const target = parseTarget(decodeURIComponent(what));
  const outage = { from: new Date(from), until: new Date(until), reason: reason.join(' ') };
  if (!target || !(outage.until > deps.clock.now())) return renderNotice('This outage is over already.');
  return plan(deps, { target, ...outage }, click);
}

function renderUnknown(
  deps: Deps,
  { target, from, until, reason }: PlannedOutage,
  problem: string,
): ChatMessage {
  const near = suggestWords(target.name, namesOfKind(target.kind, deps.inventory), 3);
  const what = encodeURIComponent(spellTarget(target));
  return renderDoAnyway({
    problem: escapeText(problem),
    near: near.map((name) => spellTarget({ ...target, name })),
    about: 'outage',
    value: [what, from.toISOString(), until.toISOString(), reason].join(' '),
  });
}

/** The form closes without a word; its command or click has an address to answer to. */
async function confirm(deps: Deps, responseUrl: string, message: ChatMessage): Promise<void> {
  await deps.chat.respond(responseUrl, message).catch((error: unknown) => {
    deps.log.warn({ error: String(error) }, 'outage is planned, but its confirmation could not be sent');
  });
}

/** *End now* in the list of outages: what alerted within it is taken up again at once. */
export async function endOutageNow(deps: Deps, click: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    const outage = await tx.outage(Number(click.value));
    if (!outage) return 'This outage is not known any more.';
    const now = deps.clock.now();
    if (outage.until <= now || outage.endedBy !== null) return 'This outage is over already.';
    const who = `${click.person.teamId}/${click.person.userId}`;
    const until = outage.from > now ? outage.from : now;
    await tx.changeOutage(outage.id, { until, endedBy: who });
    const target = spellTarget(outage.target);
    await tx.audit({ at: now, who, what: 'outage ended', about: target });
    if (until <= now) await tx.enqueue({ queue: 'outage-end', outageId: outage.id });
    return until > now
      ? `The outage of ${target} is called off.`
      : `The outage of ${target} is over. Devices that alerted within it are diagnosed again.`;
  });
}

/** False where this delivery of Slack's was seen before. */
async function planOutage(
  deps: Deps,
  outage: PlannedOutage,
  person: Person,
  deliveryKey: string,
): Promise<boolean> {
  const now = deps.clock.now();
  const who = `${person.teamId}/${person.userId}`;
  return deps.store.transaction(async (tx) => {
    if (!(await tx.firstSight(deliveryKey, now))) return false;
    await tx.addOutage({ ...outage, source: null, uid: null, createdBy: who });
    await tx.audit({ at: now, who, what: 'outage', about: spellTarget(outage.target) });
    return true;
  });
}

function describePlan(deps: Deps, { target, from, until }: PlannedOutage): string {
  const { timeZone } = deps.policies;
  const covered = listCovered(target, deps.inventory).length;
  const devices = target.kind === 'device' ? '' : ` (${countOf(covered, 'device')})`;
  const when =
    from <= deps.clock.now() ? `until ${showTime(until, timeZone)}` : showSpan(from, until, timeZone);
  const unknown = describeUnknown(deps, target);
  return `${codeSpan(spellTarget(target))}${devices} is out for maintenance ${when}.${unknown ? ` ${escapeText(unknown)}` : ''}`;
}

function describeUnknown(deps: Deps, target: OutageTarget): string | null {
  if (listCovered(target, deps.inventory).length > 0) return null;
  if (target.kind === 'device') return 'The inventory does not know a device of that name.';
  return `The inventory has no device in ${spellTarget(target)}.`;
}
