import { createSlack } from '../../src/adapters/slack/slack.ts';
import { digestOf } from '../../src/adapters/mime/mail-key.ts';
import { openMail, readMime } from './mime-reader.ts';
import { createChartPainter } from '../../src/adapters/chart/chart.ts';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { injectTime } from '../../src/adapters/postgres/store-time.ts';
import { createStore } from '../../src/adapters/postgres/store.ts';
import { compileFormats } from '../../src/alert/formats.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import type { Device } from '../../src/domain/device.ts';
import type { Prober } from '../../src/domain/diagnosis.ts';
import { ReaderUnavailable } from '../../src/domain/careful-reader.ts';
import { indexInventory } from '../../src/domain/inventory-index.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { utcEverywhere } from '../../src/domain/zone-policy.ts';
import type { Job } from '../../src/domain/store/jobs.ts';
import type { Workspace } from '../../src/demo/workspace/workspace.ts';
import { startWorkspace } from '../../src/demo/workspace/workspace.ts';
import { compilePackagePatterns, shippedPackagePatterns } from '../../src/redistribution/package-version.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import { attendTicket } from '../../src/workflows/ticket/attend.ts';
import { deliverChannel } from '../../src/workflows/delivery/deliver.ts';
import { createProgress } from '../../src/workflows/health/progress.ts';
import type { Deps, Policies } from '../../src/workflows/deps.ts';
import { endOutage } from '../../src/workflows/outage/end-outage.ts';
import { createEvaluation } from '../../src/workflows/ticket/evaluate.ts';
import { stepPage } from '../../src/workflows/paging/page-step.ts';
import { silentLog } from './silent-log.ts';

export const start = new Date('2026-11-23T12:00:00Z');

/** The workflows over a real database and a simulated workspace, with time and network in the test's hand. */
export interface Workbench {
  readonly deps: Deps;
  readonly workspace: Workspace;
  /** Names of devices that answer no ping. */
  readonly silent: Set<string>;
  /** What was enqueued and is not done yet. */
  readonly jobs: Job[];
  pass(ms: number): void;
  now(): Date;
  /** Brings alert mails in, one batch. */
  receive(...mails: readonly RawMail[]): Promise<void>;
  /** Does all jobs that are due now, and those that they bring. */
  work(): Promise<void>;
  close(): Promise<void>;
}

const devices: readonly Device[] = [
  deviceAt('int-38', '10.38.0.1', 'dist-01'),
  deviceAt('int-58', '10.58.0.1', 'int-38'),
  deviceAt('dist-01', '10.20.0.1', null),
];

const policies: Policies = {
  timeZone: 'UTC',
  zones: utcEverywhere,
  validation: { domains: ['example.net'], nodes: ['int-*'], relays: [], rejectSubjectWords: [] },
  formats: compileFormats([plainFormat]),
  thresholds: [
    {
      id: 'thresholds[0]',
      device: null,
      group: null,
      building: null,
      server: null,
      region: null,
      package: null,
      failure: null,
      over: 'device',
      count: 3,
      fraction: null,
      withinMs: 1_800_000,
    },
  ],
  latenessMs: 7 * 86_400_000,
  rootCause: null,
  diagnosis: {
    pings: 2,
    timeoutMs: 100,
    onVerdict: {
      'device-down': 'ticket',
      reachable: 'ticket',
      'network-down': 'hold',
      inconclusive: 'suppress',
    },
    lookAgainAfterMs: [60_000, 120_000],
    ports: [],
    atOnce: 4,
    failures: [],
  },
  routing: {
    regions: [{ name: 'eu', channel: 'maint-eu', domains: [], hold: null }],
    fallbackChannel: 'maint-unknown',
    rules: [],
    buildings: [],
    urgent: [],
  },
  ticket: {
    template: {
      title: '{summary}',
      text: null,
      fields: [
        { field: 'alerts', label: 'Alerts' },
        { field: 'packages', label: 'Package' },
        { field: 'location', label: 'Location' },
        { field: 'actionTaken', label: 'Action taken' },
      ],
    },
    autoResolveAfterMs: 7_200_000,
    reopenForMs: 86_400_000,
    tellEveryMs: 60_000,
    combineWithinMs: 3_600_000,
    email: null,
  },
  delivery: { scheduleMs: [0, 30_000, 300_000, 3_600_000], editEveryMs: 2_000, lateEffectMs: 25_000 },
  approval: {
    requesters: [],
    approvers: [],
    requesterMayApprove: false,
    approvals: 1,
    large: null,
    hours: [],
    auditChannel: null,
    terminalUsers: {},
    expiresAfterMs: 3_600_000,
  },
  reports: [],
  intake: {
    sources: new Map(),
    failures: [],
    heartbeat: { disconnectedAfterMs: 600_000, expectWithinMs: new Map(), probe: null },
    keepMailMs: 30 * 86_400_000,
  },
  health: { stuckAfterMs: 120_000 },
  paging: { schedules: [], policies: [], rules: [] },
  servers: new Map(),
  recovery: { stableMs: 600_000, everyMs: 60_000, longestMs: 600_000, ports: [] },
  logWatch: { everyMs: 900_000, longestMs: 14_400_000 },
  readVersion: compilePackagePatterns(shippedPackagePatterns),
};

