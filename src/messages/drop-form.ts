import type { InputBlock } from '@slack/types';
import type { Modal } from '../domain/chat.ts';
import { type JudgedSymptom, symptomKey } from '../domain/symptom.ts';
import type { Ticket } from '../domain/ticket.ts';
import { context, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, plainLine } from './escape.ts';
import { plain, reasonInput } from './form-parts.ts';
import { renderMarkup } from './notice.ts';
import type { ChatMessage } from '../domain/chat.ts';
import { failureName } from './ticket-fields.ts';
import { nameSymptom } from './why-ticket.ts';
import { countOf, mention } from './wording.ts';

export const dropFormId = 'ticket:drop';
/** Stands for every symptom that still fails when the form comes back. */
export const allSymptoms = 'all';

/** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const option = { count: 100, text: 75, value: 150 } as const;

/** Returns what stands for a symptom in the form; `null` if its names are too long for Slack. */
export function dropValueOf(symptom: JudgedSymptom): string | null {
  const value = `${symptom.ticketId} ${symptomKey(symptom)}`;
  return value.length <= option.value ? value : null;
}

/** Asks which of a ticket's symptoms nobody needs to repair, and why. */
export function dropForm(
  { id, subject }: Pick<Ticket, 'id' | 'subject'>,
  failing: readonly JudgedSymptom[],
): Modal {
  const listed = new Map(
    failing.flatMap((symptom) => {
      const value = dropValueOf(symptom);
      return value === null ? [] : [[value, { text: plain(optionText(symptom)), value }]];
    }),
  );
  const shown = [...listed.values()].slice(0, option.count - 1);
  const all = { text: plain(`All that still fail (${failing.length})`), value: allSymptoms };
  const input: InputBlock = {
    type: 'input',
    block_id: 'symptoms',
    label: plain('What does nobody need to repair?'),
    element: { type: 'multi_static_select', action_id: 'symptoms', options: [all, ...shown] },
  };
  const more = failing.length - shown.length;
  return {
    callbackId: dropFormId,
    title: 'Drop',
    submit: 'Drop',
    blocks: [
      section(
        `Ticket ${id} · ${codeSpan(clampText(subject, 120))}: it closes once nothing of it still fails.`,
      ),
      input,
      ...(more > 0 ? [context(`${countOf(more, 'symptom')} more can be dropped only with all others.`)] : []),
      reasonInput('Why?', 'Such as: the device is being replaced. It stands in the thread.'),
    ],
    metadata: String(id),
  };
}

function optionText({ device, recipient, failure, package: name, job, service }: JudgedSymptom): string {
  const named = [device, recipient, failureName(failure), name, job, service].filter((one) => one !== null);
  return clampText(plainLine(named.join(' · ')), option.text);
}

const toldByName = 5;

/** The line in the ticket's thread. */
export function renderDropped(
  dropped: readonly JudgedSymptom[],
  userId: string,
  reason: string,
): ChatMessage {
  const names = dropped.slice(0, toldByName).map(nameSymptom);
  const more = dropped.length - names.length;
  const rest = more > 0 ? `\nand ${more} more` : '';
  return renderMarkup(
    `Dropped by ${mention(userId)}, nobody needs to repair it: ${codeSpan(clampText(reason, 300))}\n${names.join('\n')}${rest}`,
  );
}
