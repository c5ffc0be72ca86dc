import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Placeholder, TicketField } from '../domain/ticket-policy.ts';
import type { Ticket, TicketQueue, VerifiedLocation } from '../domain/ticket.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { listNames, showDuration, showSpan } from './wording.ts';

export interface FieldOptions {
  /** IANA zone for readers whose Slack shows no dates. */
  readonly timeZone: string;
  /** What was done about it so far, in words. */
  readonly actionTaken: string;
}

const failureWords: ReadonlyMap<string, string> = new Map([
  ['connection', 'connection error'],
  ['package', 'failed package'],
  ['access', 'access failure'],
  ['root-cause', 'devices behind it fail'],
]);

const verdictWords: Readonly<Record<Diagnosis['verdict'], string>> = {
  'device-down': 'device down',
  'network-down': 'network down',
  reachable: 'reachable',
  inconclusive: 'inconclusive',
};

/** Each part that a ticket can show (A13), as mrkdwn; whatever came from outside is escaped. */
export const showField: Readonly<Record<TicketField, (ticket: Ticket, options: FieldOptions) => string>> = {
  device: ({ subject }) => codeSpan(clampText(subject, 120)),
  failure: ({ failure }) => escapeText(clampText(failureName(failure), 60)),
  alerts: alertsText,
  times: ({ firstAt, lastAt }, { timeZone }) => showSpan(firstAt, lastAt, timeZone),
  packages: ({ packages }) => listNames(packages, 4),
  jobs: ({ jobs }) => listNames(jobs, 4),
  servers: ({ servers }) => listNames(servers, 4),
  location: ({ location, queue }) => locationText(location, queue),
  region: ({ region }) => (region === null ? '–' : codeSpan(clampText(region, 60))),
  queue: ({ queue }) => (queue === null ? '–' : queueText(queue)),
  actionTaken: (_, { actionTaken }) => escapeText(clampText(actionTaken, 120)),
  diagnosis: ({ diagnosis }) => diagnosisText(diagnosis),
};

/** Web addresses of a template, as far as Slack takes them for one. */
const webAddress = /https?:\/\/[^\s|<>]*/g;

/** A template's text with its placeholders filled; what fills them is escaped by `escape`, in a web address for that. */
export function fillTemplate(
  template: string,
  ticket: Ticket,
  summary: string,
  escape: (value: string) => string,
): string {
  const values: Readonly<Record<Placeholder, string>> = {
    summary,
    id: String(ticket.id),
    device: ticket.subject,
    failure: failureName(ticket.failure),
    alerts: String(ticket.alertCount),
    announced: ticket.announced,
    package: ticket.packages[0] ?? '–',
    job: ticket.jobs[0] ?? '–',
    server: ticket.servers[0] ?? '–',
    region: ticket.region ?? '–',
    site: ticket.location?.site ?? '–',
    building: ticket.location?.building ?? '–',
    room: ticket.location?.room ?? '–',
    verdict: ticket.diagnosis ? verdictWords[ticket.diagnosis.verdict] : '–',
  };
  const fill = (text: string, encode: (value: string) => string) =>
    text.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name)
        ? encode(clampText(values[name as Placeholder], name === 'summary' ? 150 : 60))
        : whole,
    );
  const parts = template.split(webAddress);
  const addresses = template.match(webAddress) ?? [];
  return parts.map((part, n) => fill(part, escape) + fill(addresses[n] ?? '', encodeForAddress)).join('');
}

/** RFC 3986 section 2.1; also what would end an address in Slack's markup, or begin bold text there. */
function encodeForAddress(value: string): string {
  const encoded = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'));
  return encoded.replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function failureName(failure: string): string {
  return failureWords.get(failure) ?? failure;
}

/** Mails are dated to the second. */
function alertsText({ alertCount, firstAt, lastAt }: Ticket): string {
  if (alertCount < 2) return String(alertCount);
  return `${alertCount} in ${showDuration(Math.max(1000, lastAt.getTime() - firstAt.getTime()))}`;
}

function locationText(location: VerifiedLocation | null, queue: TicketQueue | null): string {
  if (location === null) return 'not checked yet';
  if (!location.known) return ':warning: not in the inventory';
  const place = [location.site, location.building, location.room].filter((part) => part !== null);
  const verified =
    place.length === 0 ? '–' : place.map((part) => escapeText(clampText(part, 60))).join(' / ');
  const corrections = location.corrections
    .slice(0, 3)
    .map((text) => `:warning: _${escapeText(clampText(text, 120))}_`);
  const helpers =
    queue && queue.building !== queue.forBuilding ? [`looked after by ${queueText(queue)}`] : [];
  return [verified, ...helpers, ...corrections].join('\n');
}

function queueText({ building, forBuilding }: TicketQueue): string {
  const name = codeSpan(clampText(building, 60));
  return building === forBuilding ? name : `${name} for ${codeSpan(clampText(forBuilding, 60))}`;
}

/** The verdict and its reason in a sentence, as mrkdwn. */
export function diagnosisText(diagnosis: Diagnosis | null): string {
  if (diagnosis === null) return 'none yet';
  const hop = diagnosis.hop === null ? '' : ` at hop ${diagnosis.hop}`;
  return `*${verdictWords[diagnosis.verdict]}${hop}*: ${escapeText(clampText(diagnosis.reason, 300))}`;
}
