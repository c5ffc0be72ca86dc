import { actions } from '../messages/actions.ts';
import type { AuditReport } from '../workflows/operations.ts';
import { operations } from '../workflows/operations.ts';
import type { Demo } from './demo.ts';
import { people } from './demo.ts';
import { noise, sendMail } from './noise.ts';
import { clientNames, deliveredBeforeFault } from './site/site.ts';
import type { PostedMessage } from './workspace/workspace.ts';

/** One step of the story, with what was seen. */
export interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly saw: string;
}

export interface ScriptResult {
  readonly ok: boolean;
  readonly mailsSent: number;
  readonly alertsAccepted: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly ticketsPosted: number;
  readonly slackCalls: number;
  readonly jobsFound: number;
  readonly commandsRun: number;
  readonly jobsLeft: number;
}

const failing = clientNames.slice(deliveredBeforeFault);
const typed = '/redistribute int-38 since yesterday';

/** Plays the whole story without a person; `tell` gets each step as soon as it has been seen. */
export async function playScript(demo: Demo, tell: (step: Step) => void): Promise<ScriptResult> {
  let ok = true;
  const check = (step: string, holds: boolean, saw: string) => {
    ok &&= holds;
    tell({ step, ok: holds, saw });
  };
  await failDistribution(demo, check);
  const ticket = await followTicket(demo, check);
  await declareRepaired(demo, ticket, check);
  const proposal = await askForRedistribution(demo, check);
  await approve(demo, proposal, check);
  await verifyDelivery(demo, ticket, check);
  await askAgain(demo, check);
  const report = await operations.audit(demo.app.deps);
  check('the books balance', report.balanced, `${report.alertsInMails} alerts, each in one state`);
  return { ok, ...(await countEverything(demo, report)) };
}

type Check = (step: string, holds: boolean, saw: string) => void;

async function failDistribution(demo: Demo, check: Check): Promise<void> {
  check(
    'no client has the package',
    clientNames.every((name) => !demo.site.hasPackage(name)),
    `${clientNames.length} clients without it`,
  );
  const exitCode = await demo.site.distribute(demo.smtpPort);
  const having = clientNames.filter((name) => demo.site.hasPackage(name)).length;
  check(
    'int-38 distributes the package, and its link breaks',
    exitCode === 1 && having === deliveredBeforeFault,
    `exit code ${exitCode}, ${having} of ${clientNames.length} clients have it, ${failing.length} alert mails are on their way`,
  );
  for (const mail of noise(new Date())) await sendMail(demo.smtpPort, mail);
  check(
    'mail that does not count comes in too',
    true,
    'a forward, a stranger, a newsletter, one alert too few',
  );
}

async function followTicket({ workspace }: Demo, check: Check): Promise<PostedMessage> {
  const ticket = await workspace.waitFor(
    () => topLevel(workspace.messages('maint-eu'))[0],
    'the ticket in #maint-eu',
    30_000,
  );
  check('a ticket is posted in #maint-eu', ticket.text.includes('int-38'), firstLine(ticket));
  const full = await workspace.waitFor(
    () => topLevel(workspace.messages('maint-eu')).find((one) => shows(one, `${failing.length}`)),
    'the ticket that counts every alert',
    30_000,
  );
  const tickets = topLevel(workspace.messages('maint-eu')).length;
  const elsewhere = workspace.messages('maint-apac').length;
  check(
    'it stays the only one while its count rises',
    tickets === 1 && elsewhere === 0 && full.ts === ticket.ts,
    `${failing.length} alerts, ${full.edits} edits of one message`,
  );
  return full;
}

async function declareRepaired({ workspace }: Demo, ticket: PostedMessage, check: Check): Promise<void> {
  await workspace.click(people.ana.id, 'maint-eu', ticket.ts, actions.ticketAcknowledge);
  const acknowledged = await waitForText(workspace, ticket.ts, 'cknowledged');
  check('Ana acknowledges it', true, `button gone: ${!hasButton(acknowledged, actions.ticketAcknowledge)}`);
  await workspace.click(people.ana.id, 'maint-eu', ticket.ts, actions.ticketRepaired);
  await waitForText(workspace, ticket.ts, 'epaired');
  check('a technician mends the link, and Ana presses Repaired', true, 'the ticket says so');
}

async function askForRedistribution({ workspace }: Demo, check: Check): Promise<PostedMessage> {
  const before = new Set(workspace.messages('maint-eu').map((one) => one.ts));
  await workspace.command(people.ana.id, 'maint-eu', typed);
  const proposal = await workspace.waitFor(
    () =>
      topLevel(workspace.messages('maint-eu')).find(
        (one) => !before.has(one.ts) && hasButton(one, actions.redistributionApprove),
      ),
    'the proposal',
    20_000,
  );
  check(
    `Ana types ${typed}`,
    shows(proposal, '--replace=client-012') && shows(proposal, `${failing.length}`),
    `one job, narrowed to ${failing.length} of ${clientNames.length} recipients, with its original parameters`,
  );
  return proposal;
}

