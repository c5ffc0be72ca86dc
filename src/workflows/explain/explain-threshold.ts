import type { AlertFields } from '../../domain/alert.ts';
import type { GateResult } from '../../domain/gate.ts';
import { passed, stopped } from '../../domain/gate.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Sighting } from '../../domain/sighting.ts';
import { levelOf, subjectOf } from '../../threshold/counter.ts';
import { decideThreshold } from '../../threshold/decide-threshold.ts';
import { needOf } from '../../threshold/need.ts';
import { describeSelector, selectRules } from '../../threshold/select-rule.ts';
import { describeSubject } from '../../threshold/subject.ts';
import { type CountedAlert, countersOf, findOwner, lookUpAlert } from '../counting/counted-alert.ts';
import type { InspectionDeps } from '../deps.ts';
import {
  type CountExplained,
  describeCount,
  explainCause,
  explainScopes,
  targetOf,
} from './explain-scopes.ts';
import { readRules } from '../counting/thresholds-in-force.ts';

/**
 * The threshold gate for an alert that comes now: which rules count it and why, what it adds to, how far that is, and
 * which explanation wins (A9). `target` is the device that the later gates would look at.
 */
export async function explainThreshold(
  deps: InspectionDeps,
  alert: AlertFields,
): Promise<{ readonly threshold: GateResult; readonly target: string }> {
  const rules = await deps.store.transaction((tx) => readRules(deps, tx));
  const selected = selectRules(rules, describeSubject(alert, deps.inventory));
  const own = selected.find(({ rule }) => rule.over === 'device') ?? selected[0];
  const counted = lookUpAlert(deps, rules, alert, { mailId: 0, ordinal: 0 });
  const { live, sightings, scopes, cause } = await readState(deps, counted);
  const chosen = {
    rule: own?.rule.id ?? null,
    for: own ? describeSelector(own.rule) : null,
    chosenAs: own?.reason ?? null,
    beats: own?.beaten.map(({ id }) => id).join(', ') || null,
    wider: scopes.map(({ text }) => text).join('; ') || null,
  };
  if (live) {
    const values = { ...chosen, counter: live.counter, ticket: live.id, cause };
    const target = targetOf(live.counter, alert.device);
    return { threshold: passed('threshold', 'joins-the-live-ticket', values), target };
  }
  const met = scopes.find((scope) => scope.met);
  if (met) {
    const values = { ...chosen, counter: met.counter, behind: counted.upstreamRoot };
    const target = targetOf(met.counter, alert.device);
    return { threshold: passed('threshold', 'threshold-met', values), target };
  }
  return { threshold: explainDevice(deps, counted, chosen, sightings), target: alert.device };
}

function explainDevice(
  { inventory }: InspectionDeps,
  { rule, counter, at, subject, upstreamRoot }: CountedAlert,
  chosen: GateResult['values'],
  sightings: readonly Sighting[],
): GateResult {
  if (!rule) return stopped('threshold', 'no-rule-fits');
  if (levelOf(counter) !== 'device') return stopped('threshold', 'below-threshold', { ...chosen, counter });
  const need = needOf(rule, subjectOf(counter), inventory);
  const decision = decideThreshold([...sightings, { at, device: subject.device }], need);
  const values = {
    ...chosen,
    counter,
    counted: decision.counted,
    needed: decision.needed,
    of: need.of,
    windowMinutes: need.withinMs / 60_000,
    behind: upstreamRoot,
  };
  return (decision.met ? passed : stopped)('threshold', decision.reason, values);
}

async function readState(deps: InspectionDeps, alert: CountedAlert) {
  const withinMs = alert.rule?.withinMs ?? 0;
  const from = new Date(alert.at.getTime() - withinMs);
  const until = new Date(alert.at.getTime() + withinMs);
  return deps.store.transaction(async (tx) => {
    const owner = findOwner(alert, await tx.liveTickets(countersOf(alert)));
    const counted = await tx.countedSightings([alert.counter], from, until);
    return {
      live: owner && { id: owner.ticket.id, counter: owner.counter },
      sightings: counted.get(alert.counter) ?? [],
      scopes: await explainScopes(deps, tx, alert, 'new'),
      cause: owner && (await explainCause(tx, owner.ticket.id)),
    };
  });
}

/** What each rule that fits counts around an alert's time, its device's own first; without the alert itself unless it is stored. */
export async function countsOf(
  deps: InspectionDeps,
  tx: Tx,
  alert: CountedAlert,
): Promise<readonly CountExplained[]> {
  const { rule, counter, at } = alert;
  const wider = await explainScopes(deps, tx, alert, 'stored');
  if (!rule || levelOf(counter) !== 'device') return wider;
  const [from, until] = [new Date(at.getTime() - rule.withinMs), new Date(at.getTime() + rule.withinMs)];
  const sightings = (await tx.countedSightings([counter], from, until)).get(counter) ?? [];
  const need = needOf(rule, subjectOf(counter), deps.inventory);
  const { counted, needed, reason, met } = decideThreshold(sightings, need);
  const own = { counter, met, rule: rule.id, counted, needed, of: need.of, withinMs: need.withinMs, reason };
  return [{ ...own, text: describeCount(own) }, ...wider];
}
