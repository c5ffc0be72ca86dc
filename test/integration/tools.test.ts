import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actions } from '../../src/messages/actions.ts';
import { type DistributionServer, startDistributionServer } from '../support/distribution-server.ts';
import { hasButton, shows, topLevel, untilShows } from '../support/messages.ts';
import { type NetworkDevice, startNetworkDevice } from '../support/network-device.ts';
import { ana, ben, mailUser, siteEnv, writeSiteConfig } from '../support/site-config.ts';
import { type Owner, startSurroundings, startUp, type Surroundings } from '../support/surroundings.ts';

/** A distribution tool as it is used on int-38. */
interface Tool {
  readonly name: string;
  /** What distributes the package to the two devices, as an operator types it. */
  readonly distribute: (site: Site, healthy: string, broken: string) => string;
  /** What is proposed to run again. */
  readonly again: (site: Site, broken: string) => string;
}

const tools: readonly Tool[] = [
  {
    name: 'rsync',
    distribute: (site, healthy, broken) =>
      `${site.int38.recorder} --job rsync-eu --package ${site.packageName} --recipients ${healthy},${broken} --each` +
      ` -- rsync -a --timeout=5 ${site.packageFile} {}:${site.incoming}/`,
    again: (site, broken) => `rsync -a --timeout=5 ${site.packageFile} ${broken}:${site.incoming}/`,
  },
  {
    name: 'clush',
    distribute: (site, healthy, broken) =>
      `${site.int38.recorder} --job clush-eu --package ${site.packageName} --recipients ${healthy},${broken}` +
      ` --failed-pattern '^clush: ([^:]+): exited with' --unnamed succeeded -- clush -S -o '-F ${site.sshConfig}'` +
      ` -w ${healthy},${broken} -c ${site.packageFile} --dest ${site.incoming}/`,
    again: (site, broken) =>
      `clush -S -o '-F ${site.sshConfig}' -w ${broken} -c ${site.packageFile} --dest ${site.incoming}/`,
  },
];

interface Site extends Surroundings {
  readonly int38: DistributionServer;
  readonly sshConfig: string;
  readonly packageName: string;
  readonly packageFile: string;
  /** Where packages are put, on each device into a folder of its own. */
  readonly incoming: string;
  readonly devices: ReadonlyMap<string, NetworkDevice>;
}

const ends: (() => unknown)[] = [];
const owner: Owner = { onTestFinished: (end) => void ends.unshift(end) };
let site: Site;
beforeAll(async () => {
  site = await startSite();
}, 120_000);
afterAll(async () => {
  for (const end of ends) await end();
});

const channel = 'maint-eu';
const [healthy] = ['client-001'];

describe('a distribution by a real tool to a device that is off the network', () => {
  it.each(tools.map((tool, index) => ({ ...tool, broken: `client-01${index}` })))(
    'B14: $name: from the failure to the file on the device, once',
    { timeout: 90_000 },
    async ({ distribute, again, broken }) => {
      const { workspace, int38 } = site;
      const device = site.devices.get(broken);

      // It fails, and the mail makes a ticket.
      await device?.unplug();
      const first = await int38.run(distribute(site, healthy, broken));
      expect(first.exitCode).not.toBe(0);
      expect([has(healthy), has(broken)]).toEqual([true, false]);
      const findTicket = () => topLevel(workspace, channel).find((one) => shows(one, broken));
      const ticket = await workspace.waitFor(findTicket, 'the ticket', 30_000);
      expect(shows(ticket, 'device down')).toBe(true);

      // The device is back.
      await device?.plugIn();
      await workspace.click(ana, channel, ticket.ts, actions.ticketRepaired);
      const proposal = await ask((one) => hasButton(one, actions.redistributionApprove));
      expect(JSON.stringify(proposal.blocks)).toContain(JSON.stringify(again(site, broken)).slice(1, -1));

      // The file arrives, and only where it was missing.
      const before = await site.devices.get(healthy)?.sshd.connections();
      await workspace.click(ben, channel, proposal.ts, actions.redistributionApprove);
      await untilShows(workspace, proposal, '*Done*');
      expect(has(broken)).toBe(true);
      expect(await site.devices.get(healthy)?.sshd.connections()).toBe(before);
      await untilShows(workspace, ticket, '*Resolved*');

      // Nothing is left.
      await ask((one) => shows(one, '*Nothing to redistribute*'));
    },
  );
});

/** Asks for what failed; resolves with the answer that looks so. */
async function ask(looks: (one: Parameters<typeof shows>[0]) => boolean) {
  const { workspace } = site;
  const known = new Set(topLevel(workspace, channel).map(({ ts }) => ts));
  await workspace.command(ana, channel, '/redistribute int-38 since yesterday');
  const find = () => topLevel(workspace, channel).find((one) => !known.has(one.ts) && looks(one));
  return workspace.waitFor(find, 'the answer', 30_000);
}

function has(device: string): boolean {
  try {
    const arrived = readFileSync(path.join(site.folder, device, 'incoming', site.packageName));
    return arrived.equals(readFileSync(site.packageFile));
  } catch {
    return false;
  }
}

async function startSite(): Promise<Site> {
  const surroundings = await startSurroundings(owner);
  const { folder, dovecot, workspace } = surroundings;
  const names = [healthy, ...tools.map((_tool, index) => `client-01${index}`)];
  const incoming = path.join(folder, 'incoming');
  mkdirSync(incoming);
  const devices = new Map<string, NetworkDevice>();
  for (const name of names) {
    const device = await startNetworkDevice(path.join(folder, name), incoming);
    owner.onTestFinished(() => device.remove());
    devices.set(name, device);
  }
  const int38 = await startDistributionServer({
    name: 'int-38',
    folder: path.join(folder, 'int-38'),
    devices: Object.fromEntries([...devices].map(([name, { sshd }]) => [name, sshd])),
    alerts: { dovecot, user: mailUser },
  });
  owner.onTestFinished(() => int38.stop());
  const packageName = 'edge-agent-4.12.3.deb';
  const packageFile = path.join(folder, packageName);
  writeFileSync(packageFile, randomBytes(20_000));
  const sshConfig = path.join(folder, 'int-38/ssh_config');
  const config = writeSiteConfig({
    folder,
    slackApiUrl: workspace.apiUrl,
    dovecot,
    devices: [
      { name: 'int-38', ip: '127.0.38.1', room: '201' },
      ...[...devices].map(([name, { address }]) => ({ name, ip: address, room: '113', upstream: 'int-38' })),
    ],
    thresholds: [{ count: 1, within: '30m' }],
    int38: { server: int38, allow: allowed(folder) },
  });
  await startUp(owner, { config, env: siteEnv(dovecot, null) });
  return { ...surroundings, int38, sshConfig, packageName, packageFile, incoming, devices };
}

function allowed(folder: string) {
  return [
    {
      program: 'rsync',
      flags: ['-a', { name: '--timeout', value: String.raw`\d+` }],
      arguments: [`${folder}/[a-z0-9.-]+`, `client-\\d+:${folder}/incoming/`],
    },
    {
      program: 'clush',
      flags: [
        '-S',
        { name: '-o', value: `-F ${folder}/int-38/ssh_config` },
        { name: '-w', value: String.raw`client-\d+(,client-\d+)*` },
        { name: '-c', value: `${folder}/[a-z0-9.-]+` },
        { name: '--dest', value: `${folder}/incoming/` },
      ],
      arguments: [],
    },
  ];
}
