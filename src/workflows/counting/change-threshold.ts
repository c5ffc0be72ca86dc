import type { Person } from '../../domain/chat.ts';
import type { ThresholdRule } from '../../domain/policy.ts';
import type { Tx } from '../../domain/store/store.ts';
import { describeNeed } from '../../messages/thresholds.ts';
import { describeSelector, ruleKey } from '../../threshold/select-rule.ts';
import type { Deps } from '../deps.ts';
import { readRulesInForce } from './thresholds-in-force.ts';

/** By whom, and the key under which Slack would deliver the same thing again. */
export interface ThresholdDeed {
  readonly person: Person;
  readonly deliveryKey: string;
}

/**
 * Sets a threshold (A9): in force for the next alert in every bot. What was counted under a rule that counts over
 * something else keeps what it adds to. Answers what to tell the person.
 */
export async function setThreshold(
  deps: Deps,
  rule: Omit<ThresholdRule, 'id'>,
  deed: ThresholdDeed,
): Promise<string> {
  return once(deps, deed, async (tx, who, at) => {
    const key = ruleKey(rule);
    const before = (await readRulesInForce(deps, tx)).find((one) => ruleKey(one.rule) === key);
    await tx.addThresholdOverride(key, { rule, setBy: who, setAt: at });
    const instead = before ? `; before: ${describeNeed(before.rule)}` : '';
    const what = `${describeNeed(rule)}${instead}`;
    await tx.audit({ at, who, what: `threshold set: ${what}`, about: describeSelector(rule) });
    return `In force now for ${describeSelector(rule)}: ${what}.`;
  });
}

/** Takes the last change of a threshold back; what was in force before it is in force again. */
export async function undoThreshold(deps: Deps, key: string, deed: ThresholdDeed): Promise<string> {
  return once(deps, deed, async (tx, who, at) => {
    const result = await tx.undoThresholdOverride(key, { who, at });
    if (!result) return 'Nothing was set in Slack for these alerts: the config decides.';
    const { undone, restored } = result;
    const config = deps.policies.thresholds.find((rule) => ruleKey(rule) === key);
    const again = restored?.rule ?? config;
    const what = again ? `again ${describeNeed(again)}` : 'no threshold of their own any more';
    const about = describeSelector(undone.rule);
    await tx.audit({ at, who, what: `threshold undone: ${what}`, about });
    return `In force now for ${about}: ${what}.`;
  });
}

/** Under the lock that counting takes, so that a batch of mail is counted by one set of rules. */
async function once(
  deps: Deps,
  { person, deliveryKey }: ThresholdDeed,
  change: (tx: Tx, who: string, at: Date) => Promise<string>,
): Promise<string> {
  const at = deps.clock.now();
  return deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    if (!(await tx.firstSight(deliveryKey, at))) return 'This is done already.';
    return change(tx, `${person.teamId}/${person.userId}`, at);
  });
}
