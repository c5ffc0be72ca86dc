import { parseDuration } from '../domain/duration.ts';
import {
  type RuleDimension,
  type RuleSelector,
  ruleDimensions,
  type Scope,
  scopes,
  type ThresholdRule,
} from '../domain/policy.ts';

/** A rule as a person writes it. */
export interface WrittenRule {
  /** `region=eu failure=access`; empty: for every alert. */
  readonly for: string;
  readonly over: string;
  /** `4` alerts, or `50%` of the devices. */
  readonly needed: string;
  readonly within: string;
}

export type ReadRule =
  | { readonly rule: Omit<ThresholdRule, 'id'>; readonly faults: null }
  | { readonly rule: null; readonly faults: Partial<Record<keyof WrittenRule, string>> };

const dayMs = 86_400_000;
const mostDays = 365;
/** Phones turn quotes into typographic ones. */
const pair = /^([a-z]+)=(?:["“”„]([^"“”„]*)["“”„]|(\S+))\s*/i;

/** Reads a rule that somebody typed (A9); for what can't be read, what would do instead. */
export function readRule(written: WrittenRule): ReadRule {
  const selector = readSelector(written.for);
  const over = scopes.find((scope) => scope === written.over.trim().toLowerCase()) ?? null;
  const needed = readNeeded(written.needed, over);
  const withinMs = parseDuration(written.within);
  const isWithinFine = withinMs !== null && withinMs >= 1000 && withinMs <= mostDays * dayMs;
  if (typeof selector !== 'string' && over && typeof needed !== 'string' && isWithinFine) {
    return { rule: { ...selector, over, ...needed, withinMs }, faults: null };
  }
  return {
    rule: null,
    faults: {
      ...(typeof selector === 'string' && { for: selector }),
      ...(!over && { over: `Write one of ${scopes.join(', ')}.` }),
      ...(typeof needed === 'string' && { needed }),
      ...(!isWithinFine && { within: `Write a time from 1s to ${mostDays}d, such as 30m.` }),
    },
  };
}

/** The rule in the form that `readRule` reads. */
export function writeRule(rule: Omit<ThresholdRule, 'id'>): WrittenRule {
  return {
    for: writeSelector(rule),
    over: rule.over,
    needed: rule.fraction === null ? String(rule.count) : `${Number((rule.fraction * 100).toFixed(3))}%`,
    within: writeDuration(rule.withinMs),
  };
}

function writeSelector(selector: RuleSelector): string {
  return ruleDimensions
    .flatMap((dimension) => {
      const value = selector[dimension];
      return value === null ? [] : [`${dimension}=${/\s/.test(value) ? `"${value}"` : value}`];
    })
    .join(' ');
}

/** What is said of a selector, or what is wrong with it. */
export function readSelector(text: string): RuleSelector | string {
  const found = new Map<RuleDimension, string>();
  let rest = text.trim();
  while (rest !== '') {
    const [whole = '', key = '', quoted, plain] = pair.exec(rest) ?? [];
    const dimension = ruleDimensions.find((one) => one === key.toLowerCase());
    const value = (quoted ?? plain ?? '').trim();
    if (!dimension || value === '') {
      return `"${rest.slice(0, 60)}" can't be read. Write ${ruleDimensions.join(', ')} with = and a value, such as region=eu.`;
    }
    if (found.has(dimension)) return `${dimension} stands there twice.`;
    found.set(dimension, value);
    rest = rest.slice(whole.length);
  }
  return {
    device: found.get('device')?.toLowerCase() ?? null,
    group: found.get('group') ?? null,
    building: found.get('building') ?? null,
    server: found.get('server')?.toLowerCase() ?? null,
    region: found.get('region') ?? null,
    package: found.get('package') ?? null,
    failure: found.get('failure')?.toLowerCase() ?? null,
  };
}

function readNeeded(text: string, over: Scope | null): Pick<ThresholdRule, 'count' | 'fraction'> | string {
  const [, amount, percent] = /^(\d{1,9}(?:\.\d{1,3})?)\s*(%?)$/.exec(text.trim()) ?? [];
  const number = Number(amount);
  if (percent === '%' && number > 0 && number <= 100) {
    if (over === 'device')
      return 'A share of the devices needs more than one: count over a server, for instance.';
    if (over === 'package' || over === 'job')
      return `Nobody knows how many devices need a ${over}: write a number of alerts, such as 4.`;
    return { count: null, fraction: number / 100 };
  }
  if (percent === '' && Number.isInteger(number) && number >= 1) return { count: number, fraction: null };
  return 'Write a number of alerts, such as 4, or a share of the devices, such as 50%.';
}

function writeDuration(ms: number): string {
  const units = [
    ['d', dayMs],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  const [unit, unitMs] = units.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return `${ms / unitMs}${unit}`;
}
