import { setTimeout as sleep } from 'node:timers/promises';
import { ben, cai, type CommandSite } from '../../bench/command-site.ts';
import type { PostgresServer } from '../../bench/servers/postgres.ts';
import type { PostedMessage } from '../../demo/workspace/workspace.ts';
import { actions } from '../../messages/actions.ts';
import { untilAborted } from '../aborted.ts';
import type { FaultIn } from '../fault-kinds.ts';
import type { PlannedFault, RoundPlan } from '../plan.ts';
import type { Findings } from '../report.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { judgeRuns } from './judge-runs.ts';
import { runBreakers } from './run-breakers.ts';
import { type RunWorld, startRunWorld } from './run-world.ts';

const commandsPerRound = 6;
/** From the last fault's healing. */
const endsWithinMs = { liveness: 150_000, safety: 240_000 } as const;
const lookEveryMs = 50;
/** A person whose click had no effect clicks again. */
const clickAgainAfterMs = 5_000;
/** After all have ended nothing may begin anew for so long. */
const staysForMs = 2_000;

/** One redistribution, approved and run while things break. */
export async function playRuns(
  plan: RoundPlan,
  shared: PostgresServer,
  interrupt: AbortSignal,
): Promise<Findings> {
  const since = performance.now();
  const random = createSeededRandom(plan.seed);
  const world = await startRunWorld(plan.bots, shared);
  const wrongs = new Set<string>();
  const startedMs = Math.round(performance.now() - since);
  try {
    const found = await Promise.race([playOut(plan, world, random), untilAborted(interrupt)]);
    for (const wrong of found) wrongs.add(wrong);
    for (const bot of world.bots) {
      if (bot.end() !== null)
        wrongs.add(`a bot ended by itself (${bot.end()}): ${bot.complaints().slice(-3).join(' | ')}`);
    }
  } catch (error) {
    wrongs.add(`the round broke off: ${String(error)}`);
  } finally {
    await world.close();
  }
  const tookMs = Math.round(performance.now() - since);
  return { figures: { commands: commandsPerRound, startedMs, tookMs }, notes: [], wrongs: [...wrongs] };
}

async function playOut(plan: RoundPlan, world: RunWorld, random: SeededRandom): Promise<readonly string[]> {
  const { site } = world;
  const names = Array.from({ length: commandsPerRound }, (_, n) => `run-${n + 1}`);
  site.failJobs(names.map((name) => ({ name, args: [name, String(random.between(0, 400) / 1000)] })));
  const proposal = await site.propose();
  const isRace = plan.faults.some(({ name }) => name === 'run-race');
  const look = () =>
    judgeRuns({ names, marks: world.marks(), messages: site.workspace.messages(proposal.channel) });
  await site.approve(proposal, isRace ? [ben, cai] : [ben]);
  let isHealed = false;
  const breakAll = async () => {
    await Promise.all(plan.faults.map((fault) => strike(world, fault, random)));
    isHealed = true;
  };
  await Promise.all([breakAll(), clickUntilApproved(site, proposal, () => isHealed)]);
  const deadline = performance.now() + endsWithinMs[plan.goal];
  while (look().length > 0 && performance.now() < deadline) {
    await clickUntilApproved(site, proposal, () => true);
    await sleep(lookEveryMs);
  }
  await sleep(staysForMs);
  return look();
}

async function strike(world: RunWorld, fault: PlannedFault, random: SeededRandom): Promise<void> {
  await sleep(fault.afterMs);
  await runBreakers[fault.name as FaultIn<'runs'>](world, fault, random);
}

/** Clicks again while the proposal still waits for approval; looks until `isOver`. */
async function clickUntilApproved(
  site: CommandSite,
  proposal: PostedMessage,
  isOver: () => boolean,
): Promise<void> {
  do {
    await sleep(isOver() ? 0 : clickAgainAfterMs);
    const message = site.workspace.messages(proposal.channel).find(({ ts }) => ts === proposal.ts);
    if (JSON.stringify(message?.blocks ?? []).includes(`"${actions.redistributionApprove}"`)) {
      await site.approve(proposal, [ben]);
      await sleep(lookEveryMs);
    }
  } while (!isOver());
}
