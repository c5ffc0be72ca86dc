import type { Inventory } from '../domain/device.ts';
import type { RootCausePolicy, Scope, ThresholdRule } from '../domain/policy.ts';
import type { Need } from './decide-threshold.ts';
import { upstreamOf } from './subject.ts';

/**
 * What a rule asks for about one subject: so many alerts, or a share of the devices in it (A9), at least one.
 * The devices of a server are all that the inventory knows behind it.
 */
export function needOf(rule: ThresholdRule, subject: string, inventory: Inventory): Need {
  const { count, fraction, over, withinMs } = rule;
  if (fraction === null) return { count, of: 'alerts', withinMs };
  return { count: shareOf(fraction, countPopulation(over, subject, inventory)), of: 'devices', withinMs };
}

/** How many devices directly behind a server must fail until the server is taken for the cause. */
export function rootNeedOf(policy: RootCausePolicy, server: string, inventory: Inventory): Need {
  const { devices, fraction, withinMs } = policy;
  const share = fraction === null ? devices : shareOf(fraction, countDirectlyBehind(server, inventory));
  return { count: share === null ? null : Math.max(devices, share), of: 'devices', withinMs };
}

export function countDirectlyBehind(server: string, inventory: Inventory): number {
  return inventory.behind(server).filter((device) => upstreamOf(device, inventory) === server).length;
}

function countPopulation(over: Scope, subject: string, inventory: Inventory): number {
  switch (over) {
    case 'device':
      return 1;
    // A share needs to know how many there are.
    case 'package':
    case 'job':
      return 0;
    case 'server':
      return inventory.behind(subject).length;
    case 'network':
      return inventory.all().length;
    case 'building':
    case 'region':
      return inventory.all().filter((device) => device[over]?.toLowerCase() === subject).length;
  }
}

/** null where there are no devices to take a share of. Rounding must not make 0.07 of 100 an eighth device. */
function shareOf(fraction: number, population: number): number | null {
  return population === 0 ? null : Math.max(1, Math.ceil(Number((fraction * population).toFixed(6))));
}
