import type { AlertFields } from '../../domain/alert.ts';
import type { GateResult } from '../../domain/gate.ts';
import { passed, stopped } from '../../domain/gate.ts';
import { subjectOf } from '../../threshold/counter.ts';
import { decideThreshold } from '../../threshold/decide-threshold.ts';
import { needOf } from '../../threshold/need.ts';
import { describeSelector, selectRules } from '../../threshold/select-rule.ts';
import { describeSubject } from '../../threshold/subject.ts';
import { type CountedAlert, countersOf, findTicket, lookUpAlert } from '../counting/counted-alert.ts';
import type { InspectionDeps } from '../deps.ts';
import { readRules } from '../counting/thresholds-in-force.ts';

/**
 * The threshold gate for an alert that comes now: which rule counts it and why, what it adds to, and how far that is
 * (A9). `target` is the device that the later gates would look at.
 */
export async function explainThreshold(
  deps: InspectionDeps,
  alert: AlertFields,
): Promise<{ readonly threshold: GateResult; readonly target: string }> {
  const rules = await deps.store.transaction((tx) => readRules(deps, tx));
  const [selected] = selectRules(rules, describeSubject(alert, deps.inventory));
  const counted = lookUpAlert(deps, rules, alert, { mailId: 0, ordinal: 0 });
  const chosen = {
    rule: selected?.rule.id ?? null,
    for: selected ? describeSelector(selected.rule) : null,
    chosenAs: selected?.reason ?? null,
    beats: selected?.beaten.map(({ id }) => id).join(', ') || null,
  };
  const { live, sightings } = await readState(deps, counted);
  if (live) {
    const target = live.counter === counted.counter ? targetOf(counted) : subjectOf(live.counter);
    const values = { ...chosen, counter: live.counter, ticket: live.id };
    return { threshold: passed('threshold', 'joins-the-live-ticket', values), target };
  }
  if (!counted.rule) return { threshold: stopped('threshold', 'no-rule-fits'), target: alert.device };
  const need = needOf(counted.rule, subjectOf(counted.counter), deps.inventory);
  const own = { at: alert.at, device: counted.subject.device };
  const decision = decideThreshold([...sightings, own], need);
  const values = {
    ...chosen,
    counter: counted.counter,
    counted: decision.counted,
    needed: decision.needed,
    of: need.of,
    windowMinutes: need.withinMs / 60_000,
    behind: counted.upstreamRoot,
  };
  const decide = decision.met ? passed : stopped;
  return { threshold: decide('threshold', decision.reason, values), target: targetOf(counted) };
}

function targetOf({ rule, counter, device }: CountedAlert): string {
  return rule?.over === 'server' ? subjectOf(counter) : device;
}

async function readState(deps: InspectionDeps, alert: CountedAlert) {
  const withinMs = alert.rule?.withinMs ?? 0;
  const from = new Date(alert.at.getTime() - withinMs);
  const until = new Date(alert.at.getTime() + withinMs);
  return deps.store.transaction(async (tx) => {
    const tickets = await tx.liveTickets(countersOf(alert));
    const ticket = findTicket(alert, tickets);
    const counter = [...tickets].find(([, one]) => one.id === ticket?.id)?.[0];
    const counted = await tx.countedSightings([alert.counter], from, until);
    return {
      live: ticket && counter !== undefined ? { id: ticket.id, counter } : null,
      sightings: counted.get(alert.counter) ?? [],
    };
  });
}
