import { actions } from '../../messages/actions.ts';
import type { Demo } from '../demo.ts';
import { people } from '../demo.ts';
import { noise, sendMail } from '../noise.ts';
import { clientNames, deliveredBeforeFault } from '../site/site.ts';
import type { PostedMessage } from '../workspace/workspace.ts';
import { firstLine, hasButton, shows, topLevel, waitForText } from './seeing.ts';
import type { Check } from './step.ts';

const failing = clientNames.slice(deliveredBeforeFault);
const typed = '/redistribute int-38 since yesterday';

/** From a distribution that fails to one that is done: the story that the bot exists for. */
export async function playMainJob(demo: Demo, check: Check): Promise<void> {
  await failDistribution(demo, check);
  const ticket = await followTicket(demo, check);
  await declareRepaired(demo, ticket, check);
  const proposal = await askForRedistribution(demo, check);
  await approve(demo, proposal, check);
  await verifyDelivery(demo, ticket, check);
  await askAgain(demo, check);
}

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
  for (const mail of noise(demo.now())) await sendMail(demo.smtpPort, mail);
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
