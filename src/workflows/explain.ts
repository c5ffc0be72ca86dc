import { judgeEvidence } from '../diagnosis/judge-evidence.ts';
import type { AlertFields } from '../domain/alert.ts';
import type { GateResult } from '../domain/gate.ts';
import { passed, stopped } from '../domain/gate.ts';
import type { RawMail } from '../domain/mail.ts';
import { decideDiagnosis } from '../diagnosis/decide-diagnosis.ts';
import { decideOutage } from '../outage/decide-outage.ts';
import { counterOf, subjectOf } from '../threshold/counter.ts';
import { decideThreshold } from '../threshold/decide-threshold.ts';
import { selectRule } from '../threshold/select-rule.ts';
import { verifyLocation } from '../ticket/location.ts';
import { routeTicket } from '../ticket/route.ts';
import type { InspectionDeps } from './deps.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { readMail } from './read-mail.ts';

export interface ExplainedAlert extends AlertFields {
  readonly gates: readonly GateResult[];
}

export interface Explanation {
  readonly file: string;
  readonly outcome: 'accepted' | 'rejected' | 'ignored' | 'dead-letter';
  /** The gate that decided on the mail, and its reason. */
  readonly gate: string;
  readonly reason: string;
  readonly format: string | null;
  readonly gates: readonly GateResult[];
  readonly alerts: readonly ExplainedAlert[];
}

export interface ExplainOptions {
  /** Name shown for the mail. */
  readonly file: string;
  /** Send real probes for the diagnosis gate. */
  readonly probe: boolean;
}

/** Why this mail does, or does not, lead to a ticket now: every gate with its values. Changes nothing. */
export async function explainMail(
  deps: InspectionDeps,
  raw: RawMail,
  { file, probe }: ExplainOptions,
): Promise<Explanation> {
  const { reading } = await readMail(deps, raw);
  const decisive = reading.gates.findLast((gate) => !gate.passed) ?? reading.gates.at(-1);
  const alerts = await Promise.all(
    reading.alerts.map(async (alert) => ({ ...alert, gates: await explainAlert(deps, alert, probe) })),
  );
  return {
    file,
    outcome: reading.state,
    gate: decisive?.gate ?? 'mime',
    reason: decisive?.reason ?? 'unread',
    format: reading.format,
    gates: reading.gates,
    alerts,
  };
}

async function explainAlert(deps: InspectionDeps, alert: AlertFields, probe: boolean): Promise<GateResult[]> {
  const { threshold, target } = await explainThreshold(deps, alert);
  const device = deps.inventory.find(target);
  const outages = await deps.store.transaction((tx) => tx.outages());
  const now = deps.clock.now();
  const outage = decideOutage(outages, device ?? { name: target, ip: null, mac: null }, now);
  const until = outage.outage?.until.toISOString() ?? null;
  const location = verifyLocation(alert, device);
  const route = routeTicket(device?.region ?? alert.region, deps.policies.routing);
  const decide = outage.out ? stopped : passed;
  return [
    threshold,
    decide('outage', outage.reason, { device: target, until }),
    await explainDiagnosis(deps, target, probe),
    passed('location', location.known ? 'in-inventory' : 'not-in-inventory', {
      building: location.building,
      room: location.room,
      corrections: location.corrections.join('; ') || null,
    }),
    passed('route', route.reason, { channel: route.channel }),
  ];
}

async function explainThreshold(
  deps: InspectionDeps,
  alert: AlertFields,
): Promise<{ threshold: GateResult; target: string }> {
  const selected = selectRule(deps.policies.thresholds, alert);
  if (!selected) return { threshold: stopped('threshold', 'no-rule-fits'), target: alert.device };
  const { rule, reason } = selected;
  const counter = counterOf(rule, alert);
  const from = new Date(alert.at.getTime() - rule.withinMs);
  const until = new Date(alert.at.getTime() + rule.withinMs);
  const { times, live } = await deps.store.transaction(async (tx) => ({
    times: await tx.countedTimes(counter, from, until),
    live: (await tx.liveTickets([counter])).get(counter),
  }));
  const decision = decideThreshold([...times, alert.at], rule);
  const values = {
    counter,
    counted: decision.counted,
    needed: rule.count,
    windowMinutes: rule.withinMs / 60_000,
    rule: rule.id,
    chosenAs: reason,
    ticket: live?.id ?? null,
  };
  const target = rule.over === 'server' ? subjectOf(counter) : alert.device;
  if (live) return { threshold: passed('threshold', 'joins-the-live-ticket', values), target };
  const decide = decision.met ? passed : stopped;
  return { threshold: decide('threshold', decision.reason, values), target };
}

async function explainDiagnosis(deps: InspectionDeps, target: string, probe: boolean): Promise<GateResult> {
  if (!probe) return passed('diagnosis', 'not-probed', { device: target, hint: 'add --probe' });
  const device = deps.inventory.find(target);
  const diagnosis = judgeEvidence(await gatherEvidence(deps, target, device));
  const decision = decideDiagnosis(diagnosis, 0, deps.policies.diagnosis);
  const values = { verdict: diagnosis.verdict, because: diagnosis.reason, hop: diagnosis.hop };
  const decide = decision.action === 'ticket' ? passed : stopped;
  return decide('diagnosis', decision.reason, values);
}
