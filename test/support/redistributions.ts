import type { ButtonClick } from '../../src/domain/chat.ts';
import type { SourceFinding } from '../../src/domain/package-source.ts';
import type { RunningPolicy, RunOutcome, ServerAccess, ServerProfile } from '../../src/domain/server.ts';
import type { CommandRecord, RedistributionRecord } from '../../src/domain/store/redistributions.ts';
import { redistributionStates } from '../../src/domain/redistribution.ts';
import { actions } from '../../src/messages/actions.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { gather } from '../../src/workflows/redistribution/gather.ts';
import { requestRedistribution } from '../../src/workflows/redistribution/request-redistribution.ts';
import { serverProfile } from './server-profile.ts';
import { wholeLog } from './whole-log.ts';
import { start, type Workbench } from './workbench.ts';

export const ana = { teamId: 'T0RESTAGE', userId: 'U0ANA' };
export const ben = { teamId: 'T0RESTAGE', userId: 'U0BEN' };
export const hourMs = 3_600_000;

/** What all of `/restage …` has in a test, but for its text and who types it. */
export function slashCommand(deliveryKey: string) {
  return { command: '/restage', channel: 'C0EU', responseUrl: '', triggerId: '', deliveryKey } as const;
}

export const int38 = serverProfile({
  logs: [{ adapter: 'record', path: '/log/*.jsonl', timeZone: 'UTC', longestRunMs: 0, format: null }],
  recorder: '/bin/restage-record',
  running: { timeoutMs: hourMs },
  allowed: [
    { program: '/bin/push', flags: [], arguments: ['[a-z0-9-]+'], directories: [], list: ['arguments'] },
  ],
});

/** A line of the recorder's log: job J1 of int-38 failed for int-58, so many hours after `start`. */
export function logLine(hours: number, change: Readonly<Record<string, unknown>> = {}): string {
  const recipients = (change['recipients'] ?? ['int-58']) as readonly string[];
  return JSON.stringify({
    v: 1,
    event: 'end',
    id: `${hours}-${JSON.stringify(change).length}`,
    at: new Date(start.getTime() + hours * hourMs).toISOString(),
    server: 'int-38',
    job: 'J1',
    attempt: 1,
    argv: ['/bin/push', ...recipients],
    cwd: '/',
    packages: ['geo-db'],
    recipients,
    exitCode: 1,
    durationS: 1,
    results: recipients.map((recipient) => ({ recipient, result: 'failed', cause: 'refused' })),
    ...change,
  });
}

/** Scripted servers: their logs, and what happens when a command is run. */
export interface Scripted {
  readonly logs: string[];
  clockOf: ServerAccess['clockOf'];
  reach: ServerAccess['reach'];
  run: ServerAccess['run'];
  stop: ServerAccess['stop'];
  prune: ServerAccess['prune'];
  readLogs: () => Promise<void>;
  /** The host keys that are accepted, by server; the pinned one where none are given. */
  readonly hostKeys: Map<string, readonly string[]>;
  /** What is at its paths. */
  readonly files: Map<string, SourceFinding>;
}

export interface RedistributionBench {
  readonly deps: Deps;
  readonly server: Scripted;
  /** What `/redistribute` answered, and the redistribution that it made. */
  ask(text: string): Promise<{ readonly answer: string; readonly id: string }>;
  /** Asks, and gathers. */
  propose(text?: string): Promise<string>;
  record(id: string): Promise<RedistributionRecord>;
  commands(id: string): Promise<readonly CommandRecord[]>;
  /** A click on *Approve* of the message as it was first proposed. */
  click(id: string, person?: ButtonClick['person']): ButtonClick;
  /** A click on *Approve* of the message as it is now. */
  clickNow(id: string, person?: ButtonClick['person']): Promise<ButtonClick>;
}

let asked = 0;

