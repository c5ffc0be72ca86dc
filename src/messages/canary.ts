import type { InputBlock, PlainTextOption } from '@slack/types';
import type { Modal, ModalSubmission } from '../domain/chat.ts';
import type { CanaryPolicy, Plan, RedistributionState } from '../domain/redistribution.ts';
import type { CanaryProgress } from '../domain/store/redistributions.ts';
import { actions } from './actions.ts';
import { button, confirmDialog, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { plain } from './form-parts.ts';
import { countOf, mention } from './wording.ts';

export const canaryFormId = 'redistribution:canary';

interface CanaryView {
  readonly state: RedistributionState;
  readonly plan: Plan | null;
  readonly canary: CanaryProgress | null;
}

/** Returns how a redistribution begins with few recipients, and how far that is: a line, or none. */
export function describeCanary({ state, plan, canary }: CanaryView): string[] {
  if (canary === null || plan === null) return [];
  if (plan.canary === undefined) {
    if (state !== 'proposed' || plan.recipients <= canary.recipients) return [];
    const most = countOf(canary.recipients, 'recipient');
    return [`*Canary*  none: no job here has more than ${most}, or can go to some of them alone`];
  }
  if (state === 'proposed' || state === 'approved') {
    const after = canary.afterwards === 'ask' ? 'after a click on *Go on*' : 'by themselves';
    const first = plan.canary === 1 ? 'recipient' : countOf(plan.canary, 'recipient');
    return [
      `*Canary*  the first ${first} alone; if all succeed the others follow ${after}, else none of them`,
    ];
  }
  if (canary.releasedBy) return [`*Canary*  succeeded, went on by ${mention(canary.releasedBy.userId)}`];
  if (!isWaiting({ state, canary })) return [];
  return [':hatching_chick: *The first recipients have succeeded*; the others wait for *Go on*'];
}

export function isWaiting({ state, canary }: Pick<CanaryView, 'state' | 'canary'>): boolean {
  return state === 'running' && canary !== null && canary.waiting && canary.releasedBy === null;
}

/** Lets the others follow; asks before. */
export function goOnButton({ id, server }: { readonly id: string; readonly server: string }) {
  const text = `The first recipients have succeeded; the others follow on ${clampText(escapeText(server), 60)}.`;
  const confirm = confirmDialog('Go on?', text, 'Go on');
  return button('Go on', actions.redistributionGoOn, id, { style: 'primary', confirm });
}

const ways = {
  none: 'All at once, without a canary',
  continue: 'The first alone; if they succeed the others follow by themselves',
  ask: 'The first alone; then somebody has to press Go on',
} as const;
type Way = keyof typeof ways;

/** Asks how many recipients a proposal is to begin with. */
export function canaryForm({
  id,
  server,
  canary,
}: {
  readonly id: string;
  readonly server: string;
  readonly canary: CanaryPolicy | null;
}): Modal {
  const options = Object.entries(ways).map(
    ([value, text]): PlainTextOption => ({ value, text: plain(text) }),
  );
  const initial = options.find(({ value }) => value === (canary?.afterwards ?? 'continue'));
  const way: InputBlock = {
    type: 'input',
    block_id: 'way',
    label: plain('How it begins'),
    element: {
      type: 'radio_buttons',
      action_id: 'way',
      options,
      ...(initial ? { initial_option: initial } : {}),
    },
  };
  const count: InputBlock = {
    type: 'input',
    block_id: 'recipients',
    label: plain('How many recipients of each job come first'),
    element: {
      type: 'plain_text_input',
      action_id: 'recipients',
      max_length: 6,
      initial_value: String(canary?.recipients ?? 1),
    },
  };
  const about = `Redistribution on ${codeSpan(clampText(server, 100))}: a new proposal takes the place of this one, and its approvals are void.`;
  return {
    callbackId: canaryFormId,
    title: 'Canary',
    submit: 'Propose',
    blocks: [way, count, section(about)],
    metadata: id,
  };
}

export type ReadCanary =
  | { readonly canary: CanaryPolicy | null }
  | { readonly faults: Readonly<Record<string, string>> };

/** What somebody chose; `null` is no canary. */
export function readCanaryForm(values: ModalSubmission['values']): ReadCanary {
  const { way, recipients } = values;
  if (way === 'none') return { canary: null };
  const count =
    typeof recipients === 'string' && /^[1-9]\d{0,5}$/.test(recipients.trim()) ? Number(recipients) : null;
  if (isWay(way) && way !== 'none' && count !== null)
    return { canary: { recipients: count, afterwards: way } };
  const faults = {
    ...(!isWay(way) && { way: 'Choose one.' }),
    ...(count === null && { recipients: 'Write a whole number of at least 1.' }),
  };
  return { faults };
}

function isWay(value: unknown): value is Way {
  return typeof value === 'string' && Object.hasOwn(ways, value);
}
