import { afterEach, beforeEach, expect, it } from 'vitest';
import { restageItself } from '../../src/domain/chat.ts';
import { RestageError } from '../../src/domain/errors.ts';
import type { LogQuery } from '../../src/domain/log-source.ts';
import type { ServerProfile } from '../../src/domain/server.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { gather } from '../../src/workflows/redistribution/gather.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readText } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  int38,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const [log] = int38.logs;
const twoLogs: ServerProfile = { ...int38, logs: log ? [{ ...log, path: '/gone/*.jsonl' }, log] : [] };
const fault = new RestageError('server-logs-missing', 'int-38 has no /gone. Check its logs in the config.');

describeOnBothDatabases('B7: a server with two logs of which one is not there', (open) => {
  let bench: Workbench;
  let site: RedistributionBench;
  const missing = new Set<string>();
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
    site = prepareRedistributions(bench, [twoLogs]);
    missing.clear();
    missing.add('/gone/*.jsonl');
  });
  afterEach(() => bench.close());

  const reading = (): Deps => {
    const { servers } = site.deps;
    const readLogs = async (profile: ServerProfile, query: LogQuery) => {
      if (missing.has(query.path)) throw fault;
      return query.path === log?.path ? servers.readLogs(profile, query) : [];
    };
    return { ...site.deps, servers: { ...servers, readLogs } };
  };
  const ask = async () => {
    const { id } = await site.ask('int-38 since yesterday');
    await gather(reading(), id);
    const message = await renderRedistribution(site.deps, id);
    return { record: await site.record(id), text: message ? readText(message) : '' };
  };

  it('proposes what the other one tells, and says which was not read and what to do', async () => {
    site.server.logs.push(logLine(0));
    const { record, text } = await ask();
    expect(record).toMatchObject({ state: 'proposed', plan: { runnable: 1 } });
    expect(text).toContain('*Not everything was read*: int-38 has no /gone. Check its logs in the config.');
  });

  it('does not take silence for success: the server does not count as serviced, nor as read', async () => {
    const { record, text } = await ask();
    expect(record.state).toBe('empty');
    expect(text).toContain('*Not everything was read*');
    const known = await site.deps.store.transaction(async (tx) => [
      await tx.servicedUntil('int-38'),
      await tx.gatheredUntil('int-38', record.period.from),
    ]);
    expect(known).toEqual([null, null]);

    missing.clear();
    const whole = await ask();
    expect(whole.text).not.toContain('*Not everything was read*');
    expect(await site.deps.store.transaction((tx) => tx.servicedUntil('int-38'))).not.toBeNull();
  });

  it.each([
    ['tells of it', true],
    ['is silent where all was read', false],
  ])('a servicing that finds nothing %s', async (_, isMissing) => {
    if (!isMissing) missing.clear();
    const { record } = await ask();
    const slot = {
      ...record,
      id: 'slot',
      requestedBy: restageItself,
      state: 'gathering',
      unread: [],
    } as const;
    await site.deps.store.transaction((tx) => tx.addRedistribution(slot));
    await gather(reading(), 'slot');
    const told = await site.deps.store.transaction((tx) => tx.deliveryOf('redistribution', 'slot'));
    expect(told !== null).toBe(isMissing);
  });

  it('fails, as before, where no log is there at all', async () => {
    missing.add(log?.path ?? '');
    const { record } = await ask();
    expect(record).toMatchObject({ state: 'failed', note: fault.message });
  });
});
