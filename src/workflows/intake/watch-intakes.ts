import { clicksIntake, countingWork, probeIntake, workOf } from '../../domain/heartbeat.ts';
import type { Incident } from '../../domain/store/heartbeats.ts';
import type { Tx } from '../../domain/store/store.ts';
import { type Judgement, type Watch, judgeIntake } from '../../heartbeat/judge-intake.ts';
import { judgeClicks } from '../../heartbeat/judge-chat.ts';
import { judgeWork, stuckForMs, uncommittedForMs } from '../../heartbeat/judge-progress.ts';
import { isProbeDue, judgeProbe } from '../../heartbeat/judge-probe.ts';
import type { Deps } from '../deps.ts';
import { changeIncident, closeIncident, openIncident } from './tell-incident.ts';
import { tellUnknown } from './tell-unknown.ts';

/** Probes that are older than this, and all that came after them, are no news. */
const probesKeptMs = 24 * 3600 * 1000;

/**
 * Looks after the intakes (A1): notes which are connected and get on, sends the probe mail when it is due, and tells in Slack
 * of each that fails, once, and when it recovers; so it does of counting and of clicks, and of mail that no format knows. Two bots on one database tell once together.
 */
export async function watchIntakes(deps: Deps, startedAt: Date): Promise<void> {
  const watch = { now: deps.clock.now(), startedAt };
  const token = await deps.store.transaction(async (tx) => {
    await tx.lockHeartbeats();
    await judgeIntakes(deps, tx, watch);
    await judgeProgress(deps, tx, watch.now);
    await watchClicks(deps, tx, watch);
    await tellUnknown(deps, tx, watch.now);
    return watchProbe(deps, tx, watch);
  });
  if (token !== null) await sendProbe(deps, token);
}

async function judgeIntakes(deps: Deps, tx: Tx, watch: Watch): Promise<void> {
  const healths = deps.intakeHealth();
  for (const { intake, connected } of healths) await tx.noteConnection(intake, connected, watch.now);
  const records = await tx.heartbeats();
  for (const health of healths) {
    const judgement = judgeIntake(health, records, deps.policies.intake.heartbeat, watch);
    await follow(deps, tx, health.intake, judgement);
  }
}

/** One piece of work that may be stuck. */
interface Work {
  readonly name: string;
  readonly reason: 'stuck' | 'not-counting';
  /** How long it has been stuck in this bot; `null` if it goes on. */
  readonly stuckForMs: number | null;
  readonly sinceSuccessMs: number | null;
}

async function judgeProgress(deps: Deps, tx: Tx, now: Date): Promise<void> {
  const works = worksOf(deps);
  for (const { name, sinceSuccessMs } of works)
    if (sinceSuccessMs !== null)
      await tx.noteConnection(name, true, new Date(now.getTime() - sinceSuccessMs));
  const records = await tx.heartbeats();
  const open = await tx.openIncidents();
  for (const { name, reason, stuckForMs: stuckMs } of works) {
    const lastSuccessAt = records.find(({ intake }) => intake === name)?.lastConnectedAt ?? null;
    const openedAt = open.find(({ intake }) => intake === name)?.openedAt ?? null;
    const work = { stuckForMs: stuckMs, lastSuccessAt, openedAt };
    await follow(deps, tx, name, judgeWork(work, reason, deps.policies.health, now));
  }
}

function worksOf(deps: Deps): readonly Work[] {
  const { progress } = deps;
  const { health } = deps.policies;
  const intakes = deps.intakeHealth().map(({ intake }): Work => {
    const standing = progress.standingOf(intake);
    return { ...standing, name: workOf(intake), reason: 'stuck', stuckForMs: stuckForMs(standing, health) };
  });
  const standing = progress.standingOf(countingWork);
  const stuckMs = uncommittedForMs(standing, health);
  return [...intakes, { ...standing, name: countingWork, reason: 'not-counting', stuckForMs: stuckMs }];
}

async function watchClicks(deps: Deps, tx: Tx, watch: Watch): Promise<void> {
  const health = deps.chat.health();
  await tx.noteConnection(clicksIntake, health.sockets.open > 0, watch.now);
  const own = (await tx.heartbeats()).find(({ intake }) => intake === clicksIntake);
  const judgement = judgeClicks(health, own?.lastConnectedAt ?? null, deps.policies.health, watch);
  await follow(deps, tx, clicksIntake, judgement);
}

/** Answers the token of the probe that is to be sent now. */
async function watchProbe(deps: Deps, tx: Tx, watch: Watch): Promise<string | null> {
  const policy = deps.policies.intake.heartbeat.probe;
  if (policy === null) return null;
  const keptMs = Math.max(probesKeptMs, 2 * (policy.everyMs + policy.withinMs));
  const probes = await tx.probesSince(new Date(watch.now.getTime() - keptMs));
  await follow(deps, tx, probeIntake, judgeProbe(probes, policy, watch));
  if (!isProbeDue(probes, policy, watch.now)) return null;
  const token = `probe-${deps.newId()}`;
  await tx.addProbe(token, watch.now);
  await tx.enqueue({ queue: 'heartbeat', at: new Date(watch.now.getTime() + policy.withinMs + 1) });
  return token;
}

async function follow(deps: Deps, tx: Tx, intake: string, judgement: Judgement): Promise<void> {
  const open = (await tx.openIncidents()).find((incident) => incident.intake === intake);
  if (judgement.verdict === 'well' && open) return closeIncident(deps, tx, open);
  if (judgement.verdict !== 'failed') return;
  if (!open) return openIncident(deps, tx, intake, judgement);
  if (isOther(open, judgement)) await changeIncident(deps, tx, open, judgement);
}

function isOther(open: Incident, { reason, detail }: Pick<Incident, 'reason' | 'detail'>): boolean {
  return open.reason !== reason || open.detail !== detail;
}

/** A relay that does not take the probe is a failure like any other on its way: it will be missed. */
async function sendProbe(deps: Deps, token: string): Promise<void> {
  const policy = deps.policies.intake.heartbeat.probe;
  if (policy === null) return;
  try {
    await deps.probeMailer.send(policy, token);
  } catch (error) {
    deps.log.warn({ relay: policy.relay, error: String(error) }, 'probe mail not sent');
  }
}
