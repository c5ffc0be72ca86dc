import type { ChatMessage, SlashCommand } from '../../domain/chat.ts';
import { renderHandover } from '../../messages/handover.ts';
import { renderNotice } from '../../messages/notice.ts';
import { describeUnknownWord } from '../../messages/unknown-word.ts';
import { findShiftStart, regionsOfSchedule } from '../../paging/shifts.ts';
import type { Deps } from '../deps.ts';
import { rotationsOf } from './post-handover.ts';
import { viewHandover } from './view-handover.ts';

export const handoverUsage =
  '`/restage handover [REGION]` shows what a shift leaves to the next: open, held, out, waiting for a digest, quiet, failing again and again, closed by itself.';

/** Where nobody is on call in turns. */
const usualShiftMs = 86_400_000;

/** `/restage handover`: the same as at a shift's end, for whoever asks alone. */
export async function requestHandover(
  deps: Deps,
  _command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const typed = words.join(' ');
  const regions = deps.policies.routing.regions.map(({ name }) => name);
  const region = regions.find((name) => name.toLowerCase() === typed.toLowerCase()) ?? null;
  if (typed !== '' && region === null)
    return renderNotice(`${describeUnknownWord(typed, 'region', regions)}\nUsage: ${handoverUsage}`);
  const asked = { region, since: shiftStart(deps, region, regions), from: null, to: null };
  return renderHandover(await viewHandover(deps, asked), deps.policies.timeZone);
}

/** The running shift's beginning. */
function shiftStart({ policies, clock }: Deps, region: string | null, regions: readonly string[]): Date {
  const now = clock.now();
  const { paging } = policies;
  const schedule = rotationsOf(paging.schedules).find(
    ({ name }) => region === null || regionsOfSchedule(name, paging, regions).includes(region),
  );
  return schedule ? findShiftStart(schedule, now) : new Date(now.getTime() - usualShiftMs);
}
