import { clicksIntake, countingWork, probeIntake } from '../domain/heartbeat.ts';
import type { ChatMessage } from '../domain/chat.ts';
import type { Incident } from '../domain/store/heartbeats.ts';
import { context, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { renderMarkup } from './notice.ts';
import { showDuration, showTime } from './wording.ts';

/** An intake that fails, and after its recovery what it was (A1). */
export function renderIncident(incident: Incident, timeZone: string): ChatMessage {
  const { recoveredAt, since } = incident;
  const what = describe(incident);
  if (recoveredAt !== null) {
    const text = `:white_check_mark: *Recovered after ${lastedFor(incident)}*: ${what}`;
    return clampMessage({
      text,
      blocks: [section(text), context(`It failed since ${showTime(since, timeZone)}.`)],
    });
  }
  const text = `:warning: *${titleOf(incident)}*: ${what}`;
  return clampMessage({
    text,
    blocks: [section(text), context(`Since ${showTime(since, timeZone)}. ${hints[incident.reason]}`)],
  });
}

function titleOf({ reason }: Incident): string {
  return reason === 'clicks-blocked' ? 'Restage does not hear you' : 'Alerts may be missing';
}

/** For the thread. */
export function renderRecovery(incident: Incident): ChatMessage {
  return renderMarkup(`${capitalize(nameOf(incident.intake))} recovered after ${lastedFor(incident)}.`);
}

const hints: Readonly<Record<Incident['reason'], string>> = {
  silent: 'Is mail still delivered there? Do the senders still run?',
  disconnected: 'Restage goes on trying; nothing is lost as long as the mail server keeps the mail.',
  'listener-failed': 'Senders are turned away. Restart Restage when the port is free.',
  'probe-lost': 'Send a mail by hand along the same way, and look where it stays.',
  stuck: 'Its senders keep the mail. `/readyz` says more; restart Restage if it lasts.',
  'clicks-blocked': 'Messages still go out. `/readyz` says more; Slack gives an app ten connections.',
  'not-counting':
    'Mail waits and nothing is lost. Look at the database and at `/readyz`; restart Restage if it lasts.',
};

function describe({ intake, reason, detail }: Incident): string {
  const name = nameOf(intake);
  const because = detail === null ? '' : ` (${escapeText(clampText(detail, 200))})`;
  switch (reason) {
    case 'silent':
      return `${name} has brought nothing within its expected time`;
    case 'disconnected':
      return `${name} can not be reached${because}`;
    case 'listener-failed':
      return `${name} has lost its port${because}`;
    case 'probe-lost':
      return `${name} did not come back in time`;
    case 'stuck':
      return `${name} brings mail that is not taken in: it has been under way too long`;
    case 'not-counting':
      return 'alerts wait to be counted, and none is';
    case 'clicks-blocked':
      return `clicks and commands do not come in${because}`;
  }
}

function nameOf(intake: string): string {
  if (intake === probeIntake) return 'the probe mail';
  if (intake === clicksIntake) return 'the way of clicks and commands';
  if (intake === countingWork) return 'the counting of alerts';
  const mailbox = /^(?:work:)?imap:(.*)$/.exec(intake)?.[1];
  return mailbox === undefined
    ? `the listener ${codeSpan(intake.replace(/^work:/, ''))}`
    : `the mailbox ${codeSpan(mailbox)}`;
}

function lastedFor({ since, recoveredAt }: Incident): string {
  return showDuration((recoveredAt?.getTime() ?? since.getTime()) - since.getTime());
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
