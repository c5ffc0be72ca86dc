import type { MailState } from '../domain/mail.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';

/** Why a gate decided as it did, as the end of a sentence: `rejected: the sender's domain is not listed`. */
const words: Readonly<Record<string, string>> = {
  probe: 'it is a probe, by which Restage sees that mail comes in',
  unreadable: 'it is no mail as RFC 5322 has it',
  'header-too-long': 'its headers are too long',
  'body-too-long': 'its text is too long',
  'source-cut': 'it is too large to be kept whole',
  'nested-too-deep': 'its parts are nested too deeply',
  'too-many-parts': 'it has too many parts',
  'too-many-header-fields': 'it has too many header fields',
  'too-many-encoded-words': 'its headers have too many encoded words',
  'took-too-long': 'reading it took too long',
  'ended-its-reader': 'reading it ended the program that reads mail',
  partial: 'only a part of it was read',

  'domain-listed': "the sender's domain is listed",
  'no-domain-list': 'the config limits no domains',
  'token-verified': 'it came in with a valid token',
  'no-sender': 'it names no sender',
  'no-sender-lists': 'the config lists no sender that is believed',
  'domain-not-listed': "the sender's domain is not listed",
  'domain-out-of-scope': "the sender's domain is not believed about this package or job",
  're-admitted': 'a person let it in',

  'no-reply-or-forward': 'it is no reply, forward or bounce',
  reply: 'it is a reply',
  forward: 'it was forwarded',
  resent: 'it was sent once more',
  bounce: 'it is a bounce',
  'auto-reply': 'it is an automatic reply',
  'list-mail': 'it came over a mailing list',
  'site-word': 'its subject has a word that the config rejects',

  'zone-of-source': 'the config says so',
  'site-zone-fits': "in the site's zone it lies shortly before the mail was sent",
  'region-zone-fits': "in the region's zone it lies shortly before the mail was sent",
  'date-offset-fits': 'as the Date of the mail has it',
  'utc-fits': 'in UTC it lies shortly before the mail was sent',
  'several-zones-fit': 'several zones fit, this is the first of them',
  'zone-not-known': "no zone fits, so the site's is taken",

  'no-node-list': 'the config limits no nodes',
  'node-listed': 'its node is listed',
  'node-not-listed': 'its node is not listed',
  'node-out-of-scope': 'its node is not believed about this package or job',
  'reporting-node-listed': 'a relay sent it for a node that is listed',
  'reporting-node-not-listed': 'a relay sent it for a node that is not listed',
  'reporting-node-out-of-scope': 'a relay sent it for a node that is not believed about this package or job',

  'format-matches': 'a format knows it',
  'no-format-matches': 'no format knows mail of this kind',
  recovery: 'it is word of a recovery',
  'no-device': 'no device is found in it',
  'too-many-alerts': 'it has more alerts than a mail can have',
  success: 'it tells of a success',
  notice: 'it is a notice, not a failure',
  'told-by-its-task': 'its task tells of the same failure',
  'pending-updates': 'it lists updates that wait',
  'log-summary': 'it sums up a log',
  'disk-array-event': 'it is about a disk array',
  unread: 'it was not read',

  'threshold-met': 'its threshold is met',
  'below-threshold': 'its threshold is not met',
  'population-unknown': 'nobody knows how many devices there are',
  'joins-the-live-ticket': 'there is a ticket about it',
  'no-rule-fits': 'no threshold counts it',
  'only-one-part': 'all of them come from one part',
  'mostly-one-part': 'more than 80 % of them come from one part',
  'does-not-explain-it': 'the server does not explain them',
  'ticket-is-open': 'its ticket is open',
  'ticket-under-examination': 'its device is examined first',
  'ticket-joined': 'its ticket became part of another one',
  'explained-otherwise': 'it has another cause',
  'left-of-another-ticket': 'another ticket left it over',
  'joined-attempt': 'it tells of an attempt that is known',
  'window-passed': 'too few others came in time',
  'root-cause': 'a server explains it',

  'no-outage': 'no outage covers it',
  'out-for-maintenance': 'it is out for maintenance',
  'outage-at-another-time': 'its outage is at another time',
  'counted-after-outage': 'its outage is over',

  'no-ticket': 'there is no ticket',
  'not-looked-at': 'nobody looked yet',
  'not-probed': 'nothing was probed',
  'several-devices': 'it is about more than a device',
  'device-down': 'the device is down',
  'network-down': 'the network is down',
  reachable: 'the device answers',
  inconclusive: 'the probes tell nothing for sure',
  'device-down-after-last-look': 'the device is down, also at the last look',
  'network-down-after-last-look': 'the network is down, also at the last look',
  'reachable-after-last-look': 'the device answers, also at the last look',
  'inconclusive-after-last-look': 'the probes tell nothing for sure, also at the last look',
  'opened-by-hand': 'a person opened it',
  flapping: 'it comes and goes',
  'recovered-while-held': 'it recovered while it was held',

  'in-inventory': 'the inventory knows the device',
  'not-in-inventory': 'the inventory does not know the device',

  'ticket-shown': 'its ticket is shown there',
  'routing-rule': 'a rule of the config',
  'building-queue': 'its building has a queue',
  'next-staffed-in-list': 'the next building with staff in its list',
  'nearest-staffed-building': 'the nearest building with staff',
  'region-channel': 'the channel of its region',
  'region-not-known': 'nobody knows its region',
  'region-not-configured': 'the config names no channel for its region',

  'no-rule-matches': 'no paging rule fits',
  'rule-matches': 'a paging rule fits',
  'policy-not-configured': 'the config has no such policy',
  'switched-off': 'it is switched off',
  'switched-off-until': 'it is switched off until then',
  snoozed: 'its ticket is snoozed until then',
  'no-answer': 'nobody answered',
  'reached-nobody': 'nobody was reached',
  'quiet-hours': 'it waits for the end of the quiet hours',
  'nobody-acknowledged': 'nobody acknowledged it',
};

/** Returns a gate's reason in words, escaped; a word of the site's own config as it is. */
export function describeReason(reason: string): string {
  const [code = '', ...more] = reason.split(': ');
  const said = Object.hasOwn(words, code)
    ? (words[code] ?? '')
    : escapeText(clampText(code, 120)).replaceAll('-', ' ');
  return more.length === 0 ? said : `${said} (${escapeText(clampText(more.join(': '), 120))})`;
}

/** What became of a mail, in words. */
export const stateWords: Readonly<Record<MailState, string>> = {
  accepted: 'accepted',
  ignored: 'ignored',
  rejected: 'rejected',
  'dead-letter': 'not understood',
};

const gates: Readonly<Record<string, string>> = {
  mime: 'reading',
  node: 'the sending node',
  domain: 'the sender',
  subject: 'the subject',
  time: 'the time',
  format: 'the format',
};

/** Returns what a gate looks at, in words. */
export function nameGate(gate: string): string {
  return gates[gate] ?? escapeText(gate);
}
