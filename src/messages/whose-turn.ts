import type { Who } from '../domain/approval.ts';
import type { Person } from '../domain/chat.ts';
import type { Plan, RedistributionState } from '../domain/redistribution.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';
import { countOf, mention, showTime } from './wording.ts';

/** Who is to decide about a proposal, and until when. */
export interface TurnView {
  readonly state: RedistributionState;
  readonly server: string;
  readonly plan: Plan | null;
  readonly requestedBy: Person;
  /** Those whom the config names; empty: everybody in the channel. */
  readonly approvers: readonly Who[];
  readonly requesterMayApprove: boolean;
  /** `null` if nothing was proposed. */
  readonly expiresAt: Date | null;
}

/** More are only counted. */
const approversShown = 10;

/** Returns who may approve, mentioned, and when it expires as each reader's Slack shows it: a line while it waits. */
export function describeTurn(view: TurnView, timeZone: string): string[] {
  const { state, plan, approvers, requestedBy, requesterMayApprove, expiresAt } = view;
  if (state !== 'proposed' || plan === null || plan.runnable === 0) return [];
  const shown = approvers.slice(0, approversShown).map(nameApprover);
  const more = approvers.length - shown.length;
  const whom = [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ') || 'everybody in this channel';
  const but = requesterMayApprove ? '' : `, except ${mention(requestedBy.userId)} who asked`;
  const until = expiresAt === null ? '' : ` · expires ${showTime(expiresAt, timeZone)}`;
  return [`*May approve*  ${whom}${but}${until}`];
}

/** Returns what a notification says of a proposal: whose turn it is, and about what. */
export function summarizeTurn({
  state,
  plan,
  server,
}: Pick<TurnView, 'state' | 'plan' | 'server'>): string | null {
  if (state !== 'proposed' || plan === null || plan.runnable === 0) return null;
  const what = `${countOf(plan.runnable, 'command')} for ${countOf(plan.recipients, 'recipient')}`;
  return `Waits for your approval: ${what} on ${escapeText(clampText(server, 100))}`;
}

/** @see https://docs.slack.dev/messaging/formatting-message-text#mentioning-groups */
function nameApprover(who: Who): string {
  if (who.kind === 'user') return mention(who.userId);
  if (who.kind === 'group') return `<!subteam^${who.groupId}>`;
  return who.channel === null ? 'the members of this channel' : `the members of #${escapeText(who.channel)}`;
}