export function prepareRedistributions(
  bench: Workbench,
  profiles: readonly ServerProfile[] = [int38],
): RedistributionBench {
  const server: Scripted = {
    logs: [],
    files: new Map(),
    hostKeys: new Map(),
    run: async (_server, _request, watcher) => {
      watcher.onSend();
      watcher.onSeen();
      return { outcome: 'exited', exitCode: 0 };
    },
    clockOf: async () => null,
    reach: async () => {},
    stop: async () => ({ isOver: true }),
    prune: async () => {},
    readLogs: async () => {},
  };
  const deps: Deps = {
    ...bench.deps,
    policies: { ...bench.deps.policies, servers: new Map(profiles.map((one) => [one.name, one])) },
    servers: {
      hostKeys: async ({ name, hostKey }) => server.hostKeys.get(name) ?? [hostKey ?? 'none'],
      reach: (...call) => server.reach(...call),
      clockOf: (...call) => server.clockOf(...call),
      measure: async (_profile, paths) => paths.map((path) => server.files.get(path) ?? 'unknown'),
      run: (...call) => server.run(...call),
      stop: (...call) => server.stop(...call),
      prune: (...call) => server.prune(...call),
      readLogs: async () => {
        await server.readLogs();
        return [wholeLog(`${server.logs.join('\n')}\n`, '/log/x.jsonl')];
      },
      close: async () => {},
    },
  };
  const digests = new Map<string, string>();
  const digestOf = async (id: string) =>
    (await deps.store.transaction((tx) => tx.redistribution(id)))?.digest ?? 'none';
  const clickOn = (id: string, digest: string, person: ButtonClick['person']): ButtonClick => ({
    actionId: actions.redistributionApprove,
    value: `${id} ${digest}`,
    person,
    channel: 'C0EU',
    messageTs: '1',
    responseUrl: '',
    triggerId: '',
    deliveryKey: `click-${id}`,
  });
  const all = () => deps.store.transaction((tx) => tx.redistributionsOf(null, redistributionStates));
  const ask = async (text: string) => {
    asked += 1;
    const before = new Set((await all()).map(({ id }) => id));
    const request = { text, person: ana, channel: 'C0EU', deliveryKey: `asked-${asked}` };
    const answer = await requestRedistribution(deps, request);
    const id = (await all()).find((one) => !before.has(one.id))?.id ?? '';
    return { answer: answer.text, id };
  };
  return {
    deps,
    server,
    ask,
    async propose(text = 'int-38') {
      const { id } = await ask(text);
      await gather(deps, id);
      digests.set(id, await digestOf(id));
      return id;
    },
    async record(id) {
      const found = await deps.store.transaction((tx) => tx.redistribution(id));
      if (!found) throw new Error(`no redistribution ${id}`);
      return found;
    },
    commands: (id) => deps.store.transaction((tx) => tx.commandsOf(id)),
    click: (id, person = ben) => clickOn(id, digests.get(id) ?? 'none', person),
    clickNow: async (id, person = ben) => clickOn(id, await digestOf(id), person),
  };
}

const exitedWell: RunOutcome = { outcome: 'exited', exitCode: 0 };

/** Four jobs, approved, on a server without a recorder; the test says when a command ends, and how. */
export async function approveFour(bench: Workbench, policy: Partial<RunningPolicy> = {}) {
  const profile = { ...int38, recorder: null, running: { ...int38.running, ...policy } };
  const site = prepareRedistributions(bench, [profile]);
  for (const job of ['J1', 'J2', 'J3', 'J4']) site.server.logs.push(logLine(0, { job, id: job }));
  bench.pass(1000);
  const id = await site.propose();
  await clickApprove(site.deps, site.click(id));
  const begun: string[] = [];
  const ends = new Map<string, ((outcome: RunOutcome) => void)[]>();
  site.server.run = (_profile, request, watcher, signal) => {
    signal.throwIfAborted();
    watcher.onSend();
    watcher.onSeen();
    const number = request.id.slice(-1);
    begun.push(number);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the bot stops')));
      ends.set(number, [...(ends.get(number) ?? []), resolve]);
    });
  };
  return {
    site,
    id,
    /** The numbers of the commands that have begun. */
    begun,
    states: async () => (await site.commands(id)).map(({ state }) => state),
    end: (number: string, outcome = exitedWell) => ends.get(number)?.forEach((resolve) => resolve(outcome)),
  };
}