async function approve({ workspace }: Demo, proposal: PostedMessage, check: Check): Promise<void> {
  const press = (userId: string) =>
    workspace.click(userId, 'maint-eu', proposal.ts, actions.redistributionApprove);
  await press(people.ana.id);
  const refusal = await workspace.waitFor(
    () => workspace.messages('maint-eu').find((one) => one.ephemeralFor && shows(one, 'somebody else')),
    'the refusal',
  );
  check('Ana can not approve her own request', true, firstLine(refusal));
  await press(people.ben.id);
  const done = await workspace.waitFor(
    () => workspace.messages('maint-eu').find((one) => one.ts === proposal.ts && shows(one, '*Done*')),
    'the result',
    60_000,
  );
  await workspace.waitFor(
    () =>
      workspace.messages('maint-eu').find((one) => one.threadTs === proposal.ts && shows(one, 'exit code 0')),
    'the exit code in the thread',
    20_000,
  );
  check(
    'Ben approves, and the command runs on int-38 over SSH',
    !hasButton(done, actions.redistributionApprove),
    'progress and result stand in the thread',
  );
}

async function verifyDelivery({ site, workspace }: Demo, ticket: PostedMessage, check: Check): Promise<void> {
  const having = clientNames.filter((name) => site.hasPackage(name)).length;
  check(
    'every client has the package, with the right digest',
    having === clientNames.length,
    `${having} clients`,
  );
  const again = clientNames.slice(0, deliveredBeforeFault).filter((name) => site.connectionsTo(name) !== 1);
  check(
    'clients that had it saw no second connection',
    again.length === 0,
    `${deliveredBeforeFault} clients`,
  );
  await waitForText(workspace, ticket.ts, 'esolved');
  check('the ticket is resolved', true, 'nothing is left of its jobs');
}

async function askAgain({ workspace }: Demo, check: Check): Promise<void> {
  const before = new Set(workspace.messages('maint-eu').map((one) => one.ts));
  await workspace.command(people.ana.id, 'maint-eu', typed);
  const answer = await workspace.waitFor(
    () => topLevel(workspace.messages('maint-eu')).find((one) => !before.has(one.ts)),
    'the answer to the second command',
    20_000,
  );
  const isEmpty = shows(answer, 'Nothing to redistribute');
  check('asked again, nothing is left to do', isEmpty, firstLine(answer));
}

async function countEverything(
  { app, workspace }: Demo,
  report: AuditReport,
): Promise<Omit<ScriptResult, 'ok'>> {
  const { store } = app.deps;
  const { rejected, jobs, commands, left } = await store.transaction(async (tx) => {
    const done = await tx.redistributionsOf('int-38', ['done']);
    const lists = await Promise.all(done.map(({ id }) => tx.commandsOf(id)));
    const run = lists.flat().filter(({ startedAt }) => startedAt !== null);
    return {
      rejected: await tx.refusals(),
      jobs: new Set(lists.flat().map(({ command }) => command.job)).size,
      commands: run.length,
      left: (await tx.failedJobs('int-38', null)).length,
    };
  });
  return {
    mailsSent: Object.values(report.mails).reduce((sum, n) => sum + n, 0),
    alertsAccepted: report.alertsInMails,
    rejected,
    ticketsPosted: report.tickets.resolved ?? 0,
    slackCalls: workspace.calls().length,
    jobsFound: jobs,
    commandsRun: commands,
    jobsLeft: left,
  };
}

function topLevel(messages: readonly PostedMessage[]): readonly PostedMessage[] {
  return messages.filter(
    (one) => one.ephemeralFor === null && (one.threadTs === null || one.threadTs === one.ts),
  );
}

function waitForText(workspace: Demo['workspace'], ts: string, text: string): Promise<PostedMessage> {
  return workspace.waitFor(
    () => workspace.messages('maint-eu').find((one) => one.ts === ts && shows(one, text)),
    `"${text}" in the message`,
    20_000,
  );
}

function shows(message: PostedMessage, text: string): boolean {
  return message.text.includes(text) || JSON.stringify(message.blocks).includes(text);
}

function hasButton(message: PostedMessage, actionId: string): boolean {
  return JSON.stringify(message.blocks).includes(`"${actionId}"`);
}

function firstLine(message: PostedMessage): string {
  return message.text.split('\n')[0] ?? '';
}
