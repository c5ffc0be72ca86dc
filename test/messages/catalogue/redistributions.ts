import type { FailureScope, OpenFailure } from '../../../src/domain/store/dismissals.ts';
import {
  dismissalsListed,
  dismissForm,
  failuresListed,
  type FailuresView,
  renderDismissed,
  renderFailures,
} from '../../../src/messages/failures.ts';
import type { Who } from '../../../src/domain/approval.ts';
import type { Freeze } from '../../../src/domain/freeze.ts';
import { describeFreeze, exceptionForm } from '../../../src/messages/freeze.ts';
import type { DryRun } from '../../../src/domain/store/dry-runs.ts';
import { commandStates, redistributionStates } from '../../../src/domain/redistribution.ts';
import { renderCommandPage } from '../../../src/messages/command-page.ts';
import { renderDryRun } from '../../../src/messages/dry-run.ts';
import { editForm } from '../../../src/messages/edit-form.ts';
import { renderListing } from '../../../src/messages/listing.ts';
import { renderOutput } from '../../../src/messages/output.ts';
import { renderRecoveryOffer } from '../../../src/messages/recovery-offer.ts';
import { renderProposal } from '../../../src/messages/redistribution.ts';
import { canaryForm } from '../../../src/messages/canary.ts';
import { rejectForm } from '../../../src/messages/reject-form.ts';
import { selectForm } from '../../../src/messages/select-form.ts';
import { renderWholeCommands, renderWholePage } from '../../../src/messages/whole-command.ts';
import { command, options, pageOf, proposed, redistribution } from '../fixtures.ts';
import { entriesOf, type Entry } from './entry.ts';
import { metadata } from './extremes.ts';

const { timeZone, now } = options;
const anna = { teamId: 'T1', userId: 'U0ANNA' };

/** A command with all that one can have. */
const full = command({
  rebuilt: command(),
  argv: ['push-package', '--package', 'office-7.3', '--to', 'client-011'],
  changedBy: [anna],
  changedAt: now,
  confidence: 'inferred',
  untold: ['client-012'],
  changed: ['/srv/packages/office-7.2 is smaller than it was'],
  failedAgain: ['client-013'],
  unclear: ['client-014'],
  note: 'the connection was lost',
  quotedVerification: 'rpm -q office',
  recorderFlags: ['--failed-pattern', '^FAIL (.*)$'],
});
const refused = command({ id: 'r-7-2', refusal: '--rsh is not allowed', selected: false });
const commands = [full, refused, command({ id: 'r-7-3' })];

const failure = {
  server: 'int-38',
  job: 'J-4712',
  recipient: 'client-400',
  package: 'fonts-1',
  attempt: 1,
  failedAt: now,
  cause: 'timed out',
  knownFrom: 'alert',
} as const;
const approval = { person: anna, at: now, digest: proposed, voided: null };
const plan = {
  commands: 3,
  runnable: 2,
  leftOut: 1,
  refused: 1,
  recipients: 401,
  inDoubt: 1,
  doubtfulJobs: ['J-4711'],
  dryRuns: {
    free: 1,
    toApprove: 1,
    effects: ['ansible-playbook --check runs tasks with check_mode: false'],
    recipients: 200,
    digest: proposed,
  },
};
/** A proposal with all that one can have. */
const busy = redistribution({
  commands,
  plan,
  recipients: ['client-011'],
  job: 'J-4711',
  decidedBy: anna,
  decidedAt: now,
  unmatched: [failure],
  superseded: [{ failure, reason: 'office-7.3 is there since' }],
  unread: ['/var/log/restage/2026-11-20.jsonl: permission denied. Give the account read access.'],
  note: 'asked again after the repair',
  approvals: [approval, { ...approval, voided: 'somebody edited a command' }],
  approvalsNeeded: 2,
  dryRunApprovals: [approval],
  dryRunApprovalsNeeded: 2,
  closedUntil: now,
});
const many = Array.from({ length: 51 }, (_, n) =>
  command({ id: `r-7-${n}`, job: `J-${n}`, selected: n % 2 === 0 }),
);

const dryRun: DryRun = {
  id: 'd-1',
  redistributionId: 'r-7',
  commandId: 'r-7-1',
  argv: ['rsync', '-n', 'a', 'b'],
  runFolder: 'home',
  requestedBy: anna,
  requestedAt: now,
  approvedBy: [anna],
  output: 'would copy office-7.2.rpm\n',
  exitCode: 0,
  note: null,
  endedAt: now,
};
const output = {
  id: 'r-7-1',
  quoted: 'push-package --package office-7.2 --to client-011',
  output: 'client-011: ok\nclient-012: timed out\n',
  exitCode: 1,
  results: [
    { name: 'client-012', result: 'failed', cause: 'timed out' },
    { name: 'client-011', result: 'succeeded', cause: null },
    { name: 'client-013', result: 'unknown', cause: null },
  ],
  note: 'the disk was full',
} as const;
const offer = {
  id: 'o-1',
  server: 'int-38',
  devices: ['int-38', 'int-58'],
  recipients: ['client-011'],
  from: now,
  channel: 'C0NORTH',
  createdAt: now,
  takenBy: null,
  takenAt: null,
};
const failures = [{ server: 'int-38', recipient: 'client-011', count: 12, firstAt: now }];

