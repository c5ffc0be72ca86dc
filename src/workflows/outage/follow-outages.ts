import { RestageError } from '../../domain/errors.ts';
import type { OutageFeed, OutageNotice } from '../../domain/outage.ts';
import type { AnnouncedOutage } from '../../outage/plan-sync.ts';
import { planSync } from '../../outage/plan-sync.ts';
import { readTargets, spellTarget } from '../../outage/targets.ts';
import type { Deps } from '../deps.ts';
import { noteSource } from '../intake/note-source.ts';

/** Reads the feeds, now and on their schedules, until it is stopped. */
export interface OutageFollower {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Keeps the outages in line with what the feeds announce (A10). A broken feed keeps what it said last. */
export function followOutages(deps: Deps, feeds: readonly OutageFeed[]): OutageFollower {
  const timers: NodeJS.Timeout[] = [];
  const underWay = new Map<string, Promise<void>>();
  const read = (feed: OutageFeed): Promise<void> => {
    const reading = (underWay.get(feed.name) ?? Promise.resolve()).then(() => takeOutages(deps, feed));
    const settled = reading.catch((error: unknown) => {
      deps.log.warn(
        { source: feed.name, error: String(error) },
        'outages could not be kept; they are read again',
      );
    });
    underWay.set(feed.name, settled);
    return settled;
  };
  return {
    async start() {
      await endForeignOutages(deps, feeds);
      await Promise.all(feeds.map(read));
      timers.push(...feeds.map((feed) => setInterval(() => void read(feed), feed.everyMs)));
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(underWay.values());
    },
  };
}

/** Reads a feed once. What is wrong with it is noted; only the database's faults reject. */
export async function takeOutages(deps: Deps, feed: OutageFeed): Promise<void> {
  const notices = await readFeed(deps, feed);
  if (!notices) return;
  const announced = notices.flatMap((notice) => toAnnounced(deps, notice));
  await syncOutages(deps, feed.name, announced);
  await noteSource(deps, feed.name, null);
}

async function readFeed(deps: Deps, feed: OutageFeed): Promise<readonly OutageNotice[] | null> {
  try {
    return await feed.read(deps.clock.now());
  } catch (error) {
    const fault = error instanceof RestageError ? error.message : 'It could not be read; see the log.';
    deps.log.warn(
      { source: feed.name, error: String(error) },
      'outages can not be read; what they said last holds',
    );
    await noteSource(deps, feed.name, fault);
    return null;
  }
}

/** One outage for each target that the notice names. */
function toAnnounced(deps: Deps, notice: OutageNotice): readonly AnnouncedOutage[] {
  const { uid, from, until, reason } = notice;
  const targets = readTargets(notice, (name) => deps.inventory.find(name) !== null);
  if (targets.length === 0) deps.log.debug({ uid, reason }, 'outage names nothing that is known');
  return targets.map((target) => ({ uid: `${uid} ${spellTarget(target)}`, target, from, until, reason }));
}

async function syncOutages(deps: Deps, source: string, announced: readonly AnnouncedOutage[]): Promise<void> {
  const now = deps.clock.now();
  await deps.store.transaction(async (tx) => {
    await tx.lockSource(source);
    const stored = await tx.outagesOfSource(
      source,
      announced.map(({ uid }) => uid),
      now,
    );
    const plan = planSync(stored, announced, now);
    for (const outage of plan.add) await tx.addOutage({ ...outage, source, createdBy: source });
    for (const { id, to } of plan.change) {
      const { target, from, until, reason } = to;
      await tx.changeOutage(id, { target, from, until, reason, endedBy: null, endedHandledAt: null });
    }
    for (const { id, until } of plan.end) {
      await tx.changeOutage(id, { until, endedBy: 'source' });
      // Ends that come with time are found by the sweep.
      if (until <= now) await tx.enqueue({ queue: 'outage-end', outageId: id });
    }
  });
}

/** A source that the config does not name any more announces nothing. */
async function endForeignOutages(deps: Deps, feeds: readonly OutageFeed[]): Promise<void> {
  const names = new Set(feeds.map(({ name }) => name));
  const known = await deps.store.transaction((tx) => tx.sourcesWithOutages(deps.clock.now()));
  for (const source of known.filter((name) => !names.has(name))) await syncOutages(deps, source, []);
}
