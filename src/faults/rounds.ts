import { setTimeout as sleep } from 'node:timers/promises';
import type { Bot } from '../bench/bot.ts';
import { ben, cai, type CommandSite } from '../bench/command-site.ts';
import type { PostedMessage } from '../demo/workspace/workspace.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { World } from './world.ts';

/** What breaks: sessions of sshd, the bot, the network; or two bots race for one approval. */
export const kinds = ['ssh', 'kill', 'cut', 'race'] as const;
type Kind = (typeof kinds)[number];

export interface RoundReport {
  readonly kind: Kind;
  readonly round: number;
  readonly commands: number;
  /** What broke, and when. */
  readonly faults: readonly string[];
  readonly tookMs: number;
  /** Empty: every command had its effect once, and its end is known. */
  readonly problems: readonly string[];
}

const commandsPerRound = 6;
/** Everything that breaks does so within this time after the approval. */
const faultsWithinMs = 1_500;
const giveUpAfterMs = 60_000;
const lookEveryMs = 50;
/** A person whose click had no effect clicks again. */
const clickAgainAfterMs = 5_000;

/** One redistribution, approved and run while something breaks. */
export async function playRound(
  world: World,
  kind: Kind,
  round: number,
  random: SeededRandom,
): Promise<RoundReport> {
  const names = Array.from(
    { length: commandsPerRound },
    (_, n) => `${kind}-${random.seed}-${round}-${n + 1}`,
  );
  const sleepsS = names.map(() => random.between(0, 400) / 1000);
  const faults = planFaults(kind, random);
  const { site, bots } = world;
  while (bots.length < (kind === 'race' ? 2 : 1)) bots.push(await site.startBot(bots.length + 1));
  const since = performance.now();
  const problems: string[] = [];
  try {
    site.failJobs(names.map((name, index) => ({ name, args: [name, String(sleepsS[index])] })));
    const proposal = await site.propose();
    await site.approve(proposal, kind === 'race' ? [ben, cai] : [ben]);
    await Promise.all([breakThings(world, bots, faults), untilDone(site, proposal)]);
    problems.push(...(await findProblems(world, names)));
  } catch (error) {
    problems.push(String(error));
  } finally {
    await world.network.mend();
    // The next round begins anew where this one went wrong.
    if (problems.length > 0) for (const bot of bots.splice(0)) await bot.kill();
  }
  const tookMs = Math.round(performance.now() - since);
  const told = faults.map(({ what, afterMs, forMs }) => `${what} after ${afterMs} ms for ${forMs} ms`);
  return { kind, round, commands: names.length, faults: told, tookMs, problems };
}

interface Fault {
  readonly what: Kind;
  readonly afterMs: number;
  /** How long the bot or the network is away. */
  readonly forMs: number;
}

function planFaults(kind: Kind, random: SeededRandom): readonly Fault[] {
  if (kind === 'race') return [];
  const count = kind === 'ssh' ? random.between(1, 4) : 1;
  return Array.from({ length: count }, () => ({
    what: kind,
    afterMs: random.between(0, faultsWithinMs),
    forMs: kind === 'ssh' ? 0 : random.between(0, 2_000),
  })).toSorted((a, b) => a.afterMs - b.afterMs);
}

async function breakThings(world: World, bots: Bot[], faults: readonly Fault[]): Promise<void> {
  const since = performance.now();
  for (const { what, afterMs, forMs } of faults) {
    await sleep(Math.max(0, afterMs - (performance.now() - since)));
    if (what === 'ssh') await world.site.sshd.killSessions();
    if (what === 'kill') await restart(world, bots, forMs);
    if (what === 'cut') await cut(world, forMs);
  }
}

async function restart(world: World, bots: Bot[], awayMs: number): Promise<void> {
  await bots.pop()?.kill();
  await sleep(awayMs);
  bots.push(await world.site.startBot(1));
}

/** The server notices nothing of it, or has given the sessions up meanwhile. */
async function cut(world: World, forMs: number): Promise<void> {
  await world.network.cut();
  if (forMs % 2 === 0) await world.site.sshd.killSessions();
  await sleep(forMs);
  await world.network.mend();
}

async function untilDone(site: CommandSite, proposal: PostedMessage): Promise<void> {
  const since = performance.now();
  let clickedAt = since;
  while (performance.now() - since < giveUpAfterMs) {
    const [row] = await site.sql<{ state: string }[]>`
      select state from redistributions order by requested_at desc limit 1`;
    if (row?.state === 'done') return;
    if (row?.state === 'proposed' && performance.now() - clickedAt > clickAgainAfterMs) {
      clickedAt = performance.now();
      await site.approve(proposal, [ben]);
    }
    await sleep(lookEveryMs);
  }
  throw new Error(`not done after ${giveUpAfterMs / 1000} s`);
}

async function findProblems({ site, marks }: World, names: readonly string[]): Promise<readonly string[]> {
  const lines = marks();
  const rows = await site.sql<{ job: string; state: string; exitCode: number | null; note: string | null }[]>`
    select command->>'job' as job, state, exit_code as "exitCode", note from commands
    where command->>'job' in ${site.sql([...names])}`;
  return names.flatMap((name) => {
    const times = lines.filter((line) => line === name).length;
    const runs = rows.filter(({ job }) => job === name);
    const [run] = runs;
    const isKnown = runs.length === 1 && run?.state === 'succeeded' && run.exitCode === 0;
    return [
      ...(times === 1 ? [] : [`${name} had its effect ${times} times`]),
      ...(isKnown ? [] : [`${name} is said to be: ${JSON.stringify(runs)}`]),
    ];
  });
}