const frozen: Freeze = {
  id: 'f-1',
  scope: { kind: 'region', name: 'eu' },
  reason: 'core switch',
  by: anna,
  at: now,
  until: now,
};
const approvers: readonly Who[] = [
  { kind: 'user', userId: 'U0BEN' },
  { kind: 'group', groupId: 'S0EU' },
  { kind: 'channel', channel: 'maint-eu' },
];

const scope: FailureScope = { server: 'int-38', job: 'J-1', package: 'office-7.2', recipient: 'client-011' };
const openFailure: OpenFailure = {
  ...scope,
  count: 2,
  recipients: ['client-011', 'client-012'],
  since: now,
  latest: now,
  cause: 'connection timed out',
  knownFrom: ['alert', 'both', 'log'],
};
const open: FailuresView = {
  about: 'int-38',
  recipient: null,
  total: 30,
  failures: Array.from({ length: failuresListed }, () => openFailure),
  dismissed: Array.from({ length: dismissalsListed }, () => ({
    id: 'd-1',
    scope,
    by: anna,
    at: now,
    reason: 'by hand',
  })),
};

export const redistributionEntries: readonly Entry[] = [
  ...entriesOf(
    renderProposal,
    [busy, options],
    [
      { ...busy, state: 'proposed', stoppedBy: null, freeze: describeFreeze(frozen, timeZone), approvers },
      options,
    ],
    [{ ...busy, state: 'done', left: { jobs: 2, deliveries: 3 } }, options],
    [redistribution({ commands: [], plan: null, digest: null, state: 'gathering' }), options],
    ...redistributionStates.map(
      (state) => [redistribution({ ...busy, state, stoppedBy: anna }), options] as const,
    ),
  ),
  ...entriesOf(
    renderCommandPage,
    [pageOf(busy, 0), options],
    [pageOf(redistribution({ commands: many }), 12), options],
    [pageOf(redistribution({ commands: commandStates.map((state) => command({ state })) }), 0), options],
  ),
  ...entriesOf(renderWholeCommands, [commands]),
  ...entriesOf(renderWholePage, [full, 1, 0], [command({ quoted: 'x'.repeat(30_000) }), 1, 1]),
  ...entriesOf(renderListing, [busy]),
  ...entriesOf(editForm, [full, 1, metadata], [command({ argv: [''] }), 1, metadata]),
  ...entriesOf(
    selectForm,
    [busy, 'failed', metadata],
    [redistribution({ commands: many }), 'whole', metadata],
    [redistribution({ commands: many.slice(0, 50) }), 'failed', metadata],
  ),
  ...entriesOf(exceptionForm, [describeFreeze(frozen, timeZone), { runnable: 2, inDoubt: 1 }, metadata]),
  ...entriesOf(
    renderFailures,
    [open, timeZone],
    [{ ...open, total: 0, failures: [], about: null }, timeZone],
  ),
  ...entriesOf(renderDismissed, [{ id: 'd-1', count: 3 }]),
  ...entriesOf(dismissForm, [scope, metadata], [{ ...scope, recipient: null }, metadata]),
  ...entriesOf(rejectForm, [{ id: 'r-7', server: 'int-38' }]),
  ...entriesOf(
    canaryForm,
    [{ id: 'r-7', server: 'int-38', canary: null }],
    [{ id: 'r-7', server: 'int-38', canary: { recipients: 5, afterwards: 'ask' } }],
  ),
  ...entriesOf(renderOutput, ...commandStates.map((state) => [{ ...output, state }] as const), [
    { ...output, state: 'unknown', exitCode: null, note: null, results: [] },
  ]),
  ...entriesOf(
    renderDryRun,
    [dryRun, output.quoted, timeZone],
    [
      { ...dryRun, approvedBy: [], exitCode: null, note: 'the server was restarted' },
      output.quoted,
      timeZone,
    ],
    [{ ...dryRun, endedAt: null }, output.quoted, timeZone],
  ),
  ...entriesOf(
    renderRecoveryOffer,
    [offer, failures, timeZone],
    [{ ...offer, takenBy: anna, takenAt: now }, [], timeZone],
  ),
];
