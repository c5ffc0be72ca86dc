import type {
  FormFaults,
  ButtonClick,
  ChatMessage,
  ModalSubmission,
  SlashCommand,
} from '../../domain/chat.ts';
import { scopes } from '../../domain/policy.ts';
import { renderNotice } from '../../messages/notice.ts';
import { describeUnknownWord } from '../../messages/unknown-word.ts';
import { thresholdFields, thresholdForm } from '../../messages/threshold-form.ts';
import { describeNeed, renderThresholds, type ThresholdView } from '../../messages/thresholds.ts';
import { readRule, readSelector, type WrittenRule, writeRule } from '../../threshold/read-rule.ts';
import type { RuleInForce } from '../../threshold/rules-in-force.ts';
import { describeSelector, ruleKey } from '../../threshold/select-rule.ts';
import { setThreshold, undoThreshold } from './change-threshold.ts';
import type { Deps } from '../deps.ts';
import { readRulesInForce } from './thresholds-in-force.ts';

export const thresholdsUsage =
  '`/restage thresholds` lists the thresholds in force; `/restage thresholds set [region=eu failure=access …] over=server count=50% within=30m` sets one (over device, server, building, region, network, package or job), `set` alone asks in a form, `undo [region=eu …] [over=server]` takes the last change back.';

const newRule: WrittenRule = { for: '', over: 'device', needed: '4', within: '30m' };

/** `/restage thresholds [set …|undo …]`. */
export async function handleThresholds(
  deps: Deps,
  command: SlashCommand,
  [word, ...rest]: readonly string[],
): Promise<ChatMessage> {
  if (word === undefined) return showThresholds(deps);
  if (word === 'undo') return renderNotice(await undoByCommand(deps, command, rest));
  if (word !== 'set')
    return renderNotice(
      `${describeUnknownWord(word, 'word of thresholds', ['set', 'undo'])}\nUsage: ${thresholdsUsage}`,
    );
  if (rest.length > 0) return renderNotice(await setByCommand(deps, command, rest));
  await deps.chat.openModal(command.triggerId, thresholdForm(newRule, command.responseUrl));
  return renderNotice('The form is open.');
}

async function showThresholds(deps: Deps): Promise<ChatMessage> {
  const inForce = await deps.store.transaction((tx) => readRulesInForce(deps, tx));
  return renderThresholds(inForce.map(toView), deps.policies.timeZone);
}

function toView({ rule, override, replaces }: RuleInForce): ThresholdView {
  return {
    ...rule,
    key: ruleKey(rule),
    isFor: describeSelector(rule),
    set: override && { by: override.setBy.split('/').at(-1) ?? '', at: override.setAt },
    insteadOf: replaces && describeNeed(replaces),
  };
}

async function setByCommand(deps: Deps, command: SlashCommand, words: readonly string[]): Promise<string> {
  const own = new Map(['over', 'count', 'within'].map((key) => [key, valueOf(words, key)]));
  const written = {
    for: words.filter((word) => !/^(over|count|within)=/i.test(word)).join(' '),
    over: own.get('over') ?? 'device',
    needed: own.get('count') ?? '',
    within: own.get('within') ?? '',
  };
  const { rule, faults } = readRule(written);
  return rule ? setThreshold(deps, rule, command) : Object.values(faults).join('\n');
}

function valueOf(words: readonly string[], key: string): string | undefined {
  return words.find((word) => word.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
}

/** Without `over=` it is the only threshold that was set for these alerts; of several the person has to say which. */
async function undoByCommand(deps: Deps, command: SlashCommand, words: readonly string[]): Promise<string> {
  const named = valueOf(words, 'over')?.toLowerCase();
  const selector = readSelector(words.filter((word) => !/^over=/i.test(word)).join(' '));
  if (typeof selector === 'string') return selector;
  const inForce = await deps.store.transaction((tx) => readRulesInForce(deps, tx));
  const isMeant = ({ rule, override }: RuleInForce) =>
    override !== null && describeSelector(rule) === describeSelector(selector);
  const scopesSet = inForce.filter(isMeant).map(({ rule }) => rule.over);
  const over = scopes.find((scope) => scope === named) ?? scopesSet[0] ?? 'device';
  if (named === undefined && scopesSet.length > 1) {
    return `Several were set for ${describeSelector(selector)}: write one of ${scopesSet.map((scope) => `over=${scope}`).join(', ')} as well.`;
  }
  return undoThreshold(deps, ruleKey({ ...selector, over }), command);
}

/** The buttons *Change* and *Add a threshold*: they open the form. */
export async function askForThreshold(deps: Deps, click: ButtonClick): Promise<string | null> {
  const inForce = await deps.store.transaction((tx) => readRulesInForce(deps, tx));
  const known = inForce.find(({ rule }) => ruleKey(rule) === click.value);
  const filledIn = known ? writeRule(known.rule) : newRule;
  await deps.chat.openModal(click.triggerId, thresholdForm(filledIn, click.responseUrl));
  return null;
}

/** The button *Undo*. */
export function undoThresholdByClick(deps: Deps, click: ButtonClick): Promise<string> {
  return undoThreshold(deps, click.value, click);
}

/** The form was sent. */
export async function submitThreshold(deps: Deps, submission: ModalSubmission): Promise<FormFaults> {
  const valueAt = (field: string) => {
    const value = submission.values[field];
    return typeof value === 'string' ? value : '';
  };
  const { rule, faults } = readRule({
    for: valueAt(thresholdFields.for),
    over: valueAt(thresholdFields.over),
    needed: valueAt(thresholdFields.needed),
    within: valueAt(thresholdFields.within),
  });
  if (!rule) return faults;
  const answer = await setThreshold(deps, rule, submission);
  await deps.chat.respond(submission.metadata, renderNotice(answer)).catch((error: unknown) => {
    deps.log.warn({ error: String(error) }, 'the answer to a form could not be sent');
  });
  return null;
}
