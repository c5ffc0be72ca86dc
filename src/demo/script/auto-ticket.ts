import { actions } from '../../messages/actions.ts';
import type { Demo } from '../demo.ts';
import { people } from '../demo.ts';
import { alertMail, sendMail } from '../noise.ts';
import { kioskNames } from '../site/inventory.ts';
import type { PostedMessage } from '../workspace/workspace.ts';
import { firstLine, hasButton, shows, topLevel } from './seeing.ts';
import type { Check } from './step.ts';

const minuteMs = 60_000;
const channel = 'maint-apac';

/** What the auto ticket does besides: outages, network faults, root causes, paging, digests, reports. */
export async function playAutoTicket(demo: Demo, check: Check): Promise<void> {
  await voidByOutage(demo, check);
  const ticket = await holdForNetwork(demo, check);
  await escalatePage(demo, ticket, check);
  await findRootCause(demo, check);
  await collectDigest(demo, check);
  await reportRegion(demo, check);
}

async function voidByOutage(demo: Demo, check: Check): Promise<void> {
  await demo.workspace.command(people.ana.id, channel, '/restage outage int-66 2h disk swap');
  const before = posts(demo).length;
  await sendAlerts(demo, ['int-66', 'int-66', 'int-66', 'int-66'], 'connection timed out');
  const voided = await until(demo, async () => (await alertsIn(demo)).voided === 4);
  check(
    'int-66 is out for maintenance: its alerts are voided',
    voided && posts(demo).length === before,
    '4 alerts out of the totals, no ticket',
  );
}

async function holdForNetwork(demo: Demo, check: Check): Promise<PostedMessage> {
  demo.site.silence('10.77.', '10.70.');
  const before = posts(demo).length;
  await sendAlerts(demo, ['int-77', 'int-77', 'int-77', 'int-77'], 'connection timed out', 'int-70');
  const held = await until(demo, async () => (await alertsIn(demo)).held === 4);
  check(
    'int-77 is silent and so is int-70 above it: the network, so the alerts are held',
    held && posts(demo).length === before,
    '4 alerts held, no ticket yet',
  );
  // What is held has a line of its own meanwhile.
  const opened = () =>
    posts(demo)
      .slice(before)
      .find((one) => hasButton(one, actions.ticketAcknowledge));
  let looks = 0;
  while (!opened() && looks < 8) {
    looks += 1;
    await demo.pass(11 * minuteMs);
    await until(demo, async () => opened() !== undefined, 3_000);
  }
  const ticket = await demo.workspace.waitFor(opened, 'the ticket after the last look');
  check(
    'after the last look it becomes a ticket all the same',
    shows(ticket, 'int-77'),
    `${looks} looks later`,
  );
  return ticket;
}

async function escalatePage(demo: Demo, ticket: PostedMessage, check: Check): Promise<void> {
  const { workspace } = demo;
  const pageFor = (userId: string) =>
    workspace.waitFor(
      () => workspace.messages(`dm:${userId}`).find((one) => hasButton(one, actions.pageAcknowledge)),
      `a page for ${userId}`,
      20_000,
    );
  const first = await pageFor(people.ana.id);
  check('Ana, who is on call, is paged', true, firstLine(first));
  await demo.pass(10 * minuteMs);
  const second = await pageFor(people.ben.id);
  check('ten minutes of silence later Ben is', true, firstLine(second));
  await workspace.click(people.ben.id, second.channel, second.ts, actions.pageAcknowledge);
  await demo.pass(3_000);
  const told = await until(demo, async () =>
    [people.ana, people.ben].every(({ id }) =>
      workspace.messages(`dm:${id}`).every((one) => !hasButton(one, actions.pageAcknowledge)),
    ),
  );
  check('Ben acknowledges, and both pages say so', told, `ticket ${ticket.ts}`);
}

async function findRootCause(demo: Demo, check: Check): Promise<void> {
  const before = posts(demo).length;
  const first = kioskNames.slice(0, 1).flatMap((name) => [name, name, name, name]);
  await sendAlerts(demo, [...first, ...kioskNames.slice(1)], 'connection refused');
  const rootCause = await demo.workspace.waitFor(
    () =>
      posts(demo)
        .slice(before)
        .find((one) => shows(one, 'int-58') && shows(one, 'kiosk-[01-12]')),
    'the root cause ticket',
    30_000,
  );
  const others = posts(demo)
    .slice(before)
    .filter((one) => one.ts !== rootCause.ts);
  check(
    'twelve kiosks behind int-58 fail: one ticket, at int-58',
    others.every((one) => !hasButton(one, actions.ticketAcknowledge)),
    firstLine(rootCause),
  );
}

async function collectDigest(demo: Demo, check: Check): Promise<void> {
  const before = posts(demo).length;
  await sendAlerts(
    demo,
    ['int-80', 'int-80', 'int-80', 'int-80'],
    'package is corrupt: checksum mismatch',
    'int-80',
  );
  const postAt = async () => (await openTickets(demo)).find(({ subject }) => subject === 'int-80')?.postAt;
  await until(demo, async () => (await postAt()) !== undefined);
  // Not a moment further: a digest that is late leaves out what is over.
  const morning = await postAt();
  await demo.pass(morning ? morning.getTime() - demo.now().getTime() : 0);
  const digest = await demo.workspace.waitFor(
    () =>
      posts(demo)
        .slice(before)
        .find((one) => shows(one, 'Digest')),
    'the digest',
    30_000,
  );
  check('what can wait goes out as a digest in the morning', shows(digest, 'int-80'), firstLine(digest));
}

async function reportRegion(demo: Demo, check: Check): Promise<void> {
  const { workspace } = demo;
  const isReport = (one: PostedMessage) => shows(one, 'Failures in apac');
  await workspace.command(people.ben.id, channel, `/restage report apac last 3 days`);
  const shown = await workspace.waitFor(
    () => workspace.messages(channel).find((one) => one.ephemeralFor !== null && isReport(one)),
    'the report for Ben alone',
    20_000,
  );
  check('Ben asks what has failed in apac', shows(shown, 'kiosk-01'), firstLine(shown).split('. ')[0] ?? '');
  await workspace.click(people.ben.id, shown.channel, shown.ts, actions.reportPost);
  const report = await workspace.waitFor(() => posts(demo).find(isReport), 'the report', 20_000);
  const chart = /"slack_file":\{"id":"(\w+)"/.exec(JSON.stringify(report.blocks))?.[1] ?? 'none';
  const answer = await fetch(`${workspace.url}/files/${chart}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const head = bytes.subarray(1, 4).toString('latin1');
  check('Ben posts the report, which shows its chart', head === 'PNG', `${bytes.length} bytes`);
}

function posts({ workspace }: Demo): readonly PostedMessage[] {
  return topLevel(workspace.messages(channel));
}

async function sendAlerts(
  demo: Demo,
  devices: readonly string[],
  failure: string,
  server = 'int-58',
): Promise<void> {
  for (const device of devices) await sendMail(demo.smtpPort, alertMail(demo.now(), device, failure, server));
}

async function alertsIn({ app }: Demo) {
  return (await app.deps.store.transaction((tx) => tx.sums())).alerts;
}

async function openTickets({ app }: Demo) {
  return app.deps.store.transaction((tx) => tx.ticketsIn(['open']));
}

/** Whether something comes true in time; what it depends on is in the database, which announces nothing. */
async function until(demo: Demo, holds: () => Promise<boolean>, timeoutMs = 20_000): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await holds()) return true;
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}
