import type { Plan } from '../domain/redistribution.ts';
import { countOf } from './wording.ts';

/** Returns whom commands reach beside their recipients; `null` if nobody else. */
export function describeReach({ hosts, recipients, runnable }: Plan): string | null {
  if (runnable === 0 || hosts === undefined) return null;
  if (hosts === null) return 'may reach others: its hosts cannot be counted';
  return hosts > recipients ? `reaches ${countOf(hosts, 'host')}` : null;
}
