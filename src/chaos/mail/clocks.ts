import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { PlannedFault } from '../plan.ts';

/** How far a clock is ahead, in seconds. */
const aheadS = { 'clock-ahead': 150, 'clocks-apart': 60 } as const;

/**
 * The environment by which libfaketime shifts a bot's clock; empty for a clock that is right. Monotonic time stays as it is.
 * @see https://github.com/wolfcw/libfaketime
 */
export function clockEnvironment(
  faults: readonly PlannedFault[],
  bot: number,
  clockFile: string,
): Readonly<Record<string, string>> {
  const names = new Set(faults.map(({ name }) => name));
  if (names.has('clock-ahead') && bot === 0) return fake({ FAKETIME: `+${aheadS['clock-ahead']}s` });
  if (names.has('clocks-apart') && bot === 1) return fake({ FAKETIME: `+${aheadS['clocks-apart']}s` });
  if (names.has('clock-jump') && bot === 0) {
    return fake({ FAKETIME_TIMESTAMP_FILE: clockFile, FAKETIME_NO_CACHE: '1' });
  }
  return {};
}

function fake(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { LD_PRELOAD: findFaketime(), FAKETIME_DONT_FAKE_MONOTONIC: '1', ...settings };
}

/**
 * Returns the path of libfaketime for programs with threads. faketime(1) itself fails where an ended process left a semaphore.
 * @throws Error if it is not installed.
 */
export function findFaketime(): string {
  const found = readdirSync('/usr/lib')
    .map((folder) => path.join('/usr/lib', folder, 'faketime/libfaketimeMT.so.1'))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error('faketime is not installed: apt-get install faketime');
  return found;
}
