import type { CommandTally } from '../../src/domain/redistribution.ts';
import type { TicketTemplate } from '../../src/domain/ticket-policy.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { CommandView } from '../../src/messages/command.ts';
import type { PagedView } from '../../src/messages/command-page.ts';
import type { TicketOptions } from '../../src/messages/ticket.ts';
import type { RedistributionView } from '../../src/messages/redistribution.ts';
import { planOf } from '../../src/redistribution/plan.ts';

const template: TicketTemplate = {
  title: '{summary}',
  text: null,
  fields: [
    { field: 'failure', label: 'Failure' },
    { field: 'alerts', label: 'Alerts' },
    { field: 'times', label: 'First – last' },
    { field: 'packages', label: 'Package' },
    { field: 'jobs', label: 'Job' },
    { field: 'servers', label: 'Distribution server' },
    { field: 'location', label: 'Location' },
    { field: 'actionTaken', label: 'Action taken' },
  ],
};

export const options: TicketOptions = {
  timeZone: 'Europe/Berlin',
  now: new Date('2026-11-20T03:30:00Z'),
  template,
  canRedistribute: false,
  actionTaken: 'ticket 12 opened',
  possible: ['acknowledge', 'repair'],
  others: [],
};

/** `client-011` to `client-210`. */
export const clients = Array.from(
  { length: 200 },
  (_, index) => `client-${String(index + 11).padStart(3, '0')}`,
);

/** A device at 10.1.0.58 that answers none of three pings. */
export const ping = {
  address: '10.1.0.58',
  sent: 3,
  received: 0,
  rttMs: null,
  ownUplinkDown: false,
  unreachableFrom: null,
};

export function ticket(changes: Partial<Ticket> = {}): Ticket {
  return {
    id: 12,
    state: 'open',
    counter: 'connection|server:int-38',
    failure: 'connection',
    subject: 'int-38',
    region: 'north',
    alertCount: 210,
    firstAt: new Date('2026-11-20T02:12:00Z'),
    lastAt: new Date('2026-11-20T02:26:00Z'),
    packages: ['office-7.2'],
    jobs: ['J-4711'],
    servers: ['int-38'],
    devices: clients.slice(0, 10),
    deviceCount: 210,
    announced: 'Connection to host timed out',
    diagnosis: {
      verdict: 'network-down',
      reason: 'the route ends after 10.0.0.1',
      hop: 3,
      at: null,
      evidence: {
        target: ping,
        upstream: null,
        route: null,
        ports: [],
        path: [],
        probedAt: new Date('2026-11-20T02:27:00Z'),
      },
    },
    location: {
      known: true,
      site: 'Kiel',
      building: 'B3',
      room: '201',
      corrections: ['mail said B2/114, inventory says B3/201'],
    },
    channel: 'C0NORTH',
    acknowledgedBy: null,
    acknowledgedAt: null,
    repairedBy: null,
    repairedAt: null,
    looks: 0,
    openedAt: new Date('2026-11-20T02:28:00Z'),
    reason: 'device-down',
    assignedTo: null,
    snoozedUntil: null,
    resolvedBy: null,
    resolvedAt: null,
    queue: null,
    postAt: null,
    combinedInto: null,
    joinedInto: null,
    ...changes,
  };
}

export function command(changes: Partial<CommandView> = {}): CommandView {
  const originals = [
    ...Array.from({ length: 10 }, (_, index) => `client-${String(index + 1).padStart(3, '0')}`),
    ...clients,
  ];
  const argv = ['push-package', '--package', 'office-7.2', '--to', clients.join(',')];
  return {
    server: 'int-38',
    job: 'J-4711',
    attempt: 2,
    argv,
    originalArgv: ['push-package', '--package', 'office-7.2', '--to', originals.join(',')],
    cwd: '/srv/packages',
    packages: ['office-7.2'],
    recipients: clients,
    originalRecipients: originals,
    causes: ['connect: timed out'],
    adapter: 'record',
    confidence: 'exact',
    provenance: {
      file: '/var/log/restage/2026-11-20.jsonl',
      line: 17,
      offset: 0,
      lines: 2,
      digest: 'sha256:00',
    },
    refusal: null,
    id: 'r-7-1',
    selected: true,
    rebuilt: null,
    changedBy: [],
    changedAt: null,
    state: 'planned',
    exitCode: null,
    quoted: argv.join(' '),
    ...changes,
  };
}

/** Of the commands that are proposed. */
export const proposed = `sha256:${'0'.repeat(64)}`;

/** Its plan and its tallies are those of its commands. */
export function redistribution(changes: Partial<RedistributionView> = {}): RedistributionView {
  const commands = changes.commands ?? [command()];
  return {
    id: 'r-7',
    state: 'proposed',
    canary: null,
    stoppedBy: null,
    server: 'int-38',
    recipients: null,
    job: null,
    period: {
      from: new Date('2026-11-18T23:00:00Z'),
      until: new Date('2026-11-20T23:00:00Z'),
      text: '2026-11-19 00:00 to 2026-11-21 00:00 (Europe/Berlin), the down time of ticket 12',
    },
    timeZone: 'Europe/Berlin',
    requestedBy: { teamId: 'T1', userId: 'U0ANNA' },
    digest: proposed,
    binding: null,
    decidedBy: null,
    decidedAt: null,
    commands,
    plan:
      commands.length > 0 ? planOf(commands.map((one) => ({ command: one, selected: one.selected }))) : null,
    tallies: commands.map(tallyOf),
    left: null,
    freeze: null,
    unmatched: [],
    superseded: [],
    unread: [],
    warnings: [],
    note: null,
    approvals: [],
    approvalsNeeded: 1,
    dryRunApprovals: [],
    dryRunApprovalsNeeded: 1,
    closedUntil: null,
    approvers: [],
    requesterMayApprove: false,
    expiresAt: new Date('2026-11-20T11:00:00Z'),
    ...changes,
  };
}

function tallyOf({ state, recipients, failedAgain, unclear, exitCode }: CommandView): CommandTally {
  return {
    state,
    recipients: recipients.length,
    failedAgain: failedAgain?.length ?? 0,
    unclear: unclear?.length ?? 0,
    exitedBadly: exitCode !== null && exitCode !== 0,
    commands: 1,
  };
}

/** The commands from one on, as a page shows them. */
export function pageOf(view: RedistributionView, from: number): PagedView {
  return { ...view, from, total: view.commands.length, commands: view.commands.slice(from) };
}
