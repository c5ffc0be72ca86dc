import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Scope } from '../domain/policy.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, header, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { countOf, mention, showDuration, showTime } from './wording.ts';

/** A threshold as people read it. */
export interface ThresholdView {
  /** Names the alerts that it is for; what its buttons carry. */
  readonly key: string;
  /** `region eu, failure access`. */
  readonly isFor: string;
  readonly id: string;
  readonly over: Scope;
  readonly count: number | null;
  readonly fraction: number | null;
  readonly withinMs: number;
  /** It competes with the rules of every scope. */
  readonly instead?: boolean | undefined;
  /** Who set it in Slack; null: the config says so. */
  readonly set: { readonly by: string; readonly at: Date } | null;
  /** What the config says in its place, in words. */
  readonly insteadOf: string | null;
}

/** More of them are listed without buttons: a message has 50 blocks. */
const withButtons = 15;

const alertsOf: Readonly<Record<Scope, string>> = {
  device: 'of one device',
  server: 'of one distribution server',
  building: 'of one building',
  region: 'of one region',
  network: 'of the whole network',
  package: 'of one package',
  job: 'of one job',
};
const devicesOf: Readonly<Record<Scope, string>> = {
  device: 'of one device',
  server: 'of the devices behind one server',
  building: 'of the devices in one building',
  region: 'of the devices in one region',
  network: 'of all devices',
  package: 'of the devices that need one package',
  job: 'of the devices of one job',
};

/** The thresholds in force, with where each comes from (A9); what was set in Slack can be taken back. */
export function renderThresholds(views: readonly ThresholdView[], timeZone: string): ChatMessage {
  const blocks: KnownBlock[] = [header('Thresholds in force')];
  for (const view of views.slice(0, withButtons)) {
    blocks.push(section(describeView(view, timeZone)), buttonRow(buttonsOf(view)));
  }
  const more = views.slice(withButtons).map((view) => describeView(view, timeZone));
  if (more.length > 0) blocks.push(section(more.join('\n')));
  blocks.push(
    context(
      'Each scope counts for itself; within one the most specific wins: device, group, building, server, region, package, failure. A scope wider than a device needs two parts, none of which makes more than 80 %.',
    ),
    buttonRow([button('Add a threshold', actions.thresholdAdd, 'add')]),
  );
  return clampMessage({ text: countOf(views.length, 'threshold'), blocks });
}

/** `4 alerts of one device within 30 min`. */
export function describeNeed(rule: Pick<ThresholdView, 'over' | 'count' | 'fraction' | 'withinMs'>): string {
  const within = `within ${showDuration(rule.withinMs)}`;
  if (rule.fraction === null) return `${countOf(rule.count ?? 0, 'alert')} ${alertsOf[rule.over]} ${within}`;
  return `${Number((rule.fraction * 100).toFixed(3))} % ${devicesOf[rule.over]} ${within}`;
}

function describeView(view: ThresholdView, timeZone: string): string {
  const isFor = escapeText(clampText(view.isFor, 200));
  const origin = view.set
    ? `set by ${mention(view.set.by)} ${showTime(view.set.at, timeZone)}` +
      (view.insteadOf === null ? '' : `; ${codeSpan(view.id)} in the config says ${view.insteadOf}`)
    : `${codeSpan(view.id)} in the config`;
  const instead = view.instead ? ', instead of less specific ones of every scope' : '';
  return `*${isFor}*: ${describeNeed(view)}${instead}\n_${origin}_`;
}

function buttonsOf({ key, set }: ThresholdView) {
  const change = button('Change', actions.thresholdChange, key);
  return set ? [change, button('Undo', actions.thresholdUndo, key)] : [change];
}
