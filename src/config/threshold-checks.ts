import { ruleDimensions } from '../domain/policy.ts';
import type { CrossFault } from './faults.ts';
import { spellKey } from './faults.ts';
import { at, type Entry, isSection, itemsAt } from './raw-data.ts';

/** What a share can be of, and what a rule then counts over. */
const overOf: ReadonlyMap<unknown, string> = new Map([
  ['behind-server', 'server'],
  ['building', 'building'],
  ['region', 'region'],
  ['network', 'network'],
]);

/** Rules that tie, and rules that say too little or too much. */
export function checkThresholds(raw: unknown): readonly CrossFault[] {
  const rules = itemsAt(raw, ['thresholds']).filter(({ value }) => isSection(value));
  return [...rules.flatMap(checkRule), ...findTies(rules)];
}

function checkRule({ path, value }: Entry): readonly CrossFault[] {
  const [count, share, of, over] = ['count', 'fraction', 'of', 'over'].map((key) => at(value, [key]));
  const faultAt = (key: string, message: string, hint: string) => [{ path: [...path, key], message, hint }];
  if (count !== undefined && share !== undefined) {
    return faultAt(
      'fraction',
      'stands beside count',
      'A rule counts alerts or a share of devices: keep one.',
    );
  }
  if (count === undefined && share === undefined) {
    return [
      { path, message: 'has no count', hint: 'Write for instance count: 4, or fraction: 0.5 with of.' },
    ];
  }
  if (share === undefined && of !== undefined) {
    return faultAt('of', 'stands without fraction', 'It says what a fraction is of.');
  }
  if (share !== undefined && of === undefined) {
    const hint = 'Write for instance of: behind-server.';
    return faultAt('fraction', 'is a share of nothing', hint);
  }
  const fitting = overOf.get(of);
  if (fitting !== undefined && over !== undefined && over !== fitting) {
    return faultAt('over', `does not go with of: ${String(of)}`, `Write over: ${fitting}, or leave it out.`);
  }
  return [];
}

/** Rules for the same alerts tie that count over the same, whatever else they say. */
function findTies(rules: readonly Entry[]): readonly CrossFault[] {
  const first = new Map<string, readonly PropertyKey[]>();
  return rules.flatMap(({ path, value }) => {
    const over = spell(at(value, ['over'])) ?? overOf.get(at(value, ['of'])) ?? 'device';
    const key = JSON.stringify([...ruleDimensions.map((dimension) => spell(at(value, [dimension]))), over]);
    const tied = first.get(key);
    if (!tied) first.set(key, path);
    const message = `is for the same alerts as ${spellKey(tied ?? path)}, over the same`;
    return tied ? [{ path, message, hint: 'Remove one of them, or make one more specific.' }] : [];
  });
}

function spell(value: unknown): string | null {
  return typeof value === 'string' ? value.trim().toLowerCase() : null;
}
