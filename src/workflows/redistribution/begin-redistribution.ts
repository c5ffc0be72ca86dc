import type { Person } from '../../domain/chat.ts';
import type { CanaryPolicy, Period } from '../../domain/redistribution.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { codeSpan, escapeText } from '../../messages/escape.ts';
import type { Deps } from '../deps.ts';
import { takeOffer } from '../recovery/offer-redistribution.ts';
import { channelOfServer } from './server-channel.ts';
import { tellRequester } from './tell-requester.ts';
import { lockServer } from './server-lock.ts';

/** What is wanted of one server. */
export interface NewRedistribution {
  readonly server: string;
  /** Only failures for these devices; null: for all. */
  readonly recipients: readonly string[] | null;
  /** Only failures of this job; null: of all. */
  readonly job: string | null;
  readonly period: Period & { readonly text: string };
  readonly timeZone: string;
  readonly requestedBy: Person;
  /** What somebody chose instead of the server's own; left out: nobody chose. */
  readonly canary?: CanaryPolicy | null;
  /** For a server that has no channel. */
  readonly askedIn: string;
}

/**
 * Begins a redistribution, and leaves the rest to `gather`; the caller holds the lock on redistributions. Answers what to
 * tell whoever asked, in Slack's markup: that it has begun (under this id), or who is at it already.
 */
export async function beginRedistribution(
  deps: Deps,
  tx: Tx,
  wanted: NewRedistribution,
): Promise<{ readonly begun: string | null; readonly answer: string }> {
  await withdrawProposals(deps, tx, wanted.server);
  const record = newRecord(deps, wanted);
  const busy = await lockServer(deps, tx, record, record.requestedBy);
  if (busy !== null) return { begun: null, answer: busy };
  await tx.addRedistribution(record);
  const { teamId, userId } = record.requestedBy;
  const { server, recipients, job } = record;
  const detail = { server, recipients, job, period: record.period.text };
  const about = `redistribution ${record.id}`;
  await tx.audit({ at: record.requestedAt, who: `${teamId}/${userId}`, what: 'asked', about, detail });
  await tx.enqueue({ queue: 'gather', redistributionId: record.id });
  await takeOffer(deps, tx, record);
  return { begun: record.id, answer: `Reading the failed jobs of ${describe(deps, record)} …` };
}

/** An older proposal does not stand in the way: two would offer the same commands twice, so it is withdrawn. */
async function withdrawProposals(deps: Deps, tx: Tx, server: string): Promise<void> {
  for (const older of await tx.redistributionsOf(server, ['proposed'])) {
    const change = { state: 'expired', note: 'A newer proposal takes its place.' } as const;
    // Somebody may approve it at this moment.
    if (!(await tx.changeRedistribution(older.id, ['proposed'], change))) continue;
    await tx.touchDelivery('redistribution', older.id, deps.clock.now());
    await tellRequester(
      deps,
      tx,
      older,
      'expired',
      `A newer proposal for ${codeSpan(server)} takes the place of this one.`,
    );
    await tx.enqueue({ queue: 'deliver', channel: older.channel });
  }
}

function describe(deps: Deps, { server, recipients, job, period }: RedistributionRecord): string {
  const names = (recipients ?? []).slice(0, 5).map((name) => codeSpan(name));
  const more = (recipients ?? []).length > names.length ? ' …' : '';
  const devices = recipients === null ? '' : `, only ${names.join(', ')}${more}`;
  const jobs = job === null ? '' : `, only job ${codeSpan(job)}`;
  const channel = channelOfServer(deps, server);
  const place = channel === null ? '' : `, for the channel ${codeSpan(channel)}`;
  return `${codeSpan(server)}${devices}${jobs}, ${escapeText(period.text)}${place}`;
}

function newRecord(
  deps: Deps,
  { askedIn, canary: chosen, ...wanted }: NewRedistribution,
): RedistributionRecord {
  const inForce = deps.policies.servers.get(wanted.server)?.running.canary ?? null;
  const canary = chosen === undefined ? inForce : chosen;
  return {
    ...wanted,
    id: deps.newId(),
    channel: channelOfServer(deps, wanted.server) ?? askedIn,
    requestedAt: deps.clock.now(),
    state: 'gathering',
    digest: null,
    binding: null,
    plan: null,
    decidedBy: null,
    decidedAt: null,
    expiresAt: null,
    unmatched: [],
    superseded: [],
    unread: [],
    warnings: [],
    note: null,
    stoppedBy: null,
    canary: canary && { ...canary, waiting: false, releasedBy: null },
    unreachableSince: null,
  };
}
