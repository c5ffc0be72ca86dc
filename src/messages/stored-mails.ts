import type { KnownBlock } from '@slack/types';
import type { ChatMessage, Modal } from '../domain/chat.ts';
import type { GateResult } from '../domain/gate.ts';
import type { StoredMailLine } from '../domain/store/stored-mails.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, section } from './blocks.ts';
import { clampMrkdwn, clampText } from './clamp-text.ts';
import { codeBlock, codeSpan, escapeText } from './escape.ts';
import { describeGate } from './gate-sentence.ts';
import { describeReason, stateWords } from './gate-words.ts';
import { clampMessage, slackLimits } from './limits.ts';
import { failureName } from './ticket-fields.ts';
import { mention, showTime } from './wording.ts';

/** So many that their buttons all find room in one message. */
export const mailsListed = 10;

/** Mails with what was decided about them; those that count already have no button to let them in. */
export function renderMailList(
  mails: readonly StoredMailLine[],
  wanted: string,
  timeZone: string,
): ChatMessage {
  if (mails.length === 0) {
    const text = `No ${escapeText(wanted)} are stored.`;
    return { text, blocks: [section(text)] };
  }
  const text = `The latest ${escapeText(wanted)}:`;
  return clampMessage({
    text,
    blocks: [section(text), ...mails.flatMap((mail) => renderLine(mail, timeZone))],
  });
}

function renderLine(mail: StoredMailLine, timeZone: string): KnownBlock[] {
  const subject = escapeText(clampText(mail.subject.trim() || '(no subject)', 120));
  const from = codeSpan(clampText(mail.fromAddress ?? 'nobody', 80));
  const decided = `${stateWords[mail.state]}: ${describeReason(mail.reason)}`;
  const look = button('Look', actions.mailLook, String(mail.id));
  const readmit = button('Re-admit', actions.mailReadmit, String(mail.id));
  return [
    section(`*${mail.id}*  ${subject}\nfrom ${from}, ${showTime(mail.receivedAt, timeZone)}, ${decided}`),
    buttonRow(mail.state === 'accepted' ? [look] : [look, readmit]),
  ];
}

/** A stored mail as a modal shows it. */
export interface ShownMail extends StoredMailLine {
  readonly gates: readonly GateResult[];
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** null: not kept any more. */
  readonly text: string | null;
  /** The first alerts that were read from it, with the gates that they met since. */
  readonly alerts: readonly {
    readonly device: string;
    readonly failure: string;
    readonly gates: readonly GateResult[];
  }[];
}

/** The gates, the headers and the text of one mail, to look at only. */
export function renderMailModal(mail: ShownMail, timeZone: string): Modal {
  const gates = mail.gates.map((gate) => describeGate(gate, timeZone)).join('\n');
  const headers = mail.headers.map(({ name, value }) => `${name}: ${value}`).join('\n');
  const { readmittedBy, readmittedAt } = mail;
  const again =
    readmittedBy !== null && readmittedAt !== null
      ? [
          context(
            `Re-admitted by ${mention(readmittedBy.replace(/^.*\//, ''))}, ${showTime(readmittedAt, timeZone)}.`,
          ),
        ]
      : [];
  return {
    callbackId: 'mail:look',
    title: clampText(`Mail ${mail.id}`, 24),
    submit: null,
    metadata: '',
    blocks: [
      section(clampMrkdwn(`*What was decided*\n${gates}`, slackLimits.section)),
      ...again,
      ...mail.alerts.slice(0, alertsLookedAt).map((alert) => renderAlert(alert, timeZone)),
      ...(headers === '' ? [] : [section(`*Headers*\n${block(headers)}`)]),
      section(mail.text === null ? 'Its source is not kept any more.' : `*Text*\n${block(mail.text)}`),
    ],
  };
}

/** Alerts of a mail that *Look* shows with their gates. */
export const alertsLookedAt = 10;
/** Shorter than a section, so that the text below is in reach. */
const alertShown = 1_500;

function renderAlert({ device, failure, gates }: ShownMail['alerts'][number], timeZone: string): KnownBlock {
  const name = codeSpan(clampText(`${failureName(failure)} on ${device}`, 100));
  const lines = gates.map((gate) => describeGate(gate, timeZone));
  return section(clampMrkdwn(`*Alert* ${name}\n${lines.join('\n')}`, alertShown));
}

/** Within a section, with room for its title. */
function block(text: string): string {
  return clampMrkdwn(codeBlock(text), slackLimits.section - 20);
}
