import { probeIntake } from '../../domain/heartbeat.ts';
import type { Incident } from '../../domain/store/heartbeats.ts';
import type { Tx } from '../../domain/store/store.ts';
import { type Judgement, type Watch, judgeIntake } from '../../heartbeat/judge-intake.ts';
import { isProbeDue, judgeProbe } from '../../heartbeat/judge-probe.ts';
import type { Deps } from '../deps.ts';
import { changeIncident, closeIncident, openIncident } from './tell-incident.ts';

/** Probes that are older than this, and all that came after them, are no news. */
const probesKeptMs = 24 * 3600 * 1000;

/**
 * Looks after the intakes (A1): notes which are connected, sends the probe mail when it is due, and tells in Slack of
 * each that fails, once, and when it recovers. Two bots on one database tell once together.
 */
export async function watchIntakes(deps: Deps, startedAt: Date): Promise<void> {
  const watch = { now: deps.clock.now(), startedAt };
  const token = await deps.store.transaction(async (tx) => {
    await tx.lockHeartbeats();
    await judgeIntakes(deps, tx, watch);
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
