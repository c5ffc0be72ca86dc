import type { AlertFormat } from '../../domain/policy.ts';

/** Tools that share the mailbox and announce no failed distribution: their mail is known, kept, and opens no ticket. */
function ignoredFormat(
  name: string,
  reason: string,
  known: Pick<AlertFormat, 'literals' | 'match'>,
): AlertFormat {
  const ignore = known.match.map((place) => ({ ...place, reason }));
  return { name, ...known, each: null, only: null, extract: [], failures: [], ignore, recovers: [] };
}

/** Lists updates that wait to be installed. */
export const apticronFormat = ignoredFormat('apticron', 'pending-updates', {
  literals: [{ in: 'body', text: 'apticron' }],
  match: [{ in: 'body', pattern: '^apticron (?:report|has detected)' }],
});

/** Sums up a machine's logs, as text or as HTML. */
export const logwatchFormat = ignoredFormat('logwatch', 'log-summary', {
  literals: [{ in: 'body', text: 'Logwatch' }],
  match: [{ in: 'body', pattern: '^ *#+ Logwatch \\d|\\bLogwatch Version: \\d' }],
});

/** Watches RAID arrays. */
export const mdadmFormat = ignoredFormat('mdadm', 'disk-array-event', {
  literals: [{ in: 'subject', text: ' event on /dev/' }],
  match: [{ in: 'subject', pattern: '^\\w+ event on /dev/\\S+:\\S+' }],
});
