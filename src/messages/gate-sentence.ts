import type { GateName, GateResult } from '../domain/gate.ts';
import { clampText } from './clamp-text.ts';
import { describeCounter } from './counter-words.ts';
import { codeSpan, escapeText } from './escape.ts';
import { describeReason, nameGate } from './gate-words.ts';
import { countOf, showTime } from './wording.ts';

/** Reasons of a diagnosis that its verdict does not say. */
const saysMore: ReadonlySet<string> = new Set(['flapping', 'recovered-while-held', 'opened-by-hand']);

type Values = GateResult['values'];
type Sentence = (values: Values, timeZone: string) => string;

/** Says in a sentence of mrkdwn what a gate decided and what it saw; whatever came from outside is escaped. */
export function describeGate(result: GateResult, timeZone: string): string {
  const { gate, reason, passed, values } = result;
  const own = sentences[`${gate}: ${reason}`] ?? byGate[gate];
  const sentence = own ? own({ ...values, reason }, timeZone) : '';
  return `${passed ? ':white_check_mark:' : ':no_entry:'} ${sentence || describePlainly(result)}`;
}

/** For a reason that has no sentence of its own. */
function describePlainly({ gate, reason, values }: GateResult): string {
  const shown = Object.entries(values).filter(([, value]) => value !== null);
  const seen = shown.map(([key, value]) => `${escapeText(key)} ${name(value)}`).join(', ');
  return `About ${nameGate(gate)}: ${describeReason(reason)}${seen === '' ? '' : ` (${seen})`}.`;
}

const sentences: Readonly<Record<string, Sentence>> = {
  'domain: domain-listed': ({ domain, entry }) =>
    `The sender's domain ${name(domain)} is listed${entry === domain ? '' : ` as ${name(entry)}`}.`,
  'domain: no-domain-list': ({ domain }) => `The config limits no domains; the sender's is ${name(domain)}.`,
  'domain: token-verified': ({ source }) => `It came in with the token of the source ${name(source)}.`,
  'domain: no-sender': () => 'It names no sender.',
  'domain: no-sender-lists': ({ domain }) =>
    `The config lists no sender that is believed; this one's domain is ${name(domain)}.`,
  'domain: domain-not-listed': ({ domain }) => `The sender's domain ${name(domain)} is not listed.`,
  'domain: domain-out-of-scope': ({ domain, entry, package: pack, job }) =>
    `The entry ${name(entry)} does not believe ${name(domain)} about package ${name(pack)}, job ${name(job)}.`,
  'domain: re-admitted': ({ by }) => `${name(by)} let it in.`,
  'subject: no-reply-or-forward': () => 'Subject and headers are those of no reply, forward or bounce.',
  'subject: site-word': ({ by }) => `Its subject has ${name(by)}, which the config rejects.`,
  'mime: probe': () => 'It is a probe, by which Restage sees that mail comes in.',
  'node: node-not-listed': ({ node, address }) =>
    `The node ${name(node)} is not listed; the mail is from ${name(address)}.`,
  'node: node-out-of-scope': ({ node }) =>
    `The node ${name(node)} is not believed about this package or job.`,
  'node: reporting-node-not-listed': ({ relay, device }) =>
    `The relay ${name(relay)} sent it, but the node that it names for ${name(device)} is not listed.`,
  'node: reporting-node-out-of-scope': ({ relay, device }) =>
    `The relay ${name(relay)} sent it, but the node that it names is not believed about ${name(device)}.`,
  'node: no-node-list': () => 'The config limits no nodes.',
  'node: no-sender': () => 'It names no sender.',
  'node: node-listed': ({ node }) => `The node ${name(node)} is listed.`,
  'node: reporting-node-listed': ({ relay }) =>
    `The relay ${name(relay)} sent it, and the node that it names is listed.`,
  'format: format-matches': ({ format, alerts }) =>
    `The format ${name(format)} read ${countOf(Number(alerts), 'alert')} from it.`,
  'format: no-format-matches': () => 'No format knows mail of this kind.',
  'format: recovery': ({ format }) => `The format ${name(format)} read it as word of a recovery.`,
  'format: no-device': ({ format }) => `The format ${name(format)} knows it, but finds no device in it.`,
  'format: too-many-alerts': ({ format, alerts }) =>
    `The format ${name(format)} finds ${alerts} alerts in it: more than a mail can have.`,
  'threshold: threshold-met': ({ counter }) => `It meets the threshold of ${counted(counter)}.`,
  'threshold: joins-the-live-ticket': ({ ticket }) => `It joins ticket ${ticket}.`,
  'threshold: no-rule-fits': () => 'No threshold counts it.',
  'threshold: population-unknown': ({ counter }) =>
    `It counts for ${counted(counter)}; nobody knows how many devices there are.`,
  'threshold: below-threshold': ({ counter, counted: count, needed, of, windowMinutes, rule }) =>
    count == null
      ? `It counts for ${counted(counter)}, which is below its threshold.`
      : `It counts for ${counted(counter)}: ${count} of ${needed ?? 'an unknown number of'} ${of} within ${minutes(windowMinutes)}, by ${name(rule)}.`,
  'threshold: window-passed': ({ counter }) =>
    `It counted for ${counted(counter)} until its window had passed; too few others came.`,
  'outage: no-outage': ({ device }) => `No outage covers ${name(device)}.`,
  'outage: counted-after-outage': ({ outage, because, until }, timeZone) =>
    `The outage of ${name(outage)} (${name(because)}) is over since ${time(until, timeZone)}: it counts again.`,
  'diagnosis: no-ticket': () => 'Nothing was probed: there is no ticket about it.',
  'diagnosis: not-looked-at': () => 'Nothing was probed yet.',
  'diagnosis: not-probed': ({ device }) => `${name(device)} was not probed.`,
  'diagnosis: several-devices': () => 'Nothing is probed: it is about more than a device.',
  'location: not-in-inventory': () => 'The inventory does not know the device.',
  'route: ticket-shown': ({ channel, postAt }, timeZone) =>
    `Its ticket is in #${escapeText(String(channel))}${postAt == null ? '' : `, in the digest of ${time(postAt, timeZone)}`}.`,
  'paging: policy-not-configured': () => 'Nobody is paged: the config has no policy of the name in its rule.',
  'paging: no-rule-matches': () => 'Nobody is paged: no paging rule fits.',
  'paging: switched-off': ({ offBy }) => `Nobody is paged: ${name(offBy)} switched it off.`,
};

