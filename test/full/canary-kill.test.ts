import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { actions } from '../../src/messages/actions.ts';
import { describeWithEachDatabaseUrl } from '../support/databases.ts';
import { hasButton, shows, topLevel, untilShows, untilThreadShows } from '../support/messages.ts';
import { ana, ben, siteEnv, writeSiteConfig } from '../support/site-config.ts';
import { startPushServer, startSurroundings, startUp } from '../support/surroundings.ts';

const channel = 'maint-eu';
const int38 = { name: 'int-38', ip: '127.0.38.1', room: '201' };
const recipients = ['c1', 'c2', 'c3'];

describeWithEachDatabaseUrl('B12: a canary', (createUrl) => {
  it('runs each command once though its bot is killed while it runs, and again before the others follow', {
    timeout: 180_000,
  }, async (test) => {
    const { folder, dovecot, workspace } = await startSurroundings(test);
    const { server, push } = await startPushServer(test, folder, writePush);
    const allow = [{ program: push.program, arguments: ['c[1-3]'], list: ['arguments'] }];
    const canary = { recipients: 1, afterwards: 'ask' };
    const site = { folder, slackApiUrl: workspace.apiUrl, dovecot, devices: [int38], thresholds: [] };
    const config = writeSiteConfig({ ...site, int38: { server, allow, canary } });
    const options = { config, env: siteEnv(dovecot, await createUrl()) };
    const job = `--job agent --package edge-agent --recipients ${recipients.join()} --failed-pattern '^FAILED (.*)$'`;
    await server.run(`${server.recorder} ${job} -- ${push.program} ${recipients.join(' ')}`);
    push.repair();

    const first = await startUp(test, options);
    await workspace.command(ana, channel, '/redistribute int-38 since yesterday');
    const find = () =>
      topLevel(workspace, channel).find((one) => hasButton(one, actions.redistributionApprove));
    const proposal = await workspace.waitFor(find, 'the proposal', 20_000);
    expect(shows(proposal, 'the first recipient alone')).toBe(true);
    await workspace.click(ben, channel, proposal.ts, actions.redistributionApprove);
    await untilThreadShows(workspace, proposal, 'pushing to c1');
    await first.kill();

    const second = await startUp(test, options);
    push.openGate();
    await untilShows(workspace, proposal, 'The first recipients have succeeded', 60_000);
    expect(push.ran()).toEqual(['c1']);
    await second.kill();

    const third = await startUp(test, options);
    await workspace.click(ana, channel, proposal.ts, actions.redistributionGoOn);
    const done = await untilShows(workspace, proposal, '*Done*', 60_000);
    expect(shows(done, '3 succeeded · 0 failed')).toBe(true);
    expect(push.ran()).toEqual(['c1', 'c2 c3']);
    expect(await third.stop()).toBe(0);
  });
});

/** A command that fails for all until `repair`; its next run then waits for `openGate` before it succeeds. */
function writePush(bin: string) {
  const at = (name: string) => path.join(bin, name);
  const program = at('push');
  const lines = [
    '#!/bin/sh',
    `if [ ! -e ${at('repaired')} ]; then for one; do echo "FAILED $one"; done; exit 3; fi`,
    'echo "pushing to $*"',
    `[ ! -p ${at('gate')} ] || cat ${at('gate')}`,
    `echo "$*" >>${at('ran')}`,
  ];
  writeFileSync(program, `${lines.join('\n')}\n`, { mode: 0o755 });
  return {
    program,
    repair() {
      execFileSync('mkfifo', [at('gate')]);
      writeFileSync(at('repaired'), '');
    },
    /** Lets the run that waits go on, and those after it too. */
    openGate() {
      writeFileSync(at('gate'), 'go on\n', { flag: 'r+' });
      rmSync(at('gate'));
    },
    /** The arguments of each run since `repair`. */
    ran: () => (existsSync(at('ran')) ? readFileSync(at('ran'), 'utf8').trimEnd().split('\n') : []),
    /** Lets a command go that still waits, if there is one. */
    abandon() {
      if (existsSync(at('gate'))) writeFileSync(at('gate'), 'go on\n', { flag: 'r+' });
    },
  };
}
