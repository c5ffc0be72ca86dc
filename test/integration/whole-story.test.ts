import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { actions } from '../../src/messages/actions.ts';
import { describeWithEachDatabaseUrl } from '../support/databases.ts';
import { startDistributionServer } from '../support/distribution-server.ts';
import { hasButton, shows, topLevel, untilShows, untilThreadShows } from '../support/messages.ts';
import { ana, ben, mailUser, siteEnv, writeSiteConfig } from '../support/site-config.ts';
import { startSshd } from '../support/sshd.ts';
import { type Owner, startSurroundings, startUp } from '../support/surroundings.ts';

const channel = 'maint-eu';
const command = '/redistribute int-38 since yesterday';
const packages = ['edge-agent-4.12.3.deb', 'geo-db-2026.11.tar.zst'] as const;
const [healthy, broken] = ['client-001', 'client-002'] as const;

describeWithEachDatabaseUrl(
  'a distribution that fails, from the first alert to the last file',
  (createUrl) => {
    it('makes one ticket, and after the repair delivers exactly what is missing', {
      timeout: 120_000,
    }, async (test) => {
      const site = await startSite(test);
      const { workspace, int38, clients, rsyncTo } = site;
      const bot = await startUp(test, { config: site.config, env: siteEnv(site.dovecot, await createUrl()) });

      // The distribution fails for the one device whose sshd is down, and its mail makes a ticket.
      await clients[broken].halt();
      const first = await int38.run(
        `${int38.recorder} --job edge-agent-eu ${packages.map((name) => `--package ${name}`).join(' ')} ` +
          `--recipients ${healthy},${broken} --each -- ${rsyncTo('{}').join(' ')}`,
      );
      expect(first.output).toContain('Connection refused');
      expect(first.exitCode).not.toBe(0);
      expect(site.hasPackages(healthy)).toBe(true);
      expect(site.hasPackages(broken)).toBe(false);
      const findTicket = () => topLevel(workspace, channel)[0];
      const ticket = await workspace.waitFor(findTicket, 'the ticket', 20_000);
      for (const text of [broken, 'connection error', 'reachable', 'Köln / B3 / 114', '(2 alerts)']) {
        expect(shows(ticket, text), `the ticket shows ${text}`).toBe(true);
      }

      // Its sshd is mended.
      await clients[broken].resume();
      await workspace.click(ana, channel, ticket.ts, actions.ticketRepaired);
      await untilShows(workspace, ticket, '*Repaired*');

      // The proposal names the one command that is to run again, exactly as it ran.
      await workspace.command(ana, channel, command);
      const findProposal = () =>
        topLevel(workspace, channel).find((one) => hasButton(one, actions.redistributionApprove));
      const proposal = await workspace.waitFor(findProposal, 'the proposal', 20_000);
      expect(shows(proposal, rsyncTo(broken).join(' '))).toBe(true);
      expect(shows(proposal, healthy)).toBe(false);

      // Whoever asked can't approve; the second person can, and the files arrive.
      const countConnections = async () => [
        await clients[healthy].connections(),
        await clients[broken].connections(),
      ];
      const [toHealthy = 0, toBroken = 0] = await countConnections();
      await workspace.click(ana, channel, proposal.ts, actions.redistributionApprove);
      await workspace.waitFor(
        () =>
          workspace.messages(channel).find((one) => one.ephemeralFor === ana && shows(one, 'somebody else')),
        'the refusal',
      );
      expect(site.hasPackages(broken)).toBe(false);
      await workspace.click(ben, channel, proposal.ts, actions.redistributionApprove);
      await untilShows(workspace, proposal, '*Done*');
      await untilThreadShows(workspace, proposal, 'exit code 0');
      expect(site.hasPackages(broken)).toBe(true);
      expect(await countConnections()).toEqual([toHealthy, toBroken + 1]);

      // Nothing is left of it.
      await untilShows(workspace, ticket, '*Resolved*');
      await workspace.command(ana, channel, command);
      const isAnswer = (ts: string) => ts !== ticket.ts && ts !== proposal.ts;
      const findAnswer = () => topLevel(workspace, channel).find((one) => isAnswer(one.ts));
      const answer = await workspace.waitFor(findAnswer, 'the answer to the second command', 20_000);
      await untilShows(workspace, answer, '*Nothing to redistribute*');
      expect(topLevel(workspace, channel)).toHaveLength(3);
      expect(workspace.messages('maint-unknown')).toEqual([]);
      expect(await bot.stop()).toBe(0);
    });
  },
);

/** int-38 with its two clients, in the surroundings of a bot. */
async function startSite(test: Owner) {
  const surroundings = await startSurroundings(test);
  const { folder, dovecot, workspace } = surroundings;
  const clients = {
    [healthy]: await startClient(test, folder, healthy),
    [broken]: await startClient(test, folder, broken),
  };
  const int38 = await startDistributionServer({
    name: 'int-38',
    folder: path.join(folder, 'int-38'),
    devices: clients,
    alerts: { dovecot, user: mailUser },
  });
  test.onTestFinished(() => int38.stop());
  const contents = new Map(packages.map((name) => [name, randomBytes(50_000)]));
  const sources = packages.map((name) => path.join(folder, name));
  for (const [name, content] of contents) writeFileSync(path.join(folder, name), content);
  const rsync = {
    program: 'rsync',
    flags: ['-a', { name: '--timeout', value: String.raw`\d+` }],
    arguments: [`${folder}/[a-z0-9.-]+`, `client-\\d+:${folder}/client-\\d+/incoming/`],
  };
  const config = writeSiteConfig({
    folder,
    slackApiUrl: workspace.apiUrl,
    dovecot,
    devices: [
      { name: 'int-38', ip: '127.0.38.1', room: '201' },
      { name: healthy, ip: '127.0.38.11', room: '113' },
      { name: broken, ip: '127.0.38.12', room: '114' },
    ],
    thresholds: [{ count: packages.length, within: '30m' }],
    int38: { server: int38, allow: [rsync] },
  });
  return {
    ...surroundings,
    int38,
    clients,
    config,
    rsyncTo: (client: string) => [
      'rsync',
      '-a',
      '--timeout=5',
      ...sources,
      `${client}:${folder}/${client}/incoming/`,
    ],
    hasPackages: (client: string) =>
      [...contents].every(
        ([name, content]) =>
          readOrNull(path.join(folder, client, 'incoming', name))?.equals(content) === true,
      ),
  };
}

async function startClient(test: Owner, folder: string, name: string) {
  const dir = path.join(folder, name);
  mkdirSync(path.join(dir, 'incoming'), { recursive: true });
  const sshd = await startSshd({ dir });
  test.onTestFinished(() => sshd.stop());
  return sshd;
}

function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