/** `changed` are policies that differ from the workbench's own; `known` are the devices of another network. */
export async function createWorkbench(
  database: Database,
  changed: Partial<Policies> = {},
  known: readonly Device[] = devices,
): Promise<Workbench> {
  let now = start;
  let lastId = 0;
  const jobs: Job[] = [];
  const silent = new Set<string>();
  const workspace = await startWorkspace({
    users: ['ana', 'ben', 'cai', 'boss'].map((name) => ({
      id: `U0${name.toUpperCase()}`,
      name,
      realName: name,
      tz: 'UTC',
    })),
    userGroups: [{ id: 'S0EU', handle: 'eu-team', users: ['U0BEN', 'U0CAI'] }],
    channels: [
      { id: 'C0EU', name: 'maint-eu' },
      { id: 'C0US', name: 'maint-us' },
      { id: 'C0UNKNOWN', name: 'maint-unknown' },
    ],
    botToken: 'xoxb-test',
    appToken: 'xapp-test',
    limits: 'off',
    now: () => now,
  });
  const clock = { now: () => now };
  const slack = createSlack({
    botToken: () => 'xoxb-test',
    appToken: () => 'xapp-test',
    apiUrl: workspace.apiUrl,
    sockets: 1,
    log: silentLog,
    clock,
    elapsedMs: () => now.getTime(),
  });
  const deps: Deps = {
    store: createStore(
      database,
      {
        enqueue: async (added) => void jobs.push(...added),
        wake: () => {},
      },
      injectTime(clock),
    ),
    clock,
    log: silentLog,
    inventory: indexInventory(known),
    prober: scriptedProber(silent, known),
    chat: slack,
    servers: {
      readLogs: async () => [],
      clockOf: () => Promise.reject(new Error('no server')),
      measure: async () => [],
      hostKeys: async () => [],
      reach: () => Promise.reject(new Error('no server')),
      run: () => Promise.reject(new Error('no server')),
      stop: () => Promise.reject(new Error('no server')),
      prune: () => Promise.reject(new Error('no server')),
      close: async () => {},
    },
    mailer: null,
    suspicion: { isSuspect: () => false, open: async () => {}, close: async () => {} },
    carefulReader: {
      read: () => Promise.reject(new ReaderUnavailable('none in tests')),
      close: async () => {},
    },
    charts: createChartPainter(),
    policies: { ...policies, ...changed },
    openMail,
    readMime,
    searchApart: () => Promise.resolve(null),
    stopReading: () => {},
    digestOf,
    intakeHealth: () => [],
    progress: createProgress(),
    probeMailer: { send: async () => {} },
    newId: () => `id-${(lastId += 1)}`,
  };
  return {
    deps,
    workspace,
    silent,
    jobs,
    pass: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    now: () => now,
    receive: async (...mails) => {
      await admit(deps, mails, null);
    },
    work: () => workOff(deps, jobs, clock),
    close: async () => {
      await workspace.close();
      await database.close();
    },
  };
}

async function workOff(deps: Deps, jobs: Job[], clock: Deps['clock']): Promise<void> {
  for (;;) {
    const at = jobs.findIndex((job) => !('at' in job && job.at) || job.at <= clock.now());
    const [job] = at < 0 ? [] : jobs.splice(at, 1);
    if (!job) return;
    if (job.queue === 'evaluate') await createEvaluation(deps)(job.ticketId);
    if (job.queue === 'attend') await attendTicket(deps, job.ticketId);
    if (job.queue === 'outage-end') await endOutage(deps, job.outageId);
    if (job.queue === 'deliver') await deliverChannel(deps, job.channel);
    if (job.queue === 'page') await stepPage(deps, job.ticketId);
  }
}

export function deviceAt(name: string, ip: string, upstream: string | null): Device {
  return {
    name,
    fqdn: null,
    ip,
    mac: null,
    region: 'eu',
    site: 'Köln',
    building: 'B3',
    room: '201',
    upstream,
    groups: name.startsWith('int-') ? ['intermediate'] : [],
  };
}

function scriptedProber(silent: ReadonlySet<string>, known: readonly Device[]): Prober {
  const nameOf = (address: string) => known.find((device) => device.ip === address)?.name ?? address;
  return {
    means: 'scripted',
    ping: async (address, sent) => {
      const received = silent.has(nameOf(address)) ? 0 : sent;
      const rttMs = received > 0 ? 1 : null;
      return { address, sent, received, rttMs, ownUplinkDown: false, unreachableFrom: null };
    },
    traceroute: async (target) => ({
      target,
      hops: [{ ttl: 1, address: '10.0.0.1', rttMs: 1 }],
      reached: false,
    }),
    connect: async (_address, port) => ({ port, result: 'silent', rttMs: null }),
    close: async () => {},
  };
}

let lastMail = 0;

/** An alert mail in the plain format, from int-38; each tells of an occurrence of its own. */
export function alertMail(device: string, at: Date, fields: Readonly<Record<string, string>> = {}): RawMail {
  lastMail += 1;
  const body = {
    'Alert-Id': `A-${lastMail}`,
    Device: device,
    Package: 'geo-db',
    Failure: 'connection timed out',
    Server: 'int-38',
    Job: 'J1',
    At: at.toISOString(),
    ...fields,
  };
  const text = [
    'From: restage@int-38.example.net',
    'Subject: [restage] FAILED',
    `Message-ID: <${lastMail}@int-38.example.net>`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    '',
    ...Object.entries(body).map(([key, value]) => `${key}: ${value}`),
    '',
  ].join('\r\n');
  return { source: new TextEncoder().encode(text), via: 'test', receivedAt: at };
}
