import { judgeEvidence } from '../../diagnosis/judge-evidence.ts';
import type { AlertFields, Recovery } from '../../domain/alert.ts';
import type { GateResult } from '../../domain/gate.ts';
import { findDecisive, passed, stopped } from '../../domain/gate.ts';
import type { RawMail } from '../../domain/mail.ts';
import { decideDiagnosis, policyFor } from '../../diagnosis/decide-diagnosis.ts';
import { isAboutDevice } from '../../threshold/counter.ts';
import { verifyLocation } from '../../ticket/location.ts';
import type { InspectionDeps } from '../deps.ts';
import { explainPaging } from './explain-paging.ts';
import { explainRoute } from './explain-route.ts';
import { explainThreshold } from './explain-threshold.ts';
import { locationGate } from './location-gate.ts';
import { explainOutage } from './explain-outage.ts';
import { gatherEvidence } from '../ticket/gather-evidence.ts';
import { type ReadMail, readMail } from '../intake/read-mail.ts';
import { draftFor } from './draft.ts';

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
  readonly recoveries: readonly Recovery[];
  /** YAML of a format that would read this mail: for a dead letter, and where asked for, a mail that no format knows. */
  readonly draft: string | null;
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
  options: ExplainOptions,
): Promise<Explanation> {
  const read = await readAsReceived(deps, raw);
  const draft = await draftFor(deps, [read], { isAskedFor: false, others: [] });
  return { ...(await explainRead(deps, read, options)), draft };
}

/** As `explainMail`, of a mail that has been read; drafts no format. */
export async function explainRead(
  deps: InspectionDeps,
  { reading }: ReadMail,
  { file, probe }: ExplainOptions,
): Promise<Explanation> {
  const decisive = findDecisive(reading.gates);
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
    recoveries: reading.recoveries,
    draft: null,
  };
}

/** Reads a mail that is looked at later as it was when it came: by its own date, unless that lies ahead. */
export async function readAsReceived(deps: InspectionDeps, raw: RawMail): Promise<ReadMail> {
  const read = await readMail(deps, raw);
  const sentAt = read.head?.date ?? raw.receivedAt;
  return sentAt < raw.receivedAt ? readMail(deps, { ...raw, receivedAt: sentAt }) : read;
}

async function explainAlert(deps: InspectionDeps, alert: AlertFields, probe: boolean): Promise<GateResult[]> {
  const { threshold, target } = await explainThreshold(deps, alert);
  const device = deps.inventory.find(target);
  const isDevice = device === deps.inventory.find(alert.device);
  const location = verifyLocation(isDevice ? alert : { building: alert.building, room: alert.room }, device);
  const { counter } = threshold.values;
  const isAboutOne = typeof counter !== 'string' || isAboutDevice(counter);
  return [
    threshold,
    await deps.store.transaction((tx) => explainOutage(deps, tx, alert, target)),
    // What is about more than a device is not pinged.
    isAboutOne
      ? await explainDiagnosis(deps, target, alert.failure, probe)
      : passed('diagnosis', 'several-devices'),
    locationGate(location),
    explainRoute(deps, alert, device, location),
    await deps.store.transaction((tx) => explainPaging(deps, tx, alert, target)),
  ];
}

async function explainDiagnosis(
  deps: InspectionDeps,
  target: string,
  failure: string,
  probe: boolean,
): Promise<GateResult> {
  if (!probe) return passed('diagnosis', 'not-probed', { device: target, hint: 'add --probe' });
  const device = deps.inventory.find(target);
  const diagnosis = judgeEvidence(await gatherEvidence(deps, target, device));
  const decision = decideDiagnosis(diagnosis, 0, policyFor(failure, deps.policies.diagnosis));
  const values = {
    verdict: diagnosis.verdict,
    because: diagnosis.reason,
    hop: diagnosis.hop,
    at: diagnosis.at,
  };
  const decide = decision.action === 'ticket' ? passed : stopped;
  return decide('diagnosis', decision.reason, values);
}