/** For the other reasons of a gate. */
const byGate: Readonly<Partial<Record<GateName, Sentence>>> = {
  mime: ({ reason, because }) =>
    reason === 'partial'
      ? `Only a part of it was read: ${describeReason(String(because))}.`
      : `It could not be read: ${describeReason(String(reason))}.`,
  subject: ({ reason, by }) => `${capitalize(describeReason(String(reason)))}: ${name(by)} says so.`,
  format: ({ reason, format }) =>
    format == null
      ? `${capitalize(describeReason(String(reason)))}.`
      : `The format ${name(format)} knows it: ${describeReason(String(reason))}.`,
  time: ({ reason, written, zone, readAs }) =>
    `${name(written)} is read in the zone ${name(zone)} (${describeReason(String(reason))}) as ${name(readAs)}.`,
  threshold: ({ ticket, counter, explainedBy, cause, state, reason }) =>
    ticket == null
      ? `It counts for ${counted(counter)} no more${state == null ? '' : `, it is ${escapeText(String(state))}`}: ${describeReason(String(reason))}.`
      : `It is in ticket ${ticket}${explainedBy == null ? ` (${counted(counter)})` : `, whose ${counted(explainedBy)} explains its own ${counted(counter)}`}${cause == null ? '' : `: ${spellCause(String(cause))}`}.`,
  outage: ({ device, outage, because, until, when, reason }, timeZone) =>
    `${name(device)} ${when === 'now' ? 'is' : 'was'} out by the outage of ${name(outage)} (${name(because)}) until ${time(until, timeZone)}: ${describeReason(String(reason))}.`,
  diagnosis: ({ verdict, because, state, reason }) =>
    `Diagnosis: ${spell(String(verdict))}; ${escapeText(clampText(String(because), 300))}${saysMore.has(String(reason)) ? ` ${capitalize(describeReason(String(reason)))}.` : ''}${state === 'held' || state === 'suppressed' ? ` So it is ${state}.` : ''}`,
  location: ({ building, room, corrections }) =>
    `The inventory says building ${name(building)}, room ${name(room)}${corrections == null ? '' : `; ${escapeText(clampText(String(corrections), 200))}`}.`,
  route: ({ channel, rule, reason, postAt }, timeZone) =>
    `A ticket goes to #${escapeText(clampText(String(channel), 80))}${rule == null ? ` (${describeReason(String(reason))})` : ` by ${name(rule)}`}${postAt == null ? '' : `, with the digest of ${time(postAt, timeZone)}`}.`,
  paging: ({ policy, rule, at, state, told: notified, reason }, timeZone) =>
    state == null
      ? `A ticket is paged by ${name(policy)}${rule == null ? '' : `, ${name(rule)}`}: ${describeReason(String(reason))}.`
      : `It is paged by ${name(policy)}, as ${describeReason(String(reason))}${notified == null ? ', nobody was notified yet' : `, notified: ${name(notified)}`}${at == null ? '' : `; next step ${time(at, timeZone)}`}.`,
};

function name(value: string | number | null | undefined): string {
  return codeSpan(clampText(String(value ?? ''), 120));
}

function counted(counter: string | number | null | undefined): string {
  return describeCounter(String(counter ?? ''));
}

/** `server: devices behind it fail (int-38)`: names keep their hyphens. */
function spellCause(cause: string): string {
  const [words = '', ...names] = cause.split(' (');
  return escapeText(clampText([words.replaceAll('-', ' '), ...names].join(' ('), 200));
}

function time(value: string | number | null | undefined, timeZone: string): string {
  const date = new Date(String(value));
  return Number.isNaN(date.getTime()) ? name(value) : showTime(date, timeZone);
}

function minutes(value: string | number | null | undefined): string {
  return `${String(value)} min`;
}

function capitalize(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function spell(reason: string): string {
  return escapeText(clampText(reason, 120)).replaceAll('-', ' ');
}
