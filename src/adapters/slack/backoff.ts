const firstWaitMs = 500;
const longestWaitMs = 30_000;

/**
 * The wait after so many failures, in milliseconds: none after the first, then from 0.5 s doubled up to 30 s; of each
 * wait a random half at most is left out, so that bots that lost Slack together do not come back together.
 */
export function waitAfter(failures: number, random: () => number = Math.random): number {
  if (failures <= 1) return 0;
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 2));
  return waitMs * (1 - random() / 2);
}
