import type { PostedMessage, Workspace } from '../demo/workspace/workspace.ts';
import { actions } from '../messages/actions.ts';
import type { Deps } from '../workflows/deps.ts';
import { handleClick } from '../workflows/handle-click.ts';
import { handleCommand } from '../workflows/handle-command.ts';
import { createDraw } from './draw.ts';
import { hasWholeWord, type Problem } from './problem.ts';
import { readCards } from './read-cards.ts';
import { channels } from './site.ts';
import { later, minuteMs, type Span } from './times.ts';

/** What people do at a time: a problem is taken, or repaired; a maintenance begins. */
export interface Deed {
  readonly at: Date;
  readonly what: 'acknowledge' | 'repaired' | 'plan-outage';
  readonly problem: Problem;
}

const acknowledgedPercent = 30;
const repairedPercent = 50;
const person = { teamId: 'T0RESTAGE', userId: 'U0ANA' };

/** Draws what the technician does: some tickets are acknowledged, some of those without word are called repaired. */
export function planDeeds(seed: number, problems: readonly Problem[]): readonly Deed[] {
  const draw = createDraw(seed * 1000 + 998);
  const deeds = problems.flatMap((problem): Deed[] => {
    if (problem.kind === 'maintenance')
      return [{ at: later(problem.from, -minuteMs), what: 'plan-outage', problem }];
    const taken = draw.percent(acknowledgedPercent);
    const repaired = !problem.isSilent && !hasWholeWord(problem) && draw.percent(repairedPercent);
    return [
      ...(taken ? [{ at: later(problem.from, 50 * minuteMs), what: 'acknowledge', problem } as const] : []),
      ...(repaired ? [{ at: later(problem.until, 10 * minuteMs), what: 'repaired', problem } as const] : []),
    ];
  });
  return deeds.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** Does it as a person would: by a command, or by the button of the message about the problem. */
export async function perform(deps: Deps, workspace: Workspace, { what, problem }: Deed): Promise<void> {
  const common = {
    deliveryKey: deps.newId(),
    person,
    responseUrl: `${workspace.url}/none`,
    triggerId: 'none',
  };
  if (what === 'plan-outage') {
    const text = `outage ${problem.subject} ${minutesOf(problem)}m disk swap`;
    const command = { ...common, command: '/restage', text, channel: 'C0EU' };
    await handleCommand(deps, command);
    return;
  }
  const message = messageAbout(workspace, problem);
  const [card] = message ? readCards([{ at: deps.clock.now(), message }]) : [];
  if (!message || !card) return;
  const actionId = what === 'acknowledge' ? actions.ticketAcknowledge : actions.ticketRepaired;
  const place = { channel: message.channel, messageTs: message.ts };
  await handleClick(deps, { ...common, actionId, value: String(card.ticketId), ...place }).catch(() => {});
}

function minutesOf({ from, until }: Span): number {
  return Math.ceil((until.getTime() - from.getTime()) / minuteMs) + 2;
}

/** The newest message about it that is not over. */
function messageAbout(workspace: Workspace, { subject }: Problem): PostedMessage | undefined {
  const posted = channels.flatMap((channel) => workspace.messages(channel));
  return posted.findLast((message) => {
    const [card] = readCards([{ at: new Date(0), message }]);
    return card?.subject === subject.toLowerCase() && card.state === 'failing';
  });
}
