import { afterEach, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { injectTime } from '../../../src/adapters/postgres/store-time.ts';
import { createStore } from '../../../src/adapters/postgres/store.ts';
import { createQueue } from '../../../src/adapters/queue/queue.ts';
import { createPlace } from '../../../src/domain/intake.ts';
import type { FailedJob } from '../../../src/domain/redistribution.ts';
import type { AlertRecord } from '../../../src/domain/store/alerts.ts';
import type { MailRecord } from '../../../src/domain/store/mails.ts';
import type { Store } from '../../../src/domain/store/store.ts';
import { describeStatements } from '../../support/databases.ts';
import { silentLog } from '../../support/silent-log.ts';
import { taken } from '../../support/taken.ts';

const noon = new Date('2026-11-23T12:00:00Z');
const minutes = (n: number) => new Date(noon.getTime() + n * 60_000);

function mail(key: string): MailRecord {
  return {
    key,
    via: 'smtp',
    receivedAt: noon,
    fromAddress: 'restage@int-38.example.net',
    subject: 'failed',
    state: 'accepted',
    format: 'plain',
    gates: [],
    alertCount: 1,
    source: new TextEncoder().encode('From: x\r\n\r\n'),
  };
}

function alert(mailId: number, at: Date): AlertRecord {
  return {
    mailId,
    ordinal: 0,
    alertId: null,
    region: 'eu',
    device: 'client-001',
    recipient: null,
    domain: 'example.net',
    package: 'edge-agent-4.12.3',
    failure: 'connection',
    announced: 'timed out',
    distributionServer: 'int-38',
    job: 'J1',
    attempt: 1,
    building: null,
    room: null,
    at,
    counter: 'connection|server:int-38',
    ruleId: 'thresholds[0]',
    state: 'counted',
    reason: 'below-threshold',
    ticketId: null,
    deviceName: 'client-001',
    inRegion: 'eu',
    inBuilding: null,
    ownRoot: 'int-38',
    upstreamRoot: null,
  };
}

const failure: FailedJob = {
  server: 'int-38',
  job: 'J1',
  recipient: 'client-001',
  package: 'edge-agent-4.12.3',
  attempt: 1,
  failedAt: noon,
  cause: 'timed out',
  knownFrom: 'alert',
};

const candidate = {
  counter: 'connection|server:int-38',
  failure: 'connection',
  subject: 'int-38',
  device: 'int-38',
  region: 'eu',
  announced: 'timed out',
  saidBuilding: null,
  saidRoom: null,
  at: noon,
  countsFrom: noon,
  upstream: null,
  lookAt: null,
};

const geoDelivered = {
  server: 'int-38',
  job: 'J1',
  packages: ['edge-agent-4.12.3'],
  recipients: ['client-001'],
};

const lease = { lengthMs: 60_000, longestHoldMs: 600_000, longestWaitMs: 60_000 };

describeStatements('store', (open) => {
  let database: Database | null = null;
  let now = noon;
  const time = injectTime({ now: () => now });
  const openStore = async (): Promise<Store> => {
    database = await open();
    now = noon;
    return createStore(database, { enqueue: async () => {}, wake: () => {} }, time);
  };
  afterEach(async () => {
    await database?.close();
    database = null;
  });

  it('takes a mail once, however often it is delivered', async () => {
    const store = await openStore();
    const first = await store.transaction((tx) => tx.addMails([mail('a'), mail('b'), mail('a')]));
    const second = await store.transaction((tx) => tx.addMails([mail('b'), mail('c')]));
    expect([...first.keys()].toSorted()).toEqual(['a', 'b']);
    expect([...second.keys()]).toEqual(['c']);
    expect((await store.transaction((tx) => tx.sums())).mails.accepted).toBe(3);
  });

  it('keeps nothing of a transaction that fails, its jobs included', async () => {
    const store = await openStore();
    const failing = store.transaction(async (tx) => {
      await tx.addMails([mail('a')]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await store.transaction((tx) => tx.sums())).mails.accepted).toBe(0);
  });

  it.each([
    '40P01',
    '40001',
    '53100',
    '53300',
    '55P03',
    '57P03',
    '58030',
    '25006',
    '57014',
    '08006',
    'EPIPE',
    'ETIMEDOUT',
  ])('says of fault %s, which passes, that the database is away: no mail is at fault', async (code) => {
    const store = await openStore();
    const fault = new Error('failed query', { cause: Object.assign(new Error('fault'), { code }) });
    await expect(store.transaction(() => Promise.reject(fault))).rejects.toMatchObject({
      code: 'database-unavailable',
    });
  });

  it.each(['22021', '23505', '42703'])('says of fault %s what it is', async (code) => {
    const store = await openStore();
    const fault = new Error('failed query', { cause: Object.assign(new Error('fault'), { code }) });
    await expect(store.transaction(() => Promise.reject(fault))).rejects.toBe(fault);
  });

  it('wakes who works on tickets by the first and the last batch of a burst of mail, not by each', async () => {
    database = await open();
    const woken: string[][] = [];
    const store = createStore(
      database,
      {
        enqueue: async () => {},
        wake: (queues) => void woken.push([...queues]),
      },
      time,
    );
    const bring = (ticketId: number, moreFollows: boolean) =>
      store.intakeTransaction({
        place: createPlace(null),
        moreFollows,
        mails: () => [],
        store: async () => {},
        count: (tx) => tx.enqueue({ queue: 'evaluate', ticketId }),
      });
    await bring(1, true);
    expect(woken).toEqual([['evaluate']]);
    await bring(2, true);
    await bring(3, true);
    expect(woken).toHaveLength(1);
    await bring(4, false);
    expect(woken).toHaveLength(2);
  });

  it('remembers how far a mailbox was read', async () => {
    const store = await openStore();
    const cursor = { mailbox: 'imap:alerts', uidValidity: 2n ** 32n - 1n, lastUid: 7 };
    await store.transaction((tx) => tx.saveCursor(cursor));
    await store.transaction((tx) => tx.saveCursor({ ...cursor, lastUid: 9 }));
    expect(await store.transaction((tx) => tx.cursorOf('imap:alerts'))).toEqual({ ...cursor, lastUid: 9 });
    expect(await store.transaction((tx) => tx.cursorOf('imap:other'))).toBeNull();
  });

  it('gives the counted alerts of a window to their ticket, with totals and names', async () => {
    const store = await openStore();
    await store.transaction(async (tx) => {
      const ids = await tx.addMails([mail('a'), mail('b'), mail('c')]);
      await tx.addAlerts([...ids.values()].map((id, index) => alert(id, minutes(index * 10))));
      const counter = 'connection|server:int-38';
      const counted = await tx.countedSightings([counter], minutes(5), minutes(30));
      expect(counted.get(counter)?.map(({ at }) => at)).toEqual([minutes(10), minutes(20)]);
      const [ticketId = 0] = await tx.createCandidates([candidate]);
      await tx.claimCounted([
        { ticketId, counter, from: minutes(5), state: 'held', reason: 'threshold-met' },
      ]);
    });
    const [ticket] = await store.transaction((tx) => tx.ticketsIn(['candidate']));
    expect(ticket).toMatchObject({
      alertCount: 2,
      firstAt: minutes(10),
      lastAt: minutes(20),
      packages: ['edge-agent-4.12.3'],
      jobs: ['J1'],
      servers: ['int-38'],
      devices: ['client-001'],
      deviceCount: 1,
    });
    const sums = await store.transaction((tx) => tx.sums());
    expect(sums.alerts).toMatchObject({ counted: 1, held: 2 });
    expect(sums.alertsInMails).toBe(3);
  });

  it('refuses a second live ticket for the same problem', async () => {
    const store = await openStore();
    const create = () => store.transaction((tx) => tx.createCandidates([candidate]));
    await create();
    await expect(create()).rejects.toThrow(/Failed query/);
  });

  it('sends a message once more when it changed while it was being sent', async () => {
    const store = await openStore();
    const delivery = {
      id: 'd1',
      kind: 'ticket',
      subjectId: '1',
      channel: 'maint-eu',
      parentId: null,
      body: null,
    } as const;
    await store.transaction((tx) => tx.wantDelivery(delivery, noon));
    const claimed = await store.transaction((tx) => tx.claimDelivery('maint-eu', lease));
    expect(claimed).toMatchObject({ id: 'd1', wanted: 1, ts: null, doubt: null });
    expect(await store.transaction((tx) => tx.claimDelivery('maint-eu', lease))).toBeNull();
    await store.transaction((tx) => tx.wantDelivery({ ...delivery, id: 'd2' }, noon));
    await store.transaction((tx) =>
      tx.settleDelivery(taken(claimed), {
        state: 'sent',
        sent: 1,
        posted: { channel: 'C1', ts: '1.0' },
        attempts: 0,
        dueAt: minutes(1),
        doubt: null,
        lookAt: null,
        lastError: null,
        failure: null,
      }),
    );
    expect(await store.transaction((tx) => tx.claimDelivery('maint-eu', lease))).toBeNull();
    expect(await store.transaction((tx) => tx.nextDue('maint-eu'))).toEqual({
      dueAt: minutes(1),
      claimedAt: null,
    });
    now = minutes(1);
    const again = await store.transaction((tx) => tx.claimDelivery('maint-eu', lease));
    expect(again).toMatchObject({ id: 'd1', wanted: 2, sent: 1, ts: '1.0', doubt: null });
  });

  it('takes over a claim that a dead bot left, as an unknown outcome', async () => {
    const store = await openStore();
    const delivery = {
      id: 'd1',
      kind: 'ticket',
      subjectId: '1',
      channel: 'maint-eu',
      parentId: null,
      body: null,
    } as const;
    await store.transaction((tx) => tx.wantDelivery(delivery, noon));
    const doubt = { postSince: noon, givenUpAt: minutes(1) };
    await store.transaction((tx) => tx.claimDelivery('maint-eu', lease, doubt));
    now = minutes(2);
    const again = await store.transaction((tx) => tx.claimDelivery('maint-eu', lease));
    expect(again).toMatchObject({ id: 'd1', doubt });
  });

  it('gives one delivery of a channel at a time to bots that ask at once', async () => {
    const store = await openStore();
    const note = { kind: 'note', subjectId: '1', parentId: null, body: null } as const;
    const channels = Array.from({ length: 10 }, (_, index) => `maint-${index}`);
    await store.transaction(async (tx) => {
      for (const channel of channels) {
        for (const id of ['a', 'b', 'c']) await tx.wantDelivery({ ...note, channel, id: channel + id }, noon);
      }
    });
    const ask = (channel: string) =>
      store.transaction((tx) => tx.claimDelivery(channel, lease).then((claim) => claim?.id));
    for (const channel of channels) {
      const claims = await Promise.all([ask(channel), ask(channel), ask(channel)]);
      expect(claims.filter((id) => id !== undefined)).toEqual([`${channel}a`]);
    }
  });

  it('says that a channel is next due when the claim in it goes stale, whatever else waits there', async () => {
    const store = await openStore();
    const delivery = { kind: 'ticket', channel: 'maint-eu', parentId: null, body: null } as const;
    await store.transaction(async (tx) => {
      await tx.wantDelivery({ ...delivery, id: 'd1', subjectId: '1' }, noon);
      await tx.wantDelivery({ ...delivery, id: 'd2', subjectId: '2' }, noon);
    });
    now = minutes(1);
    await store.transaction((tx) => tx.claimDelivery('maint-eu', lease));
    await store.transaction((tx) => tx.touchDelivery('ticket', '1', minutes(1)));
    const next = await store.transaction((tx) => tx.nextDue('maint-eu'));
    expect(next).toMatchObject({ claimedAt: minutes(1) });
  });

  it('holds a reply back until its thread stands', async () => {
    const store = await openStore();
    const parent = {
      id: 'p',
      kind: 'ticket',
      subjectId: '1',
      channel: 'maint-eu',
      parentId: null,
      body: null,
    } as const;
    const note = {
      ...parent,
      id: 'n',
      kind: 'note',
      parentId: 'p',
      body: { text: 'hello', blocks: [] },
    } as const;
    await store.transaction(async (tx) => {
      await tx.wantDelivery(parent, noon);
      await tx.wantDelivery(note, noon);
    });
    const first = await store.transaction((tx) => tx.claimDelivery('maint-eu', lease));
    expect(first?.id).toBe('p');
    await store.transaction((tx) =>
      tx.settleDelivery(taken(first), {
        state: 'sent',
        sent: 1,
        posted: { channel: 'C1', ts: '1.0' },
        attempts: 0,
        dueAt: noon,
        doubt: null,
        lookAt: null,
        lastError: null,
        failure: null,
      }),
    );
    const second = await store.transaction((tx) => tx.claimDelivery('maint-eu', lease));
    expect(second).toMatchObject({ id: 'n', threadTs: '1.0', body: { text: 'hello' } });
  });

  it('does not let a late mail open a job again that is done, but a new failure does', async () => {
    const store = await openStore();
    const left = () => store.transaction((tx) => tx.failedJobs('int-38', null));
    await store.transaction((tx) => tx.addFailedJobs([failure, { ...failure, knownFrom: 'log' }]));
    await store.transaction((tx) => tx.clearFailedJobs([{ ...geoDelivered, attempt: 2 }], minutes(10)));
    await store.transaction((tx) => tx.addFailedJobs([failure]));
    expect(await left()).toEqual([]);
    await store.transaction((tx) => tx.addFailedJobs([{ ...failure, attempt: 3, failedAt: minutes(20) }]));
    expect(await left()).toMatchObject([{ attempt: 3, recipient: 'client-001' }]);
  });

  it('takes the attempt of a job that is done anew every night from its newest failure', async () => {
    const store = await openStore();
    const tell = (...jobs: FailedJob[]) => store.transaction((tx) => tx.addFailedJobs(jobs));
    const left = () => store.transaction((tx) => tx.failedJobs('int-38', null));
    await tell({ ...failure, attempt: 3, cause: 'night 1' });
    await tell({ ...failure, attempt: 1, failedAt: minutes(-5), cause: 'late mail' });
    expect(await left()).toMatchObject([{ attempt: 3, cause: 'night 1' }]);
    await tell({ ...failure, attempt: 1, failedAt: minutes(20), cause: 'night 2' }, failure);
    expect(await left()).toMatchObject([{ attempt: 1, cause: 'night 2', failedAt: minutes(20) }]);
    await store.transaction((tx) => tx.clearFailedJobs([{ ...geoDelivered, attempt: 4 }], minutes(30)));
    await tell({ ...failure, attempt: 1, failedAt: minutes(25) });
    expect(await left()).toEqual([]);
    await tell({ ...failure, attempt: 1, failedAt: minutes(40), cause: 'night 3' });
    expect(await left()).toMatchObject([{ attempt: 1, cause: 'night 3' }]);
  });

  it('sees each event of Slack once', async () => {
    const store = await openStore();
    expect(await store.transaction((tx) => tx.firstSight('e1', noon))).toBe(true);
    expect(await store.transaction((tx) => tx.firstSight('e1', noon))).toBe(false);
  });

  it('runs a job only when the transaction that asked for it was committed', async () => {
    database = await open();
    const queue = await createQueue(database, silentLog);
    const store = createStore(database, queue, time);
    let started: Promise<void> = Promise.resolve();
    const nothing = async () => {};
    const delivered = new Promise<string>((resolve) => {
      const deliver = async (job: { channel: string }) => resolve(job.channel);
      const others = {
        'dry-run': async () => {},
        watch: nothing,
        'log-watch': nothing,
        evaluate: nothing,
        gather: nothing,
        run: nothing,
        stop: nothing,
        'look-again': nothing,
        page: nothing,
        attend: nothing,
      };
      started = queue.start({ ...others, heartbeat: nothing, 'outage-end': nothing, deliver });
    });
    await started;
    await store
      .transaction(async (tx) => {
        await tx.enqueue({ queue: 'deliver', channel: 'rolled-back' });
        throw new Error('no');
      })
      .catch(() => {});
    await store.transaction((tx) => tx.enqueue({ queue: 'deliver', channel: 'committed' }));
    expect(await delivered).toBe('committed');
    await queue.stop();
  });

  it('tells in which quarters of an hour a problem failed, by its counter or by those of its tickets', async () => {
    const store = await openStore();
    const own = 'connection|device:client-001';
    const server = 'root-cause|server:int-38';
    const times = await store.transaction(async (tx) => {
      const ids = await tx.addMails(['a', 'b', 'c', 'd', 'e', 'f'].map(mail));
      const [ticketId = 0] = await tx.createCandidates([{ ...candidate, counter: server }]);
      const failed = (key: string, at: Date, fields: Partial<AlertRecord> = {}) => ({
        ...alert(ids.get(key) ?? 0, at),
        ...{ counter: own, state: 'ticketed', ...fields },
      });
      await tx.addAlerts([
        failed('a', minutes(1)),
        failed('b', minutes(14)),
        failed('c', minutes(31), { ticketId }),
        failed('d', minutes(46), { state: 'voided' }),
        failed('e', minutes(61), { deviceName: '10.1.0.1', counter: 'connection|device:10.1.0.1', ticketId }),
        failed('f', minutes(-1)),
      ] as readonly AlertRecord[]);
      const spelled = ['client-001', '10.1.0.1'].map((device) => ({
        device,
        counter: `connection|device:${device}`,
      }));
      return tx.failureTimes(
        [
          { counter: own, spelled },
          { counter: server, spelled: [] },
        ],
        noon,
        minutes(90),
      );
    });
    expect(times.get(own)).toEqual([noon, minutes(30), minutes(60)]);
    expect(times.get(server)).toEqual([minutes(30), minutes(60)]);
  });

  it('tells which tickets were resolved of late, by their counter and by the address that was pinged', async () => {
    const store = await openStore();
    const found = await store.transaction(async (tx) => {
      const counters = [
        'connection|device:old',
        'connection|device:int-38',
        'access|device:int-38',
        'x|device:y',
      ];
      const [first, second, third, fourth] = await tx.createCandidates(
        counters.map((counter) => ({ ...candidate, counter })),
      );
      const evidence = { target: { address: '10.38.0.1' }, probedAt: noon };
      const diagnosis = { verdict: 'device-down', evidence } as never;
      const over = { state: 'resolved', resolvedAt: noon } as const;
      await tx.changeTicket(first ?? 0, { ...over, diagnosis });
      await tx.changeTicket(second ?? 0, over);
      await tx.changeTicket(third ?? 0, { ...over, resolvedAt: minutes(-1) });
      await tx.changeTicket(fourth ?? 0, over);
      return tx.resolvedBefore(counters.slice(1, 3), ['10.38.0.1'], noon);
    });
    expect(found.map(({ counter, address }) => [counter, address])).toEqual([
      ['connection|device:int-38', null],
      ['connection|device:old', '10.38.0.1'],
    ]);
  });

  it('tells when devices failed, each second of a symptom once, and when what was held recovered', async () => {
    const store = await openStore();
    const { failures, recovered } = await store.transaction(async (tx) => {
      const ids = await tx.addMails(['a', 'b', 'c', 'd', 'e'].map(mail));
      const failed = (key: string, at: Date, fields: Partial<AlertRecord> = {}) => ({
        ...alert(ids.get(key) ?? 0, at),
        ...fields,
      });
      await tx.addAlerts([
        failed('a', new Date(noon.getTime() + 100)),
        failed('b', new Date(noon.getTime() + 200)),
        failed('c', noon, { deviceName: 'client-002' }),
        failed('d', minutes(-1)),
        failed('e', minutes(1), { recipient: 'client-003' }),
      ]);
      const [first = 0, second = 0] = await tx.createCandidates([
        candidate,
        { ...candidate, counter: 'x|device:y' },
      ]);
      await tx.changeTicket(first, { state: 'suppressed', reason: 'recovered-while-held' });
      await tx.changeTicket(second, { state: 'suppressed', reason: 'inconclusive' });
      const counters = [candidate.counter, 'x|device:y'];
      return {
        failures: await tx.failuresAt(['client-001'], noon),
        recovered: await tx.recoveredWhileHeld(counters, noon),
      };
    });
    expect(failures.map(({ at, recipient }) => [at, recipient])).toEqual(
      expect.arrayContaining([
        [noon, null],
        [minutes(1), 'client-003'],
      ]),
    );
    expect(failures).toHaveLength(2);
    expect([...recovered]).toEqual([[candidate.counter, [new Date(noon.getTime() + 1)]]]);
  });
});
